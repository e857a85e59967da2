"""What the cluster's monitoring agent is told to collect."""

import json

import pytest
from cdktf import TerraformStack, Testing

from constructs_lib.monitoring.container_insights import ContainerInsights
from tests.template import Arguments, Template

WORKSPACE = "/subscriptions/s/resourceGroups/g/providers/Microsoft.OperationalInsights/workspaces/log"
CLUSTER = "/subscriptions/s/resourceGroups/g/providers/Microsoft.ContainerService/managedClusters/aks"


@pytest.fixture(scope="module")
def template() -> Template:
    stack = TerraformStack(Testing.app(), "test")
    ContainerInsights(
        stack,
        "container-insights",
        name="dcr-shop",
        resource_group_name="rg",
        workspace_id=WORKSPACE,
        workspace_location="westeurope",
        cluster_id=CLUSTER,
    )
    return Template.of(stack)


@pytest.fixture(scope="module")
def rule(template: Template) -> Arguments:
    return template.resource("azurerm_monitor_data_collection_rule")


@pytest.mark.req(75)
def test_the_agent_finds_the_rule_at_its_cluster(template: Template) -> None:
    (rule,) = template.resources("azurerm_monitor_data_collection_rule")
    association = template.resource("azurerm_monitor_data_collection_rule_association")

    assert association["name"] == "ContainerInsightsExtension"
    assert association["target_resource_id"] == CLUSTER
    assert association["data_collection_rule_id"] == f"${{azurerm_monitor_data_collection_rule.{rule}.id}}"


@pytest.mark.req(75)
def test_everything_that_is_collected_flows_into_the_workspace(rule: Arguments) -> None:
    (source,) = rule["data_sources"]["extension"]
    (flow,) = rule["data_flow"]
    (destination,) = rule["destinations"]["log_analytics"]

    assert source["extension_name"] == "ContainerInsights"
    assert source["streams"] == flow["streams"] == ["Microsoft-ContainerInsights-Group-Default"]
    assert flow["destinations"] == [destination["name"]]
    assert destination["workspace_resource_id"] == WORKSPACE
    assert rule["location"] == "westeurope"


def test_no_namespace_is_left_out(rule: Arguments) -> None:
    (source,) = rule["data_sources"]["extension"]

    assert json.loads(source["extension_json"])["dataCollectionSettings"]["namespaceFilteringMode"] == "Off"


def test_logs_go_to_the_table_that_names_their_pods(rule: Arguments) -> None:
    (source,) = rule["data_sources"]["extension"]

    assert json.loads(source["extension_json"])["dataCollectionSettings"]["enableContainerLogV2"] is True
