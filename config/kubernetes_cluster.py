"""Settings of the AKS cluster and its node pools."""

import re
from enum import StrEnum
from ipaddress import IPv4Network
from typing import Annotated

from pydantic import Field

from config.types import Cidr, Settings, Text, VmSize

UPGRADE_SURGE_PERCENT = 33
"""Share of a pool's nodes that an upgrade starts in addition."""


class ClusterTier(StrEnum):
    """AKS pricing tier of the control plane."""

    FREE = "Free"
    """No SLA."""

    STANDARD = "Standard"
    """99.95 % with zones, 99.9 % without."""


class NodePoolSettings(Settings):
    """Size and bounds of one node pool with ephemeral OS disks."""

    vm_size: VmSize = "Standard_D4ds_v5"
    """Size of the nodes; it must have a local disk, which holds the operating system. A change replaces all nodes of
    the pool at once, undrained, while a temporary pool stands in: it takes quota and addresses for twice the pool."""

    min_count: Annotated[int, Field(ge=1, le=1000)]
    """Fewest nodes that the autoscaler keeps."""

    max_count: Annotated[int, Field(ge=1, le=1000)]
    """Most nodes that the autoscaler starts."""

    os_disk_size_gb: Annotated[int, Field(ge=30, le=2048)] = 60
    """Gigabytes of the local disk given to the operating system; no more than the size's local disk has. A
    change replaces the nodes as that of `vm_size` does."""

    max_pods: Annotated[int, Field(ge=50, le=250)] = 110
    """Pods that one node takes. A change replaces the nodes as that of `vm_size` does."""

    @property
    def millicores_for_pods(self) -> int:
        """What AKS leaves to pods of a node's processors."""
        # https://learn.microsoft.com/azure/aks/node-resource-reservations#cpu-reservations
        beyond_two = self.processors - 2
        return self.processors * 1000 - (100 + 20 * min(beyond_two, 2) + 10 * max(beyond_two - 2, 0))

    @property
    def memory_mib_for_pods(self) -> int:
        """What AKS leaves to pods of a node's memory."""
        # https://learn.microsoft.com/azure/aks/node-resource-reservations#memory-reservations
        memory_mib = self.memory_gib * 1024
        return memory_mib - min(20 * self.max_pods + 50, memory_mib // 4) - 100

    @property
    def processors(self) -> int:
        """Virtual processors of a node."""
        return int(re.sub(r"\D", "", self.vm_size.split("_")[1]))

    @property
    def memory_gib(self) -> int:
        """Memory of a node."""
        # https://learn.microsoft.com/azure/virtual-machines/sizes/overview
        family = self.vm_size.split("_")[1]
        return self.processors * (8 if family.startswith("E") else 2 if "l" in family else 4)


class KubernetesClusterSettings(Settings):
    """What an environment chooses of its cluster."""

    kubernetes_version: Annotated[
        str,
        Text(r"1\.3[456]", "a minor version that AKS supports and the platform is made for: '1.34', '1.35' or '1.36'"),
    ] = "1.35"
    """Minor version at creation, such as `1.35`; patches and later minors come by upgrade, never through Terraform."""

    sku_tier: ClusterTier = ClusterTier.STANDARD
    """Whether the control plane has an SLA."""

    pod_cidr: Cidr = IPv4Network("10.244.0.0/16")
    """Overlay range of the pods: a /24 for each node, unknown outside the cluster. Cannot be changed."""

    service_cidr: Cidr = IPv4Network("10.245.0.0/16")
    """Range of the services, unknown outside the cluster; its tenth address is the DNS service. Cannot be changed."""

    system_pool: NodePoolSettings
    """Nodes of the cluster's own components."""

    user_pool: NodePoolSettings
    """Nodes of the workloads."""

    @property
    def dns_service_ip(self) -> str:
        """Where pods ask for names."""
        return str(self.service_cidr[10])
