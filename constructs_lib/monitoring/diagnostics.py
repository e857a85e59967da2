"""Logs of the platform's resources, in one workspace."""

from cdktf_cdktf_provider_azurerm.monitor_diagnostic_setting import (
    MonitorDiagnosticSetting,
    MonitorDiagnosticSettingEnabledLog,
)
from constructs import Construct

from constructs_lib.monitoring.log_categories import ResourceLogs


class Diagnostics(Construct):
    """A resource is heard once `collect` was called for it. No metrics: Azure keeps those by itself, for 93 days."""

    def __init__(self, scope: Construct, id_: str, *, workspace_id: str) -> None:
        super().__init__(scope, id_)
        self._workspace_id = workspace_id

    def collect(
        self, id_: str, resource_id: str, logs: ResourceLogs, *, name: str = "platform-logs"
    ) -> MonitorDiagnosticSetting:
        """Send the logs of a resource to the workspace; the setting's name is to be unique on the resource."""
        return MonitorDiagnosticSetting(
            self,
            f"{id_}-logs",
            name=name,
            target_resource_id=resource_id,
            log_analytics_workspace_id=self._workspace_id,
            log_analytics_destination_type="Dedicated" if logs.has_own_tables else None,
            enabled_log=[MonitorDiagnosticSettingEnabledLog(category=category) for category in logs.categories],
        )
