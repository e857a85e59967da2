"""Whether the pods of all applications find nodes; an estimate, which an environment's owner may know better."""

from collections.abc import Iterator
from math import ceil
from typing import Literal

from config.cluster.node_capacity import DAEMON_PODS, left_on_a_node
from config.cluster.node_pool import UserPoolSettings
from config.rules.registration import doubt
from config.workloads.application import ApplicationSettings
from config.workloads.pod import PodResources

APPLICATIONS = "workloads.applications"
Applications = tuple[ApplicationSettings, ...]
Pools = tuple[UserPoolSettings, ...]


def _a_pod_fits_on_a_node(key: Literal["millicores", "memory_mib"], setting: str) -> None:
    @doubt(APPLICATIONS, "cluster.kubernetes.user_pools")
    def check(applications: Applications, pools: Pools) -> Iterator[str]:
        nodes = [(left_on_a_node(pool), pool.vm_size) for pool in pools if pool.takes_any_pod]
        if not nodes or any(node is None for node, _ in nodes):
            return
        most, size = max((getattr(node, key), size) for node, size in nodes)
        for one in applications:
            wanted = getattr(one.resources, setting)
            if wanted > most:
                yield (
                    f"{wanted} {setting} of {one.name} are more than the {most} or so that {size} has left for it; "
                    "lower it, or choose a larger vm_size in cluster.kubernetes.user_pools"
                )


_a_pod_fits_on_a_node("millicores", "cpu_millicores")
_a_pod_fits_on_a_node("memory_mib", "memory_mib")


def _pods_fit_in_the_pools(key: Literal["min_replicas", "max_replicas"], times: int) -> None:
    @doubt(APPLICATIONS, "cluster.kubernetes.user_pools")
    def check(applications: Applications, pools: Pools) -> Iterator[str]:
        # A pod that fits on no node is another rule's.
        filled = sum(getattr(one, key) / most for one in applications if (most := _pods_in(pools, one.resources)))
        if filled > times:
            nodes = " and ".join(f"{pool.max_count} {pool.vm_size}" for pool in pools if pool.takes_any_pod)
            yield (
                f"{key} of all together take about {ceil(100 * filled)} % of what {nodes} have; lower some, or raise "
                "max_count in cluster.kubernetes.user_pools"
            )


_pods_fit_in_the_pools("min_replicas", 1)
# Twice, for the number is an estimate, and some that wait at a peak do no harm.
_pods_fit_in_the_pools("max_replicas", 2)


def _pods_in(pools: Pools, pod: PodResources) -> int:
    """About how many such pods fit on all nodes that take any pod; 0: none, or nobody knows."""
    total = 0
    for pool in pools:
        if pool.takes_any_pod:
            node = left_on_a_node(pool)
            if node is None:
                return 0
            on_a_node = min(node.pods(pod.cpu_millicores, pod.memory_mib), pool.max_pods - DAEMON_PODS)
            total += on_a_node * pool.max_count
    return total
