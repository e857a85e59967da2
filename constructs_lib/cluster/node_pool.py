"""Nodes: encrypted on their host, without public addresses, with disks that go when they go."""

from collections.abc import Sequence
from typing import TypedDict

from cdktf_cdktf_provider_azurerm.kubernetes_cluster_node_pool import (
    KubernetesClusterNodePool,
    KubernetesClusterNodePoolUpgradeSettings,
)
from constructs import Construct

from config.cluster.node_pool import TEMPORARY_SUFFIX, UPGRADE_SURGE_PERCENT, NodePoolSettings, UserPoolSettings
from config.vm_sizes import has_gpu


class NodeArguments(TypedDict):
    """What the system pool, which stands in the cluster's own resource, and every other pool have in common."""

    vnet_subnet_id: str
    zones: list[str] | None
    vm_size: str
    auto_scaling_enabled: bool
    min_count: int
    max_count: int
    max_pods: int
    os_sku: str
    os_disk_type: str
    os_disk_size_gb: int
    host_encryption_enabled: bool
    node_public_ip_enabled: bool


def node_arguments(settings: NodePoolSettings, *, subnet_id: str, availability_zones: Sequence[str]) -> NodeArguments:
    """The nodes of one pool."""
    return {
        "vnet_subnet_id": subnet_id,
        "zones": list(availability_zones) or None,
        "vm_size": settings.vm_size,
        "auto_scaling_enabled": True,
        "min_count": settings.min_count,
        "max_count": settings.max_count,
        "max_pods": settings.max_pods,
        # Follows the Kubernetes version; AzureLinux3 would have to be changed by hand before 1.37.
        # https://learn.microsoft.com/azure/aks/upgrade-os-version
        "os_sku": "AzureLinux",
        # On a local disk, what a node wrote disappears with it, and reimaging takes seconds.
        "os_disk_type": "Ephemeral" if settings.os_disk_is_local else "Managed",
        "os_disk_size_gb": settings.os_disk_gb,
        "host_encryption_enabled": True,
        "node_public_ip_enabled": False,
    }


class UpgradeArguments(TypedDict):
    """How a pool is upgraded."""

    max_surge: str
    drain_timeout_in_minutes: int
    node_soak_duration_in_minutes: int
    undrainable_node_behavior: str


# But for the first these are Azure's defaults. Once somebody set one by hand, leaving it out would mean to unset it:
# the provider re-creates the pool for that, and for the system pool the cluster.
# https://github.com/Azure/terraform-azurerm-aks/issues/557
UPGRADE: UpgradeArguments = {
    "max_surge": f"{UPGRADE_SURGE_PERCENT}%",
    # https://learn.microsoft.com/azure/aks/upgrade-aks-cluster#set-node-drain-timeout-value
    "drain_timeout_in_minutes": 30,
    "node_soak_duration_in_minutes": 0,
    "undrainable_node_behavior": "Schedule",
}


class KubernetesNodePool(Construct):
    """A pool for workloads that AKS scales within its bounds and upgrades with the cluster."""

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        cluster_id: str,
        subnet_id: str,
        availability_zones: Sequence[str],
        settings: UserPoolSettings,
    ) -> None:
        super().__init__(scope, id_)
        self.resource = KubernetesClusterNodePool(
            self,
            "pool",
            name=settings.name,
            temporary_name_for_rotation=f"{settings.name}{TEMPORARY_SUFFIX}",
            kubernetes_cluster_id=cluster_id,
            mode="User",
            **node_arguments(settings, subnet_id=subnet_id, availability_zones=availability_zones),
            # Left out, the driver that Azure installs all the same would have the next plan replace the pool.
            gpu_driver="Install" if has_gpu(settings.vm_size) else None,
            node_labels=settings.node_labels or None,
            node_taints=list(settings.node_taints) or None,
            priority="Spot" if settings.spot else None,
            eviction_policy="Delete" if settings.spot else None,
            # Up to the full price: taken away only where Azure itself needs the machines.
            # https://learn.microsoft.com/azure/aks/spot-node-pool
            spot_max_price=-1 if settings.spot else None,
            # Spot takes neither surge nor the rest: its nodes go without notice anyway.
            # https://github.com/hashicorp/terraform-provider-azurerm/blob/v4.81.0/internal/services/containers/kubernetes_cluster_node_pool_resource.go#L92
            upgrade_settings=None if settings.spot else KubernetesClusterNodePoolUpgradeSettings(**UPGRADE),
        )
