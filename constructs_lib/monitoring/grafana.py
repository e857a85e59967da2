"""Dashboards over a workspace of metrics."""

from cdktf_cdktf_provider_azurerm.dashboard_grafana import (
    DashboardGrafana,
    DashboardGrafanaAzureMonitorWorkspaceIntegrations,
    DashboardGrafanaIdentity,
)
from constructs import Construct

from constructs_lib.role_assignment import assign_role


class Grafana(Construct):
    """Nobody enters without a role, which `grant_administration` gives; no key stands for one.

    Its address is public, as whoever looks at dashboards sits in front of a browser somewhere.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        name: str,
        resource_group_name: str,
        location: str,
        metrics_workspace_id: str,
        zone_redundant: bool,
    ) -> None:
        super().__init__(scope, id_)
        self.resource = DashboardGrafana(
            self,
            "grafana",
            name=name,
            resource_group_name=resource_group_name,
            location=location,
            sku="Standard",
            grafana_major_version="12",
            api_key_enabled=False,
            public_network_access_enabled=True,
            zone_redundancy_enabled=zone_redundant,
            identity=DashboardGrafanaIdentity(type="SystemAssigned"),
            azure_monitor_workspace_integrations=[
                DashboardGrafanaAzureMonitorWorkspaceIntegrations(resource_id=metrics_workspace_id)
            ],
        )
        assign_role(
            self,
            "metrics-reading",
            role="Monitoring Data Reader",
            on=metrics_workspace_id,
            principal_id=self.resource.identity.principal_id,
        )

    def grant_administration(self, grantee: str, group_id: str) -> None:
        """Let the members of a group look at every dashboard, change it, and give others a part in it."""
        assign_role(
            self,
            f"{grantee}-administration",
            role="Grafana Admin",
            on=self.resource.id,
            principal_id=group_id,
            principal_type="Group",
        )
