"""What the cluster and the machines demand of the settings."""

from collections.abc import Iterator
from ipaddress import IPv4Network

from config.cluster.company_certificate import CompanyCertificate
from config.cluster.http_proxy import HttpProxySettings
from config.cluster.kubernetes import ClusterTier
from config.cluster.kubernetes_versions import END_OF_SUPPORT
from config.cluster.node_capacity import SYSTEM_PODS, left_on_a_node
from config.cluster.node_pool import UPGRADE_SURGE_PERCENT, NodePoolSettings
from config.network.address_plan import subnet_range
from config.network.egress import Egress
from config.network.subnets import SubnetKey, SubnetRanges
from config.rules.addresses import AZURE_RESERVED_ADDRESSES
from config.rules.registration import Problem, doubt, rule
from config.types import Tier
from config.vm_sizes import known_size, lacking, numbers_of_series

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


@rule("cluster.kubernetes.company_certificates")
def _certificates_differ(certificates: tuple[CompanyCertificate, ...]) -> Iterator[Problem]:
    for index, one in enumerate(certificates):
        if one.pem in {earlier.pem for earlier in certificates[:index]}:
            path = f"cluster.kubernetes.company_certificates.{index}"
            yield Problem(path, f"{one.file} holds a certificate that is in the list already; remove one of the two")


@rule("cluster.kubernetes.http_proxy", "network.egress")
def _proxy_can_be_reached(proxy: HttpProxySettings | None, egress: Egress) -> Iterator[Problem]:
    if proxy is not None and egress.nature.isolates_the_cluster:
        yield Problem(
            "cluster.kubernetes.http_proxy",
            f"is not reached with egress {egress}; remove it, or choose another egress",
        )


@rule("cluster.kubernetes.service_cidr")
def _service_range_has_a_usable_size(services: IPv4Network) -> Iterator[Problem]:
    if not 13 <= services.prefixlen <= 27:
        yield Problem("cluster.kubernetes.service_cidr", f"{services} must be from /13 to /27 in size")


def _size_is_known(path: str, *, use: str) -> None:
    @doubt(path)
    def check(name: str) -> Iterator[str]:
        if lacking(name) is None and known_size(name) is None:
            if numbers := numbers_of_series(name):
                sold = ", ".join(map(str, numbers))
                yield f'"{name}" is no size of its series, which has {sold} processors; choose one'
            else:
                yield f'"{name}" is no size that is known here; choose another as {use}'

    @rule(path)
    def check_letters(name: str) -> Iterator[Problem]:
        if why := lacking(name):
            yield Problem(path, f'"{name}" {why}')


_size_is_known("cluster.kubernetes.system_pool.vm_size", use="a node, such as 'Standard_D4ds_v5'")
_size_is_known("cluster.kubernetes.user_pool.vm_size", use="a node, such as 'Standard_D4ds_v5'")
_size_is_known("network.jump_box.vm_size", use="the jump box, such as 'Standard_D2s_v5'")


@doubt("cluster.kubernetes.kubernetes_version")
def _version_is_known(version: str) -> Iterator[str]:
    if version not in END_OF_SUPPORT:
        yield f'"{version}" is none that the platform is made for; it must be {", ".join(END_OF_SUPPORT)}'


@rule("cluster.kubernetes.system_pool", "tier")
def _system_pool_is_sound(pool: NodePoolSettings, tier: Tier) -> Iterator[Problem]:
    path = "cluster.kubernetes.system_pool"
    yield from _pool_is_sound(path, pool, 3 if tier is Tier.PRODUCTION else 1, tier)
    # https://learn.microsoft.com/azure/aks/use-system-pools#system-and-user-node-pools
    if pool.size is not None and pool.size.is_burstable:
        yield Problem(f"{path}.vm_size", f"{pool.vm_size} is burstable, which AKS refuses here; choose a D or E size")


@doubt("cluster.kubernetes.system_pool.max_count", "cluster.kubernetes.system_pool")
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


@rule("cluster.kubernetes.user_pool", "tier")
def _user_pool_is_sound(pool: NodePoolSettings, tier: Tier) -> Iterator[Problem]:
    yield from _pool_is_sound("cluster.kubernetes.user_pool", pool, 2 if tier is Tier.PRODUCTION else 0, tier)


def _pool_is_sound(path: str, pool: NodePoolSettings, fewest: int, tier: Tier) -> Iterator[Problem]:
    if pool.min_count > pool.max_count:
        yield Problem(f"{path}.min_count", f"{pool.min_count} is more than max_count, {pool.max_count}; lower it")
    if pool.min_count < fewest:
        who = "production" if tier is Tier.PRODUCTION else "a system pool"
        yield Problem(f"{path}.min_count", f"{pool.min_count} is too few; {who} needs at least {fewest}")
    size = pool.size
    if size is None:
        return
    # https://learn.microsoft.com/azure/aks/aks-virtual-machine-sizes (2026-08)
    if size.processors < 2 or size.memory_gib < 4:
        yield Problem(f"{path}.vm_size", f"{pool.vm_size} is too small; a node needs 2 processors and 4 GiB")
    if size.ephemeral_os_disk_gib == 0:
        yield Problem(
            f"{path}.vm_size",
            f"{pool.vm_size} has no local disk (no 'd' after the number), which a node needs for its operating system",
        )


def _system_disk_fits(pool_path: str) -> None:
    @doubt(f"{pool_path}.os_disk_size_gb", pool_path)
    def check(gigabytes: int, pool: NodePoolSettings) -> Iterator[str]:
        most = pool.size.ephemeral_os_disk_gib if pool.size else 0
        # A size that holds none at all is another rule's.
        if 0 < most < gigabytes:
            yield (
                f"{gigabytes} is more than the {most} GiB that {pool.vm_size} can hold; "
                "lower it, or choose a larger size"
            )


_system_disk_fits("cluster.kubernetes.system_pool")
_system_disk_fits("cluster.kubernetes.user_pool")


# https://learn.microsoft.com/azure/aks/free-standard-pricing-tiers (2026-07-06)
MOST_NODES_OF_THE_FREE_TIER = 1000


@rule("cluster.kubernetes.sku_tier", "cluster.kubernetes.system_pool", "cluster.kubernetes.user_pool")
def _free_control_plane_bears_the_nodes(
    sku_tier: ClusterTier, system: NodePoolSettings, user: NodePoolSettings
) -> Iterator[Problem]:
    nodes = system.max_count + user.max_count
    if sku_tier is ClusterTier.FREE and nodes > MOST_NODES_OF_THE_FREE_TIER:
        yield Problem(
            "cluster.kubernetes.sku_tier",
            f"Free has at most {MOST_NODES_OF_THE_FREE_TIER} nodes, and max_count adds up to {nodes}; "
            "choose Standard, or lower max_count",
        )


@rule("cluster.kubernetes.sku_tier", "tier")
def _production_has_an_sla(sku_tier: ClusterTier, tier: Tier) -> Iterator[Problem]:
    if tier is Tier.PRODUCTION and sku_tier is ClusterTier.FREE:
        yield Problem("cluster.kubernetes.sku_tier", "Free has no SLA; production needs Standard")
