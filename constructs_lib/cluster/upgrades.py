"""When a cluster is upgraded, and that the settings say which version it has."""

from cdktf import Postcondition
from cdktf_cdktf_provider_azurerm.kubernetes_cluster import (
    KubernetesClusterMaintenanceWindowAutoUpgrade,
    KubernetesClusterMaintenanceWindowNodeOs,
)

from config.cluster.maintenance import MaintenanceSettings
from config.types import Tier


def kubernetes_window(settings: MaintenanceSettings, tier: Tier) -> KubernetesClusterMaintenanceWindowAutoUpgrade:
    """When patches of Kubernetes come."""
    return KubernetesClusterMaintenanceWindowAutoUpgrade(
        # No day on which it begins to hold: Azure takes today, and the provider keeps what Azure took.
        frequency="Weekly",
        interval=1,
        day_of_week=settings.day_in(tier),
        start_time=settings.start_time,
        utc_offset=settings.utc_offset,
        duration=settings.duration_hours,
    )


def nodes_window(settings: MaintenanceSettings, tier: Tier) -> KubernetesClusterMaintenanceWindowNodeOs:
    """When images of nodes come: each week has a new one."""
    return KubernetesClusterMaintenanceWindowNodeOs(
        frequency="Weekly",
        interval=1,
        day_of_week=settings.day_in(tier),
        start_time=settings.start_time,
        utc_offset=settings.utc_offset,
        duration=settings.duration_hours,
    )


def has_version(version: str, name: str, resource_group_name: str) -> Postcondition:
    """Refuse a plan whose settings name another minor version than the cluster has, and say how to upgrade.

    Written without being ignored, `1.35` would be a change of every cluster that patched itself to 1.35.7, and each
    apply would set it back: https://github.com/hashicorp/terraform-provider-azurerm/pull/32625. And an upgrade takes
    hours, in which Terraform would hold the lock of the state, and at whose end it might have given up.
    """
    return Postcondition(
        condition=f'${{startswith("${{self.kubernetes_version}}.", "{version}.")}}',
        error_message=(
            f"The cluster has Kubernetes ${{self.kubernetes_version}}, and kubernetes_version in the settings is "
            f"{version}. If it is to have {version}, upgrade it one minor version at a time, control plane and nodes: "
            f"`az aks upgrade --resource-group {resource_group_name} --name {name} --kubernetes-version {version}`. "
            "If it was upgraded, say so in the settings. docs/upgrades.md tells more."
        ),
    )
