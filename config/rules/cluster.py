"""What the cluster and its database demand of the settings."""

from collections.abc import Iterator
from ipaddress import IPv4Network

from config.cluster.kubernetes import ClusterTier
from config.cluster.node_pool import UPGRADE_SURGE_PERCENT, NodePoolSettings
from config.cluster.sql import SqlServerSettings
from config.network.address_plan import subnet_range
from config.network.subnets import SubnetKey, SubnetRanges
from config.rules.addresses import AZURE_RESERVED_ADDRESSES
from config.rules.rule import Problem, rule
from config.types import Tier

# The load balancer's frontend and the API server's private endpoint stand in the node subnet.
OTHER_NODE_SUBNET_ADDRESSES = 2


@rule(
    "cluster.kubernetes.system_pool",
    "cluster.kubernetes.user_pool",
    "network.spoke.address_space",
    "network.subnets",
)
def _nodes_fit(
    system: NodePoolSettings, user: NodePoolSettings, spoke: IPv4Network, ranges: SubnetRanges
) -> Iterator[Problem]:
    nodes = _most_nodes(system) + _most_nodes(user)
    subnet = subnet_range(SubnetKey.AKS_NODES, None, spoke, ranges)
    needed = nodes + AZURE_RESERVED_ADDRESSES + OTHER_NODE_SUBNET_ADDRESSES
    if subnet.num_addresses < needed:
        yield Problem(
            "network.subnets.aks_nodes",
            f"{subnet} has {subnet.num_addresses} addresses; {nodes} nodes while upgrading need {needed}; "
            "choose a larger range or lower max_count",
        )


@rule("cluster.kubernetes.system_pool", "cluster.kubernetes.user_pool", "cluster.kubernetes.pod_cidr")
def _pods_fit(system: NodePoolSettings, user: NodePoolSettings, pods: IPv4Network) -> Iterator[Problem]:
    nodes = _most_nodes(system) + _most_nodes(user)
    if 2 ** (24 - pods.prefixlen) < nodes:
        yield Problem(
            "cluster.kubernetes.pod_cidr",
            f"{pods} is too small: every node takes a /24, and there are up to {nodes} nodes while upgrading; "
            "choose a larger range or lower max_count",
        )


def _most_nodes(pool: NodePoolSettings) -> int:
    return pool.max_count + -(-pool.max_count * UPGRADE_SURGE_PERCENT // 100)


@rule("cluster.kubernetes.service_cidr")
def _service_range_has_a_usable_size(services: IPv4Network) -> Iterator[Problem]:
    if not 13 <= services.prefixlen <= 27:
        yield Problem("cluster.kubernetes.service_cidr", f"{services} must be from /13 to /27 in size")


@rule("cluster.kubernetes.system_pool", "tier")
def _system_pool_is_sound(pool: NodePoolSettings, tier: Tier) -> Iterator[Problem]:
    yield from _pool_is_sound("cluster.kubernetes.system_pool", pool, 3 if tier is Tier.PRODUCTION else 1)


@rule("cluster.kubernetes.user_pool", "tier")
def _user_pool_is_sound(pool: NodePoolSettings, tier: Tier) -> Iterator[Problem]:
    yield from _pool_is_sound("cluster.kubernetes.user_pool", pool, 2 if tier is Tier.PRODUCTION else 1)


def _pool_is_sound(path: str, pool: NodePoolSettings, fewest: int) -> Iterator[Problem]:
    if pool.min_count > pool.max_count:
        yield Problem(f"{path}.min_count", f"{pool.min_count} is more than max_count, {pool.max_count}; lower it")
    if pool.min_count < fewest:
        yield Problem(f"{path}.min_count", f"{pool.min_count} is too few; production needs at least {fewest}")
    local_disk = _local_disk_gb(pool)
    if pool.os_disk_size_gb > local_disk:
        yield Problem(
            f"{path}.os_disk_size_gb",
            f"{pool.os_disk_size_gb} is more than the {local_disk} GB local disk of {pool.vm_size}; "
            "lower it or choose a larger size",
        )


def _local_disk_gb(pool: NodePoolSettings) -> int:
    # 75 GB for every two virtual processors; 110 GB in generation 6, in several disks where it is more than 440 GB.
    # https://learn.microsoft.com/azure/virtual-machines/sizes/general-purpose/ddsv5-series and its sisters
    return min(pool.processors * 55, 440) if pool.vm_size.endswith("_v6") else pool.processors * 75 // 2


@rule("cluster.kubernetes.sku_tier", "tier")
def _production_has_an_sla(sku_tier: ClusterTier, tier: Tier) -> Iterator[Problem]:
    if tier is Tier.PRODUCTION and sku_tier is ClusterTier.FREE:
        yield Problem("cluster.kubernetes.sku_tier", "Free has no SLA; production needs Standard")


@rule("cluster.sql", "tier", "availability_zones")
def _database_is_sound(sql: SqlServerSettings, tier: Tier, zones: tuple[int, ...]) -> Iterator[Problem]:
    if sql.auto_pause_delay_in_minutes != -1:
        path = "cluster.sql.auto_pause_delay_in_minutes"
        if not sql.is_serverless:
            yield Problem(
                path, f"{sql.database_sku_name} never pauses; leave it out, or choose a serverless (GP_S) objective"
            )
        if sql.auto_pause_delay_in_minutes < 15:
            yield Problem(path, f"{sql.auto_pause_delay_in_minutes} must be -1 (never) or from 15 to 10080")
        if tier is Tier.PRODUCTION:
            yield Problem(
                path,
                f"{sql.auto_pause_delay_in_minutes} lets the database pause, and a paused one refuses the first "
                "sign-in; production must leave it out",
            )
    if sql.zone_redundant and not sql.database_sku_name.startswith("BC_"):
        yield Problem(
            "cluster.sql.zone_redundant",
            f"{sql.database_sku_name} is zone redundant in some regions only; choose a BC objective",
        )
    if sql.zone_redundant and not zones:
        yield Problem(
            "cluster.sql.zone_redundant", "true needs zones, and availability_zones is []; name zones or leave this out"
        )
