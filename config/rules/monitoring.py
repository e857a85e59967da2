"""Who is called."""

from collections.abc import Iterator

from config.monitoring import AlertSettings
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
