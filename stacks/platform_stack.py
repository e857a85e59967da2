"""What every stack has in common, decided here and nowhere else: state, providers, versions and tags."""

from dataclasses import fields
from functools import cache
from typing import TYPE_CHECKING, TypedDict, TypeVar

from cdktf import (
    AzurermBackend,
    DataTerraformRemoteStateAzurerm,
    Fn,
    LocalBackend,
    TerraformOutput,
    TerraformResource,
    TerraformStack,
)
from cdktf_cdktf_provider_azurerm.data_azurerm_kubernetes_cluster import DataAzurermKubernetesCluster
from cdktf_cdktf_provider_azurerm.provider import (
    AzurermProvider,
    AzurermProviderFeatures,
    AzurermProviderFeaturesKeyVault,
    AzurermProviderFeaturesResourceGroup,
    AzurermProviderFeaturesStorage,
)
from cdktf_cdktf_provider_kubernetes.provider import KubernetesProvider, KubernetesProviderExec
from constructs import Construct

from config.environment import EnvironmentSettings
from constructs_lib.changes_by_others import CHANGES_BY_OTHERS, LetBe, Written
from constructs_lib.naming import Naming, StackPurpose
from stacks.versions import AZURERM_VERSION, TERRAFORM_VERSION

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

    Exports = TypeVar("Exports", bound=DataclassInstance)

# The application that tokens for a cluster's API are made for, the same in every tenant.
# https://learn.microsoft.com/azure/aks/kubelogin-authentication
AKS_SERVER_ID = "6dae42f8-4368-4678-94ff-3960e28e3630"


class StateLocation(TypedDict):
    """Where the state of one stack is kept: the arguments of the backend, and of whoever reads the state."""

    resource_group_name: str
    storage_account_name: str
    container_name: str
    key: str
    subscription_id: str
    tenant_id: str
    use_azuread_auth: bool


class PlatformStack(TerraformStack):
    """One stack of one environment, with its state in a container of its own."""

    def __init__(self, scope: Construct, environment: EnvironmentSettings, purpose: StackPurpose) -> None:
        super().__init__(scope, f"{environment.name}-{purpose}")
        self.environment = environment
        self.naming = Naming.of(environment)
        self.add_override("terraform.required_version", TERRAFORM_VERSION)
        self.add_override("terraform.required_providers.azurerm.version", AZURERM_VERSION)
        self._keep_state(purpose)
        AzurermProvider(
            self,
            "azurerm",
            subscription_id=environment.subscription_id,
            tenant_id=environment.tenant_id,
            # Registering needs rights on the whole subscription; docs/first-deployment.md lists what to register once.
            resource_provider_registrations="none",
            storage_use_azuread=True,
            features=[
                AzurermProviderFeatures(
                    key_vault=[
                        AzurermProviderFeaturesKeyVault(
                            purge_soft_delete_on_destroy=False, recover_soft_deleted_key_vaults=True
                        )
                    ],
                    resource_group=[AzurermProviderFeaturesResourceGroup(prevent_deletion_if_contains_resources=True)],
                    # The accounts are private and keyless; their data plane is not for the provider to poll.
                    storage=[AzurermProviderFeaturesStorage(data_plane_available=False)],
                )
            ],
        )

    def prepare_stack(self) -> None:
        """Tag all that can carry tags, and leave to others what they change; cdktf calls this once, before it writes.

        It replaces cdktf's own step, which looks for references to other stacks and adds outputs for them that nobody
        asked for. Here such a reference leads to nothing, and Terraform says so.
        """
        tags = {
            "workload": self.environment.workload,
            "environment": self.environment.name,
            "owner": self.environment.tags.owner,
            "cost-center": self.environment.tags.cost_center,
            "data-classification": self.environment.tags.data_classification,
            "managed-by": "cdktf",
        }
        for construct in self.node.find_all():
            if hasattr(type(construct), "tags_input"):
                construct.tags = tags  # type: ignore[attr-defined]
            if isinstance(construct, TerraformResource) and (others := _changed_by_others(construct)):
                # Beside what else the construct says of its lifecycle, which is a struct and cannot be added to.
                construct.add_override("lifecycle.ignore_changes", others)

    def manage_kubernetes(self) -> None:
        """Let the stack own objects inside the environment's cluster, whose API only the virtual network reaches."""
        # Read here and not exported by the cluster stack: no kubeconfig passes through another state. It holds no
        # credential, as the cluster has no local accounts.
        cluster = DataAzurermKubernetesCluster(
            self,
            "cluster",
            name=self.naming.kubernetes_cluster,
            resource_group_name=self.naming.cluster_resource_group,
        )
        KubernetesProvider(
            self,
            "kubernetes",
            host=f"https://{cluster.private_fqdn}:443",
            cluster_ca_certificate=Fn.base64decode(cluster.kube_config.get(0).cluster_ca_certificate),
            # A token of whoever is signed in to the Azure CLI: a person after `az login`, the service connection inside
            # AzureCLI@2. An agent that signs in otherwise sets kubelogin's AAD_LOGIN_METHOD, which takes precedence.
            # https://azure.github.io/kubelogin/concepts/login-modes/azurecli.html
            exec=[
                KubernetesProviderExec(
                    api_version="client.authentication.k8s.io/v1beta1",
                    command="kubelogin",
                    args=["get-token", "--login", "azurecli", "--server-id", AKS_SERVER_ID],
                )
            ],
        )

    def export(self, exports: "DataclassInstance") -> None:
        """Offer each field of a dataclass of strings to later stacks, as an output of the field's name."""
        for field in fields(exports):
            TerraformOutput(self, field.name, value=getattr(exports, field.name))

    def exports_of(self, purpose: StackPurpose, exports: "type[Exports]") -> "Exports":
        """What the environment's stack of this purpose exports, read from its state."""
        state = DataTerraformRemoteStateAzurerm(
            self,
            f"{purpose}-state",
            **self._state_of(purpose),
        )
        return exports(**{field.name: state.get_string(field.name) for field in fields(exports)})

    def _state_of(self, purpose: StackPurpose) -> StateLocation:
        return {
            "resource_group_name": self.naming.state_resource_group,
            "storage_account_name": self.naming.state_storage_account,
            "container_name": self.naming.state_container(purpose),
            "key": f"{self.environment.name}/{purpose}.tfstate",
            "subscription_id": self.environment.subscription_id,
            "tenant_id": self.environment.tenant_id,
            # No key, no SAS: whoever runs Terraform signs in to Entra, and how (CLI, OIDC) comes from ARM_* variables.
            "use_azuread_auth": True,
        }

    def _keep_state(self, purpose: StackPurpose) -> None:
        if purpose == "state-backend" and self.environment.state_backend.bootstrap:
            # Relative to cdktf.out/stacks/<stack>, and outside it: a synth deletes the folders it no longer yields.
            LocalBackend(self, path=f"../../../bootstrap/{self.environment.name}-state-backend.tfstate")
            return
        AzurermBackend(self, **self._state_of(purpose))


def _changed_by_others(resource: TerraformResource) -> list[str]:
    """The arguments that others change, but for those that are sometimes written, and are here."""
    return [
        row.argument
        for row in _rows_of(type(resource))
        if row.written is not Written.SOMETIMES or getattr(resource, f"{row.argument}_input") is None
    ]


@cache
def _rows_of(resource: type[TerraformResource]) -> list[LetBe]:
    # Asked once for each class: the answer comes from Node.
    type_: str = resource.TF_RESOURCE_TYPE  # type: ignore[attr-defined] # generated classes all have it
    rows = CHANGES_BY_OTHERS.get(type_, ())
    return [row for row in rows if isinstance(row, LetBe) and not row.computed]
