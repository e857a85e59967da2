"""Settings of the Azure Firewall through which everything leaves."""

from enum import StrEnum
from typing import Annotated, Any

from pydantic import Field, PlainValidator, WithJsonSchema

from config.network.subnets import SUBNETS, SubnetKey
from config.types import Because, Cidr, HostName, KubernetesName, Settings

# An Azure Firewall takes no higher ones.
MOST_PORT = 64000


class FirewallTier(StrEnum):
    """Azure Firewall's SKU tier."""

    BASIC = "Basic"
    """Filters names; reports known bad destinations but lets them pass; no DNS server. About USD 300 a month."""

    STANDARD = "Standard"
    """Also refuses known bad destinations, and is the DNS server. About USD 900 a month."""

    PREMIUM = "Premium"
    """Also detects intrusion. About USD 1,300 a month."""


ASKING = [subnet for subnet in SubnetKey if SUBNETS[subnet].asks_outside]


def _asks_outside(key: Any) -> SubnetKey:
    """`jump_box`, `agents` or `aks_nodes`."""
    if key not in ASKING:
        *others, last = map(repr, map(str, ASKING))
        raise ValueError(f"must be {', '.join(others)} or {last}")
    return SubnetKey(key)


class EgressProtocol(StrEnum):
    """What a rule of the firewall lets pass."""

    HTTPS = "https"
    """To names, which the firewall reads from the handshake; port 443 unless `ports` names others."""

    HTTP = "http"
    """To names, which the firewall reads from the request; port 80 unless `ports` names others. Nothing is encrypted:
    for what is signed, such as revocation lists and packages."""

    TCP = "tcp"
    """To addresses, or to names whose addresses the firewall looks up; what passes is not looked at."""

    UDP = "udp"
    """The same, for what has no connections, such as time servers."""

    @property
    def is_web(self) -> bool:
        """Whether the firewall reads the name in what passes."""
        return self in (EgressProtocol.HTTPS, EgressProtocol.HTTP)


Port = Annotated[int, Field(ge=1, le=MOST_PORT)]


class EgressRuleSettings(Settings):
    """What may be reached, besides what the platform needs."""

    name: KubernetesName
    """Name of the rule in the firewall."""

    source: Annotated[SubnetKey, PlainValidator(_asks_outside), WithJsonSchema({"enum": ASKING})] = SubnetKey.AKS_NODES
    """Which subnet may reach it. The nodes' pods share what the nodes may reach, but the application's namespace lets
    its own out at 443 alone."""

    protocol: EgressProtocol = EgressProtocol.HTTPS
    """What passes."""

    hosts: Annotated[tuple[HostName, ...], Field(max_length=100)] = ()
    """Host names; with `https` and `http` one that begins with `*.` stands for every name below it. With `tcp` and
    `udp` they let pass whatever else answers at the same addresses, and need a firewall that resolves names."""

    addresses: Annotated[tuple[Cidr, ...], Field(max_length=100)] = ()
    """Ranges of addresses, in the place of names; with `tcp` and `udp` only."""

    ports: Annotated[tuple[Port, ...], Field(max_length=15)] = ()
    """Ports; needed with `tcp` and `udp`."""

    because: Because
    """Why it is needed: shown beside the rule, and in the table of flows."""


class EgressFirewallSettings(Settings):
    """What an environment chooses of its firewall."""

    sku_tier: FirewallTier = FirewallTier.STANDARD
    """What the firewall can inspect, and what it costs. A change between Standard and Premium interrupts nothing but,
    for minutes, a published port; one from or to Basic replaces the firewall: about 20 minutes without a way out."""

    extra_rules: tuple[EgressRuleSettings, ...] = ()
    """What is needed besides what the platform needs, such as the host of a GitOps repository, a jump box's tools, your
    certificates' revocation lists, or a queue in your own network."""

    published_port: Annotated[int, Field(ge=1, le=63999)] | None = None
    """Port at the firewall's public address that leads to the application's internal load balancer: plain HTTP, neither
    encrypted nor inspected, `/actuator` included; refused in production. None: none does."""
