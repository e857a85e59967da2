"""How the private API server is reached."""

from enum import StrEnum


class ApiServer(StrEnum):
    """How nodes and people reach the private API server."""

    PRIVATE_ENDPOINT = "private_endpoint"
    """Through a private endpoint in the nodes' subnet. Less than USD 10 a month."""

    VNET_INTEGRATION = "vnet_integration"
    """The API server itself stands in a subnet of this network; no tunnel between nodes and control plane.
    Less than USD 10 a month."""
