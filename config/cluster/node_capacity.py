"""What a node has left for an application's pods, once Azure, Kubernetes and its daemon sets have taken their share.

An estimate from above of what is taken: daemon sets change with every release of AKS.
"""

from dataclasses import dataclass

from config.cluster.node_pool import NodePoolSettings


@dataclass(frozen=True)
class Capacity:
    """Processor time and memory that pods may request."""

    millicores: int
    memory_mib: int

    def pods(self, millicores: int, memory_mib: int) -> int:
        """How many pods with these requests fit."""
        return min(self.millicores // millicores, self.memory_mib // memory_mib)


# On every node with the platform's add-ons: azure-cns, azure-ip-masq-agent, cilium, cloud-node-manager, the CSI drivers
# of disks, files and secrets, and ama-logs. Requests as `kubectl describe node` showed them in 2025, rounded up; see
# https://github.com/kubernetes-sigs/secrets-store-csi-driver and https://github.com/microsoft/Docker-Provider.
DAEMON_SETS = Capacity(650, 1500)
DAEMON_PODS = 12

# Once for the cluster, on the system pool: CoreDNS, metrics-server, konnectivity, workload identities' webhook, policy.
SYSTEM_PODS = Capacity(1400, 2000)


def left_on_a_node(pool: NodePoolSettings) -> Capacity | None:
    """What a node of the pool has for other pods than daemons; None if its size is not known here."""
    size = pool.size
    if size is None:
        return None
    # https://learn.microsoft.com/azure/aks/node-resource-reservations (2026-06-11)
    beyond_two = max(size.processors - 2, 0)
    reserved = 60 if size.processors == 1 else 100 + 20 * min(beyond_two, 2) + 10 * max(beyond_two - 2, 0)
    memory = int(size.memory_gib * 1024)
    kubelet = min(20 * pool.max_pods + 50, memory // 4) + 100
    # The kernel and the firmware take theirs first: seen are 2 % and some.
    firmware = 100 + memory // 50
    return Capacity(
        millicores=max(0, size.processors * 1000 - reserved - DAEMON_SETS.millicores),
        memory_mib=max(0, memory - firmware - kubelet - DAEMON_SETS.memory_mib),
    )
