"""Settings of the Log Analytics workspace that receives the platform's logs."""

from typing import Annotated

from pydantic import Field

from config.types import Settings


class LogAnalyticsWorkspaceSettings(Settings):
    """How long logs are kept, and how much of them is taken in."""

    retention_in_days: Annotated[int, Field(ge=30, le=730)] = 90
    """Days for which logs can be queried; 30 to 730, the first 31 are free."""

    daily_quota_gb: Annotated[float, Field(ge=0.023)] | None = None
    """Gigabytes a day after which ingestion stops until the next day, audit logs included. None: no limit."""
