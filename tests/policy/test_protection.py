"""What production keeps from being destroyed, by Terraform and by Azure, and that nothing else is kept."""

from collections.abc import Mapping
from pathlib import Path

import pytest
from cdktf import App

from config.loading import load_environment
from deployment.kinds import KINDS
from rehearsal.local_state import protected
from stacks.environments import build
from stacks.protection import PROTECTED
from tests.config.environment_file import ABSENT, SSH_KEY, WITH_GATEWAY, write_environment
from tests.product import PURPOSES, STACKS
from tests.template import Arguments, Template

LOCK = "azurerm_management_lock"

# A production that has one of everything that can be lost, but for Front Door, which stands beside no gateway.
EVERYTHING = {
    "monitoring.prometheus": {"grafana": True},
    "cluster.vault_secrets": [{"name": "first"}],
    "identities.cluster_plan": ABSENT,  # it could read the secret
    "network.jump_box": {"ssh_public_key": SSH_KEY},
    "azure_devops": {"organization_id": "cc675aa2-a9f1-4091-9600-8fd083925744"},
    **WITH_GATEWAY,
}

KEPT_BY_TERRAFORM = {
    "state-backend": {
        "azurerm_resource_group",
        "azurerm_storage_account",
        "azurerm_storage_container",
        "azurerm_user_assigned_identity",
    },
    "network": {
        "azurerm_log_analytics_workspace",
        "azurerm_monitor_workspace",
        "azurerm_private_dns_zone",
        "azurerm_public_ip",
        "azurerm_resource_group",
        "azurerm_user_assigned_identity",
        "azurerm_virtual_network",
    },
    "cluster": {
        "azurerm_container_registry",
        "azurerm_dashboard_grafana",
        "azurerm_disk_encryption_set",
        "azurerm_key_vault",
        "azurerm_key_vault_key",
        "azurerm_key_vault_secret",
        "azurerm_kubernetes_cluster",
        "azurerm_mssql_database",
        "azurerm_mssql_server",
        "azurerm_resource_group",
        "azurerm_storage_account",
        "azurerm_storage_container",
        "azurerm_storage_container_immutability_policy",
        "azurerm_user_assigned_identity",
    },
    "workloads": {"azurerm_public_ip", "azurerm_resource_group", "azurerm_user_assigned_identity"},
}
KEPT_BY_AZURE = {
    "state-backend": {"azurerm_storage_account"},
    "network": {"azurerm_log_analytics_workspace", "azurerm_monitor_workspace"},
    "cluster": {
        "azurerm_container_registry",
        "azurerm_dashboard_grafana",
        "azurerm_key_vault",
        "azurerm_mssql_server",
        "azurerm_storage_account",
    },
    "workloads": set[str](),
}

# Whoever put it there makes it again, and settings that change in daily life replace them.
LOST_EVERYWHERE = {
    "azurerm_kubernetes_cluster_node_pool": "what nodes have on their own disks; `name` and `spot` replace a pool",
    "azurerm_linux_virtual_machine": "what people left on the jump box; another key replaces it",
    "kubernetes_namespace_v1": "what is in an application's namespace; another name for it replaces it",
}


@pytest.fixture(scope="module")
def everything(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Template]:
    """The stacks of a production with everything, by their purposes."""
    folder = tmp_path_factory.mktemp("everything")
    app = App(outdir=str(folder / "cdktf.out"))
    build(app, [load_environment(write_environment(folder, "prod", EVERYTHING))])
    app.synth()
    return {purpose: Template.read(folder / "cdktf.out" / "stacks" / f"prod-{purpose}") for purpose in PURPOSES}


@pytest.mark.req(5)
@pytest.mark.req(84)
@pytest.mark.parametrize("purpose", PURPOSES)
def test_production_keeps_what_nobody_can_make_again(purpose: str, everything: Mapping[str, Template]) -> None:
    template = everything[purpose]

    found = protected(template.document)
    assert found.keys() == KEPT_BY_TERRAFORM[purpose]
    # All of a type, not just some of it.
    assert {type_: len(names) for type_, names in found.items()} == {
        type_: len(template.resources(type_)) for type_ in found
    }
    locked = [lock["scope"].removeprefix("${").removesuffix(".id}") for lock in template.resources(LOCK).values()]
    assert sorted(locked) == sorted(
        f"{type_}.{name}" for type_ in KEPT_BY_AZURE[purpose] for name in template.resources(type_)
    )
    assert {lock["lock_level"] for lock in template.resources(LOCK).values()} <= {"CanNotDelete"}


@pytest.mark.parametrize("stack", [stack for stack in STACKS if not stack.startswith("prod-")])
def test_elsewhere_nothing_is_kept_but_the_state(stack: str, synthesised: Path) -> None:
    template = Template.read(synthesised / "stacks" / stack)

    kept = stack.endswith("-state-backend")
    assert bool(protected(template.document)) is kept
    assert len(template.resources(LOCK)) == kept


def test_a_lock_comes_after_all_that_lies_below_it_and_makes_way_for_it(everything: Mapping[str, Template]) -> None:
    cluster = everything["cluster"]
    (lock,) = (lock for lock in cluster.resources(LOCK).values() if "azurerm_key_vault" in lock["scope"])

    below = lock["depends_on"]
    # Keys and secrets are in the vault's data plane, which no lock reaches: they come and go beside it.
    assert {address.partition(".")[0] for address in below} == {
        "azurerm_monitor_diagnostic_setting",
        "azurerm_private_endpoint",
        "azurerm_role_assignment",
    }
    on_the_vault = {
        f"azurerm_role_assignment.{name}"
        for name, role in cluster.resources("azurerm_role_assignment").items()
        if role["scope"] == lock["scope"]
    }
    assert len(on_the_vault) >= 2
    assert on_the_vault <= set(below)
    # An update of what lies below leaves its id, and so the lock, as it is.
    assert lock["lifecycle"]["replace_triggered_by"] == [f"{address}.id" for address in below]


def test_what_lies_below_something_below_a_lock_is_below_it_too(everything: Mapping[str, Template]) -> None:
    backend = everything["state-backend"]
    lock = backend.resource(LOCK)

    # On containers, not on the account itself.
    assert {f"azurerm_role_assignment.{name}" for name in backend.resources("azurerm_role_assignment")} <= set(
        lock["depends_on"]
    )


def test_the_gate_and_the_protection_agree_on_what_is_lost() -> None:
    lost = {type_ for type_, kind in KINDS.items() if kind.loss}

    assert lost - PROTECTED.keys() == LOST_EVERYWHERE.keys()
    assert PROTECTED.keys() - lost == set()


def test_every_type_that_is_emitted_has_a_row_for_the_gate_and_no_other(
    every_resource: Mapping[str, list[Arguments]],
) -> None:
    assert KINDS.keys() == every_resource.keys()


def test_front_door_keeps_the_names_that_others_know(every_resource: Mapping[str, list[Arguments]]) -> None:
    for type_ in ("azurerm_cdn_frontdoor_profile", "azurerm_cdn_frontdoor_endpoint"):
        kept = {one.get("lifecycle", {}).get("prevent_destroy") for one in every_resource[type_]}
        assert kept == {None, True}  # elsewhere, and in production
