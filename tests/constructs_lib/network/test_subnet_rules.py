"""Who reaches what in each subnet, decided as Azure decides: the first rule by priority that matches."""

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Network

import pytest

from config.network.address_plan import AddressPlan, plan_addresses
from config.network.callers import Callers
from config.network.private_endpoints import PrivateAddress
from config.network.subnets import SUBNETS, SubnetKey, SubnetRanges
from constructs_lib.network.access_subnet_rules import agent_rules, bastion_rules
from constructs_lib.network.cluster_subnet_rules import api_server_rules, node_rules, private_endpoint_rules
from constructs_lib.network.security_rule import SecurityRule
from constructs_lib.network.subnet_rules import security_rules

HUB, SPOKE = IPv4Network("10.0.0.0/23"), IPv4Network("10.1.0.0/20")


def _plan(*, without: str = "", hub: IPv4Network | None = HUB) -> AddressPlan:
    return plan_addresses(hub, SPOKE, SubnetRanges(), SUBNETS.keys() - set(without.split()))


INTEGRATED = _plan()
"""Every subnet that there can be: the API server stands in one of its own."""

PLAN = _plan(without="api_server")
PODS = IPv4Network("10.244.0.0/16")
# https://learn.microsoft.com/azure/firewall/firewall-faq
TAKE_NO_GROUP = {SubnetKey.FIREWALL, SubnetKey.FIREWALL_MANAGEMENT}
REMOTE = IPv4Network("192.168.0.0/24")
PIPELINES = Callers(vault=(REMOTE,), sql=(REMOTE,), api_server=(REMOTE,), registry_and_state=(REMOTE,))
ANY_PORT = 30_000
FRONT_END = PLAN.application_address


def _enters(
    rules: Sequence[SecurityRule], source: str | IPv4Address, destination: str | IPv4Address, port: int
) -> bool:
    """Whether a TCP connection passes the inbound rules, after which everything is denied."""
    for rule in rules:
        if (
            rule.direction == "Inbound"
            and _within(source, rule.sources)
            and _within(destination, rule.destinations)
            and (rule.ports == ("*",) or str(port) in rule.ports)
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
        pytest.param(PLAN.subnets[SubnetKey.AGENTS][4], PLAN.aks_nodes[5], 443, id="agent to the API server"),
        pytest.param(PLAN.subnets[SubnetKey.BASTION][4], PLAN.aks_nodes[5], 443, id="tunnel to the API server"),
        pytest.param(PLAN.subnets[SubnetKey.JUMP_BOX][4], PLAN.aks_nodes[5], 443, id="jump box to the API server"),
        pytest.param(PLAN.subnets[SubnetKey.FIREWALL][4], FRONT_END, 80, id="published application"),
        pytest.param(PLAN.subnets[SubnetKey.APPLICATION_GATEWAY][4], FRONT_END, 80, id="gateway to an application"),
        pytest.param(PLAN.subnets[SubnetKey.PRIVATE_LINK_SERVICE][4], FRONT_END, 80, id="Front Door to an application"),
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
        pytest.param("8.8.8.8", FRONT_END, 80, id="Internet to an application's own port"),
        pytest.param(PLAN.subnets[SubnetKey.AGENTS][4], PLAN.aks_nodes[5], 22, id="agent to a node's shell"),
        pytest.param(PLAN.subnets[SubnetKey.AGENTS][4], PLAN.aks_nodes[5], 80, id="agent to a node's port"),
        pytest.param(PLAN.subnets[SubnetKey.AGENTS][4], PLAN.aks_nodes[5], 10250, id="agent to a kubelet"),
        pytest.param(PLAN.subnets[SubnetKey.AGENTS][4], PODS[10], 443, id="agent to a pod"),
        pytest.param(
            PLAN.subnets[SubnetKey.APPLICATION_GATEWAY][4], PLAN.aks_nodes[5], 443, id="gateway to the API server"
        ),
        pytest.param(PLAN.private_endpoints[4], PODS[10], 443, id="endpoint to a pod"),
    ],
)
def test_from_outside_the_nodes_only_front_ends_and_api_server_are_reached(
    source: str, destination: str, port: int
) -> None:
    assert not _enters(node_rules(PLAN, PODS), source, destination, port)


@pytest.mark.req(57)
@pytest.mark.parametrize("port", [443, 4443])
def test_nodes_and_administration_alone_reach_an_api_server_in_the_network(port: int) -> None:
    api_server = INTEGRATED.subnets[SubnetKey.API_SERVER][4]
    reached_from = {
        name
        for name, subnet in INTEGRATED.subnets.items()
        if _enters(api_server_rules(INTEGRATED), subnet[4], api_server, port)
    }

    assert reached_from == {"aks_nodes", "bastion", "jump_box", "agents"}
    assert _enters(api_server_rules(INTEGRATED), "AzureLoadBalancer", api_server, 9988)


def test_an_api_server_in_the_network_calls_nodes_and_pods() -> None:
    rules, api_server = node_rules(INTEGRATED, PODS), INTEGRATED.subnets[SubnetKey.API_SERVER][4]

    assert _enters(rules, api_server, INTEGRATED.aks_nodes[5], 10250)
    assert _enters(rules, api_server, PODS[300], 9443)
    assert not _enters(node_rules(PLAN, PODS), api_server, PLAN.aks_nodes[5], 10250)


def test_an_api_server_in_the_network_no_longer_stands_among_the_nodes() -> None:
    agent = INTEGRATED.subnets[SubnetKey.AGENTS][4]

    assert not _enters(node_rules(INTEGRATED, PODS), agent, INTEGRATED.aks_nodes[5], 443)


@pytest.mark.req(32)
def test_only_who_runs_the_platform_reaches_its_private_endpoints() -> None:
    rules = private_endpoint_rules(PLAN)
    reached_from = {
        (what.name, port): clients
        for what in PrivateAddress
        for port in (443, 1433)
        if (
            clients := {
                name
                for name, subnet in PLAN.subnets.items()
                if _enters(rules, subnet[4], PLAN.private_address(what), port)
            }
        )
    }

    assert reached_from == {
        ("KEY_VAULT", 443): {"aks_nodes", "agents", "jump_box", "application_gateway"},  # it has the certificate
        ("REGISTRY", 443): {"aks_nodes", "agents", "jump_box"},
        ("REGISTRY_DATA", 443): {"aks_nodes", "agents", "jump_box"},
        ("SQL_SERVER", 1433): {"aks_nodes", "jump_box"},
        ("STATE", 443): {"agents", "jump_box"},
    }


def test_private_endpoints_are_reached_at_no_other_port() -> None:
    open_ports = {port for rule in private_endpoint_rules(PLAN) if rule.access == "Allow" for port in rule.ports}

    assert open_ports == {"443", "1433"}


@pytest.mark.req(61)
@pytest.mark.parametrize("plan", [PLAN, INTEGRATED], ids=["private-endpoint", "integrated"])
def test_pipelines_elsewhere_reach_api_server_and_private_endpoints_and_no_more(plan: AddressPlan) -> None:
    groups, closed = security_rules(plan, PODS, PIPELINES), security_rules(plan, PODS)
    home = "api_server" if plan is INTEGRATED else "aks_nodes"
    opened = {key for key, rules in groups.items() if any(str(REMOTE) in rule.sources for rule in rules)}

    assert opened == {"private_endpoints", home}
    for key in opened:
        place = plan.private_address(PrivateAddress.KEY_VAULT) if key == "private_endpoints" else plan.subnets[key][4]
        assert _enters(groups[key], REMOTE[4], place, 443)
        assert not _enters(closed[key], REMOTE[4], place, 443)
    assert not _enters(groups[SubnetKey.AKS_NODES], REMOTE[4], FRONT_END, 80)


@pytest.mark.req(42)
def test_isolated_nodes_reach_nothing_on_the_internet() -> None:
    groups = {isolated: security_rules(PLAN, PODS, isolated=isolated) for isolated in (True, False)}
    *inside, refused = (rule for rule in groups[True][SubnetKey.AKS_NODES] if rule.direction == "Outbound")

    assert (refused.access, refused.destinations, refused.ports) == ("Deny", ("Internet",), ("*",))
    # Before it, what AKS needs inside, in both directions alike.
    assert [(rule.sources, rule.destinations, rule.ports) for rule in inside] == [
        (rule.sources, rule.destinations, rule.ports)
        for rule in groups[False][SubnetKey.AKS_NODES]
        if rule.name in ("nodes", "pods")
    ]
    assert not [rule for rule in groups[False][SubnetKey.AKS_NODES] if rule.direction == "Outbound"]
    assert {key: rules for key, rules in groups[True].items() if key != "aks_nodes"} == {
        key: rules for key, rules in groups[False].items() if key != "aks_nodes"
    }


@pytest.mark.parametrize("missing", ["agents", "bastion", "jump_box", "agents bastion jump_box application_gateway"])
def test_no_rule_speaks_of_a_subnet_that_is_not_there(missing: str) -> None:
    gone = {str(PLAN.subnets[SubnetKey(key)]) for key in missing.split()}
    plan = _plan(without=f"api_server jump_box {missing}")
    groups = security_rules(plan, PODS)

    assert groups.keys() == plan.subnets.keys() - TAKE_NO_GROUP
    assert not [
        rule
        for rules in groups.values()
        for rule in rules
        if gone & {*rule.sources, *rule.destinations} or not rule.sources
    ]


def test_one_network_for_all_is_as_closed_as_two() -> None:
    """Ranges of the hub's subnets lie in the spoke then, and must not become part of what is open to it."""
    single = _plan(without="api_server", hub=None)
    rules, node = node_rules(single, PODS), single.aks_nodes[5]
    at_api_server, at_shell = (
        {key for key, subnet in single.subnets.items() if key != "aks_nodes" and _enters(rules, subnet[4], node, port)}
        for port in (443, 22)
    )

    assert at_api_server == {"bastion", "jump_box", "agents"}
    assert at_shell == set()


def test_agents_are_not_connected_to() -> None:
    assert not [rule for rule in agent_rules(PLAN) if rule.direction == "Inbound"]


@pytest.mark.parametrize("tag", ["Internet", "GatewayManager", "AzureLoadBalancer"])
def test_bastion_takes_https_from_people_and_from_azure_that_manages_it(tag: str) -> None:
    assert _enters(bastion_rules(), tag, PLAN.subnets[SubnetKey.BASTION][4], 443)
    assert not _enters(bastion_rules(), tag, PLAN.subnets[SubnetKey.BASTION][4], 22)


def test_bastion_opens_sessions_and_tunnels() -> None:
    *allowed, _ = [rule for rule in bastion_rules() if rule.direction == "Outbound"]

    into_networks = {port for rule in allowed if rule.destinations == ("VirtualNetwork",) for port in rule.ports}
    assert into_networks == {"22", "3389", "443", "5701", "8080"}


def test_the_last_word_of_bastion_is_no() -> None:
    *_, last = [rule for rule in bastion_rules() if rule.direction == "Outbound"]

    assert (last.access, last.destinations, last.ports, last.protocol) == ("Deny", ("*",), ("*",), "*")


@pytest.mark.req(29)
@pytest.mark.parametrize("tag", ["Internet", "8.8.8.8"])
def test_from_the_internet_only_bastion_and_the_gateway_are_reached(tag: str) -> None:
    reached = {
        (key, port)
        for key, rules in security_rules(INTEGRATED, PODS).items()
        for port in (22, 53, 80, 443, 1433, 3389, 4443, 8080, 10250, ANY_PORT, 65200)
        if _enters(rules, tag, INTEGRATED.subnets[key][4], port)
    }

    by_tag = {("bastion", 443), ("application_gateway", 80), ("application_gateway", 443)}
    assert reached == (by_tag if tag == "Internet" else set())


@pytest.mark.req(30)
@pytest.mark.parametrize(
    "key",
    [
        SubnetKey.AGENTS,
        SubnetKey.AKS_NODES,
        SubnetKey.JUMP_BOX,
        SubnetKey.API_SERVER,
        SubnetKey.PRIVATE_ENDPOINTS,
    ],
)
def test_under_a_default_route_the_tag_for_the_network_would_mean_everybody(key: SubnetKey) -> None:
    rules = security_rules(INTEGRATED, PODS)[key]

    assert not [rule.name for rule in rules if "VirtualNetwork" in rule.sources + rule.destinations]


@pytest.mark.parametrize("plan", [PLAN, INTEGRATED, _plan(hub=None)], ids=["hub", "integrated", "single"])
@pytest.mark.parametrize("key", sorted(SUBNETS.keys() - TAKE_NO_GROUP - {SubnetKey.API_SERVER}))
def test_azure_takes_every_rule(key: SubnetKey, plan: AddressPlan) -> None:
    """Names are unique, reasons fit beside the rule, and tags stand alone."""
    rules = security_rules(plan, PODS, PIPELINES)[key]

    assert len({rule.name for rule in rules}) == len(rules)
    assert all(0 < len(rule.because) <= 140 for rule in rules)
    several = [ranges for rule in rules for ranges in (rule.sources, rule.destinations) if len(ranges) > 1]
    assert all(range_[0].isdigit() for ranges in several for range_ in ranges)
