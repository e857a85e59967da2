"""Who reaches what from the subnets of people: decided as Azure decides, by the first rule that matches."""

from collections.abc import Collection
from ipaddress import IPv4Address, IPv4Network

import pytest

from config.network.address_plan import AddressPlan, plan_addresses
from config.network.private_endpoints import PrivateAddress
from config.network.subnets import SubnetKey, SubnetRanges
from constructs_lib.network.security_rule import SecurityRule
from constructs_lib.network.subnet_rules import security_rules

PODS = IPv4Network("10.244.0.0/16")
IN_USE = frozenset(
    {
        SubnetKey.FIREWALL,
        SubnetKey.BASTION,
        SubnetKey.JUMP_BOX,
        SubnetKey.AGENTS,
        SubnetKey.AKS_NODES,
        SubnetKey.PRIVATE_ENDPOINTS,
        SubnetKey.LOAD_BALANCERS,
    }
)


def _plan(*, hub: bool = True, in_use: Collection[SubnetKey] = IN_USE) -> AddressPlan:
    return plan_addresses(
        IPv4Network("10.0.0.0/23") if hub else None, IPv4Network("10.1.0.0/20"), SubnetRanges(), in_use
    )


PLAN = _plan()


def _passes(
    rules: Collection[SecurityRule], direction: str, source: IPv4Address, destination: IPv4Address, port: int
) -> bool:
    """Whether a TCP connection passes the rules of one direction; in both, what no rule names is denied."""
    for rule in rules:
        if (
            rule.direction == direction
            and _within(source, rule.sources)
            and _within(destination, rule.destinations)
            and ("*" in rule.ports or str(port) in rule.ports)
        ):
            return rule.access == "Allow"
    return False


def _within(address: IPv4Address, ranges: tuple[str, ...]) -> bool:
    """All of the tags in these rules stand for what is outside, but for one."""
    return any(
        range_ == "*"
        or (range_ == "VirtualNetwork" and address.is_private)
        or (range_[0].isdigit() and address in IPv4Network(range_))
        for range_ in ranges
    )


@pytest.mark.req(58)
@pytest.mark.parametrize("port", [22, 3389, 443])
def test_bastion_alone_reaches_the_jump_box_and_only_its_shell(port: int) -> None:
    rules, jump_box = security_rules(PLAN, PODS)[SubnetKey.JUMP_BOX], PLAN.subnets[SubnetKey.JUMP_BOX][4]
    reached_from = {
        name for name, subnet in PLAN.subnets.items() if _passes(rules, "Inbound", subnet[5], jump_box, port)
    }

    assert reached_from == ({SubnetKey.BASTION} if port == 22 else set())
    assert not _passes(rules, "Inbound", IPv4Address("8.8.8.8"), jump_box, port)


@pytest.mark.parametrize(
    ("there", "port", "reached"),
    [
        pytest.param(PLAN.aks_nodes[5], 443, True, id="API server"),
        pytest.param(PLAN.private_address(PrivateAddress.KEY_VAULT), 443, True, id="private service"),
        pytest.param(PLAN.private_address(PrivateAddress.SQL_SERVER), 1433, True, id="database"),
        pytest.param(PLAN.private_address(PrivateAddress.STATE), 1433, False, id="somebody else's database"),
        pytest.param(PLAN.aks_nodes[5], 22, False, id="shell of a node"),
        pytest.param(PLAN.aks_nodes[5], 10250, False, id="kubelet"),
        pytest.param(PLAN.subnets[SubnetKey.AGENTS][5], 22, False, id="shell of an agent"),
        pytest.param(PLAN.subnets[SubnetKey.BASTION][5], 8080, False, id="Bastion's inside"),
    ],
)
def test_from_the_jump_box_people_reach_services_and_no_machines(
    there: IPv4Address, port: int, *, reached: bool
) -> None:
    rules, jump_box = security_rules(PLAN, PODS), PLAN.subnets[SubnetKey.JUMP_BOX][4]
    (subnet,) = (key for key, range_ in PLAN.subnets.items() if there in range_)

    assert _passes(rules[SubnetKey.JUMP_BOX], "Outbound", jump_box, there, port) is reached
    assert not reached or _passes(rules[subnet], "Inbound", jump_box, there, port)


@pytest.mark.req(60)
def test_a_tunnel_passes_both_ends_on_its_way_to_the_api_server() -> None:
    rules, bastion, endpoint = security_rules(PLAN, PODS), PLAN.subnets[SubnetKey.BASTION][4], PLAN.aks_nodes[5]

    assert _passes(rules[SubnetKey.BASTION], "Outbound", bastion, endpoint, 443)
    assert _passes(rules[SubnetKey.AKS_NODES], "Inbound", bastion, endpoint, 443)


@pytest.mark.req(60)
@pytest.mark.parametrize(
    ("hub", "in_use", "asks"),
    [
        pytest.param(True, IN_USE, False, id="hub: Azure's DNS"),
        pytest.param(False, IN_USE, True, id="single network: the firewall"),
        pytest.param(False, IN_USE | {SubnetKey.FIREWALL_MANAGEMENT}, False, id="Basic firewall: Azure's DNS"),
        pytest.param(False, IN_USE - {SubnetKey.FIREWALL}, False, id="no firewall: Azure's DNS"),
    ],
)
@pytest.mark.parametrize("subnet", [SubnetKey.BASTION, SubnetKey.JUMP_BOX])
def test_where_the_firewall_answers_for_names_it_can_be_asked(
    subnet: SubnetKey, in_use: Collection[SubnetKey], *, hub: bool, asks: bool
) -> None:
    """Without, Bastion could not find the private API server: it may not reach what no rule names."""
    plan = _plan(hub=hub, in_use=in_use)
    to_names = [rule.destinations for rule in security_rules(plan, PODS)[subnet] if rule.ports == ("53",)]

    assert to_names == ([(str(plan.subnets[SubnetKey.FIREWALL]),)] if asks else [])


@pytest.mark.parametrize("subnet", [SubnetKey.BASTION, SubnetKey.JUMP_BOX])
def test_the_last_word_is_no(subnet: SubnetKey) -> None:
    *_, last = [rule for rule in security_rules(PLAN, PODS)[subnet] if rule.direction == "Outbound"]

    assert (last.access, last.destinations, last.ports, last.protocol) == ("Deny", ("*",), ("*",), "*")
