"""Settings of what is heard of the platform, and of who is called."""

import re
from typing import Annotated

from pydantic import AfterValidator, Field

from config.resource_ids import refused_id
from config.types import Settings, Text

_ACTION_GROUP = re.compile(
    r"/subscriptions/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})/resourceGroups/([\w.()-]{1,90})"
    r"/providers/Microsoft\.Insights/actionGroups/([^/%&?+<>*:\\]{1,260})",
    re.IGNORECASE,
)


def _action_group_id(text: str) -> str:
    """ARM id of an action group, `/subscriptions/…/providers/Microsoft.Insights/actionGroups/<name>`."""
    match = _ACTION_GROUP.fullmatch(text[:600])
    if match is None:
        what = "the ARM id of an action group, '/subscriptions/…/providers/Microsoft.Insights/actionGroups/<name>'"
        raise refused_id(_ACTION_GROUP, what, text[:600])
    # Azure's own pages write it in lower case too, which the provider does not take.
    subscription, group, name = match.groups()
    return (
        f"/subscriptions/{subscription.lower()}/resourceGroups/{group}/providers/Microsoft.Insights/actionGroups/{name}"
    )


ActionGroupId = Annotated[str, AfterValidator(_action_group_id)]
"""ARM id of an action group."""

EmailAddress = Annotated[
    str,
    Text(
        r"[A-Za-z0-9._+-]{1,64}@([A-Za-z0-9-]{1,63}\.){1,8}[A-Za-z]{2,24}",
        "an address for mail, such as 'platform-team@example.com'",
    ),
]
"""Where mail arrives."""


class AlertSettings(Settings):
    """Who is called when something happens: docs/alerts.md lists what. About USD 5 a month."""

    emails: Annotated[tuple[EmailAddress, ...], Field(max_length=10)] = ()
    """Addresses that get a mail."""

    action_group_id: ActionGroupId | None = None
    """ARM id of an action group of the company's that is called too, for whatever it does besides mail. Webhooks belong
    there, as their addresses are secrets. None: there is none."""


class BudgetSettings(Settings):
    """What the platform may cost before somebody is told: at 80 % and all of it, and when more than all is foreseen."""

    amount: Annotated[int, Field(ge=1, le=10_000_000)]
    """What a month may cost, in the currency of the bill."""

    first_month: Annotated[str, Text(r"20[2-9][0-9]-(0[1-9]|1[0-2])", "a month, such as '2026-12'")]
    """The month of the first deployment, as Azure takes none that has passed. A change re-creates the budget."""


class PrometheusSettings(Settings):
    """Metrics of nodes and pods in Azure's managed Prometheus. USD 0.16 for each ten million samples."""

    grafana: bool = False
    """Whether Azure Managed Grafana shows them to the cluster's administrators, who sign in with Entra at a public
    address. Charged by the hour and by user."""


class MonitoringSettings(Settings):
    """What is heard of the platform besides the logs of its own resources."""

    activity_log: bool = True
    """Whether the subscription's activity log (who did what through Azure's API) goes to the workspace too. False where
    the company collects it: a subscription has room for five such settings, and for one into each workspace."""

    alerts: AlertSettings | None = None
    """Who is called when something happens. None: nobody, and no alert is made; production needs somebody."""

    budget: BudgetSettings | None = None
    """What the platform may cost. None: nobody counts."""

    prometheus: PrometheusSettings | None = None
    """Metrics for people. None: only those that Azure keeps by itself."""
