"""Settings of the Azure Firewall through which everything leaves."""

from enum import StrEnum

from config.types import Settings


class FirewallTier(StrEnum):
    """Azure Firewall's SKU tier."""

    STANDARD = "Standard"
    """FQDN filtering, threat intelligence and DNS proxy; about USD 900 a month."""

    PREMIUM = "Premium"
    """Standard with intrusion detection; about USD 1,300 a month."""


class EgressFirewallSettings(Settings):
    """What an environment chooses of its firewall."""

    sku_tier: FirewallTier = FirewallTier.STANDARD
    """What the firewall can inspect, and what it costs."""
