"""Who is called, and what can report."""

from collections.abc import Iterator

from config.monitoring import AlertSettings, BudgetSettings, PrometheusSettings
from config.network.egress import Egress
from config.rules.registration import Problem, rule


@rule("monitoring.alerts")
def _somebody_is_named(alerts: AlertSettings | None) -> Iterator[Problem]:
    if alerts is None:
        return
    if not alerts.emails and alerts.action_group_id is None:
        yield Problem("monitoring.alerts", "names nobody; give emails or an action_group_id, or remove the table")
    # Azure takes no two receivers of one name, in whatever case.
    seen = set[str]()
    for email in alerts.emails:
        if email.lower() in seen:
            yield Problem("monitoring.alerts.emails", f"{email} is in the list twice; name each address once")
        seen.add(email.lower())


@rule("monitoring.budget", "monitoring.alerts")
def _somebody_is_told_of_the_costs(budget: BudgetSettings | None, alerts: AlertSettings | None) -> Iterator[Problem]:
    if budget is not None and alerts is None:
        yield Problem("monitoring.budget", "tells nobody; name somebody under monitoring.alerts, or remove the table")


@rule("monitoring.prometheus", "network.egress")
def _metrics_get_out(prometheus: PrometheusSettings | None, egress: Egress) -> Iterator[Problem]:
    if prometheus is not None and egress.nature.isolates_the_cluster:
        yield Problem(
            "monitoring.prometheus",
            f"has no way to its workspace with egress {egress}; remove the table, or choose another egress",
        )
