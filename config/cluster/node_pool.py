"""Settings of a node pool of the AKS cluster."""

import re
from typing import Annotated

from pydantic import Field

from config.types import Settings
from config.vm_sizes import VmSize

UPGRADE_SURGE_PERCENT = 33
"""Share of a pool's nodes that an upgrade starts in addition."""


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
