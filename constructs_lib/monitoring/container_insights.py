"""What the monitoring agent of a cluster collects: without this, the add-on runs and collects nothing."""

import json

from cdktf_cdktf_provider_azurerm.monitor_data_collection_rule import (
    MonitorDataCollectionRule,
    MonitorDataCollectionRuleDataFlow,
    MonitorDataCollectionRuleDataSources,
    MonitorDataCollectionRuleDataSourcesExtension,
    MonitorDataCollectionRuleDestinations,
    MonitorDataCollectionRuleDestinationsLogAnalytics,
)
from cdktf_cdktf_provider_azurerm.monitor_data_collection_rule_association import MonitorDataCollectionRuleAssociation
from constructs import Construct

# As in Microsoft's own sample, and what the command line makes.
# https://github.com/microsoft/Docker-Provider/tree/ci_prod/scripts/onboarding/aks/onboarding-msi-terraform

# Logs of containers, events and inventory of Kubernetes, and what nodes and containers use.
STREAMS = ["Microsoft-ContainerInsights-Group-Default"]

# By this name Azure's tools find, change and remove a cluster's association; the rule's own name is free.
EXTENSION = "ContainerInsightsExtension"

DESTINATION = "workspace"

# https://learn.microsoft.com/azure/azure-monitor/containers/container-insights-data-collection-configure
SETTINGS = {
    "dataCollectionSettings": {
        "interval": "1m",
        "namespaceFilteringMode": "Off",
        # The table before this one names neither pod nor namespace, and is deprecated.
        "enableContainerLogV2": True,
    }
}


class ContainerInsights(Construct):
    """A cluster whose add-on signs in with its identity sends the logs of its containers to the workspace.

    Azure's portal and command line make a rule when they turn the add-on on; the provider turns it on and makes none.
    https://github.com/hashicorp/terraform-provider-azurerm/issues/23510
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        name: str,
        resource_group_name: str,
        workspace_id: str,
        workspace_location: str,
        cluster_id: str,
    ) -> None:
        super().__init__(scope, id_)
        rule = MonitorDataCollectionRule(
            self,
            "rule",
            name=name,
            resource_group_name=resource_group_name,
            # A rule stands in the region of the workspace, wherever the cluster is.
            # https://learn.microsoft.com/azure/azure-monitor/data-collection/data-collection-rule-create-edit
            location=workspace_location,
            kind="Linux",
            data_sources=MonitorDataCollectionRuleDataSources(
                extension=[
                    MonitorDataCollectionRuleDataSourcesExtension(
                        name=EXTENSION,
                        extension_name="ContainerInsights",
                        streams=STREAMS,
                        extension_json=json.dumps(SETTINGS),
                    )
                ]
            ),
            destinations=MonitorDataCollectionRuleDestinations(
                log_analytics=[
                    MonitorDataCollectionRuleDestinationsLogAnalytics(
                        name=DESTINATION, workspace_resource_id=workspace_id
                    )
                ]
            ),
            data_flow=[MonitorDataCollectionRuleDataFlow(streams=STREAMS, destinations=[DESTINATION])],
        )
        MonitorDataCollectionRuleAssociation(
            self, "association", name=EXTENSION, target_resource_id=cluster_id, data_collection_rule_id=rule.id
        )
