"""From the Internet no packet enters a subnet, but Bastion's and the application gateway's at their own ports."""

import re
from collections.abc import Callable, Iterator
from copy import deepcopy
from ipaddress import IPv4Address, IPv4Network
from pathlib import Path
from typing import Any

import pytest

from tests.deployed import DEPLOYED_ENVIRONMENTS
from tests.landing_zones import LANDING_ZONES
from tests.policy.network_options import ACCEPTED, DEFAULT, Row
from tests.policy.packet_filter import Admitted, PacketFilter
from tests.product import ENVIRONMENTS, WITH_DEFAULT_NETWORK
from tests.template import Arguments, Template

Stacks = dict[str, Template]
ROWS_WITH_JUMP_BOX = [row for row in ACCEPTED if {"jump_box", "keyed_jump_box"} & set(row)]

EVERYBODY = {"Internet", "AzureCloud", "GatewayManager"}
TO_BASTION = {Admitted(who, "Tcp", "443") for who in EVERYBODY}
TO_GATEWAY = {
    Admitted("Internet", "Tcp", "80,443"),
    Admitted("AzureCloud", "Tcp", "80,443"),
    Admitted("GatewayManager", "Tcp", "80,443,65200-65535"),
}
MAY_HAVE_A_PUBLIC_ADDRESS = {
    "azurerm_application_gateway",
    "azurerm_bastion_host",
    "azurerm_firewall",
    "azurerm_nat_gateway_public_ip_association",
}
# https://learn.microsoft.com/azure/firewall/firewall-faq
TAKE_NO_GROUP = {"AzureFirewallSubnet", "AzureFirewallManagementSubnet"}


@pytest.fixture(
    params=[
        *(
            pytest.param(("deployed", name), id=f"environments/{name}", marks=pytest.mark.deployed)
            for name in DEPLOYED_ENVIRONMENTS
        ),
        *(pytest.param(("synthesised", name), id=name) for name in ENVIRONMENTS),
        *(pytest.param(("in_landing_zone", name), id=name) for name in LANDING_ZONES),
        *(pytest.param(("with_options", row), id="+".join(row) or "default") for row in ACCEPTED),
    ]
)
def stacks(request: pytest.FixtureRequest) -> Stacks:
    """The stacks, by purpose, of environments deployed, the tests' own or in a landing zone, and of rows of options."""
    source, which = request.param
    folder = request.getfixturevalue(source)
    return _stacks(folder / "stacks", which) if isinstance(folder, Path) else _stacks(folder(which))


def _stacks(folder: Path, environment: str = "*") -> Stacks:
    return {path.name.partition("-")[2]: Template.read(path) for path in folder.glob(f"{environment}-*")}


def _subnet_of(stacks: Stacks, type_: str, *path: str) -> set[str]:
    """Names of the subnets in which the resources of a type stand, by the reference or the id at this path."""
    subnets = stacks["network"].resources("azurerm_subnet")
    names = {f"${{azurerm_subnet.{resource}.id}}": subnet["name"] for resource, subnet in subnets.items()}
    found = set()
    for stack in stacks.values():
        for resource in stack.resources(type_).values():
            value: Any = resource
            for key in path:
                value = value[0][key] if isinstance(value, list) else value[key]
            found.add(names.get(value, value.rpartition("/")[2]))
    return found


@pytest.mark.req(29)
def test_nothing_comes_in_from_the_internet(stacks: Stacks) -> None:
    packets = PacketFilter.read(stacks["network"])
    bastion = _subnet_of(stacks, "azurerm_bastion_host", "ip_configuration", "subnet_id")
    gateway = _subnet_of(stacks, "azurerm_application_gateway", "gateway_ip_configuration", "subnet_id")

    entering = {name: packets.entering_from_outside(name) for name in packets.subnets if name not in TAKE_NO_GROUP}

    assert {name: flows for name, flows in entering.items() if flows} == {
        **dict.fromkeys(bastion, TO_BASTION),
        **dict.fromkeys(gateway, TO_GATEWAY),
    }


@pytest.mark.req(29)
def test_every_subnet_that_can_has_a_group(stacks: Stacks) -> None:
    network = stacks["network"]

    without = {subnet.name for subnet in PacketFilter.read(network).subnets.values() if subnet.rules is None}
    subnets = network.resources("azurerm_subnet").values()
    assert without == TAKE_NO_GROUP & {subnet["name"] for subnet in subnets}


def test_no_subnet_has_azures_own_egress(stacks: Stacks) -> None:
    subnets = stacks["network"].resources("azurerm_subnet").values()

    assert {subnet["default_outbound_access_enabled"] for subnet in subnets} == {False}


def test_only_what_leads_in_or_out_has_a_public_address(stacks: Stacks) -> None:
    addresses = [
        f"${{azurerm_public_ip.{name}.id}}"
        for stack in stacks.values()
        for name in stack.resources("azurerm_public_ip")
    ]
    holders = [
        type_
        for stack in stacks.values()
        for type_, resources in stack.document.get("resource", {}).items()
        for resource in resources.values()
        for text in _texts(resource)
        if text in addresses
    ]

    assert len(holders) == len(addresses)
    assert set(holders) <= MAY_HAVE_A_PUBLIC_ADDRESS
    assert not any(stack.resources("azurerm_public_ip_prefix") for stack in stacks.values())


@pytest.mark.parametrize("environment", WITH_DEFAULT_NETWORK)
def test_by_default_firewall_and_bastion_alone_have_one(environment: str, synthesised: Path) -> None:
    stacks = _stacks(synthesised / "stacks", environment)

    assert [len(stack.resources("azurerm_public_ip")) for _, stack in sorted(stacks.items())] == [0, 2, 0, 0]


@pytest.mark.req(31)
@pytest.mark.req(90)
def test_private_endpoints_are_the_only_doors_of_services(stacks: Stacks) -> None:
    """Neither service endpoints nor the rules of firewalls that would let a subnet in through them."""
    subnets = stacks["network"].resources("azurerm_subnet").values()
    assert [subnet["name"] for subnet in subnets if subnet.get("service_endpoints")] == []
    assert [stack for stack in stacks.values() if stack.resources("azurerm_mssql_virtual_network_rule")] == []
    servers = [f"${{azurerm_mssql_server.{name}.id}}" for name in stacks["cluster"].resources("azurerm_mssql_server")]
    endpoints = stacks["cluster"].resources("azurerm_private_endpoint").values()
    assert servers
    assert set(servers) <= {one["private_service_connection"]["private_connection_resource_id"] for one in endpoints}


@pytest.mark.req(46)
def test_no_firewall_rule_opens_everything(stacks: Stacks) -> None:
    groups = stacks["network"].resources("azurerm_firewall_policy_rule_collection_group").values()
    rules = [
        (kind, rule)
        for group in groups
        for kind in ("application_rule_collection", "network_rule_collection", "nat_rule_collection")
        for collection in group.get(kind, [])
        for rule in collection["rule"]
    ]

    for kind, rule in rules:
        ports = rule.get("destination_ports") or [protocol["port"] for protocol in rule["protocols"]]
        keys = [key for key in rule if key.startswith("destination_") and key != "destination_ports"]
        destinations = [text for key in keys for text in _texts(rule[key])]
        assert not {"*", "0.0.0.0/0"} & set(destinations), rule["name"]
        assert all(str(port).isdecimal() for port in ports), rule["name"]
        # Everybody may come in where a port is published, and nobody may leave whose subnet has no rules.
        assert kind == "nat_rule_collection" or not {"*", "0.0.0.0/0"} & set(rule["source_addresses"]), rule["name"]


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    for child in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _texts(child)


@pytest.mark.req(58)
@pytest.mark.parametrize("row", ROWS_WITH_JUMP_BOX, ids="+".join)
def test_a_jump_box_is_reached_by_ssh_from_bastion_alone(row: Row, with_options: Callable[[Row], Path]) -> None:
    stacks = _stacks(with_options(row))
    packets = PacketFilter.read(stacks["network"])
    (jump_box,) = _subnet_of(stacks, "azurerm_network_interface", "ip_configuration", "subnet_id")
    (bastion,) = _subnet_of(stacks, "azurerm_bastion_host", "ip_configuration", "subnet_id")

    assert packets.entering(jump_box) == {Admitted(bastion, "Tcp", "22")}
    assert ("Tcp", "22") in packets.reaches(bastion, jump_box)


@pytest.mark.req(32)
@pytest.mark.parametrize("environment", WITH_DEFAULT_NETWORK)
def test_each_private_endpoint_is_reached_by_whom_it_serves_alone(environment: str, synthesised: Path) -> None:
    stacks = _stacks(synthesised / "stacks", environment)
    packets = PacketFilter.read(stacks["network"])
    (endpoints,) = _subnet_of(stacks, "azurerm_private_endpoint", "subnet_id")
    (nodes,) = _subnet_of(stacks, "azurerm_kubernetes_cluster", "default_node_pool", "vnet_subnet_id")

    assert {name: packets.entering_at(address) for name, address in _private_addresses(stacks).items()} == {
        "default": {Admitted(nodes, "Tcp", "443"), Admitted("snet-agents", "Tcp", "443")},
        "registry": {Admitted(nodes, "Tcp", "443"), Admitted("snet-agents", "Tcp", "443")},
        "registry_data": {Admitted(nodes, "Tcp", "443"), Admitted("snet-agents", "Tcp", "443")},
        "sqlServer": {Admitted(nodes, "Tcp", "1433")},
        "blob": {Admitted("snet-agents", "Tcp", "443")},
    }
    assert packets.leaving(endpoints) == set()
    assert packets.reaches(nodes, endpoints) == {("Tcp", "443,1433")}
    assert packets.reaches("snet-agents", endpoints) == {("Tcp", "443")}


@pytest.mark.req(32)
def test_between_private_endpoints_no_address_is_open_and_none_of_them_is_closed(stacks: Stacks) -> None:
    """What somebody else puts into the subnet is reached by nobody, until a rule says who may."""
    addresses = _private_addresses(stacks).values()
    (endpoints,) = _subnet_of(stacks, "azurerm_private_endpoint", "subnet_id")

    packets = PacketFilter.read(stacks["network"])
    entered = set(packets.addresses_entered(endpoints))

    assert len(set(addresses)) == len(addresses)
    assert {IPv4Network(address) for address in addresses} <= entered
    # The state's place is kept where its account is still reached from outside, and has no endpoint.
    kept = IPv4Network(packets.subnets[endpoints].range[-2])
    assert entered - {kept} == {IPv4Network(address) for address in addresses} - {kept}


@pytest.mark.req(31)
def test_nodes_reach_no_state_and_neither_agents_nor_the_gateway_the_database(stacks: Stacks) -> None:
    packets, addresses = PacketFilter.read(stacks["network"]), _private_addresses(stacks)
    (nodes,) = _subnet_of(stacks, "azurerm_kubernetes_cluster", "default_node_pool", "vnet_subnet_id")
    reached_by = {name: {one.peer for one in packets.entering_at(address)} for name, address in addresses.items()}

    assert nodes not in reached_by.get("blob", set())
    assert not {"snet-agents", "snet-application-gateway"} & reached_by["sqlServer"]
    assert all("snet-jump-box" in clients for clients in reached_by.values() if "snet-jump-box" in packets.subnets)


def _private_addresses(stacks: Stacks) -> dict[str, IPv4Address]:
    """Where each member of the services answers, by its name; a registry's second one without its region."""
    return {
        re.sub("^registry_data_.*", "registry_data", one["member_name"]): IPv4Address(one["private_ip_address"])
        for stack in stacks.values()
        for endpoint in stack.resources("azurerm_private_endpoint").values()
        for one in endpoint["ip_configuration"]
    }


@pytest.mark.req(32)
def test_callers_elsewhere_reach_what_they_are_named_for_alone(with_options: Callable[[Row], Path]) -> None:
    """One of the ranges encloses both networks, in which rules of their own hold as before."""
    plain, stacks = (_stacks(with_options(row)) for row in (DEFAULT, ("callers",)))
    before, packets = (PacketFilter.read(one["network"]) for one in (plain, stacks))
    outsiders = {"10.0.0.0": "application", "192.168.3.0": "vault", "192.168.4.0": "api server"}
    filtered = packets.subnets.keys() - TAKE_NO_GROUP
    flows = [(subnet, flow) for subnet in filtered for flow in packets.entering(subnet)]
    entered = {
        who: {(subnet, *flow[1:]) for subnet, flow in flows if flow.peer == peer} for peer, who in outsiders.items()
    }
    vault = _private_addresses(stacks)["default"]

    assert entered == {
        "application": {("snet-aks-nodes", "Tcp", "80"), ("snet-load-balancers", "Tcp", "80")},
        "vault": {("snet-private-endpoints", "Tcp", "443")},
        "api server": {("snet-aks-nodes", "Tcp", "443")},
    }
    assert Admitted("192.168.3.0", "Tcp", "443") in packets.entering_at(vault)
    for subnet in filtered:
        now, then = ({flow for flow in one.entering(subnet) if flow.peer in one.subnets} for one in (packets, before))
        assert now == then
    (clients,) = (
        policy["spec"]["ingress"][0]["from"]
        for policy in stacks["workloads"].resources("kubernetes_network_policy_v1").values()
        if policy["metadata"]["name"] == "allow-clients"
    )
    assert {"192.168.2.0/24", "10.10.0.0/23"} < {one["ip_block"]["cidr"] for one in clients}


@pytest.mark.req(60)
@pytest.mark.parametrize("environment", WITH_DEFAULT_NETWORK)
def test_bastion_reaches_the_api_server(environment: str, synthesised: Path) -> None:
    stacks = _stacks(synthesised / "stacks", environment)
    (nodes,) = _subnet_of(stacks, "azurerm_kubernetes_cluster", "default_node_pool", "vnet_subnet_id")

    assert ("Tcp", "443") in PacketFilter.read(stacks["network"]).reaches("AzureBastionSubnet", nodes)


@pytest.mark.parametrize("environment", WITH_DEFAULT_NETWORK)
def test_agents_open_no_sessions(environment: str, synthesised: Path) -> None:
    stacks = _stacks(synthesised / "stacks", environment)
    (nodes,) = _subnet_of(stacks, "azurerm_kubernetes_cluster", "default_node_pool", "vnet_subnet_id")

    assert PacketFilter.read(stacks["network"]).reaches("snet-agents", nodes) == {("Tcp", "80,443")}


def _network(synthesised: Path) -> Arguments:
    return deepcopy(Template.read(synthesised / "stacks" / "prod-network").document)


def _anybody(**changes: Any) -> Arguments:
    several = dict.fromkeys(("source_address_prefixes", "destination_address_prefixes", "destination_port_ranges"))
    return {
        "name": "open",
        "direction": "Inbound",
        "access": "Allow",
        "protocol": "*",
        "priority": 99,
        "source_port_range": "*",
        "source_address_prefix": "*",
        "destination_address_prefix": "*",
        "destination_port_range": "*",
        **several,
        **changes,
    }


EVERYTHING = [(protocol, "0-65535") for protocol in ("Icmp", "Tcp", "Udp")]


@pytest.mark.parametrize(
    ("hole", "found"),
    [
        ({}, EVERYTHING),
        ({"priority": 4095}, EVERYTHING),
        ({"source_address_prefix": "Internet", "protocol": "Udp"}, [("Udp", "0-65535")]),
        ({"source_address_prefix": "20.0.0.0/30", "destination_port_range": "22", "protocol": "Tcp"}, [("Tcp", "22")]),
        (
            {"source_address_prefix": None, "source_address_prefixes": ["10.0.0.0/8", "128.0.0.0/1"]},
            EVERYTHING,
        ),
        (
            {"destination_port_range": None, "destination_port_ranges": ["22", "100-200"], "protocol": "Tcp"},
            [("Tcp", "22,100-200")],
        ),
        ({"source_address_prefix": "GatewayManager", "protocol": "Tcp"}, [("Tcp", "0-65535")]),
        ({"source_address_prefix": "10.0.0.0/8"}, []),
        ({"source_address_prefix": "AzureLoadBalancer"}, []),
        ({"access": "Deny"}, []),
        ({"direction": "Outbound"}, []),
    ],
    ids=str,
)
def test_a_hole_is_found_wherever_it_is(hole: Arguments, found: list[tuple[str, str]], synthesised: Path) -> None:
    """A test of the filter itself."""
    network = _network(synthesised)
    for group in network["resource"]["azurerm_network_security_group"].values():
        group["security_rule"].append(_anybody(**hole))
    packets = PacketFilter.read(Template(network))

    for name in packets.subnets.keys() - TAKE_NO_GROUP - {"AzureBastionSubnet"}:
        assert sorted({flow[1:] for flow in packets.entering_from_outside(name)}) == found, name


@pytest.mark.parametrize(
    ("hole", "opened", "closed"),
    [
        ({"destination_address_prefix": "10.30.20.32/30"}, {"10.30.20.32/30"}, set()),
        ({"destination_address_prefix": "10.30.20.61/32", "access": "Deny"}, set(), {"10.30.20.61/32"}),
        ({"destination_address_prefix": "10.30.20.61/32", "access": "Deny", "protocol": "Udp"}, set(), set()),
        (
            {"source_address_prefix": "10.30.16.0/22", "destination_address_prefix": "10.30.20.7"},
            {"10.30.20.7/32"},
            set(),
        ),
        (
            {"source_address_prefix": "10.99.0.0/16", "destination_address_prefix": "10.30.20.7/32"},
            {"10.30.20.7/32"},
            set(),
        ),
    ],
    ids=str,
)
def test_an_address_that_is_open_besides_the_planned_ones_is_found(
    hole: Arguments, opened: set[str], closed: set[str], synthesised: Path
) -> None:
    """A test of the filter itself."""
    network = _network(synthesised)
    before = _entered(network)
    (group,) = (
        group
        for group in network["resource"]["azurerm_network_security_group"].values()
        if group["name"].startswith("nsg-private-endpoints")
    )
    group["security_rule"].append(_anybody(**hole))
    after = _entered(network)

    assert (after - before, before - after) == (opened, closed)


def _entered(network: Arguments) -> set[str]:
    return {str(block) for block in PacketFilter.read(Template(network)).addresses_entered("snet-private-endpoints")}


def test_a_default_route_makes_everybody_part_of_the_virtual_network(synthesised: Path) -> None:
    """Without the last rule of ours, Azure's first would let the Internet in where a route leads to the firewall."""
    network = _network(synthesised)
    for group in network["resource"]["azurerm_network_security_group"].values():
        group["security_rule"] = [row for row in group["security_rule"] if row["priority"] != 4096]
    packets = PacketFilter.read(Template(network))

    assert {name for name in packets.subnets.keys() - TAKE_NO_GROUP if packets.entering_from_outside(name)} == {
        "AzureBastionSubnet",
        "snet-agents",
        "snet-aks-nodes",
    }


def test_a_group_that_no_subnet_has_protects_nothing(synthesised: Path) -> None:
    network = _network(synthesised)
    network["resource"]["azurerm_subnet_network_security_group_association"].clear()
    packets = PacketFilter.read(Template(network))

    assert all(packets.entering_from_outside(name) for name in packets.subnets)
