"""Settings of the Bastion host, by which people reach the private networks."""

from enum import StrEnum


class BastionTier(StrEnum):
    """Azure Bastion's SKU: the smallest that tunnels to a private API server; Premium's recordings exclude tunnels."""

    NONE = "none"
    """No Bastion host: people reach the networks by ways of your own, such as a VPN. No charge."""

    STANDARD = "Standard"
    """Tunnels, for `az aks bastion` and for SSH. About USD 210 a month."""
