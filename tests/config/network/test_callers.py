"""Ranges of others: what of them is left when the platform's own is taken out, and which setting gives which."""

from ipaddress import IPv4Network

from hypothesis import given
from hypothesis import strategies as st

from config.network.address_plan import VirtualNetworkSettings
from config.network.callers import Callers, CallerSettings, outside
from config.network.network import NetworkSettings

HUB, SPOKE, PODS = IPv4Network("10.10.0.0/23"), IPv4Network("10.10.16.0/20"), IPv4Network("10.244.0.0/16")
OFFICE, EVERY_OFFICE = IPv4Network("192.168.0.0/24"), IPv4Network("10.0.0.0/8")


def _callers(remote: tuple[IPv4Network, ...], callers: CallerSettings) -> Callers:
    network = NetworkSettings(
        hub=VirtualNetworkSettings(address_space=HUB),
        spoke=VirtualNetworkSettings(address_space=SPOKE),
        remote_ranges=remote,
        callers=callers,
    )
    return network.callers_from_outside(PODS)


def test_whoever_administers_the_platform_does_not_call_the_application() -> None:
    callers = _callers((OFFICE,), CallerSettings())

    assert callers.vault == callers.sql == callers.api_server == callers.registry_and_state == (OFFICE,)
    assert callers.application == ()


def test_a_list_of_its_own_takes_the_place_of_the_general_one_an_empty_one_too() -> None:
    other = IPv4Network("192.168.9.0/24")
    callers = _callers((OFFICE,), CallerSettings(vault=(other,), sql=()))

    assert (callers.vault, callers.sql, callers.api_server) == ((other,), (), (OFFICE,))


def test_the_platforms_own_is_taken_out_of_a_range_that_encloses_it() -> None:
    callers = _callers((), CallerSettings(application=(EVERY_OFFICE, OFFICE)))

    for address in ("10.9.255.255", "10.10.2.0", "10.10.15.255", "10.10.32.0", "10.243.255.255", "10.245.0.0"):
        assert any(IPv4Network(address).subnet_of(range_) for range_ in callers.application), address
    for own in (HUB, SPOKE, PODS):
        assert not any(range_.overlaps(own) for range_ in callers.application)
    assert OFFICE in callers.application


@given(
    st.lists(st.tuples(st.integers(0, 2**16 - 1), st.integers(18, 32)), max_size=4),
    st.tuples(st.integers(0, 2**16 - 1), st.integers(18, 32)),
)
def test_neither_more_nor_less_is_taken_out(own: list[tuple[int, int]], given_range: tuple[int, int]) -> None:
    networks = [IPv4Network((0x0A000000 + start, length), strict=False) for start, length in own]
    range_ = IPv4Network((0x0A000000 + given_range[0], given_range[1]), strict=False)
    left = outside([range_], networks)

    addresses = {address for network in left for address in range(int(network[0]), int(network[-1]) + 1)}
    taken = {address for network in networks for address in range(int(network[0]), int(network[-1]) + 1)}
    assert addresses == set(range(int(range_[0]), int(range_[-1]) + 1)) - taken
    assert sum(network.num_addresses for network in left) == len(addresses)
