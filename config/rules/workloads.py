"""What the application's settings demand of each other."""

from collections import Counter
from collections.abc import Iterator
from typing import Literal

from config.cluster.kubernetes import KubernetesClusterSettings
from config.cluster.node_capacity import DAEMON_PODS, left_on_a_node
from config.cluster.node_pool import UserPoolSettings
from config.network.application_gateway import ApplicationGatewaySettings
from config.network.egress import Egress
from config.network.firewall import EgressRuleSettings
from config.network.subnets import SubnetKey
from config.rules.registration import Problem, doubt, rule
from config.types import Tier
from config.workloads.application import ApplicationSettings, PodResources


@rule("network.egress", "workloads.application.vault_secrets")
def _secrets_need_entra(egress: Egress, secrets: tuple[str, ...]) -> Iterator[Problem]:
    if egress.nature.isolates_the_cluster and secrets:
        yield Problem(
            "workloads.application.vault_secrets",
            f"{secrets[0]} is fetched with a token of Entra, which egress {egress} does not reach; "
            "remove all of them, or choose another egress",
        )


@rule("workloads.application.reached_hosts", "cluster.kubernetes")
def _names_are_known(hosts: tuple[str, ...], cluster: KubernetesClusterSettings) -> Iterator[Problem]:
    if hosts and not cluster.advanced_networking:
        yield Problem(
            "workloads.application.reached_hosts",
            f"{hosts[0]} is not used without cluster.kubernetes.advanced_networking: pods reach all that egress lets "
            "nodes reach; turn it on, or remove the names",
        )


@rule("workloads.application.reached_hosts", "network.egress", "network.firewall.extra_rules")
def _egress_reaches_the_hosts(
    hosts: tuple[str, ...], egress: Egress, rules: tuple[EgressRuleSettings, ...]
) -> Iterator[Problem]:
    path = "workloads.application.reached_hosts"
    if hosts and egress.nature.isolates_the_cluster:
        yield Problem(path, f"{hosts[0]} is out of reach with egress {egress}; remove it, or choose another egress")
    open_to_nodes = {host for one in rules if one.source is SubnetKey.AKS_NODES for host in one.hosts}
    for host in hosts if egress is Egress.FIREWALL else ():
        if host not in open_to_nodes:
            yield Problem(
                path,
                f"{host} is not open in the firewall; name it in a rule of network.firewall.extra_rules for aks_nodes",
            )


def _a_pod_fits_on_a_node(key: Literal["millicores", "memory_mib"], setting: str) -> None:
    @doubt(setting, "cluster.kubernetes.user_pools")
    def check(wanted: int, pools: tuple[UserPoolSettings, ...]) -> Iterator[str]:
        nodes = [(left_on_a_node(pool), pool.vm_size) for pool in pools if pool.takes_any_pod]
        if not nodes or any(node is None for node, _ in nodes):
            return
        most, size = max((getattr(node, key), size) for node, size in nodes)
        if wanted > most:
            yield (
                f"{wanted} is more than the {most} or so that {size} has left for it; lower it, or choose a "
                "larger vm_size in cluster.kubernetes.user_pools"
            )


_a_pod_fits_on_a_node("millicores", "workloads.application.resources.cpu_millicores")
_a_pod_fits_on_a_node("memory_mib", "workloads.application.resources.memory_mib")


@doubt("workloads.application.min_replicas", "workloads.application.resources", "cluster.kubernetes.user_pools")
def _replicas_fit_in_the_pools(replicas: int, pod: PodResources, pools: tuple[UserPoolSettings, ...]) -> Iterator[str]:
    most = _pods_in(pools, pod)
    # A pod that fits on no node is another rule's.
    if 0 < most < replicas:
        yield (
            f"{replicas} is more than the {most} or so that fit on {_nodes(pools)}; "
            "lower it, or raise max_count in cluster.kubernetes.user_pools"
        )


@doubt("workloads.application.max_replicas", "workloads.application.resources", "cluster.kubernetes.user_pools")
def _more_replicas_find_nodes(replicas: int, pod: PodResources, pools: tuple[UserPoolSettings, ...]) -> Iterator[str]:
    most = _pods_in(pools, pod)
    # Twice, for the number is an estimate, and some that wait at a peak do no harm.
    if 0 < 2 * most < replicas:
        yield (
            f"{replicas} is far more than the {most} or so that fit on {_nodes(pools)}; "
            "lower it, or raise max_count in cluster.kubernetes.user_pools"
        )


def _pods_in(pools: tuple[UserPoolSettings, ...], pod: PodResources) -> int:
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


def _nodes(pools: tuple[UserPoolSettings, ...]) -> str:
    return " and ".join(f"{pool.max_count} {pool.vm_size}" for pool in pools if pool.takes_any_pod)


@rule("workloads.application.reached_hosts")
def _each_host_is_named_once(hosts: tuple[str, ...]) -> Iterator[Problem]:
    for host, number in Counter(hosts).items():
        if number > 1:
            yield Problem(
                "workloads.application.reached_hosts", f"{host} stands in the list twice; name each host once"
            )


@rule("workloads.application.vault_secrets", "network.application_gateway")
def _pods_get_no_certificate(secrets: tuple[str, ...], gateway: ApplicationGatewaySettings | None) -> Iterator[Problem]:
    # A certificate's private key is the vault's secret of the same name.
    if gateway is not None and gateway.certificate_name.lower() in {name.lower() for name in secrets}:
        yield Problem(
            "workloads.application.vault_secrets",
            f"{gateway.certificate_name} is the private key of network.application_gateway.certificate_name; remove it",
        )


@rule("workloads.application", "tier")
def _application_is_sound(application: ApplicationSettings, tier: Tier) -> Iterator[Problem]:
    if application.min_replicas > application.max_replicas:
        yield Problem(
            "workloads.application.min_replicas",
            f"{application.min_replicas} is more than max_replicas, {application.max_replicas}; lower it",
        )
    if tier is Tier.PRODUCTION and application.min_replicas < 2:
        yield Problem("workloads.application.min_replicas", "1 survives no node's upgrade; production needs at least 2")
    # A vault tells names apart by their letters, not by their case.
    times = Counter(name.lower() for name in application.vault_secrets)
    for name in sorted(name for name, number in times.items() if number > 1):
        yield Problem("workloads.application.vault_secrets", f'"{name}" stands in the list twice; name each once')
