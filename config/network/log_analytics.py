"""Settings of the Log Analytics workspace that receives the platform's logs."""

from typing import Annotated

from pydantic import Field

from config.types import Settings, Text

WorkspaceId = Annotated[
    str,
    Text(
        r"/subscriptions/[0-9a-f-]{36}/resourceGroups/[\w.()-]{1,90}/providers/Microsoft\.OperationalInsights/workspaces/[\w-]{4,63}",
        "the ARM id of a workspace, '/subscriptions/…/providers/Microsoft.OperationalInsights/workspaces/<name>'",
    ),
]
"""ARM id of a Log Analytics workspace."""


class LogAnalyticsWorkspaceSettings(Settings):
    """How long logs are kept, and how much of them is taken in."""

    existing_workspace_id: WorkspaceId | None = None
    """ARM id of a workspace in the same region that takes the logs instead; one that the stack made before is
    then deleted. None: the stack makes one."""

    retention_in_days: Annotated[int, Field(ge=30, le=730)] = 90
    """Days for which logs can be queried; 30 to 730, the first 31 are free."""

    daily_quota_gb: Annotated[float, Field(ge=0.023)] | None = None
    """Gigabytes a day after which ingestion stops until the next day, audit logs included. None: no limit."""
