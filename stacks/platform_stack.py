"""What every stack has in common, decided here and nowhere else: state, providers, versions and tags."""

from collections.abc import Mapping
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
from config.network.private_dns import KubernetesZone
from config.resource_ids import resource_group_of, subscription_of
from config.tags import TagSettings
from constructs_lib.changes_by_others import CHANGES_BY_OTHERS, LetBe, Written
from constructs_lib.naming import Naming, StackPurpose
from constructs_lib.network.private_endpoint import PrivateEndpointNetwork
from constructs_lib.network.private_link_resources import kubernetes_dns_zone, named_by_policy
from stacks.protection import protect, type_of
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
        # Whoever loses the state loses the platform, so that is kept in every environment, however small.
        self._is_protected = environment.is_production or purpose == "state-backend"
        self.naming = Naming.of(environment)
        self._moved: list[dict[str, str]] = []
        self.add_override("terraform.required_version", TERRAFORM_VERSION)
        self.add_override("terraform.required_providers.azurerm.version", AZURERM_VERSION)
        self._keep_state(purpose)
        self._provider_of(environment.subscription_id)
        # Also where nothing is made there (any more): Terraform destroys nothing by a provider that has gone.
        self._providers_of_others = {
            subscription_id: self._provider_of(subscription_id, alias=f"in-{subscription_id}")
            for subscription_id in sorted(_subscriptions_of_others(environment, purpose))
        }

    @property
    def kubernetes_zone_id(self) -> str | None:
        """The zone in which AKS writes the name of the API server. None: it makes one itself."""
        network = self.environment.network
        if network.private_dns is not None and network.private_dns.kubernetes_zone is KubernetesZone.SYSTEM:
            return None
        return self.naming.private_dns_zone_id(kubernetes_dns_zone(self.environment.region, network.api_server))

    def provider_in(self, id_: str) -> AzurermProvider | None:
        """Who acts where the resource with this id lies; None in the environment's own subscription."""
        return self._providers_of_others.get(subscription_of(id_))

    def private_endpoint_network(self, subnet_id: str, dns_resource_group_name: str) -> PrivateEndpointNetwork:
        """Endpoints in this subnet, whose names stand in zones of this group unless the company has its own."""
        network = self.environment.network
        if network.private_dns is None:
            return PrivateEndpointNetwork(subnet_id, network.address_plan, dns_resource_group_name)
        zones = network.private_dns.zones_resource_group_id
        return PrivateEndpointNetwork(
            subnet_id,
            network.address_plan,
            resource_group_of(zones),
            dns_provider=self.provider_in(zones),
            named_by_policy=named_by_policy(network),
        )

    def _provider_of(self, subscription_id: str, alias: str | None = None) -> AzurermProvider:
        return AzurermProvider(
            self,
            "-".join(filter(None, ("azurerm", alias))),
            alias=alias,
            subscription_id=subscription_id,
            tenant_id=self.environment.tenant_id,
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

    def tell_moved(self, addresses: Mapping[str, str]) -> None:
        """Tell Terraform where resources of former addresses stand now: it moves them, and makes none again.

        What cdktf has for it, `move_from_id`, runs Terraform at every synth to ask its version.
        """
        self._moved += [{"from": former, "to": now} for former, now in addresses.items()]
        self.add_override("moved", self._moved)

    def prepare_stack(self) -> None:
        """Tag all that can carry tags, leave to others what they change, and protect what holds something.

        cdktf calls this once, before it writes.

        It replaces cdktf's own step, which looks for references to other stacks and adds outputs for them that nobody
        asked for. Here such a reference leads to nothing, and Terraform says so.
        """
        settings = self.environment.tags
        tags = settings.of_every_resource(workload=self.environment.workload, environment=self.environment.name)
        foreign = tags_of_others(settings)
        constructs = self.node.find_all()
        for construct in constructs:
            # Entra has tags, too: words of its own, by which it knows what an application is.
            takes_tags = hasattr(type(construct), "tags_input") and "provider_azurerm" in type(construct).__module__
            if takes_tags:
                construct.tags = tags  # type: ignore[attr-defined]
            if isinstance(construct, TerraformResource):
                by_others = [*_changed_by_others(construct), *(foreign if takes_tags else ())]
                if by_others:
                    # Beside what else the construct says of its lifecycle, a struct that cannot be added to.
                    construct.add_override("lifecycle.ignore_changes", by_others)
        if self._is_protected:
            protect(self, [construct for construct in constructs if isinstance(construct, TerraformResource)])

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

    def manage_entra(self) -> None:
        """Let the stack own registrations in Entra, as whoever is signed in to Azure."""
        # Imported here, as few stacks make anything in Entra.
        from cdktf_cdktf_provider_azuread.provider import AzureadProvider

        AzureadProvider(self, "azuread", tenant_id=self.environment.tenant_id)

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


def tags_of_others(settings: TagSettings) -> list[str]:
    """Paths of the tags that policies or people set, as `ignore_changes` takes them.

    Ignored by name: all other tags are still set right. What was there before the next change stays as it was.
    https://developer.hashicorp.com/terraform/language/meta-arguments/lifecycle#ignore_changes
    """
    return [f'tags["{name}"]' for name in settings.managed_by_others]


def _changed_by_others(resource: TerraformResource) -> list[str]:
    """The arguments that others change, but for those that are sometimes written, and are here."""
    return [
        row.argument
        for row in _rows_of(type(resource))
        if row.written is not Written.SOMETIMES or getattr(resource, f"{row.argument}_input") is None
    ]


@cache
def _rows_of(resource: type[TerraformResource]) -> list[LetBe]:
    rows = CHANGES_BY_OTHERS.get(type_of(resource), ())
    return [row for row in rows if isinstance(row, LetBe) and not row.computed]


def _subscriptions_of_others(environment: EnvironmentSettings, purpose: StackPurpose) -> set[str]:
    """Those in which a stack may make something in what a company has already."""
    hub, dns = environment.network.company_hub, environment.network.private_dns
    named = [
        *([hub.virtual_network_id] if hub and purpose == "network" else []),
        *([dns.zones_resource_group_id] if dns and purpose in ("network", "cluster") else []),
    ]
    return {subscription_of(id_) for id_ in named} - {environment.subscription_id}
