"""Logs of the platform's resources, in one workspace."""

from dataclasses import dataclass

from cdktf_cdktf_provider_azurerm.monitor_diagnostic_setting import (
    MonitorDiagnosticSetting,
    MonitorDiagnosticSettingEnabledLog,
)
from constructs import Construct


@dataclass(frozen=True)
class ResourceLogs:
    """What one type of resource can tell, and where Azure puts it."""

    categories: tuple[str, ...]

    has_own_tables: bool = False
    """The type lets one choose between tables of its own and the old common one; elsewhere Azure has decided, and
    forgets the choice, so that every plan would make it again.
    https://github.com/Azure/azure-rest-api-specs/issues/22400
    """


# Every decision, and the names that were asked for, as names can carry data out. Not: flow traces and top flows, which
# cost throughput, and aggregations, which repeat the rest.
# https://learn.microsoft.com/azure/azure-monitor/reference/supported-logs/microsoft-network-azurefirewalls-logs
FIREWALL_LOGS = ResourceLogs(
    categories=(
        "AZFWApplicationRule",
        "AZFWNetworkRule",
        "AZFWNatRule",
        "AZFWDnsQuery",
        "AZFWThreatIntel",
        "AZFWIdpsSignature",
    ),
    has_own_tables=True,
)

# Who connected to what, when, and from where: https://learn.microsoft.com/azure/bastion/monitor-bastion-reference
BASTION_LOGS = ResourceLogs(categories=("BastionAuditLogs",))

# Which rules are in force, and how often each was met; who talked to whom is for flow logs.
# https://learn.microsoft.com/azure/virtual-network/virtual-network-nsg-manage-log
SECURITY_GROUP_LOGS = ResourceLogs(categories=("NetworkSecurityGroupEvent", "NetworkSecurityGroupRuleCounter"))


class Diagnostics(Construct):
    """A resource is heard once `collect` was called for it. No metrics: Azure keeps those by itself, for 93 days."""

    def __init__(self, scope: Construct, id_: str, *, workspace_id: str) -> None:
        super().__init__(scope, id_)
        self._workspace_id = workspace_id

    def collect(self, who: str, resource_id: str, logs: ResourceLogs) -> MonitorDiagnosticSetting:
        """Send the logs of a resource to the workspace; `who` names the construct."""
        return MonitorDiagnosticSetting(
            self,
            f"{who}-logs",
            name="platform-logs",
            target_resource_id=resource_id,
            log_analytics_workspace_id=self._workspace_id,
            log_analytics_destination_type="Dedicated" if logs.has_own_tables else None,
            enabled_log=[MonitorDiagnosticSettingEnabledLog(category=category) for category in logs.categories],
        )
