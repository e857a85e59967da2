"""Which alerts an environment has, and whom they call."""

from pathlib import Path
from typing import Any

import pytest
from cdktf import App

from config.loading import load_environment
from stacks.environments import build
from tests.config.environment_file import NO_AGENTS, write_environment
from tests.template import Arguments, Template

KINDS = ("activity_log_alert", "metric_alert", "scheduled_query_rules_alert_v2")
GROUP = (
    "/subscriptions/3f5e0d1c-8a47-4d6b-b2a0-61c9e7f4d2ff/resourceGroups/rg-ops/providers/Microsoft.Insights"
    "/actionGroups/ag-ops"
)
EMAILS = {"monitoring.alerts.emails": ["platform-team@example.com"]}


def _stacks(folder: Path, changes: dict[str, Any]) -> tuple[Template, Template]:
    app = App(outdir=str(folder / "cdktf.out"))
    build(app, [load_environment(write_environment(folder, "dev", changes))])
    app.synth()
    network, cluster = (Template.read(folder / "cdktf.out" / "stacks" / f"dev-{it}") for it in ("network", "cluster"))
    return network, cluster


def _alerts(template: Template) -> dict[str, Arguments]:
    """By what they watch."""
    return {
        one["name"].removeprefix("alert-").removesuffix("-shop-dev-weu"): one
        for kind in KINDS
        for one in template.resources(f"azurerm_monitor_{kind}").values()
    }


@pytest.mark.req(76)
def test_somebody_is_called_for_everything_that_an_auditor_asks_for_first(tmp_path: Path) -> None:
    network, cluster = _stacks(tmp_path, EMAILS)

    assert _alerts(network).keys() >= {
        "role-assigned",
        "lock-removed",
        "vault-deleted",
        "service-health",
        "resource-health",
        "firewall-denies",
    }
    assert _alerts(cluster).keys() >= {"node-not-ready", "pod-crashes", "expiry-near", "database-down"}


# https://learn.microsoft.com/azure/firewall/monitor-firewall-reference#metrics, and for the first two thresholds
# https://azure.github.io/azure-monitor-baseline-alerts/services/Network/azureFirewalls/
@pytest.mark.req(76)
@pytest.mark.parametrize(
    ("key", "metric", "aggregation", "operator", "threshold", "severity"),
    [
        ("firewall-unhealthy", "FirewallHealth", "Average", "LessThan", 90, 0),
        ("firewall-ports-low", "SNATPortUtilization", "Maximum", "GreaterThan", 80, 1),
        ("firewall-slow", "FirewallLatencyPng", "Average", "GreaterThan", 20, 2),
    ],
)
def test_somebody_is_called_when_the_firewall_itself_is_in_trouble(
    key: str, metric: str, aggregation: str, operator: str, threshold: int, severity: int, tmp_path: Path
) -> None:
    network, _ = _stacks(tmp_path, EMAILS)
    ((firewall, _arguments),) = network.resources("azurerm_firewall").items()
    alert = _alerts(network)[key]

    assert alert["severity"] == severity
    assert alert["scopes"] == [f"${{azurerm_firewall.{firewall}.id}}"]
    assert alert["criteria"] == [
        {
            "aggregation": aggregation,
            "metric_name": metric,
            "metric_namespace": "Microsoft.Network/azureFirewalls",
            "operator": operator,
            "threshold": threshold,
        }
    ]


def test_both_stacks_call_the_one_group_and_the_companys(tmp_path: Path) -> None:
    network, cluster = _stacks(tmp_path, {**EMAILS, "monitoring.alerts.action_group_id": GROUP})
    ((name, group),) = network.resources("azurerm_monitor_action_group").items()
    own = (
        "/subscriptions/3f5e0d1c-8a47-4d6b-b2a0-61c9e7f4d201/resourceGroups/rg-network-shop-dev-weu"
        "/providers/Microsoft.Insights/actionGroups/ag-shop-dev-weu"
    )

    assert own.endswith(group["name"])
    assert _alerts(network)["firewall-denies"]["action"]["action_groups"] == [
        GROUP,
        f"${{azurerm_monitor_action_group.{name}.id}}",
    ]
    assert _alerts(cluster)["node-not-ready"]["action"]["action_groups"] == [GROUP, own]


def test_a_company_that_has_a_group_needs_no_other(tmp_path: Path) -> None:
    network, cluster = _stacks(tmp_path, {"monitoring.alerts.action_group_id": GROUP})

    assert not network.resources("azurerm_monitor_action_group")
    assert {str(one["action"]).count(GROUP) for one in (*_alerts(network).values(), *_alerts(cluster).values())} == {1}


def test_without_the_table_there_is_none(tmp_path: Path) -> None:
    network, cluster = _stacks(tmp_path, {})

    assert not _alerts(network) | _alerts(cluster)
    assert not network.resources("azurerm_monitor_action_group")


def test_nothing_is_watched_that_is_not_there(tmp_path: Path) -> None:
    network, cluster = _stacks(tmp_path, {**EMAILS, "network.egress": "none", **NO_AGENTS})

    assert not [alert for alert in _alerts(network) if alert.startswith("firewall")]
    # Container insights could not report.
    assert not [alert for alert in _alerts(cluster) if alert.startswith(("pod", "node-not"))]
    assert "expiry-near" in _alerts(cluster)
