"""How the parts of the network stack hang together where nothing else was chosen."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from cdktf import App

from constructs_lib.naming import Naming
from stacks.network import NetworkStack
from tests.product import ENVIRONMENTS, WITH_DEFAULT_NETWORK
from tests.template import Template


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("network")
    app = App(outdir=str(folder))
    for environment in ENVIRONMENTS.values():
        NetworkStack(app, environment)
    app.synth()
    return folder


@pytest.fixture(params=WITH_DEFAULT_NETWORK)
def template(request: pytest.FixtureRequest, folder: Path) -> Template:
    return Template.read(folder / "stacks" / f"{request.param}-network")


def referenced(reference: str) -> tuple[str, str]:
    """Type and name of the resource in a reference such as `${azurerm_subnet.hub_agents_EA7D169F.id}`."""
    found = re.fullmatch(r"\$\{(\w+)\.([\w-]+)\..+\}", reference)
    assert found, f"{reference} is no reference"
    return found[1], found[2]


def subnet_names(template: Template, references: Iterator[str]) -> set[str]:
    return {template.resources(type_)[name]["name"] for type_, name in map(referenced, references)}


@pytest.mark.req(26)
@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_every_subnet_of_the_address_plan_is_here_under_the_id_that_later_stacks_compute(
    environment: str, folder: Path
) -> None:
    settings, template = ENVIRONMENTS[environment], Template.read(folder / "stacks" / f"{environment}-network")
    naming, group = Naming.of(settings), template.resource("azurerm_resource_group")["name"]
    networks = template.resources("azurerm_virtual_network")
    here = {
        f"/subscriptions/{settings.subscription_id}/resourceGroups/{group}/providers/Microsoft.Network/virtualNetworks/"
        f"{networks[referenced(subnet['virtual_network_name'])[1]]['name']}/subnets/{subnet['name']}": subnet
        for subnet in template.resources("azurerm_subnet").values()
    }

    assert {id_: subnet["address_prefixes"] for id_, subnet in here.items()} == {
        naming.subnet_id(key): [str(range_)] for key, range_ in settings.network.address_plan.subnets.items()
    }


@pytest.mark.req(44)
def test_nodes_and_agents_leave_through_the_firewall(template: Template) -> None:
    associations = template.resources("azurerm_subnet_route_table_association").values()

    (route,) = template.resource("azurerm_route_table")["route"]
    assert (route["address_prefix"], route["next_hop_type"]) == ("0.0.0.0/0", "VirtualAppliance")
    assert referenced(route["next_hop_in_ip_address"])[0] == "azurerm_firewall"
    assert subnet_names(template, (association["subnet_id"] for association in associations)) == {
        "snet-agents",
        "snet-aks-nodes",
    }


@pytest.mark.req(44)
def test_nothing_announces_a_way_past_the_firewall(template: Template) -> None:
    assert template.resource("azurerm_route_table")["bgp_route_propagation_enabled"] is False


@pytest.mark.req(43)
def test_the_firewall_stands_in_its_own_subnet_of_the_hub(template: Template) -> None:
    (configuration,) = template.resource("azurerm_firewall")["ip_configuration"]
    _, subnet = referenced(configuration["subnet_id"])

    assert template.resources("azurerm_subnet")[subnet]["name"] == "AzureFirewallSubnet"
    assert subnet.startswith("hub_")


@pytest.mark.req(55)
def test_the_spoke_asks_the_firewall_for_names_and_the_hub_does_not(template: Template) -> None:
    server = template.resource("azurerm_virtual_network_dns_servers")

    assert [referenced(address)[0] for address in server["dns_servers"]] == ["azurerm_firewall"]
    assert referenced(server["virtual_network_id"])[1].startswith("spoke_")


@pytest.mark.req(55)
def test_hub_and_spoke_are_joined_both_ways_and_to_nothing_else(template: Template) -> None:
    peerings = template.resources("azurerm_virtual_network_peering").values()
    joined = {
        tuple(
            referenced(peering[end])[1].split("_")[0] for end in ("virtual_network_name", "remote_virtual_network_id")
        )
        for peering in peerings
    }

    assert joined == {("hub", "spoke"), ("spoke", "hub")}
    assert len(peerings) == 2
    for peering in peerings:
        flags = ("allow_forwarded_traffic", "allow_gateway_transit", "use_remote_gateways")
        assert [peering[flag] for flag in flags] == [True, False, False]


def test_nothing_that_could_be_a_second_way_in_or_out_is_public(template: Template) -> None:
    addresses = template.resources("azurerm_public_ip")

    assert {id_.split("_")[0] for id_ in addresses} == {"egress", "bastion"}
    assert {(address["sku"], address["allocation_method"]) for address in addresses.values()} == {
        ("Standard", "Static")
    }
    assert not template.resources("azurerm_nat_gateway")


def test_later_stacks_compute_what_they_need(template: Template) -> None:
    document: dict[str, Any] = template.document

    assert "output" not in document
