"""Settings of the Azure policies that hold the cluster, its pods and the services beside it to the platform's rules."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from config.types import Because, KubernetesName, Settings, Text


class PolicyEffect(StrEnum):
    """What becomes of something that breaks a policy."""

    DENY = "Deny"
    """It is refused when it is made or changed; what was there before stays, and is reported."""

    AUDIT = "Audit"
    """It is made, and reported."""


class BuiltInPolicy(StrEnum):
    """A policy of Azure's that the platform assigns; docs/governance.md has what each asks for."""

    POD_SECURITY = "pod_security"
    """Pods meet the restricted pod security standard."""

    ALLOWED_IMAGES = "allowed_images"
    """Images come from the environment's registries."""

    CONTAINER_LIMITS = "container_limits"
    """Containers have limits of processor time and memory."""

    READ_ONLY_ROOT = "read_only_root"
    """Containers cannot change their own files."""

    NO_API_TOKENS = "no_api_tokens"
    """Pods get no token for the Kubernetes API."""

    DEFAULT_NAMESPACE = "default_namespace"
    """Nothing runs in the namespace `default`."""

    INTERNAL_LOAD_BALANCERS = "internal_load_balancers"
    """Load balancers have private addresses."""

    EXTERNAL_IPS = "external_ips"
    """Services claim no addresses of others."""

    HTTPS_INGRESS = "https_ingress"
    """Ingresses answer through TLS."""

    LOCAL_ACCOUNTS = "local_accounts"
    """The cluster has no local accounts."""

    PRIVATE_CLUSTER = "private_cluster"
    """The API server is private."""

    STORAGE_KEYS = "storage_keys"
    """Storage accounts take no keys."""

    STORAGE_NETWORK = "storage_network"
    """Storage accounts are closed to public networks."""

    REGISTRY_NETWORK = "registry_network"
    """The registry is closed to public networks."""

    VAULT_NETWORK = "vault_network"
    """The vault is closed to public networks."""

    SQL_NETWORK = "sql_network"
    """The database server is closed to public networks."""


RegistryHost = Annotated[
    str,
    Text(
        r"(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]",
        "the host name of a registry in lower case, such as 'crcompany.azurecr.io'",
    ),
]


class LeftOutPolicySettings(Settings):
    """A policy that is not assigned."""

    policy: BuiltInPolicy
    """The policy."""

    because: Because
    """Why the environment does without it."""


class PolicySettings(Settings):
    """The policies that are assigned to the cluster's resource group."""

    assigned: bool = True
    """Whether they are; `false` where your management group assigns its own."""

    effect: PolicyEffect | None = None
    """What becomes of what breaks them; left out: `Deny` in production, `Audit` elsewhere."""

    left_out: Annotated[tuple[LeftOutPolicySettings, ...], Field(max_length=len(BuiltInPolicy))] = ()
    """Policies that are not assigned, each with its reason."""

    image_registries: Annotated[tuple[RegistryHost, ...], Field(max_length=20)] = ()
    """Registries of yours from which images may come, besides the environment's own."""

    excluded_namespaces: Annotated[tuple[KubernetesName, ...], Field(max_length=50)] = ()
    """Namespaces that the policies of pods and services leave alone, besides those of Azure's own add-ons: for what you
    install and cannot change. Whoever may write there is bound by nothing."""
