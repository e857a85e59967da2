"""The address plan: whatever ranges an environment chooses, its subnets fit, keep apart and stay where they are."""

from collections.abc import Collection
from ipaddress import IPv4Network
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config.network.address_plan import SINGLE_NETWORK_OFFSET, AddressPlan, VirtualNetworkSettings, plan_addresses
from config.network.network import NetworkSettings
from config.network.private_endpoints import PrivateAddress
from config.network.subnets import SUBNETS, SubnetKey, SubnetRanges, VirtualNetworkKey
from config.rules import problems

SMALLEST_HUB, SMALLEST_SPOKE, SMALLEST_SINGLE = 23, 21, 20
"""Prefix lengths of the smallest networks that hold every planned subnet."""

NO_RANGES = SubnetRanges()
QUICK = settings(derandomize=True, deadline=None, database=None, max_examples=100)
IN_USE = st.sets(st.sampled_from(SubnetKey), min_size=1)


def networks(shortest: int, longest: int) -> st.SearchStrategy[IPv4Network]:
    """Any IPv4 network with a prefix length between the two."""
    return st.builds(
        lambda address, length: IPv4Network((address, length), strict=False),
        st.integers(0, 2**32 - 1),
        st.integers(shortest, longest),
    )


def reported(
    hub: IPv4Network | None,
    spoke: IPv4Network,
    in_use: Collection[SubnetKey] = frozenset(SubnetKey),
    **ranges: IPv4Network,
) -> set[str]:
    """Keys that the rules on subnets complain about, leaving aside what they say of the two networks as such."""

    class Network(NetworkSettings):
        """Settings that call for these subnets; no single environment has all of them."""

        def has_subnet(self, subnet: SubnetKey) -> bool:
            return subnet in in_use

    network = Network(
        hub=VirtualNetworkSettings(address_space=hub) if hub else None,
        spoke=VirtualNetworkSettings(address_space=spoke),
        subnets=SubnetRanges(**ranges),
    )
    return {problem.path for problem in problems({"network": network}.__getitem__)}


def is_sound(plan: AddressPlan) -> bool:
    """Whether Azure takes the plan: written without the code under test."""
    rooms = plan.virtual_networks
    homes = {
        key: SUBNETS[key].virtual_network if VirtualNetworkKey.HUB in rooms else VirtualNetworkKey.SPOKE
        for key in plan.subnets
    }
    return all(
        int(rooms[homes[key]][0]) <= int(subnet[0])
        and int(subnet[-1]) <= int(rooms[homes[key]][-1])
        and subnet.num_addresses >= 2 ** (32 - SUBNETS[key].longest_prefix_length)
        for key, subnet in plan.subnets.items()
    ) and all(
        int(plan.subnets[one][-1]) < int(plan.subnets[other][0])
        or int(plan.subnets[other][-1]) < int(plan.subnets[one][0])
        for one, other in combinations(plan.subnets, 2)
        if homes[one] == homes[other]
    )


@pytest.mark.req(26)
def test_the_plan_of_every_subnet() -> None:
    """Pins every offset: a subnet that moves is destroyed together with what stands in it."""
    hub, spoke = IPv4Network("10.10.0.0/23"), IPv4Network("10.10.16.0/20")
    hubs = {
        "firewall": "10.10.0.0/26",
        "firewall_management": "10.10.0.64/26",
        "bastion": "10.10.0.128/26",
        "jump_box": "10.10.0.192/28",
        "agents": "10.10.1.0/27",
    }
    spokes = {
        "aks_nodes": "10.10.16.0/22",
        "private_endpoints": "10.10.20.0/26",
        "load_balancers": "10.10.20.64/27",
        "api_server": "10.10.20.96/28",
        "private_link_service": "10.10.20.112/28",
        "application_gateway": "10.10.21.0/24",
    }
    in_the_single_network = {
        "firewall": "10.10.24.0/26",
        "firewall_management": "10.10.24.64/26",
        "bastion": "10.10.24.128/26",
        "jump_box": "10.10.24.192/28",
        "agents": "10.10.25.0/27",
    }

    for one, expected in ((hub, hubs | spokes), (None, in_the_single_network | spokes)):
        plan = plan_addresses(one, spoke, NO_RANGES, SUBNETS)
        assert {key: str(subnet) for key, subnet in plan.subnets.items()} == expected
        assert str(plan.application_address) == "10.10.20.68"


def test_slots_leave_each_other_alone_in_one_network_too() -> None:
    ends = [
        slot.offset + 2 ** (32 - slot.prefix_length) for slot in SUBNETS.values() if slot.virtual_network == "spoke"
    ]

    assert max(ends) <= SINGLE_NETWORK_OFFSET


@QUICK
@given(networks(8, SMALLEST_HUB), networks(8, SMALLEST_SPOKE))
def test_networks_of_sufficient_size_need_no_ranges(hub: IPv4Network, spoke: IPv4Network) -> None:
    assert is_sound(plan_addresses(hub, spoke, NO_RANGES, SUBNETS))
    assert reported(hub, spoke) == set()


@QUICK
@given(networks(8, SMALLEST_SINGLE))
def test_one_network_of_sufficient_size_needs_no_ranges(spoke: IPv4Network) -> None:
    assert is_sound(plan_addresses(None, spoke, NO_RANGES, SUBNETS))
    assert reported(None, spoke) == set()


@QUICK
@given(networks(SMALLEST_HUB + 1, 32), networks(8, SMALLEST_SPOKE))
def test_a_hub_that_is_too_small_is_reported(hub: IPv4Network, spoke: IPv4Network) -> None:
    assert reported(hub, spoke) == {"network.hub.address_space"}


@QUICK
@given(networks(8, SMALLEST_HUB), networks(SMALLEST_SPOKE + 1, 32))
def test_a_spoke_that_is_too_small_is_reported(hub: IPv4Network, spoke: IPv4Network) -> None:
    assert reported(hub, spoke) == {"network.spoke.address_space"}


@QUICK
@given(networks(SMALLEST_SINGLE + 1, 32))
def test_a_single_network_that_is_too_small_is_reported(spoke: IPv4Network) -> None:
    assert reported(None, spoke) == {"network.spoke.address_space"}


@pytest.mark.req(26)
@QUICK
@given(st.none() | networks(20, 26), networks(20, 26), IN_USE, st.data())
def test_ranges_are_reported_exactly_when_the_plan_is_unsound(
    hub: IPv4Network | None, spoke: IPv4Network, in_use: set[SubnetKey], data: st.DataObject
) -> None:
    homes = {key: hub if hub and slot.virtual_network == "hub" else spoke for key, slot in SUBNETS.items()}
    chosen = {
        key: data.draw(st.none() | st.sampled_from(list(home.subnets(new_prefix=length))))
        for key, home in homes.items()
        for length in [data.draw(st.integers(home.prefixlen, 29))]
    }
    ranges = {key: range_ for key, range_ in chosen.items() if range_ is not None and key in in_use}

    sound = is_sound(plan_addresses(hub, spoke, SubnetRanges(**ranges), in_use))
    assert (reported(hub, spoke, in_use, **ranges) == set()) == sound


@QUICK
@given(
    st.none() | networks(8, SMALLEST_HUB),
    networks(8, SMALLEST_SPOKE),
    networks(8, 29),
    st.sampled_from(SubnetKey),
)
def test_a_range_for_one_subnet_moves_no_other(
    hub: IPv4Network | None, spoke: IPv4Network, chosen: IPv4Network, key: SubnetKey
) -> None:
    planned = plan_addresses(hub, spoke, NO_RANGES, SUBNETS).subnets

    assert plan_addresses(hub, spoke, SubnetRanges(**{key: chosen}), SUBNETS).subnets == {**planned, key: chosen}


@pytest.mark.req(26)
@QUICK
@given(st.none() | networks(8, SMALLEST_HUB), networks(8, SMALLEST_SPOKE), IN_USE)
def test_a_subnet_more_moves_no_other(hub: IPv4Network | None, spoke: IPv4Network, in_use: set[SubnetKey]) -> None:
    all_of_them = plan_addresses(hub, spoke, NO_RANGES, SUBNETS).subnets

    assert plan_addresses(hub, spoke, NO_RANGES, in_use).subnets == {
        key: subnet for key, subnet in all_of_them.items() if key in in_use
    }


@pytest.mark.parametrize("prefix_length", [28, 26])
def test_every_endpoint_has_an_address_that_azure_leaves_free_and_others_are_not_given_first(
    prefix_length: int,
) -> None:
    ranges = SubnetRanges(private_endpoints=IPv4Network((0x0A010400, prefix_length)))
    plan = plan_addresses(None, IPv4Network("10.1.0.0/20"), ranges, {SubnetKey.PRIVATE_ENDPOINTS})
    places = [int(plan.private_address(what)) - 0x0A010400 for what in PrivateAddress]

    assert len(set(places)) == len(places)
    # Azure keeps the first four and the last: https://learn.microsoft.com/azure/virtual-network/virtual-networks-faq
    last = 2 ** (32 - prefix_length) - 1
    assert max(places) == last - 1
    assert min(places) > 4 + 4


def test_an_address_that_comes_moves_no_other() -> None:
    """A moved one is another endpoint: whoever uses the service waits until it is there."""
    plan = plan_addresses(None, IPv4Network("10.1.0.0/20"), NO_RANGES, {SubnetKey.PRIVATE_ENDPOINTS})

    assert {what.name: str(plan.private_address(what)) for what in PrivateAddress} == {
        "STATE": "10.1.4.62",
        "SQL_SERVER": "10.1.4.61",
        "REGISTRY_DATA": "10.1.4.60",
        "REGISTRY": "10.1.4.59",
        "KEY_VAULT": "10.1.4.58",
    }
