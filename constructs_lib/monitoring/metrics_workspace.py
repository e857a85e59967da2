"""Where the metrics of nodes and pods go: a workspace of Azure's managed Prometheus, and what takes them for it."""

from cdktf import Fn
from cdktf_cdktf_provider_azurerm.monitor_data_collection_endpoint import MonitorDataCollectionEndpoint
from cdktf_cdktf_provider_azurerm.monitor_workspace import MonitorWorkspace
from constructs import Construct


class MetricsWorkspace(Construct):
    """Entra authorises whoever writes or reads, from whatever network; to close it takes a private link scope.

    https://learn.microsoft.com/azure/azure-monitor/metrics/azure-monitor-workspace-private-endpoint
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        name: str,
        endpoint_name: str,
        resource_group_name: str,
        location: str,
    ) -> None:
        super().__init__(scope, id_)
        MonitorWorkspace(
            self,
            "workspace",
            name=name,
            resource_group_name=resource_group_name,
            location=location,
            public_network_access_enabled=True,
        )
        endpoint = MonitorDataCollectionEndpoint(
            self,
            "endpoint",
            name=endpoint_name,
            resource_group_name=resource_group_name,
            location=location,
            kind="Linux",
            public_network_access_enabled=True,
        )
        self.host: str = Fn.trimprefix(endpoint.metrics_ingestion_endpoint, "https://")
        """The one name to which nodes send; the workspace's own endpoint takes nothing that came another way."""
