"""Settings of the node pools of the AKS cluster. docs/node-pools.md tells of kinds of sizes, and of what pods need."""

from typing import Annotated

from pydantic import Field

from config.types import AvailabilityZone, Settings, Text
from config.vm_sizes import VmSize, VmSizeName, has_gpu, has_local_disk, is_arm, known_size

UPGRADE_SURGE_PERCENT = 33
"""Share of a pool's nodes that an upgrade starts in addition."""

TEMPORARY_SUFFIX = "tmp"
"""Ends the name of the pool that stands in for another while that changes; a pool's name has at most 12 characters."""

SYSTEM_POOL = "system"

# https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#syntax-and-character-set
_KEY = r"([a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?/)?[A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?"
_VALUE = r"([A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?)?"

PoolName = Annotated[str, Text(r"[a-z][a-z0-9]{0,8}", "at most nine lower-case letters and digits, the first a letter")]

NodeLabel = Annotated[str, Text(f"{_KEY}={_VALUE}", "a label of Kubernetes, such as 'team=payments'")]

NodeTaint = Annotated[
    str,
    Text(
        f"{_KEY}={_VALUE}:(NoSchedule|PreferNoSchedule|NoExecute)",
        "a taint of Kubernetes, such as 'team=payments:NoSchedule'",
    ),
]


class NodePoolSettings(Settings):
    """Size and bounds of one node pool."""

    vm_size: VmSizeName = "Standard_D4ds_v5"
    """Size of the nodes. Where it has a local disk, that holds the operating system; otherwise a managed disk does. A
    change replaces all nodes of the pool at once, undrained, while a temporary pool stands in: it takes quota and
    addresses for twice the pool."""

    min_count: Annotated[int, Field(ge=0, le=1000)]
    """Fewest nodes that the autoscaler keeps; none only of user pools. In production those that take any pod keep two
    together."""

    max_count: Annotated[int, Field(ge=1, le=1000)]
    """Most nodes that the autoscaler starts."""

    os_disk_size_gb: Annotated[int, Field(ge=30, le=2048)] | None = None
    """Gigabytes for the operating system; no more than a local disk has. None: 60 of a local disk, or a managed disk of
    128, which is faster the larger it is. A change replaces the nodes as that of `vm_size` does."""

    max_pods: Annotated[int, Field(ge=50, le=250)] = 110
    """Pods that one node takes; with fewer than 50, nodes would carry little but the dozen of the platform's own that
    each has. A change replaces the nodes as that of `vm_size` does."""

    @property
    def size(self) -> VmSize | None:
        """What a node has; None if its size is known to the environment's owner alone."""
        return known_size(self.vm_size)

    @property
    def os_disk_is_local(self) -> bool:
        """Whether the machine itself holds the operating system, so that it goes with the node."""
        return has_local_disk(self.vm_size)

    @property
    def os_disk_gb(self) -> int:
        """Gigabytes for the operating system."""
        return self.os_disk_size_gb or (60 if self.os_disk_is_local else 128)


class UserPoolSettings(NodePoolSettings):
    """A node pool for workloads."""

    name: PoolName
    """Name of the pool in Azure. Another name is another pool: the change destroys this one, its nodes drained."""

    spot: bool = False
    """Whether Azure may take the nodes away at any moment, for a fraction of the price; never more than the full one. A
    change replaces the pool."""

    labels: Annotated[tuple[NodeLabel, ...], Field(max_length=20)] = ()
    """Labels of the nodes, by which pods ask for them."""

    taints: Annotated[tuple[NodeTaint, ...], Field(max_length=20)] = ()
    """Taints of the nodes: only pods that tolerate them all come here. Nodes with Arm processors, with GPUs and on spot
    have one besides."""

    availability_zones: Annotated[tuple[AvailabilityZone, ...], Field(max_length=3)] | None = None
    """Zones of this pool, as not every size is sold in all of them; None: those of the environment. A change replaces
    the nodes as that of `vm_size` does."""

    @property
    def node_labels(self) -> dict[str, str]:
        """Labels by key, those that AKS wants to be told of included."""
        own = dict(label.split("=") for label in self.labels)
        # https://learn.microsoft.com/azure/aks/spot-node-pool#limitations
        return own | ({"kubernetes.azure.com/scalesetpriority": "spot"} if self.spot else {})

    @property
    def node_taints(self) -> tuple[str, ...]:
        """Taints that keep away what could not run here, and then the settings' own."""
        given = {
            "kubernetes.azure.com/scalesetpriority=spot:NoSchedule": self.spot,
            # As Microsoft's pages call it: https://learn.microsoft.com/azure/aks/use-nvidia-gpu
            "sku=gpu:NoSchedule": has_gpu(self.vm_size),
            # AKS has none of its own, and an image for x86 would crash here.
            "arch=arm64:NoSchedule": is_arm(self.vm_size),
        }
        return tuple(dict.fromkeys([*(taint for taint, holds in given.items() if holds), *self.taints]))

    @property
    def takes_any_pod(self) -> bool:
        """Whether pods come here without tolerating anything."""
        return all(taint.endswith(":PreferNoSchedule") for taint in self.node_taints)
