"""Defender: on, off, or somebody else's."""

from pathlib import Path
from typing import Any

import pytest
from cdktf import App

from config.loading import load_environment
from stacks.environments import build
from tests.config.environment_file import NO_AGENTS, write_environment
from tests.template import Template

PLAN, WORKSPACE = "azurerm_security_center_subscription_pricing", "azurerm_log_analytics_workspace"
FIREWALL_GROUP = "azurerm_firewall_policy_rule_collection_group"


def _stacks(folder: Path, changes: dict[str, Any]) -> tuple[Template, Template]:
    app = App(outdir=str(folder / "cdktf.out"))
    build(app, [load_environment(write_environment(folder, "dev", changes))])
    app.synth()
    network, cluster = (Template.read(folder / "cdktf.out" / "stacks" / f"dev-{it}") for it in ("network", "cluster"))
    return network, cluster


@pytest.mark.req(83)
def test_on_the_sensor_reports_through_a_workspace_of_its_own(tmp_path: Path) -> None:
    network, cluster = _stacks(tmp_path, {"defender.plans": "on"})

    by_keys = network.resource(WORKSPACE, local_authentication_enabled=True)
    assert by_keys["name"] == "log-defender-shop-dev-weu"
    sensor = cluster.resource("azurerm_kubernetes_cluster")["microsoft_defender"]
    assert sensor["log_analytics_workspace_id"].endswith("/workspaces/log-defender-shop-dev-weu")
    assert "cloud.defender.microsoft.com" in str(network.resources(FIREWALL_GROUP))
    assert len(network.resources(PLAN)) == 4


@pytest.mark.req(83)
def test_who_is_told_of_alerts_is_told_of_attacks_on_the_database(synthesised: Path) -> None:
    # The address of tests/environments/prod.toml.
    policy = Template.read(synthesised / "stacks" / "prod-cluster").resource(
        "azurerm_mssql_server_security_alert_policy"
    )

    assert policy["email_addresses"] == ["platform-team@example.com"]


@pytest.mark.req(76)
def test_on_the_logs_are_still_written_without_a_key(tmp_path: Path) -> None:
    network, cluster = _stacks(tmp_path, {"defender.plans": "on"})

    for setting in network.resources("azurerm_monitor_diagnostic_setting").values():
        assert "defender" not in setting["log_analytics_workspace_id"]
    assert "defender" not in cluster.resource("azurerm_kubernetes_cluster")["oms_agent"]["log_analytics_workspace_id"]


@pytest.mark.parametrize("plans", ["off", "elsewhere"])
def test_off_and_elsewhere_nothing_of_it_is_made_and_nothing_opened(plans: str, tmp_path: Path) -> None:
    network, cluster = _stacks(tmp_path, {"defender.plans": plans})

    assert not network.resources(PLAN)
    assert len(network.resources(WORKSPACE)) == 1
    assert "defender" not in str(network.resources(FIREWALL_GROUP))
    kubernetes = cluster.resource("azurerm_kubernetes_cluster")
    assert "microsoft_defender" not in kubernetes
    # Whoever installs the sensor keeps it.
    assert "microsoft_defender" in kubernetes["lifecycle"]["ignore_changes"]


def test_without_egress_no_sensor_is_installed_that_could_not_report(tmp_path: Path) -> None:
    network, cluster = _stacks(tmp_path, {"defender.plans": "on", "network.egress": "none", **NO_AGENTS})

    assert len(network.resources(PLAN)) == 4
    assert len(network.resources(WORKSPACE)) == 1
    assert "microsoft_defender" not in cluster.resource("azurerm_kubernetes_cluster")
