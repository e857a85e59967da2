"""Nodes: encrypted on their host, without public addresses or disks that outlive them."""

from collections.abc import Sequence
from typing import TypedDict

from cdktf_cdktf_provider_azurerm.kubernetes_cluster_node_pool import (
    KubernetesClusterNodePool,
    KubernetesClusterNodePoolUpgradeSettings,
)
from constructs import Construct

from config.cluster.node_pool import UPGRADE_SURGE_PERCENT, NodePoolSettings


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
        # What a node wrote disappears with it, and reimaging takes seconds.
        "os_disk_type": "Ephemeral",
        "os_disk_size_gb": settings.os_disk_size_gb,
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
    """A pool for workloads that AKS scales within its bounds and upgrades with the cluster.

    `name` is at most nine lower-case letters and digits, so that the pool that stands in during a change has one, too.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        name: str,
        cluster_id: str,
        subnet_id: str,
        availability_zones: Sequence[str],
        settings: NodePoolSettings,
    ) -> None:
        super().__init__(scope, id_)
        self.resource = KubernetesClusterNodePool(
            self,
            "pool",
            name=name,
            temporary_name_for_rotation=f"{name}tmp",
            kubernetes_cluster_id=cluster_id,
            mode="User",
            **node_arguments(settings, subnet_id=subnet_id, availability_zones=availability_zones),
            upgrade_settings=KubernetesClusterNodePoolUpgradeSettings(**UPGRADE),
        )
