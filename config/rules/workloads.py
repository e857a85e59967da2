"""What the application's settings demand of each other."""

from collections.abc import Iterator

from config.application import ApplicationSettings
from config.egress import Egress
from config.rules.rule import Problem, rule
from config.types import Tier

# What AKS and its add-ons own; `kube-` belongs to Kubernetes, `aks-` to add-ons such as the service mesh.
TAKEN_NAMESPACES = frozenset({"default", "gatekeeper-system", "calico-system", "tigera-operator", "app-routing-system"})


@rule("network.egress", "workloads.application.vault_secrets")
def _secrets_need_entra(egress: Egress, secrets: tuple[str, ...]) -> Iterator[Problem]:
    if egress is Egress.NONE and secrets:
        yield Problem(
            "workloads.application.vault_secrets",
            f"{list(secrets)} are fetched with a token of Entra, which egress none does not reach; "
            "remove them or choose another egress",
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
