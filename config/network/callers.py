"""Who calls from networks of your own, by what they may call."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Network
from typing import Annotated

from pydantic import Field

from config.types import Cidr, Settings

Ranges = Annotated[tuple[Cidr, ...], Field(max_length=400)]


class CallerSettings(Settings):
    """Ranges of networks of your own, which you join to these, by what they may call.

    A range may enclose the platform's own: those are taken out of it, since rules of their own hold for them.
    """

    application: Ranges = ()
    """Who calls the applications with an ingress, as everybody inside the networks does: an internal load balancer at
    port 80, HTTP; or `workloads.gateway` at port 443, unless a web application firewall stands in front of that."""

    vault: Ranges | None = None
    """Who reaches the key vault; left out: `remote_ranges`."""

    sql: Ranges | None = None
    """Who reaches the database; left out: `remote_ranges`."""

    api_server: Ranges | None = None
    """Who reaches the cluster's API server; left out: `remote_ranges`."""


@dataclass(frozen=True)
class Callers:
    """Ranges outside the networks from which each is called."""

    application: tuple[IPv4Network, ...] = ()
    vault: tuple[IPv4Network, ...] = ()
    sql: tuple[IPv4Network, ...] = ()
    api_server: tuple[IPv4Network, ...] = ()
    registry_and_state: tuple[IPv4Network, ...] = ()


def outside(ranges: Sequence[IPv4Network], own: Iterable[IPv4Network]) -> tuple[IPv4Network, ...]:
    """The ranges without what is the platform's own; those that enclose nothing of it as they are, in their order."""
    left = list(ranges)
    for network in own:
        left = [part for range_ in left for part in _without(range_, network)]
    return tuple(left)


def _without(range_: IPv4Network, own: IPv4Network) -> list[IPv4Network]:
    if not range_.overlaps(own):
        return [range_]
    return sorted(range_.address_exclude(own)) if own.subnet_of(range_) else []
