"""What the application's settings demand of each other."""

from collections.abc import Iterator

from config.cluster.node_pool import NodePoolSettings
from config.network.application_gateway import ApplicationGatewaySettings
from config.network.egress import Egress
from config.rules.rule import Problem, rule
from config.types import Tier
from config.workloads.application import ApplicationSettings, PodResources

# What AKS and its add-ons own; `kube-` belongs to Kubernetes, `aks-` to add-ons such as the service mesh.
TAKEN_NAMESPACES = frozenset({"default", "gatekeeper-system", "calico-system", "tigera-operator", "app-routing-system"})


@rule("network.egress", "workloads.application.vault_secrets")
def _secrets_need_entra(egress: Egress, secrets: tuple[str, ...]) -> Iterator[Problem]:
    if egress.nature.isolates_the_cluster and secrets:
        yield Problem(
            "workloads.application.vault_secrets",
            f"{list(secrets)} are fetched with a token of Entra, which egress {egress} does not reach; "
            "remove them or choose another egress",
        )


@rule("workloads.application.name", "network.application_gateway")
def _identities_have_names_of_their_own(name: str, gateway: ApplicationGatewaySettings | None) -> Iterator[Problem]:
    if name in ("aks", "kubelet") or (gateway is not None and name == "application-gateway"):
        yield Problem("workloads.application.name", f"{name} names an identity of the platform; choose another name")


@rule("workloads.application.resources", "cluster.kubernetes.user_pool")
def _pods_fit_on_a_node(pod: PodResources, pool: NodePoolSettings) -> Iterator[Problem]:
    path, mend = "workloads.application.resources", "lower it, or choose a larger cluster.kubernetes.user_pool.vm_size"
    for key, wanted, left in (
        ("cpu_millicores", pod.cpu_millicores, pool.millicores_for_pods),
        ("memory_mib", pod.memory_mib, pool.memory_mib_for_pods),
    ):
        if wanted > left:
            yield Problem(f"{path}.{key}", f"{wanted} is more than the {left} that {pool.vm_size} has for pods; {mend}")


@rule("workloads.application", "tier")
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
