"""Whoever approves a plan is told of the locks of other stacks on which it would fail."""

from pathlib import Path

import pytest

from deployment import gate
from deployment.azure_locks import LOCK_NAME, LOCKED_TYPES, is_production
from deployment.plan import read_plan
from deployment.summary import as_text
from deployment.verdict import judge
from rehearsal.answers import IDS
from stacks import protection
from tests.deployment.test_gate import TODAY, Entry, entry, plan_of

GROUP = "/subscriptions/3f5e0d1c-8a47-4d6b-b2a0-61c9e7f4d203/resourceGroups/rg-cluster-shop-prod-weu/providers"
VAULT = f"{GROUP}/Microsoft.KeyVault/vaults/kv-shop-prod"
STATES = f"{GROUP}/Microsoft.Storage/storageAccounts/stshopprodtf"
ROLE, LOCK = "azurerm_role_assignment.orders", "azurerm_management_lock.vault"


def told(*changes: Entry, production: bool = True) -> str:
    return as_text(judge("prod-workloads", read_plan(plan_of(*changes)), (), TODAY, production=production))


@pytest.mark.parametrize("actions", [("delete",), ("delete", "create"), ("create", "delete")])
def test_a_role_below_the_vault_waits_for_its_lock(actions: tuple[str, ...]) -> None:
    text = told(entry(ROLE, *actions, before={"scope": VAULT}))

    assert (
        f"Azure refuses to take from below kv-shop-prod, while its lock stands: {ROLE}. Before this is applied" in text
    )
    assert (
        "az lock delete --name holds-data --resource-group rg-cluster-shop-prod-weu "
        "--resource-type Microsoft.KeyVault/vaults --resource kv-shop-prod"
    ) in text


@pytest.mark.parametrize(
    ("address", "before"),
    [
        ("azurerm_role_assignment.one_secret", {"scope": f"{VAULT}/secrets/payment"}),
        ("azurerm_monitor_diagnostic_setting.logs", {"target_resource_id": VAULT}),
        (
            "azurerm_private_endpoint.vault",
            {"private_service_connection": [{"private_connection_resource_id": VAULT}]},
        ),
    ],
)
def test_so_does_whatever_else_lies_below_it(address: str, before: Entry) -> None:
    assert f"its lock stands: {address}." in told(entry(address, "delete", before=before))


@pytest.mark.parametrize(
    "changes",
    [
        [entry(ROLE, "create", before=None)],
        [entry(ROLE, "update", before={"scope": VAULT})],
        [entry(ROLE, "delete", before={"scope": VAULT.removesuffix("/Microsoft.KeyVault/vaults/kv-shop-prod")})],
        [entry(ROLE, "delete", before={"scope": f"{GROUP}/Microsoft.Network/virtualNetworks/vnet"})],
        [entry(ROLE, "delete", before={"scope": VAULT}), entry(LOCK, "delete", "create", before={"scope": VAULT})],
    ],
    ids=["comes", "changes", "of the group", "of a network", "whose lock makes way"],
)
def test_nobody_is_sent_for_a_lock_that_is_in_nobodys_way(changes: list[Entry]) -> None:
    assert "az lock delete" not in told(*changes)


def test_only_the_account_of_the_states_is_locked_outside_production() -> None:
    assert "az lock delete" not in told(entry(ROLE, "delete", before={"scope": VAULT}), production=False)
    assert "--resource stshopprodtf" in told(entry(ROLE, "delete", before={"scope": STATES}), production=False)


@pytest.mark.parametrize(
    ("text", "expected"),
    [('tier = "production"', True), ('tier = "nonproduction"', False), ("tier = ", True), ("", True), (None, True)],
)
def test_the_environment_says_whether_it_is_a_production(text: str | None, expected: bool, tmp_path: Path) -> None:  # noqa: FBT001
    settings = tmp_path / "prod.toml"
    if text is not None:
        settings.write_text(text, encoding="utf-8")

    assert is_production(settings) is expected


def test_the_command_looks_into_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(gate, "ENVIRONMENTS", tmp_path)
    plan = tmp_path / "plan.json"
    plan.write_text(plan_of(entry(ROLE, "delete", before={"scope": VAULT})), encoding="utf-8")
    for environment, tier in (("prod", "production"), ("dev", "nonproduction")):
        (tmp_path / f"{environment}.toml").write_text(f'tier = "{tier}"\n', encoding="utf-8")
        gate.judged(plan, f"{environment}-workloads")
        assert ("az lock delete" in capsys.readouterr().out) is (tier == "production")


def test_it_knows_each_type_that_is_locked() -> None:
    locked = {type_ for type_, why in protection.PROTECTED.items() if why is None}

    assert LOCK_NAME == protection.LOCK_NAME
    assert {IDS[type_].partition("/{")[0] for type_ in locked} == LOCKED_TYPES
