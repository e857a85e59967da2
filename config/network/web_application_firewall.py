"""Settings of the web application firewall in front of the application."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from config.types import HostName, Settings, VaultObjectName


class WebApplicationFirewall(StrEnum):
    """What inspects requests from the Internet before they reach the application's internal load balancer."""

    NONE = "none"
    """Nothing leads from the Internet to the application. No charge."""

    APPLICATION_GATEWAY = "application_gateway"
    """Application Gateway in the network, with your own name and certificate. About USD 430 a month."""

    FRONT_DOOR = "front_door"
    """Front Door Premium at Microsoft's edge, through a private link to approve by hand. About USD 330 a month."""


class ApplicationGatewaySettings(Settings):
    """What the application gateway answers to."""

    host_name: HostName
    """Public name of the application; its DNS record must lead to the gateway's address."""

    certificate_name: VaultObjectName
    """Name of the certificate for that name in the environment's key vault; it must be there before the gateway."""

    min_capacity: Annotated[int, Field(ge=0, le=100)] = 1
    """Instances that are always there, each about USD 105 a month; further ones take minutes to start."""

    max_capacity: Annotated[int, Field(ge=2, le=125)] = 10
    """Instances that the gateway grows to."""
