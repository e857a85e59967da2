"""What the metrics add-on of a cluster collects, and where it sends that."""

from cdktf_cdktf_provider_azurerm.monitor_data_collection_rule import (
    MonitorDataCollectionRule,
    MonitorDataCollectionRuleDataFlow,
    MonitorDataCollectionRuleDataSources,
    MonitorDataCollectionRuleDataSourcesPrometheusForwarder,
    MonitorDataCollectionRuleDestinations,
    MonitorDataCollectionRuleDestinationsMonitorAccount,
)
from cdktf_cdktf_provider_azurerm.monitor_data_collection_rule_association import MonitorDataCollectionRuleAssociation
from constructs import Construct

STREAMS = ["Microsoft-PrometheusMetrics"]
DESTINATION = "workspace"


class ClusterMetrics(Construct):
    """Without this, the add-on runs and sends nothing.

    https://learn.microsoft.com/azure/azure-monitor/containers/kubernetes-monitoring-enable
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        name: str,
        resource_group_name: str,
        location: str,
        workspace_id: str,
        endpoint_id: str,
        cluster_id: str,
    ) -> None:
        super().__init__(scope, id_)
        rule = MonitorDataCollectionRule(
            self,
            "rule",
            name=name,
            resource_group_name=resource_group_name,
            location=location,
            kind="Linux",
            data_collection_endpoint_id=endpoint_id,
            data_sources=MonitorDataCollectionRuleDataSources(
                prometheus_forwarder=[
                    MonitorDataCollectionRuleDataSourcesPrometheusForwarder(
                        name="PrometheusDataSource", streams=STREAMS
                    )
                ]
            ),
            destinations=MonitorDataCollectionRuleDestinations(
                monitor_account=[
                    MonitorDataCollectionRuleDestinationsMonitorAccount(
                        name=DESTINATION, monitor_account_id=workspace_id
                    )
                ]
            ),
            data_flow=[MonitorDataCollectionRuleDataFlow(streams=STREAMS, destinations=[DESTINATION])],
        )
        MonitorDataCollectionRuleAssociation(
            self, "association", name=name, target_resource_id=cluster_id, data_collection_rule_id=rule.id
        )
