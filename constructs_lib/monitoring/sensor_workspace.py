"""The workspace through which Defender's sensor reports, and which holds nothing else."""

from cdktf_cdktf_provider_azurerm.log_analytics_workspace import LogAnalyticsWorkspace
from constructs import Construct


class SensorWorkspace(Construct):
    """Apart from the logs, as the sensor signs in with the keys of its workspace, and crashes where there are none.

    https://github.com/Azure/Microsoft-Defender-for-Cloud/issues/1010
    """

    def __init__(self, scope: Construct, id_: str, *, name: str, resource_group_name: str, location: str) -> None:
        super().__init__(scope, id_)
        self.resource = LogAnalyticsWorkspace(
            self,
            "workspace",
            name=name,
            resource_group_name=resource_group_name,
            location=location,
            sku="PerGB2018",
            retention_in_days=30,  # Defender for Cloud keeps what it found by itself
            # Whoever has the keys can send reports of a sensor, and read none.
            local_authentication_enabled=True,
            internet_ingestion_enabled=True,
            internet_query_enabled=True,
        )
