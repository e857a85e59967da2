"""What node pools demand of the settings, but for the sizes of their nodes."""

from collections import Counter
from collections.abc import Iterator
from ipaddress import IPv4Network

from config.cluster.kubernetes import ClusterTier
from config.cluster.node_capacity import SYSTEM_PODS, left_on_a_node
from config.cluster.node_pool import (
    SYSTEM_POOL,
    TEMPORARY_SUFFIX,
    UPGRADE_SURGE_PERCENT,
    NodePoolSettings,
    UserPoolSettings,
)
from config.network.address_plan import subnet_range
from config.network.subnets import SubnetKey, SubnetRanges
from config.rules.addresses import AZURE_RESERVED_ADDRESSES
from config.rules.registration import Problem, doubt, rule
from config.types import Tier

SYSTEM, USER = "cluster.kubernetes.system_pool", "cluster.kubernetes.user_pools"
UserPools = tuple[UserPoolSettings, ...]

# The load balancer's frontend and the API server's private endpoint stand in the node subnet.
OTHER_NODE_SUBNET_ADDRESSES = 2


@rule(SYSTEM, USER, "network.spoke.address_space", "network.subnets")
def _nodes_fit(
    system: NodePoolSettings, user: UserPools, spoke: IPv4Network, ranges: SubnetRanges
) -> Iterator[Problem]:
    nodes = _most_nodes(system, *user)
    subnet = subnet_range(SubnetKey.AKS_NODES, None, spoke, ranges)
    needed = nodes + AZURE_RESERVED_ADDRESSES + OTHER_NODE_SUBNET_ADDRESSES
    if subnet.num_addresses < needed:
        yield Problem(
            "network.subnets.aks_nodes",
            f"{subnet} has {subnet.num_addresses} addresses; {nodes} nodes while upgrading need {needed}; "
            "choose a larger range or lower max_count",
        )


@rule(SYSTEM, USER, "cluster.kubernetes.pod_cidr")
def _pods_fit(system: NodePoolSettings, user: UserPools, pods: IPv4Network) -> Iterator[Problem]:
    nodes = _most_nodes(system, *user)
    if 2 ** (24 - pods.prefixlen) < nodes:
        yield Problem(
            "cluster.kubernetes.pod_cidr",
            f"{pods} is too small: every node takes a /24, and there are up to {nodes} nodes while upgrading; "
            "choose a larger range or lower max_count",
        )


def _most_nodes(*pools: NodePoolSettings) -> int:
    return sum(pool.max_count + -(-pool.max_count * UPGRADE_SURGE_PERCENT // 100) for pool in pools)


# https://learn.microsoft.com/azure/aks/free-standard-pricing-tiers (2026-07-06)
MOST_NODES_OF_THE_FREE_TIER = 1000


@rule("cluster.kubernetes.sku_tier", SYSTEM, USER)
def _free_control_plane_bears_the_nodes(
    sku_tier: ClusterTier, system: NodePoolSettings, user: UserPools
) -> Iterator[Problem]:
    nodes = sum(pool.max_count for pool in (system, *user))
    if sku_tier is ClusterTier.FREE and nodes > MOST_NODES_OF_THE_FREE_TIER:
        yield Problem(
            "cluster.kubernetes.sku_tier",
            f"Free has at most {MOST_NODES_OF_THE_FREE_TIER} nodes, and max_count adds up to {nodes}; "
            "choose Standard, or lower max_count",
        )


@rule(SYSTEM, "tier")
def _system_pool_is_sound(pool: NodePoolSettings, tier: Tier) -> Iterator[Problem]:
    yield from _pool_is_sound(SYSTEM, pool)
    fewest = 3 if tier is Tier.PRODUCTION else 1
    if pool.min_count < fewest:
        who = "production" if tier is Tier.PRODUCTION else "a system pool"
        yield Problem(f"{SYSTEM}.min_count", f"{pool.min_count} is too few; {who} needs at least {fewest}")


@doubt(f"{SYSTEM}.max_count", SYSTEM)
def _system_pods_fit_in_the_pool(most: int, pool: NodePoolSettings) -> Iterator[str]:
    node = left_on_a_node(pool)
    if node is None:
        return
    millicores, memory_mib = node.millicores * most, node.memory_mib * most
    if millicores < SYSTEM_PODS.millicores or memory_mib < SYSTEM_PODS.memory_mib:
        yield (
            f"{most} is too few: {pool.vm_size} times {most} leaves about {millicores} millicores and {memory_mib} MiB "
            f"to the cluster's own pods, which need {SYSTEM_PODS.millicores} and {SYSTEM_PODS.memory_mib}; raise it, "
            "or choose a larger vm_size"
        )


@rule(USER, "tier")
def _user_pools_are_sound(pools: UserPools, tier: Tier) -> Iterator[Problem]:
    for index, pool in enumerate(pools):
        path = f"{USER}.{index}"
        yield from _pool_is_sound(path, pool)
        yield from _nodes_are_marked_soundly(path, pool)
        if pool.availability_zones is not None and len(set(pool.availability_zones)) != len(pool.availability_zones):
            yield Problem(
                f"{path}.availability_zones",
                f"{list(pool.availability_zones)} names a zone twice; name each once",
            )
        if pool.name == SYSTEM_POOL or pool.name.endswith(TEMPORARY_SUFFIX):
            yield Problem(
                f"{path}.name",
                f'"{pool.name}" is kept for the system pool, or one that stands in for another; choose another name',
            )
        if pool.name in {earlier.name for earlier in pools[:index]}:
            yield Problem(f"{path}.name", f'"{pool.name}" is the name of two pools; choose another')
    general = [index for index, pool in enumerate(pools) if pool.takes_any_pod]
    if not general:
        yield Problem(
            USER,
            "holds no pool that takes any pod: each is on spot, has Arm processors, GPUs or taints; "
            "add one without, for the application",
        )
    elif tier is Tier.PRODUCTION and (fewest := sum(pools[index].min_count for index in general)) < 2:
        yield Problem(
            f"{USER}.{general[0]}.min_count",
            f"{fewest} is too few; production needs at least 2 in the pools that take any pod",
        )


def _pool_is_sound(path: str, pool: NodePoolSettings) -> Iterator[Problem]:
    if pool.min_count > pool.max_count:
        yield Problem(f"{path}.min_count", f"{pool.min_count} is more than max_count, {pool.max_count}; lower it")


def _nodes_are_marked_soundly(path: str, pool: UserPoolSettings) -> Iterator[Problem]:
    for key, marks in (("labels", pool.labels), ("taints", pool.taints)):
        names = [mark.partition("=")[0] for mark in marks]
        for name in names:
            # https://learn.microsoft.com/azure/aks/use-labels#reserved-prefixes
            if name.partition("/")[0].endswith(("kubernetes.io", "k8s.io", "kubernetes.azure.com")) and "/" in name:
                yield Problem(f"{path}.{key}", f"\"{name}\" is Kubernetes' or Azure's own; choose another prefix")
        yield from (
            Problem(f"{path}.{key}", f'"{mark}" stands in the list twice; name each once')
            for mark, number in Counter(names if key == "labels" else marks).items()
            if number > 1
        )


@doubt(f"{SYSTEM}.os_disk_size_gb", SYSTEM)
def _system_disk_fits(_gigabytes: int | None, pool: NodePoolSettings) -> Iterator[str]:
    yield from _too_large_a_disk(pool)


@doubt(f"{USER}.os_disk_size_gb", USER)
def _user_disks_fit(_gigabytes: tuple[int | None, ...], pools: UserPools) -> Iterator[str]:
    for pool in pools:
        yield from _too_large_a_disk(pool)


def _too_large_a_disk(pool: NodePoolSettings) -> Iterator[str]:
    most = pool.size.ephemeral_os_disk_gib if pool.size else 0
    # Where there is none, a managed disk of any size takes its place.
    if 0 < most < pool.os_disk_gb:
        yield (
            f"{pool.os_disk_gb} is more than the {most} GiB that {pool.vm_size} can hold; "
            "lower it, or choose a larger size"
        )
