"""Settings of what is heard of the platform."""

from config.types import Settings


class MonitoringSettings(Settings):
    """What is heard of the platform besides the logs of its own resources."""

    activity_log: bool = True
    """Whether the subscription's activity log (who did what through Azure's API) goes to the workspace too. False where
    the company collects it: a subscription has room for five such settings, and for one into each workspace."""
