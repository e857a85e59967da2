"""Settings of the application gateway that leads from the Internet to the application."""

from typing import Annotated

from pydantic import Field

from config.types import HostName, Settings, VaultObjectName


class ApplicationGatewaySettings(Settings):
    """Application Gateway in the network, with your own name and certificate. About USD 430 a month."""

    host_name: HostName
    """Public name of the application; its DNS record must lead to the gateway's address. Before `workloads.gateway` it
    is the name of one of the listeners there, and the firewall answers to the names of all of them."""

    certificate_name: VaultObjectName
    """Name of the certificate for that name in the environment's key vault; it must be there before the gateway."""

    min_capacity: Annotated[int, Field(ge=0, le=100)] = 1
    """Instances that are always there, each about USD 105 a month; further ones take minutes to start."""

    max_capacity: Annotated[int, Field(ge=2, le=125)] = 10
    """Instances that the gateway grows to."""
