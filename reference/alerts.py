"""Renders docs/alerts.md: what somebody is called for, and why, from the rows of the alerts.

`python -m reference.alerts` prints it; `make docs` writes it.
"""

from collections.abc import Iterator, Sequence

from constructs_lib.monitoring.alert_rules import (
    CLUSTER_ALERTS,
    CONTAINER_ALERTS,
    DATABASE_ALERTS,
    FIREWALL_ALERTS,
    FIREWALL_METRIC_ALERTS,
    SUBSCRIPTION_ALERTS,
    VAULT_ALERTS,
    LogAlert,
    MetricAlert,
)

INTRODUCTION = """\
# Alerts

What somebody is called for where `[monitoring.alerts]` names them ([monitoring](monitoring.md#alerts)). An alert on
logs or on a metric tells again when what it saw has passed. Made from `constructs_lib/monitoring/alert_rules.py`;
`make docs` renews the page.

"""

SECTIONS: dict[str, Sequence[LogAlert | MetricAlert]] = {
    'The firewall, with `egress = "firewall"`': (*FIREWALL_ALERTS, *FIREWALL_METRIC_ALERTS),
    'Nodes and pods, but with `egress = "none"`': CONTAINER_ALERTS,
    "The cluster": CLUSTER_ALERTS,
    "The vault": VAULT_ALERTS,
    "The database": DATABASE_ALERTS,
}


def render() -> str:
    """The page: a table for the subscription, and one for each thing that is watched."""
    return INTRODUCTION + "\n".join(_lines())


def _lines() -> Iterator[str]:
    yield "## Anywhere in the subscription\n"
    yield "Azure gives these no severity.\n"
    yield "| Alert | What happened | Why somebody should know | Operation |\n|---|---|---|---|"
    for one in SUBSCRIPTION_ALERTS:
        yield f"| `{one.key}` | {one.happened} | {one.because} | `{one.operation}` |"
    yield "| `service-health` | Azure has a fault, or something for you to do | It concerns this subscription. | |"
    yield "| `resource-health` | A resource is unavailable or degraded | Its users have not done it. | |"
    yield ""
    for heading, alerts in SECTIONS.items():
        yield f"## {heading}\n"
        yield "| Alert | Severity | What happened | Why somebody should know | Seen by |\n|---|---|---|---|---|"
        for alert in alerts:
            severity = f"{alert.severity.value}, {alert.severity.name.lower()}"
            yield f"| `{alert.key}` | {severity} | {alert.happened} | {alert.because} | {_seen_by(alert)} |"
        yield ""


def _seen_by(alert: LogAlert | MetricAlert) -> str:
    if isinstance(alert, MetricAlert):
        side = "above" if alert.operator == "GreaterThan" else "below"
        return f"`{alert.metric}`, {alert.aggregation.lower()} of 15 minutes {side} {alert.threshold:g}"
    query = alert.query.replace("|", "\\|")
    return f"more than {alert.more_than} rows in {alert.minutes} minutes of {', '.join(alert.tables)}: `{query}`"


if __name__ == "__main__":
    print(render(), end="")
