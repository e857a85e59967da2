"""Who reaches what in each subnet, decided as Azure decides: the first rule by priority that matches."""

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Network

import pytest

from config.address_plan import AddressPlan, SubnetRanges, plan_addresses
from constructs_lib.security_rule import SecurityRule
from constructs_lib.subnet_rules import agent_rules, bastion_rules, node_rules, private_endpoint_rules

PLAN: AddressPlan = plan_addresses(IPv4Network("10.0.0.0/23"), IPv4Network("10.1.0.0/20"), SubnetRanges())
PODS = IPv4Network("10.244.0.0/16")
ANY_PORT = 30_000
FRONT_END = str(PLAN.aks_nodes[200])


def _enters(
    rules: Sequence[SecurityRule], source: str | IPv4Address, destination: str | IPv4Address, port: int
) -> bool:
    """Whether a TCP connection passes the inbound rules, after which everything is denied."""
    for rule in rules:
        if (
            rule.direction == "Inbound"
            and _within(source, rule.sources)
            and _within(destination, rule.destinations)
            and rule.ports in (("*",), (str(port),))
        ):
            return rule.access == "Allow"
    return False


def _within(place: str | IPv4Address, ranges: tuple[str, ...]) -> bool:
    """A place is an address, or a service tag that names itself."""
    if place in ranges or "*" in ranges:
        return True
    try:
        address = IPv4Address(place)
    except ValueError:
        return False
    return any(address in IPv4Network(range_) for range_ in ranges if range_[0].isdigit())


@pytest.mark.parametrize(
    ("source", "destination", "port"),
    [
        pytest.param(PLAN.aks_nodes[4], PLAN.aks_nodes[5], ANY_PORT, id="node to node"),
        pytest.param(PLAN.aks_nodes[4], PODS[300], ANY_PORT, id="node to pod of another node"),
        pytest.param(PODS[10], PODS[300], 53, id="pod to pod of another node"),
        pytest.param("AzureLoadBalancer", PLAN.aks_nodes[5], ANY_PORT, id="probe to node"),
        pytest.param(PLAN.agents[4], PLAN.aks_nodes[5], 443, id="agent to the API server"),
        pytest.param(PLAN.bastion[4], PLAN.aks_nodes[5], 443, id="tunnel to the API server"),
    ],
)
def test_nothing_that_a_cluster_needs_is_in_its_way(source: str, destination: str, port: int) -> None:
    assert _enters(node_rules(PLAN, PODS), source, destination, port)


@pytest.mark.req(29)
@pytest.mark.parametrize(
    ("source", "destination", "port"),
    [
        pytest.param("8.8.8.8", FRONT_END, 443, id="Internet to an application"),
        pytest.param("Internet", FRONT_END, 443, id="Internet by its tag"),
        pytest.param(PLAN.agents[4], PLAN.aks_nodes[5], 22, id="agent to a node's shell"),
        pytest.param(PLAN.agents[4], PLAN.aks_nodes[5], 10250, id="agent to a kubelet"),
        pytest.param(PLAN.agents[4], PODS[10], 443, id="agent to a pod"),
        pytest.param(PLAN.private_endpoints[4], PODS[10], 443, id="endpoint to a pod"),
    ],
)
def test_from_outside_the_nodes_only_their_https_front_ends_are_reached(
    source: str, destination: str, port: int
) -> None:
    assert not _enters(node_rules(PLAN, PODS), source, destination, port)


@pytest.mark.req(32)
@pytest.mark.parametrize("port", [443, 1433])
def test_nodes_and_agents_alone_reach_the_private_endpoints(port: int) -> None:
    endpoint = PLAN.private_endpoints[4]
    reached_from = {
        name
        for name, subnet in PLAN.subnets.items()
        if _enters(private_endpoint_rules(PLAN), subnet[4], endpoint, port)
    }

    assert reached_from == {"aks_nodes", "agents"}


def test_private_endpoints_are_reached_at_no_other_port() -> None:
    open_ports = {port for rule in private_endpoint_rules(PLAN) if rule.access == "Allow" for port in rule.ports}

    assert open_ports == {"443", "1433"}


def test_agents_are_not_connected_to() -> None:
    assert not [rule for rule in agent_rules(PLAN) if rule.direction == "Inbound"]


@pytest.mark.parametrize("tag", ["Internet", "GatewayManager", "AzureLoadBalancer"])
def test_bastion_takes_https_from_people_and_from_azure_that_manages_it(tag: str) -> None:
    assert _enters(bastion_rules(), tag, PLAN.bastion[4], 443)
    assert not _enters(bastion_rules(), tag, PLAN.bastion[4], 22)


def test_bastion_opens_sessions_and_tunnels_and_its_last_word_is_no() -> None:
    *allowed, last = [rule for rule in bastion_rules() if rule.direction == "Outbound"]

    into_networks = {port for rule in allowed if rule.destinations == ("VirtualNetwork",) for port in rule.ports}
    assert into_networks == {"22", "3389", "443", "5701", "8080"}
    assert (last.access, last.destinations, last.ports, last.protocol) == ("Deny", ("*",), ("*",), "*")


@pytest.mark.parametrize("rules", [agent_rules(PLAN), node_rules(PLAN, PODS)], ids=["agents", "nodes"])
def test_under_a_default_route_the_tag_for_the_network_would_mean_everybody(rules: Sequence[SecurityRule]) -> None:
    assert not [rule.name for rule in rules if "VirtualNetwork" in rule.sources + rule.destinations]


@pytest.mark.parametrize(
    "rules", [bastion_rules(), agent_rules(PLAN), node_rules(PLAN, PODS), private_endpoint_rules(PLAN)]
)
def test_azure_takes_every_rule(rules: Sequence[SecurityRule]) -> None:
    """Names are unique, reasons fit beside the rule, and tags stand alone."""
    assert len({rule.name for rule in rules}) == len(rules)
    assert all(0 < len(rule.because) <= 140 for rule in rules)
    several = [ranges for rule in rules for ranges in (rule.sources, rule.destinations) if len(ranges) > 1]
    assert all(range_[0].isdigit() for ranges in several for range_ in ranges)
