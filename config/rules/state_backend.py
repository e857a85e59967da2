"""What the state account demands of the settings."""

from collections.abc import Iterator
from ipaddress import IPv4Network
from itertools import pairwise

from config.rules.registration import Problem, rule


@rule("state_backend.allowed_ip_ranges", "state_backend.public_network_access")
def _ranges_are_of_use(ranges: tuple[str, ...], public: bool) -> Iterator[Problem]:  # noqa: FBT001 - a setting's value
    if ranges and not public:
        yield Problem(
            "state_backend.allowed_ip_ranges",
            "admits nobody while state_backend.public_network_access is false; remove one of the two",
        )


@rule("state_backend.allowed_ip_ranges")
def _each_address_is_named_once(ranges: tuple[str, ...]) -> Iterator[Problem]:
    for ours, theirs in pairwise(sorted(map(IPv4Network, ranges))):
        if ours.overlaps(theirs):
            yield Problem(
                "state_backend.allowed_ip_ranges",
                f"{_as_given(theirs)} overlaps {_as_given(ours)}, which is in the list too; name each address once",
            )


def _as_given(network: IPv4Network) -> str:
    return str(network).removesuffix("/32")


@rule("state_backend.bootstrap", "state_backend.public_network_access")
def _the_first_run_can_go_on(bootstrap: bool, public: bool) -> Iterator[Problem]:  # noqa: FBT001 - settings' values
    if bootstrap and not public:
        yield Problem(
            "state_backend.public_network_access",
            "false keeps the local state out of the account, as nothing leads there yet; "
            "leave it out, name ranges, and close the account once the network stands",
        )
