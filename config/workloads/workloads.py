"""The settings of the workloads stack, assembled from those of its constructs."""

from config.network.web_application_firewall import ApplicationGatewaySettings
from config.types import Settings
from config.workloads.application import ApplicationSettings


class WorkloadsSettings(Settings):
    """The workloads stack."""

    application: ApplicationSettings
    """The Spring Boot service."""

    application_gateway: ApplicationGatewaySettings | None = None
    """What the gateway of `network.web_application_firewall` answers to; only there."""
