"""Settings of the storage account that keeps the Terraform state of one environment."""

from enum import StrEnum
from ipaddress import AddressValueError, IPv4Address
from typing import Annotated

from pydantic import AfterValidator, Field

from config.types import Guid, Settings, ipv4_range, wrong_number


class Replication(StrEnum):
    """Where Azure keeps the copies of the state. Azure converts an account from one to the other while it is in use."""

    ZONE = "ZRS"
    """Three zones of the region."""

    GEO_ZONE = "GZRS"
    """Three zones of the region and a copy in the paired region."""


def _public_range(text: str) -> str:
    """Public IPv4 address, or public range from /16 to /30."""
    # Azure Storage takes no /31 or /32: https://learn.microsoft.com/azure/storage/common/storage-network-security-limitations
    # The other bound is ours: a list that lets in half of the Internet closes nothing.
    try:
        network = ipv4_range(text if "/" in text else f"{IPv4Address(text)}/32")
    except AddressValueError:
        mend = f", and {wrong}" if (wrong := wrong_number(text)) else ", such as '20.50.2.0/28'"
        raise ValueError(f"must be a public IPv4 address or range{mend}") from None
    if "/" in text and not 16 <= network.prefixlen <= 30:
        raise ValueError("must be a single address without a prefix length, or a range from /16 to /30")
    if not network.is_global or network.is_multicast:
        raise ValueError("must be public; storage firewalls match no other addresses")
    return text


PublicIpRange = Annotated[str, AfterValidator(_public_range)]
"""Where a request from the Internet may come from."""


class StateBackendSettings(Settings):
    """How the state account is kept, and who reaches it."""

    operators_group_id: Guid
    """Object id of the Entra group whose members may read and write the state by hand, as bootstrapping does. A change
    takes the role from one group before the other has it: docs/changes.md."""

    replication: Replication = Replication.GEO_ZONE
    """Copies that Azure keeps of the state; in production, of audit logs and of the database's backups too."""

    # https://learn.microsoft.com/azure/storage/common/storage-network-security-limitations
    allowed_ip_ranges: Annotated[tuple[PublicIpRange, ...], Field(max_length=400)] = ()
    """Public ranges that reach the account, as long as any may. Empty: every network does, and Entra identity alone
    decides; production asks for a reason."""

    public_network_access: bool = True
    """Whether the account can be reached from outside the networks, which the first deployment needs; false: by its
    private endpoint alone. docs/first-deployment.md says when to close it."""

    soft_delete_days: Annotated[int, Field(ge=7, le=365)] = 30
    """Days for which deleted state versions and containers can be restored; 7 to 365."""

    bootstrap: bool = False
    """True only for the very first run, whose state is a local file because the account does not exist yet."""
