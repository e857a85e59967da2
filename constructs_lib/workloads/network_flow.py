"""A flow of a network policy that reads as a sentence: whom pods reach or answer, at which ports, because of what."""

from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import IPv4Network
from typing import Literal


@dataclass(frozen=True)
class Pods:
    """The pods of a namespace that carry all of the labels."""

    namespace: str
    labels: Mapping[str, str]


@dataclass(frozen=True)
class AddressRanges:
    """Whoever has an address in one of the ranges, and is neither a pod nor a node of the cluster.

    Cilium knows pods and nodes by identity and never by address: a range that holds them does not let them through.
    https://learn.microsoft.com/azure/aks/azure-cni-powered-by-cilium#limitations
    """

    ranges: tuple[IPv4Network, ...]
    without: tuple[IPv4Network, ...] = ()
    """Parts of every range that are not meant."""


@dataclass(frozen=True)
class Port:
    """A port of the side that is called."""

    protocol: Literal["TCP", "UDP"]
    number: int


@dataclass(frozen=True)
class Flow:
    """What the pods of a namespace may do besides what other flows allow."""

    name: str
    direction: Literal["Ingress", "Egress"]
    peer: AddressRanges | Pods
    ports: tuple[Port, ...]
    because: str
    """Why the flow exists."""


@dataclass(frozen=True)
class NamedHosts:
    """What the pods of a namespace may ask the DNS for, and call by name, where the cluster's policies know names."""

    reached: tuple[str, ...]
    """Public names that may be called at 443, whatever address they have."""

    resolved: tuple[str, ...]
    """Private names, whose fixed addresses other flows open."""

    because: str
    """Why the pods need them."""


def allow_ingress(name: str, *, from_: AddressRanges | Pods, ports: tuple[Port, ...], because: str) -> Flow:
    """Let the peer call the pods."""
    return Flow(name, "Ingress", from_, ports, because)


def allow_egress(name: str, *, to: AddressRanges | Pods, ports: tuple[Port, ...], because: str) -> Flow:
    """Let the pods call the peer."""
    return Flow(name, "Egress", to, ports, because)


def tcp(*numbers: int) -> tuple[Port, ...]:
    """TCP ports."""
    return tuple(Port("TCP", number) for number in numbers)


def udp(*numbers: int) -> tuple[Port, ...]:
    """UDP ports."""
    return tuple(Port("UDP", number) for number in numbers)
