"""Metrics and dashboards for people, and costs: there where somebody asks for them."""

from pathlib import Path
from typing import Any

import pytest
from cdktf import App

from config.loading import load_environment
from stacks.environments import build
from tests.config.environment_file import write_environment
from tests.template import Template

FIREWALL_GROUP = "azurerm_firewall_policy_rule_collection_group"
RULE = "azurerm_monitor_data_collection_rule"


def _stacks(folder: Path, changes: dict[str, Any]) -> tuple[Template, Template]:
    app = App(outdir=str(folder / "cdktf.out"))
    build(app, [load_environment(write_environment(folder, "dev", changes))])
    app.synth()
    network, cluster = (Template.read(folder / "cdktf.out" / "stacks" / f"dev-{it}") for it in ("network", "cluster"))
    return network, cluster


@pytest.mark.req(20)
def test_metrics_go_to_the_one_workspace_by_the_one_endpoint(tmp_path: Path) -> None:
    network, cluster = _stacks(tmp_path, {"monitoring.prometheus.grafana": False})
    ((endpoint, _),) = network.resources("azurerm_monitor_data_collection_endpoint").items()
    rules = {one["name"]: one for one in cluster.resources(RULE).values()}
    rule = rules["dcr-metrics-shop-dev-weu"]

    assert "monitor_metrics" in cluster.resource("azurerm_kubernetes_cluster")
    assert rule["data_flow"] == [{"destinations": ["workspace"], "streams": ["Microsoft-PrometheusMetrics"]}]
    (destination,) = rule["destinations"]["monitor_account"]
    assert destination["monitor_account_id"].endswith(f"/{network.resource('azurerm_monitor_workspace')['name']}")
    assert rule["data_collection_endpoint_id"].endswith("/dce-metrics-shop-dev-weu")
    associations = cluster.resources("azurerm_monitor_data_collection_rule_association").values()
    assert len({one["data_collection_rule_id"] for one in associations}) == len(rules) == 2
    # No wildcard, below which anybody can have an endpoint.
    opened = str(network.resources(FIREWALL_GROUP))
    taker = f"azurerm_monitor_data_collection_endpoint.{endpoint}.metrics_ingestion_endpoint"
    assert f'trimprefix({taker}, "https://")' in opened
    assert "*.metrics" not in opened
    assert not cluster.resources("azurerm_dashboard_grafana")


def test_dashboards_open_to_administrators_and_read_the_metrics_alone(tmp_path: Path) -> None:
    _, cluster = _stacks(tmp_path, {"monitoring.prometheus.grafana": True})
    ((name, grafana),) = cluster.resources("azurerm_dashboard_grafana").items()
    given = {
        (one["role_definition_name"], one["principal_id"], one["scope"].rpartition("/")[2])
        for one in cluster.resources("azurerm_role_assignment").values()
        if name in str(one)
    }

    itself = f"azurerm_dashboard_grafana.{name}"
    assert given == {
        ("Monitoring Data Reader", f"${{{itself}.identity[0].principal_id}}", "amw-shop-dev-weu"),
        ("Grafana Admin", "e2d9b6f0-7c14-4a58-91d3-5f08a3c6b701", f"${{{itself}.id}}"),
    }
    assert grafana["api_key_enabled"] is False
    assert len(grafana["name"]) <= 23


def test_without_the_tables_there_is_none_of_it(tmp_path: Path) -> None:
    network, cluster = _stacks(tmp_path, {})

    for type_ in ("monitor_workspace", "monitor_data_collection_endpoint", "consumption_budget_subscription"):
        assert not network.resources(f"azurerm_{type_}")
    assert len(cluster.resources(RULE)) == 1
    kubernetes = cluster.resource("azurerm_kubernetes_cluster")
    assert "monitor_metrics" not in kubernetes
    assert "monitor_metrics" in kubernetes["lifecycle"]["ignore_changes"]


def test_a_budget_counts_what_aks_makes_for_nodes_too(tmp_path: Path) -> None:
    changes = {
        "monitoring.alerts.emails": ["a@example.com"],
        "monitoring.budget.amount": 900,
        "monitoring.budget.first_month": "2026-12",
    }
    network, _ = _stacks(tmp_path, changes)
    (counted,) = network.resource("azurerm_consumption_budget_subscription")["filter"]["dimension"]

    assert set(counted["values"]) == {
        f"rg-{what}-shop-dev-weu" for what in ("tfstate", "network", "cluster", "nodes", "workloads")
    }
