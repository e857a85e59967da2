"""What a company's hub and zones change: what is not made, and in whose subscription the rest is."""

from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
from cdktf import App

from config.loading import load_environment
from stacks.environments import build
from tests.config.environment_file import HUB, ZONES, write_environment
from tests.landing_zones import LANDING_ZONES
from tests.template import Template

Stacks = dict[str, Template]

THEIRS = "azurerm.in-5d0c1a9b-6e2f-4b7d-9c38-1f4e7a2b6d01"
# https://learn.microsoft.com/azure/private-link/private-endpoint-dns
SQL_ZONE = "privatelink.database.windows.net"
ZONES_OF_SERVICES = {
    "privatelink.azurecr.io",
    "privatelink.blob.core.windows.net",
    "privatelink.vaultcore.azure.net",
    SQL_ZONE,
}


@pytest.fixture(scope="module")
def landing_zone(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Stacks]:
    """Gives the stacks, by purpose, of the environment in the landing zone of this name."""

    @cache
    def stacks(name: str) -> Stacks:
        folder = tmp_path_factory.mktemp(name)
        app = App(outdir=str(folder / "cdktf.out"))
        build(app, [load_environment(write_environment(folder, *LANDING_ZONES[name]))])
        app.synth()
        found = folder.glob("cdktf.out/stacks/*")
        return {path.name.partition("-")[2]: Template.read(path) for path in found}

    return stacks


@pytest.mark.parametrize(
    ("name", "theirs"),
    [
        ("company-hub-and-zones", {"azurerm_firewall", "azurerm_bastion_host"}),
        ("names-by-policy", {"azurerm_firewall"}),
        ("appliance", {"azurerm_firewall", "azurerm_bastion_host"}),
    ],
)
def test_what_is_the_companys_is_not_made(name: str, theirs: set[str], landing_zone: Callable[[str], Stacks]) -> None:
    network = landing_zone(name)["network"]

    makes = set(network.document["resource"])
    zones = {"azurerm_private_dns_zone", "azurerm_private_dns_zone_virtual_network_link"}
    assert (
        makes & {"azurerm_firewall", "azurerm_bastion_host", *zones}
        == {
            "azurerm_firewall",
            "azurerm_bastion_host",
        }
        - theirs
    )
    assert len(network.resources("azurerm_virtual_network")) == 1


@pytest.mark.parametrize(
    ("name", "next_hop", "servers"),
    [
        ("company-hub-and-zones", "10.0.0.4", ["10.0.0.4"]),
        ("names-by-policy", "10.0.0.4", ["10.0.0.5", "10.0.0.6"]),
        ("appliance", "192.168.7.4", ["192.168.7.5"]),
    ],
)
def test_the_hub_is_asked_for_the_way_and_for_names(
    name: str, next_hop: str, servers: list[str], landing_zone: Callable[[str], Stacks]
) -> None:
    network = landing_zone(name)["network"]
    (routes,) = network.resources("azurerm_route_table").values()
    (asked,) = network.resources("azurerm_virtual_network_dns_servers").values()

    assert [route["next_hop_in_ip_address"] for route in routes["route"]] == [next_hop]
    assert asked["dns_servers"] == servers


def test_both_halves_of_a_peering_are_made_each_in_its_subscription(landing_zone: Callable[[str], Stacks]) -> None:
    network = landing_zone("company-hub-and-zones")["network"]
    halves = network.resources("azurerm_virtual_network_peering")
    ((hub_half, hubs), (_, spokes)) = sorted(halves.items(), key=lambda half: "provider" not in half[1])

    assert (hubs["provider"], spokes.get("provider")) == (THEIRS, None)
    assert (hubs["resource_group_name"], hubs["virtual_network_name"]) == ("rg-hub", "vnet-hub")
    assert (hubs["name"], spokes["remote_virtual_network_id"]) == ("vnet-spoke-shop-prod-weu", HUB)
    # A gateway must be lent before it can be used: https://github.com/hashicorp/terraform-provider-azurerm/issues/2872
    assert f"azurerm_virtual_network_peering.{hub_half}" in spokes["depends_on"]
    assert (hubs["allow_gateway_transit"], spokes["use_remote_gateways"]) == (True, True)
    for half in (hubs, spokes):
        for writer in ("azurerm_virtual_network_dns_servers", "azurerm_subnet_route_table_association"):
            assert {f"{writer}.{name}" for name in network.resources(writer)} <= set(half["depends_on"])


def test_no_half_of_a_peering_speaks_of_a_gateway_that_the_hub_lacks(tmp_path: Path) -> None:
    environment, changes = LANDING_ZONES["company-hub-and-zones"]
    hub = changes["network.company_hub"] | {"gateway_transit": False}
    app = App(outdir=str(tmp_path / "cdktf.out"))
    build(app, [load_environment(write_environment(tmp_path, environment, changes | {"network.company_hub": hub}))])
    app.synth()

    network = Template.read(tmp_path / "cdktf.out" / "stacks" / f"{environment}-network")
    halves = network.resources("azurerm_virtual_network_peering").values()
    assert [(half["allow_gateway_transit"], half["use_remote_gateways"]) for half in halves] == [(False, False)] * 2


@pytest.mark.parametrize(("name", "halves"), [("names-by-policy", 0), ("appliance", 1)])
def test_no_more_of_a_peering_is_made_than_asked_for(
    name: str, halves: int, landing_zone: Callable[[str], Stacks]
) -> None:
    network = landing_zone(name)["network"]
    peerings = network.resources("azurerm_virtual_network_peering").values()

    assert [peering.get("provider") for peering in peerings] == [None] * halves
    assert not any(peering["use_remote_gateways"] for peering in peerings)


@pytest.mark.parametrize(
    ("name", "provider", "group"),
    [
        ("company-hub-and-zones", THEIRS, "rg-dns"),
        ("names-by-policy", THEIRS, "rg-dns"),
        ("appliance", None, "rg-logs"),
    ],
)
def test_names_are_written_into_the_companys_zones_in_their_subscription(
    name: str, provider: str | None, group: str, landing_zone: Callable[[str], Stacks]
) -> None:
    records = [
        record
        for stack in landing_zone(name).values()
        for record in stack.resources("azurerm_private_dns_a_record").values()
    ]

    assert {(record.get("provider"), record["resource_group_name"]) for record in records} == {(provider, group)}
    by_policy = name == "names-by-policy"
    assert {record["zone_name"] for record in records} == ({SQL_ZONE} if by_policy else ZONES_OF_SERVICES)


def test_aks_writes_into_the_companys_zone(landing_zone: Callable[[str], Stacks]) -> None:
    cluster_stack = landing_zone("company-hub-and-zones")["cluster"]
    (cluster,) = cluster_stack.resources("azurerm_kubernetes_cluster").values()
    zone = f"{ZONES}/providers/Microsoft.Network/privateDnsZones/privatelink.westeurope.azmk8s.io"

    assert cluster["private_dns_zone_id"] == zone
    roles = landing_zone("company-hub-and-zones")["network"].resources("azurerm_role_assignment").values()
    assert [role["scope"] for role in roles if role["role_definition_name"] == "Private DNS Zone Contributor"] == [zone]


def test_aks_makes_its_own_zone_where_that_is_chosen(landing_zone: Callable[[str], Stacks]) -> None:
    cluster_stack = landing_zone("names-by-policy")["cluster"]
    (cluster,) = cluster_stack.resources("azurerm_kubernetes_cluster").values()

    assert cluster["private_dns_zone_id"] == "System"
    # The provider takes the other prefix beside the id of a zone alone.
    assert (cluster["dns_prefix"], cluster.get("dns_prefix_private_cluster")) == ("aks-shop-dev-weu", None)
    roles = landing_zone("names-by-policy")["network"].resources("azurerm_role_assignment").values()
    assert "Private DNS Zone Contributor" not in {role["role_definition_name"] for role in roles}


@pytest.mark.parametrize(
    ("name", "purpose", "elsewhere"),
    [
        ("names-by-policy", "network", [THEIRS]),
        ("appliance", "network", [THEIRS]),
        ("appliance", "cluster", []),
        ("company-hub-and-zones", "workloads", []),
    ],
)
def test_what_was_made_elsewhere_can_be_destroyed_by_another_choice(
    name: str, purpose: str, elsewhere: list[str], landing_zone: Callable[[str], Stacks]
) -> None:
    """Nobody destroys the hub's half of a peering, or a record, whose provider goes at the same time."""
    providers = landing_zone(name)[purpose].document["provider"]["azurerm"]

    assert [f"azurerm.{provider['alias']}" for provider in providers if "alias" in provider] == elsewhere
