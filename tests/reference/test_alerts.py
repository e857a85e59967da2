"""The page of alerts is what the rows say."""

from pathlib import Path

from reference.alerts import render
from tests.template import Template

PAGE = Path(__file__).parents[2] / "docs" / "alerts.md"


def test_the_page_is_up_to_date() -> None:
    assert PAGE.read_text(encoding="utf-8") == render(), "docs/alerts.md is out of date; `make docs` renews it"


def test_every_alert_of_production_is_on_the_page(synthesised: Path) -> None:
    page, made = render(), set[str]()
    for stack in ("prod-network", "prod-cluster"):
        template = Template.read(synthesised / "stacks" / stack)
        for kind in ("activity_log_alert", "metric_alert", "scheduled_query_rules_alert_v2"):
            made |= {one["name"] for one in template.resources(f"azurerm_monitor_{kind}").values()}

    on_the_page = {line.split("`")[1] for line in page.splitlines() if line.startswith("| `")}
    assert made == {f"alert-{key}-shop-prod-weu" for key in on_the_page}
