"""Which logs go to the workspace, and into which tables."""

import pytest
from cdktf import TerraformStack, Testing

from constructs_lib.monitoring.diagnostics import Diagnostics
from constructs_lib.monitoring.log_categories import (
    BASTION_LOGS,
    CLUSTER_LOGS,
    FIREWALL_LOGS,
    REGISTRY_LOGS,
    SECURITY_GROUP_LOGS,
    VAULT_LOGS,
    ResourceLogs,
)
from tests.template import Arguments, Template

WORKSPACE = "/subscriptions/s/resourceGroups/g/providers/Microsoft.OperationalInsights/workspaces/log"
RESOURCE = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/azureFirewalls/afw"


def _setting(logs: ResourceLogs) -> Arguments:
    stack = TerraformStack(Testing.app(), "test")
    Diagnostics(stack, "diagnostics", workspace_id=WORKSPACE).collect("it", RESOURCE, logs)
    return Template.of(stack).resource("azurerm_monitor_diagnostic_setting")


@pytest.mark.parametrize(
    ("logs", "told"),
    [
        pytest.param(FIREWALL_LOGS, "AZFWApplicationRule", id="firewall: what was let out or refused"),
        pytest.param(FIREWALL_LOGS, "AZFWThreatIntel", id="firewall: known bad destinations"),
        pytest.param(BASTION_LOGS, "BastionAuditLogs", id="Bastion: who connected"),
        pytest.param(SECURITY_GROUP_LOGS, "NetworkSecurityGroupRuleCounter", id="security group: what was refused"),
    ],
)
def test_the_workspace_learns(logs: ResourceLogs, told: str) -> None:
    setting = _setting(logs)

    assert {"category": told} in setting["enabled_log"]
    assert (setting["target_resource_id"], setting["log_analytics_workspace_id"]) == (RESOURCE, WORKSPACE)


def test_tables_are_chosen_only_where_azure_remembers_the_choice() -> None:
    for logs in (FIREWALL_LOGS, CLUSTER_LOGS):
        assert _setting(logs)["log_analytics_destination_type"] == "Dedicated"
    for logs in (BASTION_LOGS, SECURITY_GROUP_LOGS, VAULT_LOGS, REGISTRY_LOGS):
        assert "log_analytics_destination_type" not in _setting(logs)


def test_metrics_stay_where_azure_keeps_them_without_charge() -> None:
    assert not {"metric", "enabled_metric"} & _setting(FIREWALL_LOGS).keys()
