"""What has a public address is protected as the settings say, and no address pays twice."""

from pathlib import Path
from typing import Any

from cdktf import App

from config.loading import load_environment
from reference.charges import bill
from stacks.environments import build
from tests.config.environment_file import ABSENT, DDOS_PLAN, WITH_GATEWAY, write_environment
from tests.reference.test_rights import roles_given
from tests.template import Arguments, Template

EACH = {"network.ddos_ip_protection": True}
NAT = {"network.egress": "nat_gateway", "network.firewall": ABSENT}


def synthesise(folder: Path, changes: dict[str, Any]) -> list[Template]:
    environment = load_environment(write_environment(folder, "prod", changes))
    app = App(outdir=str(folder / "cdktf.out"))
    build(app, [environment])
    app.synth()
    return [Template.read(stack) for stack in folder.glob("cdktf.out/stacks/*")]


def resources(stacks: list[Template], type_: str) -> list[Arguments]:
    return [one for stack in stacks for one in stack.resources(type_).values()]


def modes(stacks: list[Template]) -> dict[str, str | None]:
    """How each address is protected, by the abbreviation of what stands behind it."""
    return {
        address["name"].split("-")[1]: address.get("ddos_protection_mode")
        for address in resources(stacks, "azurerm_public_ip")
    }


def test_without_a_word_there_is_what_azure_gives_to_everybody(tmp_path: Path) -> None:
    stacks = synthesise(tmp_path, {})

    assert set(modes(stacks).values()) == {None}
    assert not [one for one in resources(stacks, "azurerm_virtual_network") if "ddos_protection_plan" in one]


def test_each_address_that_can_be_protected_is(tmp_path: Path) -> None:
    """https://learn.microsoft.com/azure/ddos-protection/ddos-protection-sku-comparison#limitations."""
    for name, changes, protected in (
        ("firewall", EACH, {"firewall": "Enabled", "bastion": "Enabled", "gateway": "Enabled"}),
        ("nat", EACH | NAT, {"nat": None, "bastion": "Enabled", "gateway": "Enabled"}),
    ):
        folder = tmp_path / name
        folder.mkdir()
        assert modes(synthesise(folder, changes | WITH_GATEWAY)) == protected
        environment = load_environment(write_environment(folder, "prod", changes | WITH_GATEWAY))
        paid = [charge.quantity for charge in bill(environment) if charge.what == "DDoS IP Protection"]
        assert paid == [list(protected.values()).count("Enabled")]


def test_the_networks_join_the_companys_plan(tmp_path: Path) -> None:
    changes = {"network.ddos_protection_plan_id": DDOS_PLAN}
    stacks = synthesise(tmp_path, changes)
    environment = load_environment(write_environment(tmp_path, "prod", changes))

    networks = resources(stacks, "azurerm_virtual_network")
    assert len(networks) == 2
    for network in networks:
        assert network["ddos_protection_plan"] == {"enable": True, "id": DDOS_PLAN}
        # What the settings say is put back.
        assert "ddos_protection_plan" not in network["lifecycle"].get("ignore_changes", [])
    # Addresses are protected as their network is.
    assert set(modes(stacks).values()) == {None}
    assert roles_given(environment, on=DDOS_PLAN) == {environment.deployer_of("network"): ["Network Contributor"]}
