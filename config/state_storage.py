"""Settings of the storage account that keeps the Terraform state of one environment."""

from enum import StrEnum
from ipaddress import IPv4Address, IPv4Network
from typing import Annotated

from pydantic import AfterValidator, Field

from config.types import Guid, Settings


class Replication(StrEnum):
    """Where Azure keeps the copies of the state; changing between the two re-creates the account."""

    ZONE = "ZRS"
    """Three zones of the region."""

    GEO_ZONE = "GZRS"
    """Three zones of the region and a copy in the paired region."""


def _public_range(text: str) -> str:
    # Azure Storage takes no /31 or /32: https://learn.microsoft.com/azure/storage/common/storage-network-security-limitations
    network = IPv4Network(text) if "/" in text else IPv4Network(IPv4Address(text))
    if not network.is_global:
        raise ValueError("is not a public IPv4 range; storage firewalls match public addresses only")
    if "/" in text and network.prefixlen > 30:
        raise ValueError("give a single address without a prefix length, or a range of /30 or larger")
    return text


PublicIpRange = Annotated[str, AfterValidator(_public_range)]
"""A public IPv4 address (`203.0.113.7`), or a public range of /30 or larger."""


class StateStorageSettings(Settings):
    """How the state account is kept, and who reaches it."""

    operators_group_id: Guid
    """Object id of the Entra group whose members may read and write the state by hand, as bootstrapping does."""

    replication: Replication = Replication.GEO_ZONE
    """Copies that Azure keeps of the state."""

    allowed_ip_ranges: tuple[PublicIpRange, ...] = ()
    """Public ranges that reach the account. Empty: every network does, and Entra identity alone decides."""

    soft_delete_days: Annotated[int, Field(ge=7, le=365)] = 30
    """Days for which deleted state versions and containers can be restored; 7 to 365."""

    bootstrap: bool = False
    """True only for the very first run, whose state is a local file because the account does not exist yet."""
