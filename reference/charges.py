"""What an environment pays for by the hour, used or not, added up from its settings."""

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from config.cluster.kubernetes import ClusterTier
from config.cluster.node_pool import NodePoolSettings
from config.cluster.registry import ContainerRegistrySettings
from config.cluster.sql import SqlServerSettings
from config.defender import DefenderPlans
from config.environment import EnvironmentSettings
from config.network.agents import Agents
from config.network.api_server import ApiServer
from config.network.bastion import BastionTier
from config.network.egress import Egress
from config.network.firewall import FirewallTier
from config.network.network import NetworkSettings
from config.network.subnets import SUBNETS
from config.vm_sizes import known_size
from constructs_lib.monitoring.alert_rules import (
    CLUSTER_ALERTS,
    CONTAINER_ALERTS,
    DATABASE_ALERTS,
    FIREWALL_ALERTS,
    FIREWALL_METRIC_ALERTS,
    VAULT_ALERTS,
)
from constructs_lib.network.private_link_resources import BLOB_STORAGE, served_at
from reference.prices import (
    HOURS_A_MONTH,
    PRICES,
    USD_A_MONTH_OF_A_PREMIUM_DISK,
    USD_AN_HOUR_OF_A_PROCESSOR,
)

# Of the image that it starts from.
JUMP_BOX_DISK_GB = 32


class Charge(NamedTuple):
    """What an environment pays for, whether or not it is used."""

    what: str
    quantity: float
    usd_a_month: float | None
    """For all of them; None: this page does not know the price."""

    because: str
    """The setting that asks for it."""


def bill(environment: EnvironmentSettings) -> tuple[Charge, ...]:
    """Everything that the environment pays for by the hour."""
    network = environment.network
    return (
        *_egress(network),
        *_ways_in(network),
        *_ddos_protection(network),
        *_private_links(environment),
        *_registry(environment.cluster.registry),
        *_cluster(environment),
        *(_database(environment.cluster.sql) if environment.cluster.sql else ()),
        *_disk_key(environment),
        *_defender(environment),
        *_monitoring(environment),
    )


def total(charges: Iterable[Charge]) -> float:
    """USD a month, of all whose price is known."""
    return sum(charge.usd_a_month or 0 for charge in charges)


def _charge(what: str, quantity: float, because: str) -> Charge:
    return Charge(what, quantity, quantity * PRICES[what].usd_a_month, because)


def _egress(network: NetworkSettings) -> Iterator[Charge]:
    because = f'`network.egress = "{network.egress}"`'
    addresses = 0
    if network.egress is Egress.FIREWALL:
        tier = network.firewall.sku_tier
        yield _charge(f"Azure Firewall {tier}", 1, f'`network.firewall.sku_tier = "{tier}"`')
        # A Basic firewall is managed through an address of its own.
        addresses = 2 if tier is FirewallTier.BASIC else 1
    elif network.egress is Egress.NAT_GATEWAY:
        plan = network.address_plan
        homes = {plan.home_of(key) for key in plan.subnets if SUBNETS[key].asks_outside}
        yield _charge("NAT gateway", len(homes), because)
        addresses = len(homes)
    elif network.egress is Egress.LOAD_BALANCER:
        yield _charge("Load balancer with up to five rules", 1, because)
        addresses = 1
    if addresses:
        yield _charge("Public address", addresses, because)


def _ways_in(network: NetworkSettings) -> Iterator[Charge]:
    if network.bastion is not BastionTier.NONE:
        yield _charge(f"Bastion {network.bastion}", 1, f'`network.bastion = "{network.bastion}"`')
        yield _charge("Public address", 1, f'`network.bastion = "{network.bastion}"`')
    if network.jump_box is not None:
        yield _machines(network.jump_box.vm_size, 1, "`network.jump_box`")
        disk = USD_A_MONTH_OF_A_PREMIUM_DISK[JUMP_BOX_DISK_GB]
        yield Charge("Disk of the jump box", 1, disk, "`network.jump_box`")
    if (gateway := network.application_gateway) is not None:
        because = "`network.application_gateway`"
        yield _charge("Application Gateway WAF v2", 1, because)
        yield _charge(
            "Application Gateway WAF v2, ten capacity units", gateway.min_capacity, f"{because}, `min_capacity`"
        )
        yield _charge("Public address", 1, because)
    if network.front_door is not None:
        yield _charge("Front Door Premium", 1, "`network.front_door`")


def _ddos_protection(network: NetworkSettings) -> Iterator[Charge]:
    if not network.ddos_ip_protection:
        return
    addresses = int(network.bastion is not BastionTier.NONE) + int(network.application_gateway is not None)
    if network.egress is Egress.FIREWALL:
        addresses += 2 if network.firewall.sku_tier is FirewallTier.BASIC else 1
    yield _charge("DDoS IP Protection", addresses, "`network.ddos_ip_protection`")


def _private_links(environment: EnvironmentSettings) -> Iterator[Charge]:
    network, served = environment.network, served_at(environment.private_addresses)
    services = [str(resource.address) for resource in served if resource is not BLOB_STORAGE]
    yield _charge("Private endpoint", len(services), ", ".join(services))
    if network.agents is not Agents.NONE:
        yield _charge("Private endpoint", 1, "the state account, for the agents")
    if network.api_server is ApiServer.PRIVATE_ENDPOINT:
        yield _charge("Private endpoint", 1, "the API server")
    # And that of the API server.
    yield _charge("Private DNS zone", len(served) + 1, "names of what has an endpoint")


def _registry(registry: ContainerRegistrySettings) -> Iterator[Charge]:
    if registry.existing_registry_id is None:
        yield _charge("Container registry Premium", 1, "`cluster.registry`")


def _cluster(environment: EnvironmentSettings) -> Iterator[Charge]:
    kubernetes = environment.cluster.kubernetes
    if (tier := kubernetes.sku_tier) is not ClusterTier.FREE:
        yield _charge(f"AKS control plane, {tier} tier", 1, f'`cluster.kubernetes.sku_tier = "{tier}"`')
    yield from _nodes(kubernetes.system_pool, "`cluster.kubernetes.system_pool`")
    for pool in kubernetes.user_pools:
        because = f"`cluster.kubernetes.user_pools`, {pool.name}"
        if pool.spot:
            yield Charge(f"Machine {pool.vm_size} on spot", pool.min_count, None, f"{because}, `min_count`")
        else:
            yield from _nodes(pool, because)
    yield _charge("Load balancer with up to five rules", 1, "the application's internal load balancer")


def _nodes(pool: NodePoolSettings, because: str) -> Iterator[Charge]:
    yield _machines(pool.vm_size, pool.min_count, f"{because}, `min_count`")
    if not pool.os_disk_is_local:
        usd = next(usd for size, usd in USD_A_MONTH_OF_A_PREMIUM_DISK.items() if pool.os_disk_gb <= size)
        what = f"Managed disk of {pool.os_disk_gb} GB"
        yield Charge(what, pool.min_count, pool.min_count * usd, f"{because}, `os_disk_size_gb`")


def _machines(size: str, number: int, because: str) -> Charge:
    match = re.fullmatch(r"Standard_([DE]C?)([0-9]+)([a-z]+)_(v[0-9])", size)
    a_processor = USD_AN_HOUR_OF_A_PROCESSOR.get(f"{match[1]}{match[3]}_{match[4]}") if match else None
    usd = number * int(match[2]) * a_processor * HOURS_A_MONTH if match and a_processor else None
    return Charge(f"Machine {size}", number, usd, because)


def _database(sql: SqlServerSettings) -> Iterator[Charge]:
    because = f'`cluster.sql.database_sku_name = "{sql.database_sku_name}"`'
    cores = int(sql.database_sku_name.rpartition("_")[2])
    if sql.is_serverless:
        paused = sql.auto_pause_delay_in_minutes != -1
        note = "; nothing while it is paused" if paused else ", the fewest; it never pauses"
        fewest = sql.serverless_min_capacity
        yield _charge("SQL vCore, General Purpose serverless, while it runs", fewest, f"{because}{note}")
    else:
        tier = "Business Critical" if sql.database_sku_name.startswith("BC_") else "General Purpose"
        yield _charge(f"SQL vCore, {tier}", cores, because)


def _disk_key(environment: EnvironmentSettings) -> Iterator[Charge]:
    if environment.cluster.kubernetes.customer_managed_disk_key:
        yield _charge("Key Vault, key in a hardware module", 1, "`cluster.kubernetes.customer_managed_disk_key`")


def _defender(environment: EnvironmentSettings) -> Iterator[Charge]:
    if environment.defender.plans is DefenderPlans.OFF:
        return
    because = f'`defender.plans = "{environment.defender.plans}"`'
    kubernetes = environment.cluster.kubernetes
    cores = 0
    for pool in (kubernetes.system_pool, *kubernetes.user_pools):
        size = known_size(pool.vm_size)
        cores += size.processors * pool.min_count if size else 0
    yield _charge("Defender for Containers, virtual core", cores, f"{because}, `min_count` of the pools")
    servers = 1 if environment.cluster.sql else 0
    if servers:
        yield _charge("Defender for SQL, server", servers, because)
    # Those of states and, beside a server, of its audit logs.
    yield _charge("Defender for Storage, account", 1 + servers, because)
    yield _charge("Defender for Key Vault, vault", 1, because)


def _monitoring(environment: EnvironmentSettings) -> Iterator[Charge]:
    prometheus = environment.monitoring.prometheus
    if prometheus is not None and prometheus.grafana:
        yield Charge("Azure Managed Grafana", 1, None, "`monitoring.prometheus.grafana`")
    if environment.monitoring.alerts is None:
        return
    egress, because = environment.network.egress, "`monitoring.alerts`"
    logs = len(VAULT_ALERTS)
    logs += 0 if egress.nature.isolates_the_cluster else len(CONTAINER_ALERTS)
    logs += len(FIREWALL_ALERTS) if egress is Egress.FIREWALL else 0
    yield _charge("Alert on logs", logs, because)
    metrics = len(CLUSTER_ALERTS) + (len(DATABASE_ALERTS) if environment.cluster.sql else 0)
    metrics += len(FIREWALL_METRIC_ALERTS) if egress is Egress.FIREWALL else 0
    yield _charge("Alert on a metric", metrics, because)
