"""The settings of the workloads stack, assembled from those of its constructs."""

from config.types import Settings
from config.workloads.application import ApplicationSettings


class WorkloadsSettings(Settings):
    """The workloads stack."""

    application: ApplicationSettings
    """The Spring Boot service."""
