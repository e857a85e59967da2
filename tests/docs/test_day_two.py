"""The page of day two: each task says how to check and how to undo it, and no alert is left without an answer."""

import re

from constructs_lib.monitoring.alert_rules import (
    CLUSTER_ALERTS,
    CONTAINER_ALERTS,
    DATABASE_ALERTS,
    FIREWALL_ALERTS,
    FIREWALL_METRIC_ALERTS,
    SUBSCRIPTION_ALERTS,
    VAULT_ALERTS,
)
from tests.docs.typed_commands import REPOSITORY

PAGE = (REPOSITORY / "docs" / "day-two.md").read_text(encoding="utf-8")
_INTRODUCTION, *SECTIONS = re.split(r"^## ", PAGE, flags=re.MULTILINE)
TASKS, ALERTS = SECTIONS[:-1], SECTIONS[-1]

# Those that Azure itself has a category for: constructs_lib/monitoring/alerts.py.
OF_AZURE = ["service-health", "resource-health"]


def test_each_task_ends_in_a_check_and_in_how_to_undo_it() -> None:
    assert [
        task.partition("\n")[0] for task in TASKS if not re.search(r"\*\*Check\.\*\*.+\*\*Undo\.\*\*", task, re.S)
    ] == []


def test_each_alert_has_an_answer_and_no_other() -> None:
    rows = (
        *SUBSCRIPTION_ALERTS,
        *FIREWALL_ALERTS,
        *FIREWALL_METRIC_ALERTS,
        *CONTAINER_ALERTS,
        *CLUSTER_ALERTS,
        *VAULT_ALERTS,
        *DATABASE_ALERTS,
    )

    assert sorted(re.findall(r"^\| `([a-z-]+)` \|", ALERTS, re.MULTILINE)) == sorted(
        [*(row.key for row in rows), *OF_AZURE]
    )
