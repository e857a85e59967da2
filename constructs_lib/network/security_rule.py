"""A row of a network security group that reads as a sentence: who reaches what, at which port, and because of what."""

from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import IPv4Network
from typing import Literal

ServiceTag = Literal["*", "AzureCloud", "AzureLoadBalancer", "GatewayManager", "Internet", "VirtualNetwork"]
Addresses = ServiceTag | IPv4Network | Sequence[IPv4Network]
Ports = Literal["*"] | int | range | Sequence[int]
Protocol = Literal["*", "Tcp"]


@dataclass(frozen=True)
class SecurityRule:
    """A rule without its priority, which is its place among the rules of its group."""

    name: str
    direction: Literal["Inbound", "Outbound"]
    access: Literal["Allow", "Deny"]
    protocol: Protocol
    sources: tuple[str, ...]
    destinations: tuple[str, ...]
    ports: tuple[str, ...]
    because: str
    """Why the rule exists, in at most 140 characters: Azure shows it beside the rule."""


def allow_inbound(
    name: str, *, from_: Addresses, to: Addresses = "*", ports: Ports, protocol: Protocol = "Tcp", because: str
) -> SecurityRule:
    """Let traffic into the subnet; `to` matters where the subnet carries other ranges than its own."""
    return SecurityRule(name, "Inbound", "Allow", protocol, _addresses(from_), _addresses(to), _ports(ports), because)


def deny_inbound(
    name: str, *, from_: Addresses, ports: Ports, protocol: Protocol = "Tcp", because: str
) -> SecurityRule:
    """Keep traffic out of the subnet."""
    return SecurityRule(name, "Inbound", "Deny", protocol, _addresses(from_), ("*",), _ports(ports), because)


def allow_outbound(
    name: str, *, from_: Addresses = "*", to: Addresses, ports: Ports, protocol: Protocol = "Tcp", because: str
) -> SecurityRule:
    """Let traffic leave the subnet."""
    return SecurityRule(name, "Outbound", "Allow", protocol, _addresses(from_), _addresses(to), _ports(ports), because)


def deny_outbound(name: str, *, to: Addresses, ports: Ports, protocol: Protocol = "Tcp", because: str) -> SecurityRule:
    """Keep traffic in the subnet."""
    return SecurityRule(name, "Outbound", "Deny", protocol, ("*",), _addresses(to), _ports(ports), because)


def deny_all_outbound(because: str) -> SecurityRule:
    """Keep in the subnet what no rule before lets leave."""
    return deny_outbound("anything-else-outbound", to="*", ports="*", protocol="*", because=because)


def _addresses(addresses: Addresses) -> tuple[str, ...]:
    return (str(addresses),) if isinstance(addresses, str | IPv4Network) else tuple(map(str, addresses))


def _ports(ports: Ports) -> tuple[str, ...]:
    if isinstance(ports, range):
        return (f"{ports[0]}-{ports[-1]}",)
    return (str(ports),) if isinstance(ports, str | int) else tuple(map(str, ports))
