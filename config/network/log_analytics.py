"""Settings of the Log Analytics workspace that receives the platform's logs."""

import re
from typing import Annotated

from pydantic import AfterValidator, Field

from config.resource_ids import refused_id
from config.types import Guid, Settings

_ABOVE = (
    r"/subscriptions/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})/resourceGroups/([\w.()-]{1,90})"
    r"/providers/Microsoft\.OperationalInsights/workspaces/"
)
_WORKSPACE = re.compile(_ABOVE + r"([\w-]{4,63})", re.IGNORECASE)
_MISNAMED = re.compile(_ABOVE + r"([^/]{1,100})", re.IGNORECASE)


def _workspace_id(text: str) -> str:
    """ARM id of a workspace, `/subscriptions/…/providers/Microsoft.OperationalInsights/workspaces/<name>`."""
    match = _WORKSPACE.fullmatch(text) if len(text) <= 400 else None
    if match is None:
        if misnamed := _MISNAMED.fullmatch(text[:400]):
            raise ValueError(
                f"must end with a workspace's name, and {misnamed[3]!r} needs 4 to 63 letters, digits or hyphens"
            )
        what = "the ARM id of a workspace, '/subscriptions/…/providers/Microsoft.OperationalInsights/workspaces/<name>'"
        raise refused_id(_WORKSPACE, what, text[:400])
    # Azure's own pages write it in lower case too, which the provider does not take.
    subscription, group, name = match.groups()
    return (
        f"/subscriptions/{subscription.lower()}/resourceGroups/{group}"
        f"/providers/Microsoft.OperationalInsights/workspaces/{name}"
    )


WorkspaceId = Annotated[str, AfterValidator(_workspace_id)]
"""ARM id of a Log Analytics workspace."""


class LogAnalyticsWorkspaceSettings(Settings):
    """How long logs are kept, and how much of them is taken in."""

    existing_workspace_id: WorkspaceId | None = None
    """ARM id of a workspace in the same region that takes the logs instead; one that the stack made before is
    then deleted. None: the stack makes one. A change makes the alerts that ask for logs anew."""

    existing_workspace_customer_id: Guid | None = None
    """The GUID of that workspace, which its page in the portal calls *Workspace ID*; goes with
    `existing_workspace_id`, and a change of one is a change of both. The firewall lets nodes send logs to no other."""

    retention_in_days: Annotated[int, Field(ge=30, le=730)] = 90
    """Days for which logs can be queried; 30 to 730, the first 31 are free."""

    daily_quota_gb: Annotated[float, Field(ge=0.023)] | None = None
    """Gigabytes a day after which ingestion stops until the next day, audit logs included. None: no limit."""
