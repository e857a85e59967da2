"""Settings of the hub that a company has already, and that the spoke joins."""

from enum import StrEnum

from config.resource_ids import VirtualNetworkId
from config.types import Settings


class HubPeering(StrEnum):
    """Who joins the spoke to the hub; a peering works once both its halves exist."""

    SPOKE = "spoke"
    """The spoke's half is made here; the hub's owners make theirs, before the cluster is deployed."""

    BOTH = "both"
    """Both are made here: the pipeline needs rights on the hub's network."""

    NONE = "none"
    """Others join the two."""


class CompanyHubSettings(Settings):
    """A company's hub in topology `spoke`. What traverses the peering is charged by the gigabyte."""

    virtual_network_id: VirtualNetworkId
    """ARM id of the hub's virtual network, in any subscription of the tenant. A change re-creates the peering: for
    minutes nothing passes."""

    peering: HubPeering = HubPeering.SPOKE
    """Who joins spoke and hub."""

    gateway_transit: bool = False
    """Whether the spoke uses the hub's gateway to other networks. The hub must have one, and must lend it first."""
