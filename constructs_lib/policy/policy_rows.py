"""Azure's built-in policies that the platform assigns: what each asks for, and why.

Ids, parameters and effects as the definitions have them:
https://github.com/Azure/azure-policy/tree/f4a50bacae07ddb096943c597669bcae494a6e29/built-in-policies
Most are of Microsoft's own baseline: https://github.com/mspnp/aks-baseline/blob/main/workload-team/modules/policies.bicep
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from config.cluster.policy import BuiltInPolicy
from config.workloads.gateway import GATEWAY_NAMESPACE


class Judge(StrEnum):
    """Who holds things to a policy."""

    GATEKEEPER = "Gatekeeper, inside the cluster"
    """Asked by the API server about every object; the Azure Policy add-on brings it."""

    RESOURCE_MANAGER = "Azure Resource Manager"
    """Asked about every resource of the group, by whichever way it comes."""


@dataclass(frozen=True)
class PolicyRow:
    """A policy, or an initiative of several."""

    policy: BuiltInPolicy
    definition: str
    """Path of the definition below Azure's provider of authorization."""

    judge: Judge
    title: str
    because: str
    parameters: Mapping[str, Any] = field(default_factory=dict)
    """Besides the effect and the excluded namespaces."""

    @property
    def definition_id(self) -> str:
        """ARM id of the definition, which is the same in every tenant."""
        return f"/providers/Microsoft.Authorization/{self.definition}"


# Where Azure's own add-ons and extensions are, as the definitions exclude them by default. Those of add-ons that this
# platform does not have (`aks-command`) are not here: whoever made a namespace of such a name could do anything in it.
NAMESPACES_OF_AZURE = ("kube-system", "gatekeeper-system", "azure-arc", "azure-extensions-usage-system")

# Where a cluster with a gateway has what AKS makes for it: images of Microsoft's registry; proxies without a seccomp
# profile, for which no setting exists; tokens of service accounts, by which Istio knows the proxies. Of these, the
# gateway's own namespace still refuses whatever the baseline pod security standard does.
NAMESPACES_OF_GATEWAYS = ("aks-istio-system", "app-routing-system", GATEWAY_NAMESPACE)

# The most that settings let a container of the application have: no limit beyond them means anything.
LARGEST_CONTAINER = {"cpuLimit": "16", "memoryLimit": "16Gi"}


def allowed_images(registries: Sequence[str]) -> str:
    """Go's regular expression of the images that may run: any image, by tag or digest, of these registries alone.

    Gatekeeper looks for it anywhere in an image's name, so that it holds on to both ends: otherwise the name of a
    registry in another's path would do.
    https://github.com/open-policy-agent/gatekeeper-library/blob/master/src/general/allowedreposv2
    """
    hosts = "|".join(host.replace(".", r"\.") for host in registries)
    repository, tag, digest = (
        r"[a-z0-9]+([._/-]+[a-z0-9]+)*",
        r"(:[A-Za-z0-9_][A-Za-z0-9_.-]*)?",
        "(@sha256:[0-9a-f]{64})?",
    )
    return f"^({hosts})/{repository}{tag}{digest}$"


def policy_rows(registries: Sequence[str]) -> tuple[PolicyRow, ...]:
    """Every policy, where images come from these registries."""
    return (
        PolicyRow(
            BuiltInPolicy.POD_SECURITY,
            "policySetDefinitions/42b8ef37-b724-4e24-bbc8-7a7708edfe00",
            Judge.GATEKEEPER,
            "Pods meet the restricted pod security standard",
            "A privileged pod owns its node. The platform's namespaces refuse such pods by their labels, and this in "
            "every other namespace.",
            # By default it lets pods keep fourteen capabilities, which the restricted standard does not.
            {"allowedCapabilities": [], "requiredDropCapabilities": ["ALL"]},
        ),
        PolicyRow(
            BuiltInPolicy.ALLOWED_IMAGES,
            "policyDefinitions/febd0533-8e55-448f-b837-bd0e06f16469",
            Judge.GATEKEEPER,
            "Images come from the environment's registries",
            "An image from elsewhere was scanned by nobody, and its owner may change it.",
            {"allowedContainerImagesRegex": allowed_images(registries)},
        ),
        PolicyRow(
            BuiltInPolicy.CONTAINER_LIMITS,
            "policyDefinitions/e345eecc-fa47-480f-9e88-67dcc122b164",
            Judge.GATEKEEPER,
            "Containers have limits",
            "A container without limits takes its node from all others.",
            LARGEST_CONTAINER,
        ),
        PolicyRow(
            BuiltInPolicy.READ_ONLY_ROOT,
            "policyDefinitions/df49d893-a74c-421d-bc95-c663042e5b80",
            Judge.GATEKEEPER,
            "Containers cannot change their own files",
            "Whoever breaks into a container can leave no program there.",
        ),
        PolicyRow(
            BuiltInPolicy.NO_API_TOKENS,
            "policyDefinitions/423dd1ba-798e-40e4-9c4d-b6902674b423",
            Judge.GATEKEEPER,
            "Pods get no token for the Kubernetes API",
            "Whoever breaks into a pod has its token. The one for Entra comes another way.",
        ),
        PolicyRow(
            BuiltInPolicy.DEFAULT_NAMESPACE,
            "policyDefinitions/9f061a12-e40d-4183-a00e-171812443373",
            Judge.GATEKEEPER,
            "Nothing runs in the namespace default",
            "What names no namespace lands there, among whatever else named none.",
        ),
        PolicyRow(
            BuiltInPolicy.INTERNAL_LOAD_BALANCERS,
            "policyDefinitions/3fc4dc25-5baf-40d8-9b05-7fe74c1bc64e",
            Judge.GATEKEEPER,
            "Load balancers have private addresses",
            "A service without the annotation gets a public address, past every firewall.",
        ),
        PolicyRow(
            BuiltInPolicy.EXTERNAL_IPS,
            "policyDefinitions/d46c275d-1680-448d-b2ec-e495a3b6cc89",
            Judge.GATEKEEPER,
            "Services claim no addresses of others",
            "A service that claims an address gets what other pods send there (CVE-2020-8554).",
            {"allowedExternalIPs": []},
        ),
        PolicyRow(
            BuiltInPolicy.HTTPS_INGRESS,
            "policyDefinitions/1a5b4dca-0b6f-4cf5-907c-56316bc1bf3d",
            Judge.GATEKEEPER,
            "Ingresses answer through TLS",
            "Passwords and cookies cross no network in the clear.",
        ),
        PolicyRow(
            BuiltInPolicy.LOCAL_ACCOUNTS,
            "policyDefinitions/993c2fcd-2b29-49d2-9eb0-df2c3a730c32",
            Judge.RESOURCE_MANAGER,
            "The cluster has no local accounts",
            "A local account is a certificate that nobody can revoke, and past which Entra never comes.",
        ),
        PolicyRow(
            BuiltInPolicy.PRIVATE_CLUSTER,
            "policyDefinitions/040732e8-d947-40b8-95d6-854c95024bf8",
            Judge.RESOURCE_MANAGER,
            "The API server is private",
            "No second cluster with a public API server stands in the group.",
        ),
        PolicyRow(
            BuiltInPolicy.STORAGE_KEYS,
            "policyDefinitions/8c6a50c6-9ffd-4ae7-986f-5fa6111f9a54",
            Judge.RESOURCE_MANAGER,
            "Storage accounts take no keys",
            "Whoever has an account's key is nobody, and may do everything.",
        ),
        PolicyRow(
            BuiltInPolicy.STORAGE_NETWORK,
            "policyDefinitions/b2982f36-99f2-4db5-8eff-283140c09693",
            Judge.RESOURCE_MANAGER,
            "Storage accounts are closed to public networks",
            "The audit log is for the database server alone to write.",
        ),
        PolicyRow(
            BuiltInPolicy.REGISTRY_NETWORK,
            "policyDefinitions/0fdf0491-d080-4575-b627-ad0e843cba0f",
            Judge.RESOURCE_MANAGER,
            "The registry is closed to public networks",
            "Opened for one push, it would stay open.",
        ),
        PolicyRow(
            BuiltInPolicy.VAULT_NETWORK,
            "policyDefinitions/405c5871-3e91-4644-8a63-58e19d68ff5b",
            Judge.RESOURCE_MANAGER,
            "The vault is closed to public networks",
            "Opened for one secret, it would stay open.",
        ),
        PolicyRow(
            BuiltInPolicy.SQL_NETWORK,
            "policyDefinitions/1b8ca024-1d5c-4dec-8995-b1a932b41780",
            Judge.RESOURCE_MANAGER,
            "The database server is closed to public networks",
            "Opened for one query, it would stay open.",
        ),
    )
