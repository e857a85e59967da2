"""Nodes for workloads: encrypted on their host, without public addresses or disks that outlive them."""

from collections.abc import Sequence

from cdktf import TerraformResourceLifecycle
from cdktf_cdktf_provider_azurerm.kubernetes_cluster_node_pool import (
    KubernetesClusterNodePool,
    KubernetesClusterNodePoolUpgradeSettings,
)
from constructs import Construct

from config.cluster.node_pool import UPGRADE_SURGE_PERCENT, NodePoolSettings

# Azure's default. https://learn.microsoft.com/azure/aks/upgrade-aks-cluster#set-node-drain-timeout-value
DRAIN_TIMEOUT_MINUTES = 30


class KubernetesNodePool(Construct):
    """A pool that AKS scales within its bounds and upgrades with the cluster.

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
            vnet_subnet_id=subnet_id,
            zones=list(availability_zones) or None,
            vm_size=settings.vm_size,
            auto_scaling_enabled=True,
            min_count=settings.min_count,
            max_count=settings.max_count,
            max_pods=settings.max_pods,
            # Follows the Kubernetes version; AzureLinux3 would have to be changed by hand before 1.37.
            # https://learn.microsoft.com/azure/aks/upgrade-os-version
            os_sku="AzureLinux",
            # What a node wrote disappears with it, and reimaging takes seconds.
            os_disk_type="Ephemeral",
            os_disk_size_gb=settings.os_disk_size_gb,
            host_encryption_enabled=True,
            node_public_ip_enabled=False,
            # But for the first these are Azure's defaults. Once somebody set one by hand, leaving it out would mean to
            # unset it, for which the provider makes the pool anew, and for the system pool the cluster.
            # https://github.com/Azure/terraform-azurerm-aks/issues/557
            upgrade_settings=KubernetesClusterNodePoolUpgradeSettings(
                max_surge=f"{UPGRADE_SURGE_PERCENT}%",
                drain_timeout_in_minutes=DRAIN_TIMEOUT_MINUTES,
                node_soak_duration_in_minutes=0,
                undrainable_node_behavior="Schedule",
            ),
            # The autoscaler counts the nodes.
            lifecycle=TerraformResourceLifecycle(ignore_changes=["node_count"]),
        )
