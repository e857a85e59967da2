"""Settings of the private container registry."""

import re
from typing import Annotated

from pydantic import AfterValidator, Field

from config.regions import AzureRegion
from config.resource_ids import RESOURCE_GROUP, refused_id
from config.types import Guid, Settings, Text

_REGISTRY = re.compile(
    RESOURCE_GROUP + r"/providers/Microsoft\.ContainerRegistry/registries/([a-z0-9]{5,50})", re.IGNORECASE | re.ASCII
)
_REPOSITORY = r"[a-z0-9][a-z0-9._-]{0,99}(/[a-z0-9][a-z0-9._-]{0,99}){0,8}"

# Those that answer without credentials: Docker Hub does not. https://learn.microsoft.com/azure/container-registry/artifact-cache-overview#upstream-support
_PUBLIC = r"(mcr\.microsoft\.com|public\.ecr\.aws|ghcr\.io|quay\.io|registry\.k8s\.io)"


def _registry_id(text: str) -> str:
    """ARM id of a container registry, `/subscriptions/…/providers/Microsoft.ContainerRegistry/registries/<name>`."""
    match = _REGISTRY.fullmatch(text[:400])
    if match is None:
        what = (
            "the ARM id of a container registry, "
            "'/subscriptions/…/resourceGroups/…/providers/Microsoft.ContainerRegistry/registries/<name>'"
        )
        raise refused_id(_REGISTRY, what, text[:400])
    subscription, group, name = match.groups()
    return (
        f"/subscriptions/{subscription.lower()}/resourceGroups/{group}"
        f"/providers/Microsoft.ContainerRegistry/registries/{name.lower()}"
    )


class CacheRuleSettings(Settings):
    """Images of a public registry that are pulled from this one, which fetches and keeps them: no way out is needed."""

    name: Annotated[
        str, Text(r"[a-z0-9][a-z0-9-]{3,47}[a-z0-9]", "5 to 49 lower-case letters, digits and hyphens between them")
    ]
    """Name of the rule. A change makes another."""

    source_repo: Annotated[
        str,
        Text(
            f"{_PUBLIC}(/{_REPOSITORY}(/\\*)?|/\\*)",
            "a repository of mcr.microsoft.com, public.ecr.aws, ghcr.io, quay.io or registry.k8s.io, such as "
            "'quay.io/oauth2-proxy/oauth2-proxy' or 'registry.k8s.io/*'",
        ),
    ]
    """Repository of a registry that asks for no credentials; `/*` at its end stands for all below it. A change makes
    another rule."""

    target_repo: Annotated[str, Text(f"{_REPOSITORY}(/\\*)?", "a repository, such as 'oauth2-proxy' or 'k8s/*'")]
    """Repository here under which they are pulled. A change makes another rule."""


class ContainerRegistrySettings(Settings):
    """What an environment chooses of its registry."""

    existing_registry_id: Annotated[str, AfterValidator(_registry_id)] | None = None
    """ARM id of a Premium registry in any subscription of the tenant, without replicas in other regions: the nodes may
    pull from it, and reach it by an endpoint in this network. What else it does is its owners'. None: the stack makes
    one; a registry that it made before is then deleted."""

    existing_registry_region: AzureRegion | None = None
    """Region of that registry; None: the environment's."""

    private_endpoint: bool = True
    """Whether that registry gets an endpoint in this network. False where the company's network has one, to which the
    names in the zones of `[network.private_dns]` lead."""

    pusher_principal_id: Guid | None = None
    """Object id of an identity that may push images, besides pulling them. None: nobody is given that here."""

    cache_rules: Annotated[tuple[CacheRuleSettings, ...], Field(max_length=50)] = ()
    """What the registry fetches from public ones."""

    untagged_retention_in_days: Annotated[int, Field(ge=1, le=365)] | None = None
    """Days after which manifests without a tag are deleted. None: never. Choose days only where tags never move: an
    image that runs by its digest, as the application does, loses its tag to the next one, and could start no more."""
