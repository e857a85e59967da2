"""The workspace that receives the platform's logs, to which no key gives access."""

from cdktf_cdktf_provider_azurerm.log_analytics_workspace import LogAnalyticsWorkspace as AzureWorkspace
from constructs import Construct

from config.network.log_analytics import LogAnalyticsWorkspaceSettings


class LogAnalyticsWorkspace(Construct):
    """Entra authorises whoever writes or reads, from whatever network."""

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        name: str,
        resource_group_name: str,
        location: str,
        settings: LogAnalyticsWorkspaceSettings,
    ) -> None:
        super().__init__(scope, id_)
        self.resource = AzureWorkspace(
            self,
            "workspace",
            name=name,
            resource_group_name=resource_group_name,
            location=location,
            sku="PerGB2018",
            retention_in_days=settings.retention_in_days,
            daily_quota_gb=settings.daily_quota_gb,
            # The workspace's keys let whoever holds them write logs under any name.
            local_authentication_enabled=False,
            # Private access alone needs an Azure Monitor private link scope, which speaks for all workspaces that its
            # networks see, not for this one. Without it nodes write through the firewall, and people read in the
            # portal. https://learn.microsoft.com/azure/azure-monitor/logs/private-link-security
            internet_ingestion_enabled=True,
            internet_query_enabled=True,
        )
