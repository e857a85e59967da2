"""Settings of a node pool of the AKS cluster."""

from typing import Annotated

from pydantic import Field

from config.types import Settings
from config.vm_sizes import VmSize, VmSizeName, known_size

UPGRADE_SURGE_PERCENT = 33
"""Share of a pool's nodes that an upgrade starts in addition."""


class NodePoolSettings(Settings):
    """Size and bounds of one node pool with ephemeral OS disks."""

    vm_size: VmSizeName = "Standard_D4ds_v5"
    """Size of the nodes; it must have a local disk, which holds the operating system. A change replaces all nodes of
    the pool at once, undrained, while a temporary pool stands in: it takes quota and addresses for twice the pool."""

    min_count: Annotated[int, Field(ge=0, le=1000)]
    """Fewest nodes that the autoscaler keeps; none only of the user pool, and not in production."""

    max_count: Annotated[int, Field(ge=1, le=1000)]
    """Most nodes that the autoscaler starts."""

    os_disk_size_gb: Annotated[int, Field(ge=30, le=2048)] = 60
    """Gigabytes of the local disk given to the operating system; no more than the size's local disk has. A
    change replaces the nodes as that of `vm_size` does."""

    max_pods: Annotated[int, Field(ge=50, le=250)] = 110
    """Pods that one node takes; with fewer than 50, nodes would carry little but the dozen of the platform's own that
    each has. A change replaces the nodes as that of `vm_size` does."""

    @property
    def size(self) -> VmSize | None:
        """What a node has; None if its size is known to the environment's owner alone."""
        return known_size(self.vm_size)
