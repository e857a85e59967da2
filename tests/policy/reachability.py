"""Who reaches whom in a cluster, by its network policies: what Kubernetes promises of them, and no more.

https://kubernetes.io/docs/concepts/services-networking/network-policies/. A range of addresses holds no pod, as Cilium
knows pods by identity: https://learn.microsoft.com/azure/aks/azure-cni-powered-by-cilium#limitations.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv4Network
from typing import Any, Literal

Object = Mapping[str, Any]
Direction = Literal["Ingress", "Egress"]


@dataclass(frozen=True)
class Pod:
    """Someone in the cluster."""

    namespace: str
    labels: Mapping[str, str] = field(default_factory=dict)
    ports: Mapping[str, int] = field(default_factory=dict)
    """Its containers' ports that have names."""


Party = Pod | IPv4Address
"""A pod, or somebody outside the cluster."""


@dataclass(frozen=True)
class Cluster:
    """The objects of a cluster that decide who reaches whom."""

    policies: Sequence[Object]
    namespaces: Mapping[str, Mapping[str, str]]
    """Labels of each namespace, without those that Kubernetes sets."""

    def reaches(self, source: Party, target: Party, port: int, protocol: str = "TCP") -> bool:
        """Whether a connection is let out where it begins, and in where it ends."""
        return self._passes("Egress", source, target, target, port, protocol) and self._passes(
            "Ingress", target, source, target, port, protocol
        )

    def _passes(self, direction: Direction, of: Party, peer: Party, target: Party, port: int, protocol: str) -> bool:
        if not isinstance(of, Pod):
            return True
        selecting = [
            one
            for one in self.policies
            if one["metadata"]["namespace"] == of.namespace
            and direction in _types(one["spec"])
            and _selects(one["spec"]["podSelector"], of.labels)
        ]
        # A pod that no policy selects is open.
        return not selecting or any(
            self._is_peer(one["metadata"]["namespace"], rule.get("from" if direction == "Ingress" else "to"), peer)
            and _is_port(rule.get("ports"), target, port, protocol)
            for one in selecting
            for rule in one["spec"].get(direction.lower()) or ()
        )

    def _is_peer(self, namespace: str, peers: Iterable[Object] | None, party: Party) -> bool:
        if not peers:
            return True
        return any(self._is_one(namespace, peer, party) for peer in peers)

    def _is_one(self, namespace: str, peer: Object, party: Party) -> bool:
        block = peer.get("ipBlock")
        if block is not None or not isinstance(party, Pod):
            return (
                block is not None
                and not isinstance(party, Pod)
                and party in IPv4Network(block["cidr"])
                and not any(party in IPv4Network(text) for text in block.get("except") or ())
            )
        if "namespaceSelector" in peer:
            labels = {**self.namespaces[party.namespace], "kubernetes.io/metadata.name": party.namespace}
            if not _selects(peer["namespaceSelector"], labels):
                return False
        elif party.namespace != namespace:
            return False
        return _selects(peer.get("podSelector") or {}, party.labels)


def _types(spec: Object) -> Sequence[str]:
    given: Sequence[str] | None = spec.get("policyTypes")
    return given or ("Ingress", "Egress") if given or spec.get("egress") else ("Ingress",)


def _selects(selector: Object, labels: Mapping[str, str]) -> bool:
    def holds(expression: Object) -> bool:
        key, values = expression["key"], expression.get("values", ())
        match expression["operator"]:
            case "In":
                return labels.get(key) in values
            case "NotIn":
                return labels.get(key) not in values
            case "Exists":
                return key in labels
            case "DoesNotExist":
                return key not in labels
            case other:
                raise ValueError(other)

    matching = (selector.get("matchLabels") or {}).items() <= labels.items()
    return matching and all(map(holds, selector.get("matchExpressions") or ()))


def _is_port(ports: Iterable[Object] | None, target: Party, port: int, protocol: str) -> bool:
    if not ports:
        return True
    return any(
        one.get("protocol", "TCP") == protocol and _is_number(one.get("port"), one.get("endPort"), target, port)
        for one in ports
    )


def _is_number(given: int | str | None, last: int | None, target: Party, port: int) -> bool:
    if given is None:
        return True
    if isinstance(given, str) and not given.isdecimal():
        return isinstance(target, Pod) and target.ports.get(given) == port
    return int(given) <= port <= (last or int(given))
