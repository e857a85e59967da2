"""The address plan: whatever ranges an environment chooses, its subnets fit, keep apart and stay where they are."""

from dataclasses import asdict
from ipaddress import IPv4Network
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config.address_plan import SUBNET_SLOTS, AddressPlan, SubnetRanges, VirtualNetworkKey, plan_addresses
from config.loading import load_environments
from config.rules import problems
from main import ENVIRONMENTS_FOLDER

SMALLEST_HUB, SMALLEST_SPOKE = 23, 21
"""Prefix lengths of the smallest networks that hold every planned subnet."""

NO_RANGES = SubnetRanges()
QUICK = settings(derandomize=True, deadline=None, database=None, max_examples=100)


def networks(shortest: int, longest: int) -> st.SearchStrategy[IPv4Network]:
    """Any IPv4 network with a prefix length between the two."""
    return st.builds(
        lambda address, length: IPv4Network((address, length), strict=False),
        st.integers(0, 2**32 - 1),
        st.integers(shortest, longest),
    )


def reported(hub: IPv4Network, spoke: IPv4Network, ranges: SubnetRanges = NO_RANGES) -> set[str]:
    """Keys that the rules on subnets complain about, leaving aside what they say of the two networks as such."""
    values = {"network.hub.address_space": hub, "network.spoke.address_space": spoke, "network.subnets": ranges}
    return {
        problem.path
        for problem in problems(values.__getitem__)
        if "subnets" in problem.path or "no room" in problem.message
    }


def is_sound(plan: AddressPlan) -> bool:
    """Whether Azure takes the plan: written without the code under test."""
    rooms: dict[VirtualNetworkKey, IPv4Network] = {"hub": plan.hub, "spoke": plan.spoke}
    homes = {key: rooms[slot.virtual_network] for key, slot in SUBNET_SLOTS.items()}
    return all(
        int(homes[key][0]) <= int(subnet[0])
        and int(subnet[-1]) <= int(homes[key][-1])
        and subnet.num_addresses >= 2 ** (32 - SUBNET_SLOTS[key].longest_prefix_length)
        for key, subnet in plan.subnets.items()
    ) and all(
        int(plan.subnets[one][-1]) < int(plan.subnets[other][0])
        or int(plan.subnets[other][-1]) < int(plan.subnets[one][0])
        for one, other in combinations(SUBNET_SLOTS, 2)
        if SUBNET_SLOTS[one].virtual_network == SUBNET_SLOTS[other].virtual_network
    )


def test_the_plan_of_an_environment() -> None:
    """Pins every offset: a subnet that moves is destroyed together with what stands in it."""
    (development,) = load_environments(ENVIRONMENTS_FOLDER, {"ENVIRONMENTS": "dev"})

    assert {name: str(network) for name, network in asdict(development.network.address_plan).items()} == {
        "hub": "10.10.0.0/23",
        "firewall": "10.10.0.0/26",
        "bastion": "10.10.0.128/26",
        "agents": "10.10.1.0/27",
        "spoke": "10.10.16.0/20",
        "aks_nodes": "10.10.16.0/22",
        "private_endpoints": "10.10.20.0/26",
    }


@QUICK
@given(networks(8, SMALLEST_HUB), networks(8, SMALLEST_SPOKE))
def test_networks_of_sufficient_size_need_no_ranges(hub: IPv4Network, spoke: IPv4Network) -> None:
    assert is_sound(plan_addresses(hub, spoke, NO_RANGES))
    assert reported(hub, spoke) == set()


@QUICK
@given(networks(SMALLEST_HUB + 1, 32), networks(8, SMALLEST_SPOKE))
def test_a_hub_that_is_too_small_is_reported(hub: IPv4Network, spoke: IPv4Network) -> None:
    assert reported(hub, spoke) == {"network.hub.address_space"}


@QUICK
@given(networks(8, SMALLEST_HUB), networks(SMALLEST_SPOKE + 1, 32))
def test_a_spoke_that_is_too_small_is_reported(hub: IPv4Network, spoke: IPv4Network) -> None:
    assert reported(hub, spoke) == {"network.spoke.address_space"}


@pytest.mark.req(26)
@QUICK
@given(networks(20, 26), networks(20, 26), st.data())
def test_ranges_are_reported_exactly_when_the_plan_is_unsound(
    hub: IPv4Network, spoke: IPv4Network, data: st.DataObject
) -> None:
    ranges = SubnetRanges(
        **{
            key: data.draw(st.none() | st.sampled_from(list(home.subnets(new_prefix=length))))
            for key, slot in SUBNET_SLOTS.items()
            for home in [hub if slot.virtual_network == "hub" else spoke]
            for length in [data.draw(st.integers(home.prefixlen, 29))]
        }
    )

    assert (reported(hub, spoke, ranges) == set()) == is_sound(plan_addresses(hub, spoke, ranges))


@QUICK
@given(networks(8, SMALLEST_HUB), networks(8, SMALLEST_SPOKE), networks(8, 29), st.sampled_from(list(SUBNET_SLOTS)))
def test_a_range_for_one_subnet_moves_no_other(
    hub: IPv4Network, spoke: IPv4Network, chosen: IPv4Network, key: str
) -> None:
    planned = plan_addresses(hub, spoke, NO_RANGES).subnets

    assert plan_addresses(hub, spoke, SubnetRanges(**{key: chosen})).subnets == planned | {key: chosen}
