"""Alerts: each asks for what is collected, and calls who is named."""

import re
from collections.abc import Mapping

import pytest
from cdktf import TerraformStack, Testing

from constructs_lib.monitoring.action_group import ActionGroup
from constructs_lib.monitoring.alert_rules import (
    CLUSTER_ALERTS,
    CONTAINER_ALERTS,
    DATABASE_ALERTS,
    FIREWALL_ALERTS,
    FIREWALL_METRIC_ALERTS,
    SUBSCRIPTION_ALERTS,
    VAULT_ALERTS,
    LogAlert,
)
from constructs_lib.monitoring.alerts import Alerts
from constructs_lib.monitoring.log_categories import FIREWALL_LOGS, VAULT_LOGS
from tests.template import Template

GROUP = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Insights/actionGroups/ag"
RESOURCE = "/subscriptions/s/resourceGroups/g/providers/Microsoft.KeyVault/vaults/kv"
LOG_ALERTS = (*FIREWALL_ALERTS, *CONTAINER_ALERTS, *VAULT_ALERTS)
LOG, METRIC, ACTIVITY = (
    f"azurerm_monitor_{kind}" for kind in ("scheduled_query_rules_alert_v2", "metric_alert", "activity_log_alert")
)

# https://learn.microsoft.com/azure/azure-monitor/reference/tables/<name in lower case>
COLUMNS: Mapping[str, set[str]] = {
    "AZFWApplicationRule": {"Action", "SourceIp", "Fqdn", "_ResourceId"},
    "AZFWNetworkRule": {"Action", "SourceIp", "DestinationIp", "_ResourceId"},
    "AZFWThreatIntel": {"Action", "ThreatDescription", "SourceIp", "Fqdn", "_ResourceId"},
    "AzureDiagnostics": {"Category", "OperationName", "ResultSignature", "_ResourceId"},
    "KubeNodeInventory": {"Computer", "Status", "_ResourceId"},
    "KubePodInventory": {"ContainerName", "ContainerStatusReason", "Name", "Namespace", "PodStatus", "_ResourceId"},
}


@pytest.fixture(scope="module")
def template() -> Template:
    stack = TerraformStack(Testing.app(), "test")
    alerts = Alerts(
        stack,
        "alerts",
        name=lambda key: f"alert-{key}",
        resource_group_name="rg",
        location="westeurope",
        workspace_id="/workspaces/log",
        action_group_ids=[GROUP],
    )
    for log in LOG_ALERTS:
        alerts.watch_logs(log, RESOURCE)
    for metric in (*CLUSTER_ALERTS, *DATABASE_ALERTS, *FIREWALL_METRIC_ALERTS):
        alerts.watch_metric(metric, RESOURCE)
    for activity in SUBSCRIPTION_ALERTS:
        alerts.watch_activity(activity, "s")
    alerts.watch_health("s", ["rg-one"])
    return Template.of(stack)


def test_a_query_names_columns_that_its_tables_have() -> None:
    for alert in LOG_ALERTS:
        without_texts = re.sub(r'"[^"]*"', "", alert.query)
        known = set.intersection(*(COLUMNS[table] for table in alert.tables))
        assert set(re.findall(r"\b[A-Z]\w+", without_texts)) <= known, alert.key


def test_a_table_is_filled_by_what_is_collected() -> None:
    containers = {"KubeNodeInventory", "KubePodInventory"}  # of the group of streams that Container insights sends
    by_resource = {
        FIREWALL_ALERTS: set(FIREWALL_LOGS.categories),  # each has a table of its name
        CONTAINER_ALERTS: containers,
        VAULT_ALERTS: {"AzureDiagnostics"} if "AuditEvent" in VAULT_LOGS.categories else set(),
    }
    for alerts, tables in by_resource.items():
        assert {table for alert in alerts for table in alert.tables} <= tables


@pytest.mark.parametrize("alert", LOG_ALERTS, ids=lambda alert: alert.key)
def test_a_query_is_about_one_resource_and_can_be_made_before_its_table_is(alert: LogAlert, template: Template) -> None:
    """Other environments may write into the same workspace."""
    rule = template.resource(LOG, name=f"alert-{alert.key}")
    (criteria,) = rule["criteria"]

    assert f'| where _ResourceId =~ "{RESOURCE}"\n' in criteria["query"]
    assert criteria["threshold"] == alert.more_than
    assert rule["skip_query_validation"] is True
    assert rule["evaluation_frequency"] == rule["window_duration"]
    # https://registry.terraform.io/providers/hashicorp/azurerm/4.81.0/docs/resources/monitor_scheduled_query_rules_alert_v2
    assert rule["window_duration"] in {"PT5M", "PT10M", "PT15M", "PT30M", "PT45M", "PT1H"}


def test_every_alert_is_on_and_calls(template: Template) -> None:
    called = [one["action"] for type_ in (METRIC, ACTIVITY) for one in template.resources(type_).values()]
    by_logs = [one["action"] for one in template.resources(LOG).values()]

    assert called == [[{"action_group_id": GROUP}]] * len(called)
    assert by_logs == [{"action_groups": [GROUP]}] * len(LOG_ALERTS)
    for type_ in (LOG, METRIC, ACTIVITY):
        assert {one["enabled"] for one in template.resources(type_).values()} == {True}


def test_faults_of_azures_own_are_heard_for_the_platform_alone(template: Template) -> None:
    service = template.resource(ACTIVITY, name="alert-service-health")["criteria"]
    resource = template.resource(ACTIVITY, name="alert-resource-health")["criteria"]

    assert (service["category"], resource["category"]) == ("ServiceHealth", "ResourceHealth")
    assert set(service["service_health"]["events"]) == {"Incident", "Security", "ActionRequired"}
    assert resource["resource_groups"] == ["rg-one"]
    assert set(resource["resource_health"]["current"]) == {"Degraded", "Unavailable"}


def test_what_is_done_is_told_once_it_was_done(template: Template) -> None:
    operations = {
        one["criteria"]["operation_name"]
        for one in template.resources(ACTIVITY).values()
        if one["criteria"]["category"] == "Administrative"
    }

    assert operations >= {
        "Microsoft.Authorization/roleAssignments/write",
        "Microsoft.Authorization/locks/delete",
        "Microsoft.KeyVault/vaults/delete",
    }
    for one in template.resources(ACTIVITY).values():
        assert one["location"] == "global"  # others do not know the subscription
        assert one["criteria"].get("statuses", ["Succeeded"]) == ["Succeeded"]


def test_everybody_gets_the_same_mail() -> None:
    stack = TerraformStack(Testing.app(), "test")
    emails = ["a@example.com", "b@example.com"]
    ActionGroup(stack, "group", name="ag", short_name="shop", resource_group_name="rg", emails=emails)
    receivers = Template.of(stack).resource("azurerm_monitor_action_group")["email_receiver"]

    assert [(one["email_address"], one["use_common_alert_schema"]) for one in receivers] == [
        ("a@example.com", True),
        ("b@example.com", True),
    ]
    assert len({one["name"] for one in receivers}) == 2
