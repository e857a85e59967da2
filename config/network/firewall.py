"""Settings of the Azure Firewall through which everything leaves."""

from enum import StrEnum
from typing import Annotated, Any

from pydantic import AfterValidator, Field, PlainValidator, WithJsonSchema

from config.network.subnets import SUBNETS, SubnetKey
from config.types import Because, HostName, KubernetesName, Settings


class FirewallTier(StrEnum):
    """Azure Firewall's SKU tier."""

    BASIC = "Basic"
    """Filters names; reports known bad destinations but lets them pass; no DNS server. About USD 300 a month."""

    STANDARD = "Standard"
    """Also refuses known bad destinations, and is the DNS server. About USD 900 a month."""

    PREMIUM = "Premium"
    """Also detects intrusion. About USD 1,300 a month."""


def _at_least_one(hosts: tuple[str, ...]) -> tuple[str, ...]:
    # Not Field(min_length=1), which also counts a wrong host as missing.
    if not hosts:
        raise ValueError("must name at least one host")
    return hosts


ASKING = [subnet for subnet in SubnetKey if SUBNETS[subnet].asks_outside]


def _asks_outside(key: Any) -> SubnetKey:
    """`jump_box`, `agents` or `aks_nodes`."""
    if key not in ASKING:
        *others, last = map(repr, map(str, ASKING))
        raise ValueError(f"must be {', '.join(others)} or {last}")
    return SubnetKey(key)


class EgressRuleSettings(Settings):
    """Names that may be reached through HTTPS, besides those that the platform needs."""

    name: KubernetesName
    """Name of the rule in the firewall."""

    source: Annotated[SubnetKey, PlainValidator(_asks_outside), WithJsonSchema({"enum": ASKING})] = SubnetKey.AKS_NODES
    """Which subnet may reach them."""

    hosts: Annotated[tuple[HostName, ...], AfterValidator(_at_least_one)]
    """Host names; one that begins with `*.` stands for every name below it."""

    because: Because
    """Why they are needed: shown beside the rule, and in the table of flows."""


class EgressFirewallSettings(Settings):
    """What an environment chooses of its firewall."""

    sku_tier: FirewallTier = FirewallTier.STANDARD
    """What the firewall can inspect, and what it costs. A change between Standard and Premium interrupts nothing but,
    for minutes, a published port; one from or to Basic replaces the firewall: about 20 minutes without a way out."""

    extra_rules: tuple[EgressRuleSettings, ...] = ()
    """Names needed besides those of the platform, such as the host of a GitOps repository, or of a jump box's tools."""

    published_port: Annotated[int, Field(ge=1, le=63999)] | None = None
    """Port at the firewall's public address that leads to the application's internal load balancer: plain HTTP, neither
    encrypted nor inspected, `/actuator` included; refused in production. None: none does."""
