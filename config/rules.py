"""Rules between settings: what Azure, or the platform's promises, demand of several values together.

Each rule names the settings it reads. It runs when all of them are valid in themselves, whatever else is wrong in the
file, so that one report holds every mistake.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from ipaddress import IPv4Network
from itertools import combinations
from typing import Any

from config.address_plan import SUBNET_SLOTS, AddressPlan, SubnetRanges, plan_addresses
from config.application import ApplicationSettings
from config.kubernetes_cluster import UPGRADE_SURGE_PERCENT, ClusterTier, NodePoolSettings
from config.sql_server import SqlServerSettings
from config.state_storage import Replication
from config.types import Tier


@dataclass(frozen=True)
class Problem:
    """What is wrong with the setting at a path, and how to mend it."""

    path: str
    message: str


@dataclass(frozen=True)
class Rule:
    """A check over the settings at `paths`, in that order."""

    paths: tuple[str, ...]
    check: Callable[..., Iterator[Problem]]


RULES: list[Rule] = []


def _rule(*paths: str) -> Callable[[Callable[..., Iterator[Problem]]], Callable[..., Iterator[Problem]]]:
    def register(check: Callable[..., Iterator[Problem]]) -> Callable[..., Iterator[Problem]]:
        RULES.append(Rule(paths, check))
        return check

    return register


# --- Zones and regions ------------------------------------------------------------------------------------------------


@_rule("availability_zones", "tier")
def _zones_are_used(zones: tuple[int, ...], tier: Tier) -> Iterator[Problem]:
    if len(set(zones)) != len(zones):
        yield Problem("availability_zones", f"{list(zones)} names a zone twice; name each once")
    if tier is Tier.PRODUCTION and len(set(zones)) < 2:
        yield Problem(
            "availability_zones", f"{list(zones)} survives no zone's failure; production needs at least two zones"
        )


# They replicate to no other region: https://learn.microsoft.com/azure/reliability/regions-list
UNPAIRED_REGIONS = frozenset({"italynorth", "polandcentral", "spaincentral"})


@_rule("region", "state_backend.replication", "tier")
def _state_survives(region: str, replication: Replication, tier: Tier) -> Iterator[Problem]:
    if region in UNPAIRED_REGIONS and replication is Replication.GEO_ZONE:
        yield Problem("state_backend.replication", f"{replication} needs a paired region, {region} has none; use ZRS")
    if tier is Tier.PRODUCTION and replication is not Replication.GEO_ZONE and region not in UNPAIRED_REGIONS:
        yield Problem(
            "state_backend.replication", f"{replication} loses the state with its region; production needs GZRS"
        )


# --- Addresses --------------------------------------------------------------------------------------------------------

# Azure keeps five addresses of every subnet: https://learn.microsoft.com/azure/virtual-network/virtual-networks-faq
AZURE_RESERVED_ADDRESSES = 5

# What AKS refuses as pod, service or node addresses: https://learn.microsoft.com/azure/aks/azure-cni-overlay#ip-address-planning
# 172.17.0.0/16 is the container runtime's default bridge; what AKS refuses beside these is not private anyway.
AKS_RESERVED_RANGES = tuple(IPv4Network(text) for text in ("172.17.0.0/16", "172.30.0.0/16", "172.31.0.0/16"))

PRIVATE_RANGES = tuple(IPv4Network(text) for text in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10"))


@_rule("network.hub.address_space", "network.spoke.address_space", "network.subnets")
def _subnets_fit(hub: IPv4Network, spoke: IPv4Network, ranges: SubnetRanges) -> Iterator[Problem]:
    plan = plan_addresses(hub, spoke, ranges)
    for key, subnet in plan.subnets.items():
        yield from _subnet_fits(key, subnet, plan, planned=getattr(ranges, key) is None)
    for first, second in combinations(plan.subnets, 2):
        ours, theirs = plan.subnets[first], plan.subnets[second]
        neighbours = SUBNET_SLOTS[first].virtual_network == SUBNET_SLOTS[second].virtual_network
        if neighbours and ours.overlaps(theirs):
            changed = first if getattr(ranges, first) is not None else second
            yield Problem(
                f"network.subnets.{changed}",
                f"{plan.subnets[changed]} overlaps {second if changed == first else first}, "
                f"{theirs if changed == first else ours}; choose a free range",
            )


def _subnet_fits(key: str, subnet: IPv4Network, plan: AddressPlan, *, planned: bool) -> Iterator[Problem]:
    slot, network = SUBNET_SLOTS[key], plan.virtual_network_of(key)
    if subnet.prefixlen > slot.longest_prefix_length:
        yield Problem(
            f"network.subnets.{key}",
            f"{subnet} is too small: the subnet needs a range of /{slot.longest_prefix_length} or larger",
        )
    if not subnet.subnet_of(network):
        if planned:
            where = f"network.{slot.virtual_network}.address_space"
            yield Problem(where, f"{network} has no room for {key}, planned at {subnet}; use a larger range")
        else:
            yield Problem(
                f"network.subnets.{key}",
                f"{subnet} lies outside its virtual network {network}; choose a range inside it",
            )


RANGES = (
    "network.hub.address_space",
    "network.spoke.address_space",
    "cluster.kubernetes.pod_cidr",
    "cluster.kubernetes.service_cidr",
)


def _is_private_and_free(path: str) -> None:
    @_rule(path)
    def check(network: IPv4Network) -> Iterator[Problem]:
        if not any(network.subnet_of(private) for private in PRIVATE_RANGES):
            yield Problem(path, f"{network} is not private; choose from {', '.join(map(str, PRIVATE_RANGES))}")
        for reserved in AKS_RESERVED_RANGES:
            if network.overlaps(reserved):
                yield Problem(path, f"{network} overlaps {reserved}, which AKS keeps for itself; choose another range")


def _keeps_apart(first: str, second: str) -> None:
    @_rule(first, second)
    def check(ours: IPv4Network, theirs: IPv4Network) -> Iterator[Problem]:
        if ours.overlaps(theirs):
            yield Problem(second, f"{theirs} overlaps {first}, {ours}; choose ranges that are apart")


for _path in RANGES:
    _is_private_and_free(_path)
for _first, _second in combinations(RANGES, 2):
    _keeps_apart(_first, _second)


# --- Cluster ----------------------------------------------------------------------------------------------------------

# The load balancer's frontend and the API server's private endpoint stand in the node subnet.
OTHER_NODE_SUBNET_ADDRESSES = 2


@_rule(
    "cluster.kubernetes.system_pool",
    "cluster.kubernetes.user_pool",
    "network.hub.address_space",
    "network.spoke.address_space",
    "network.subnets",
)
def _nodes_fit(
    system: NodePoolSettings, user: NodePoolSettings, hub: IPv4Network, spoke: IPv4Network, ranges: SubnetRanges
) -> Iterator[Problem]:
    nodes = _most_nodes(system) + _most_nodes(user)
    subnet = plan_addresses(hub, spoke, ranges).aks_nodes
    needed = nodes + AZURE_RESERVED_ADDRESSES + OTHER_NODE_SUBNET_ADDRESSES
    if subnet.num_addresses < needed:
        yield Problem(
            "network.subnets.aks_nodes",
            f"{subnet} has {subnet.num_addresses} addresses; {nodes} nodes while upgrading need {needed}; "
            "choose a larger range or lower max_count",
        )


@_rule("cluster.kubernetes.system_pool", "cluster.kubernetes.user_pool", "cluster.kubernetes.pod_cidr")
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


@_rule("cluster.kubernetes.service_cidr")
def _service_range_has_a_usable_size(services: IPv4Network) -> Iterator[Problem]:
    if not 12 <= services.prefixlen <= 27:
        yield Problem("cluster.kubernetes.service_cidr", f"{services} must be from /12 to /27 in size")


@_rule("cluster.kubernetes.system_pool", "tier")
def _system_pool_is_sound(pool: NodePoolSettings, tier: Tier) -> Iterator[Problem]:
    yield from _pool_is_sound("cluster.kubernetes.system_pool", pool, 3 if tier is Tier.PRODUCTION else 1)


@_rule("cluster.kubernetes.user_pool", "tier")
def _user_pool_is_sound(pool: NodePoolSettings, tier: Tier) -> Iterator[Problem]:
    yield from _pool_is_sound("cluster.kubernetes.user_pool", pool, 2 if tier is Tier.PRODUCTION else 1)


def _pool_is_sound(path: str, pool: NodePoolSettings, fewest: int) -> Iterator[Problem]:
    if pool.min_count > pool.max_count:
        yield Problem(f"{path}.min_count", f"{pool.min_count} is more than max_count, {pool.max_count}; lower it")
    if pool.min_count < fewest:
        yield Problem(f"{path}.min_count", f"{pool.min_count} is too few; production needs at least {fewest}")
    local_disk = _local_disk_gb(pool.vm_size)
    if pool.os_disk_size_gb > local_disk:
        yield Problem(
            f"{path}.os_disk_size_gb",
            f"{pool.os_disk_size_gb} is more than the {local_disk} GB local disk of {pool.vm_size}; "
            "lower it or choose a larger size",
        )


def _local_disk_gb(vm_size: str) -> int:
    # 75 GB for every two virtual processors; 110 GB in generation 6, in several disks where it is more than 440 GB.
    # https://learn.microsoft.com/azure/virtual-machines/sizes/general-purpose/ddsv5-series and its sisters
    processors = int(re.sub(r"\D", "", vm_size.split("_")[1]))
    return min(processors * 55, 440) if vm_size.endswith("_v6") else processors * 75 // 2


@_rule("cluster.kubernetes.sku_tier", "tier")
def _production_has_an_sla(sku_tier: ClusterTier, tier: Tier) -> Iterator[Problem]:
    if tier is Tier.PRODUCTION and sku_tier is ClusterTier.FREE:
        yield Problem("cluster.kubernetes.sku_tier", "Free has no SLA; production needs Standard")


# --- Database ---------------------------------------------------------------------------------------------------------


@_rule("cluster.sql", "tier", "availability_zones")
def _database_is_sound(sql: SqlServerSettings, tier: Tier, zones: tuple[int, ...]) -> Iterator[Problem]:
    serverless = sql.database_sku_name.startswith("GP_S_")
    if sql.auto_pause_delay_in_minutes != -1:
        path = "cluster.sql.auto_pause_delay_in_minutes"
        if not serverless:
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
            "cluster.sql.zone_redundant", f"{sql.database_sku_name} cannot be zone redundant; choose a BC objective"
        )
    if sql.zone_redundant and not zones:
        yield Problem(
            "cluster.sql.zone_redundant", "true needs zones, and availability_zones is []; name zones or leave this out"
        )


# --- Application ------------------------------------------------------------------------------------------------------

# What AKS and its add-ons own; `kube-` belongs to Kubernetes, `aks-` to add-ons such as the service mesh.
TAKEN_NAMESPACES = frozenset({"default", "gatekeeper-system", "calico-system", "tigera-operator", "app-routing-system"})


@_rule("workloads.application", "tier")
def _application_is_sound(application: ApplicationSettings, tier: Tier) -> Iterator[Problem]:
    if application.min_replicas > application.max_replicas:
        yield Problem(
            "workloads.application.min_replicas",
            f"{application.min_replicas} is more than max_replicas, {application.max_replicas}; lower it",
        )
    if tier is Tier.PRODUCTION and application.min_replicas < 2:
        yield Problem("workloads.application.min_replicas", "1 survives no node's upgrade; production needs at least 2")
    if application.namespace in TAKEN_NAMESPACES or application.namespace.startswith(("kube-", "aks-")):
        yield Problem(
            "workloads.application.namespace", f"{application.namespace} belongs to the cluster; choose another name"
        )
    # A vault tells names apart by their letters, not by their case.
    if len({name.lower() for name in application.vault_secrets}) != len(application.vault_secrets):
        yield Problem(
            "workloads.application.vault_secrets",
            f"{list(application.vault_secrets)} names a secret twice; name each once",
        )


def problems(lookup: Callable[[str], Any]) -> Iterator[Problem]:
    """Run every rule whose settings are all valid in themselves.

    `lookup` gives the value at a path, and raises LookupError where there is no valid one.
    """
    for rule in RULES:
        try:
            values = [lookup(path) for path in rule.paths]
        except LookupError:
            continue
        yield from rule.check(*values)
