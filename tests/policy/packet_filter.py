"""Which packets Azure lets into a subnet and out of it, worked out from a stack's Terraform JSON.

Azure's own way is followed: the group that is associated with the subnet, its rules by priority, the first that
matches, then Azure's default rules. Every packet is covered by one of its kind: addresses and ports between which no
rule tells a difference are one kind. https://learn.microsoft.com/azure/virtual-network/network-security-groups-overview
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from ipaddress import IPv4Address, IPv4Network, summarize_address_range
from itertools import pairwise, product
from typing import Any, Literal, NamedTuple

from tests.template import Arguments, Template

Direction = Literal["Inbound", "Outbound"]
Ports = tuple[int, int]

PROTOCOLS = ("Tcp", "Udp", "Icmp")


class Admitted(NamedTuple):
    """Packets that are let through, between a subnet and somebody else."""

    peer: str
    """Name of a subnet, of a service tag, or a range."""

    protocol: str
    ports: str


@dataclass(frozen=True)
class Peer:
    """An address, and the service tags that take it in."""

    name: str
    address: IPv4Address
    tags: frozenset[str] = frozenset()


# Azure's own services have public addresses too.
OUTSIDE = (
    Peer("Internet", IPv4Address("8.8.8.8"), frozenset({"Internet"})),
    Peer("AzureCloud", IPv4Address("20.50.2.7"), frozenset({"Internet", "AzureCloud"})),
    Peer("GatewayManager", IPv4Address("20.50.2.8"), frozenset({"Internet", "AzureCloud", "GatewayManager"})),
)
PROBES = Peer("AzureLoadBalancer", IPv4Address("168.63.129.16"), frozenset({"AzureLoadBalancer"}))
TAGS = {"Internet", "AzureCloud", "GatewayManager", "AzureLoadBalancer"}


@dataclass(frozen=True)
class FilterRule:
    """A row of a network security group."""

    direction: Direction
    priority: int
    allows: bool
    protocol: str
    sources: tuple[str, ...]
    destinations: tuple[str, ...]
    ports: tuple[Ports, ...]

    @classmethod
    def read(cls, row: Arguments) -> "FilterRule":
        """One block `security_rule`."""
        assert row["source_port_range"] == "*"
        return cls(
            direction=row["direction"],
            priority=row["priority"],
            allows=row["access"] == "Allow",
            protocol=row["protocol"],
            sources=_one_or_several(row, "source_address_prefix", "source_address_prefixes"),
            destinations=_one_or_several(row, "destination_address_prefix", "destination_address_prefixes"),
            ports=tuple(map(_ports, _one_or_several(row, "destination_port_range", "destination_port_ranges"))),
        )


EVERY_PORT: Ports = (0, 65535)


def _default(direction: Direction, priority: int, access: str, *, source: str, destination: str) -> FilterRule:
    return FilterRule(direction, priority, access == "Allow", "*", (source,), (destination,), (EVERY_PORT,))


# https://learn.microsoft.com/azure/virtual-network/network-security-groups-overview#default-security-rules
AZURES_OWN_RULES = (
    _default("Inbound", 65000, "Allow", source="VirtualNetwork", destination="VirtualNetwork"),
    _default("Inbound", 65001, "Allow", source="AzureLoadBalancer", destination="*"),
    _default("Inbound", 65500, "Deny", source="*", destination="*"),
    _default("Outbound", 65000, "Allow", source="VirtualNetwork", destination="VirtualNetwork"),
    _default("Outbound", 65001, "Allow", source="*", destination="Internet"),
    _default("Outbound", 65500, "Deny", source="*", destination="*"),
)


@dataclass(frozen=True)
class FilteredSubnet:
    """A subnet, and what filters its packets."""

    name: str
    range: IPv4Network
    rules: tuple[FilterRule, ...] | None
    """In order of priority, Azure's own last; None where no group is associated, so that everything passes."""

    is_routed: bool
    """Whether it has a default route of its own."""


@dataclass
class PacketFilter:
    """The subnets of one environment, and what passes between them and everybody."""

    networks: list[IPv4Network]
    subnets: dict[str, FilteredSubnet] = field(default_factory=dict)

    @classmethod
    def read(cls, stack: Template) -> "PacketFilter":
        """From a network stack."""
        networks = stack.resources("azurerm_virtual_network")
        found = cls([IPv4Network(text) for network in networks.values() for text in network["address_space"]])
        groups = dict(_associated(stack, "network_security_group"))
        tables = dict(_associated(stack, "route_table"))
        for resource, subnet in stack.resources("azurerm_subnet").items():
            (address_range,) = subnet["address_prefixes"]
            routes = tables[resource].get("route", []) if resource in tables else []
            found.subnets[subnet["name"]] = FilteredSubnet(
                name=subnet["name"],
                range=IPv4Network(address_range),
                rules=_rules(groups[resource]) if resource in groups else None,
                is_routed=any(route["address_prefix"] == "0.0.0.0/0" for route in routes),
            )
        return found

    def entering(self, subnet: str) -> set[Admitted]:
        """Everything that gets into a subnet."""
        return self._passing(self.subnets[subnet], "Inbound", self._everybody_but(subnet))

    def entering_from_outside(self, subnet: str) -> set[Admitted]:
        """Everything that gets into a subnet from public addresses."""
        outside = [peer for peer in self._everybody_but(subnet) if "Internet" in peer.tags]
        return self._passing(self.subnets[subnet], "Inbound", outside)

    def entering_at(self, address: IPv4Address) -> set[Admitted]:
        """Everything that gets into a subnet and is meant for one address there."""
        at = self._peer(address)
        return self._passing(self.subnets[at.name], "Inbound", self._everybody_but(at.name), own_side=[at])

    def addresses_entered(self, subnet: str) -> list[IPv4Network]:
        """The addresses of a subnet at which anything gets in; in between, no rule tells a difference."""
        range_ = self.subnets[subnet].range
        starts = [peer.address for peer in self._peers_in(subnet)]
        kinds = [
            block
            for start, after in pairwise([*starts, range_[-1] + 1])
            for block in summarize_address_range(start, after - 1)
        ]
        return [block for block in kinds if self.entering_at(block[0])]

    def leaving(self, subnet: str) -> set[Admitted]:
        """Everything that gets out of a subnet."""
        return self._passing(self.subnets[subnet], "Outbound", self._everybody_but(subnet))

    def reaches(self, source: str, destination: str) -> set[tuple[str, str]]:
        """Protocols and ports at which one subnet reaches another: out of the first and into the second."""
        out = self._passing(self.subnets[source], "Outbound", self._peers_in(destination))
        into = self._passing(self.subnets[destination], "Inbound", self._peers_in(source))
        found: dict[str, set[Ports]] = {}
        for ours, theirs in product(out, into):
            for (low, high), (other_low, other_high) in product(_list(ours.ports), _list(theirs.ports)):
                if ours.protocol == theirs.protocol and max(low, other_low) <= min(high, other_high):
                    span = max(low, other_low), min(high, other_high)
                    found.setdefault(ours.protocol, set()).add(span)
        return {(protocol, _in_words(ports)) for protocol, ports in found.items()}

    @cached_property
    def _sides(self) -> set[tuple[IPv4Network, ...]]:
        """The ranges that each side of a rule names, each subnet's and each network's."""
        return {(one,) for one in (*self.networks, *(subnet.range for subnet in self.subnets.values()))} | {
            tuple(IPv4Network(text) for text in side if text[0].isdigit())
            for subnet in self.subnets.values()
            for rule in subnet.rules or ()
            for side in (rule.sources, rule.destinations)
        }

    @cached_property
    def _blocks(self) -> list[Peer]:
        """The first address of every range between whose addresses no rule, subnet or network tells a difference."""
        ranges = {range_ for side in self._sides for range_ in side}
        starts = sorted({int(range_[0]) for range_ in ranges} | {int(range_[-1]) + 1 for range_ in ranges})
        return [self._peer(IPv4Address(start)) for start in starts if start < 2**32]

    @cached_property
    def _kinds_of_addresses(self) -> list[Peer]:
        """Of all blocks to which the same rules apply, the first."""
        kinds: dict[tuple[bool, ...], Peer] = {}
        for peer in self._blocks:
            of_rules = (any(peer.address in range_ for range_ in side) for side in self._sides)
            kinds.setdefault((peer.address.is_global, *of_rules), peer)
        return list(kinds.values())

    def _peer(self, address: IPv4Address) -> Peer:
        if address.is_global:
            return Peer("Internet", address, frozenset({"Internet"}))
        return Peer(next((one.name for one in self.subnets.values() if address in one.range), str(address)), address)

    def _everybody_but(self, subnet: str) -> list[Peer]:
        return [*OUTSIDE, PROBES, *(peer for peer in self._kinds_of_addresses if peer.name != subnet)]

    def _peers_in(self, subnet: str) -> list[Peer]:
        return [peer for peer in self._blocks if peer.name == subnet]

    def _passing(
        self, subnet: FilteredSubnet, direction: Direction, peers: Iterable[Peer], own_side: Sequence[Peer] = ()
    ) -> set[Admitted]:
        rules = None if subnet.rules is None else [rule for rule in subnet.rules if rule.direction == direction]
        found: dict[tuple[str, str], set[Ports]] = {}
        for peer in peers:
            # The subnet's own side also has addresses that are not its own: load balancers', pods'.
            for own in own_side or self._kinds_of_addresses:
                source, destination = (peer, own) if direction == "Inbound" else (own, peer)
                for protocol, ports in self._let_through(rules, source, destination, subnet):
                    found.setdefault((peer.name, protocol), set()).add(ports)
        return {Admitted(name, protocol, _in_words(ports)) for (name, protocol), ports in found.items()}

    def _let_through(
        self, rules: list[FilterRule] | None, source: Peer, destination: Peer, subnet: FilteredSubnet
    ) -> Iterator[tuple[str, Ports]]:
        if rules is None:
            yield from ((protocol, EVERY_PORT) for protocol in PROTOCOLS)
            return
        speaking = [
            rule
            for rule in rules
            if any(self._is_meant(text, source, subnet) for text in rule.sources)
            and any(self._is_meant(text, destination, subnet) for text in rule.destinations)
        ]
        edges = sorted({0, 65536, *(edge for rule in speaking for low, high in rule.ports for edge in (low, high + 1))})
        for protocol in PROTOCOLS:
            for low, after in pairwise(edges):
                first = next(
                    rule
                    for rule in speaking
                    if rule.protocol in ("*", protocol) and any(one <= low <= other for one, other in rule.ports)
                )
                if first.allows:
                    yield protocol, (low, after - 1)

    def _is_meant(self, text: str, peer: Peer, subnet: FilteredSubnet) -> bool:
        if text == "*":
            return True
        if text == "VirtualNetwork":
            # The prefixes of user-defined routes are part of it: https://learn.microsoft.com/azure/virtual-network/service-tags-overview
            return subnet.is_routed or any(peer.address in network for network in self.networks)
        if text in TAGS:
            return text in peer.tags
        return peer.address in IPv4Network(text)


def _associated(stack: Template, what: str) -> Iterator[tuple[str, Arguments]]:
    """Each subnet's resource name with the group or table that an association gives it."""
    for association in stack.resources(f"azurerm_subnet_{what}_association").values():
        resources = stack.resources(f"azurerm_{what}")
        yield _referred(association["subnet_id"]), resources[_referred(association[f"{what}_id"])]


def _referred(reference: str) -> str:
    found = re.fullmatch(r"\$\{\w+\.([\w-]+)\.id\}", reference)
    assert found, reference
    return found[1]


def _rules(group: Arguments) -> tuple[FilterRule, ...]:
    own = [FilterRule.read(row) for row in group["security_rule"]]
    priorities = [(rule.direction, rule.priority) for rule in own]
    assert len(set(priorities)) == len(priorities), "Azure refuses two rules of one priority"
    return (*sorted(own, key=lambda rule: rule.priority), *AZURES_OWN_RULES)


def _one_or_several(row: Arguments, one: str, several: str) -> tuple[str, ...]:
    value: Any = row[one]
    return (value,) if value is not None else tuple(row[several])


def _ports(text: str) -> Ports:
    low, _, high = text.partition("-")
    return EVERY_PORT if text == "*" else (int(low), int(high or low))


def _list(ports: str) -> list[Ports]:
    return [_ports(text) for text in ports.split(",")]


def _in_words(ports: Iterable[Ports]) -> str:
    """Such as `80,443,65200-65535`."""
    merged: list[list[int]] = []
    for low, high in sorted(ports):
        if merged and low <= merged[-1][1] + 1:
            merged[-1][1] = max(merged[-1][1], high)
        else:
            merged.append([low, high])
    return ",".join(str(low) if low == high else f"{low}-{high}" for low, high in merged)
