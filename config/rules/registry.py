"""What the registry asks of the settings."""

from collections.abc import Iterator
from itertools import combinations

from config.cluster.registry import CacheRuleSettings, ContainerRegistrySettings
from config.identities import IdentitiesSettings
from config.network.egress import Egress
from config.network.private_dns import PrivateDnsSettings
from config.rules.registration import Problem, rule

_PATH = "cluster.registry"
# AKS looks for Microsoft's images here, where the cluster is isolated.
_OF_AKS = "aks-managed-repository"


@rule(_PATH)
def _existing_registry_is_its_owners(registry: ContainerRegistrySettings) -> Iterator[Problem]:
    if registry.existing_registry_id is None:
        for key in ("existing_registry_region", "private_endpoint"):
            if key in registry.model_fields_set:
                yield Problem(f"{_PATH}.{key}", "is not used without existing_registry_id; give that too, or remove it")
        return
    for key in ("cache_rules", "untagged_retention_in_days"):
        if key in registry.model_fields_set:
            yield Problem(f"{_PATH}.{key}", "is for the owners of existing_registry_id to set; remove it")


@rule(f"{_PATH}.existing_registry_id", "network.egress")
def _isolated_nodes_have_a_registry_of_their_own(registry_id: str | None, egress: Egress) -> Iterator[Problem]:
    if registry_id is not None and egress.nature.isolates_the_cluster:
        yield Problem(
            f"{_PATH}.existing_registry_id",
            "is set up by others, and with egress none nodes start from images that the registry must cache; "
            "remove it, or choose another egress",
        )


@rule(f"{_PATH}.private_endpoint", "network.private_dns")
def _a_registry_elsewhere_has_a_name(private_endpoint: bool, zones: PrivateDnsSettings | None) -> Iterator[Problem]:  # noqa: FBT001 - a setting's value
    if not private_endpoint and zones is None:
        yield Problem(
            f"{_PATH}.private_endpoint",
            "false leaves the names to the company's zones; describe them under [network.private_dns], or remove it",
        )


@rule(f"{_PATH}.pusher_principal_id", "identities", "pipeline_principal_id")
def _nobody_makes_itself_pusher(pusher: str | None, identities: IdentitiesSettings, pipeline: str) -> Iterator[Problem]:
    # Who deploys the cluster alone may give its roles to others only: `make rights`.
    cluster, workloads = identities.cluster or pipeline, identities.workloads or pipeline
    if pusher == cluster != workloads:
        yield Problem(
            f"{_PATH}.pusher_principal_id", f"{pusher} deploys the cluster, and may give itself no role; name another"
        )


@rule(f"{_PATH}.cache_rules")
def _cache_rules_are_apart(rules: tuple[CacheRuleSettings, ...]) -> Iterator[Problem]:
    path = f"{_PATH}.cache_rules"
    for index, one in enumerate(rules):
        if one.source_repo.endswith("/*") != one.target_repo.endswith("/*"):
            yield Problem(
                f"{path}.{index}.target_repo", f"{one.target_repo} must end in /* just where source_repo does"
            )
        if one.target_repo.partition("/")[0] == _OF_AKS:
            yield Problem(
                f"{path}.{index}.target_repo", f"{one.target_repo} is where AKS keeps its own; choose another"
            )
    for (_, first), (index, second) in combinations(enumerate(rules), 2):
        if first.name == second.name:
            yield Problem(f"{path}.{index}.name", f'"{second.name}" names a rule before it too; choose another')
        # Azure refuses a target that another rule's covers.
        # https://learn.microsoft.com/azure/container-registry/wildcards-artifact-cache
        if _covers(first.target_repo, second.target_repo) or _covers(second.target_repo, first.target_repo):
            yield Problem(
                f"{path}.{index}.target_repo", f"{second.target_repo} overlaps {first.target_repo}; choose another"
            )


def _covers(target: str, other: str) -> bool:
    return target == other or (target.endswith("*") and other.startswith(target.removesuffix("*")))
