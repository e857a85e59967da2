"""The settings of one environment, assembled from the settings of its constructs."""

from typing import Annotated

from pydantic import Field

from config.accept import AcceptSettings
from config.azure_devops import AzureDevopsSettings
from config.cluster.kubernetes import KubernetesClusterSettings
from config.cluster.namespace_access import NamespaceAccessSettings
from config.cluster.policy import PolicyEffect, PolicySettings
from config.cluster.registry import ContainerRegistrySettings
from config.cluster.sql import SqlServerSettings
from config.cluster.vault_secrets import VaultSecretSettings
from config.defender import DefenderPlans, DefenderSettings
from config.identities import IdentitiesSettings, PipelineStack
from config.monitoring import MonitoringSettings
from config.network.network import NetworkSettings
from config.network.private_endpoints import EVERY_PRIVATE_ADDRESS, PrivateAddress
from config.regions import AzureRegion
from config.state_backend import Replication, StateBackendSettings
from config.tags import TagSettings
from config.types import AvailabilityZone, EnvironmentName, Guid, Settings, Tier, WorkloadName
from config.workloads.application import ApplicationSettings
from config.workloads.gateway import GatewaySettings


class ClusterSettings(Settings):
    """The cluster stack."""

    kubernetes: KubernetesClusterSettings
    """The AKS cluster and its node pools."""

    registry: ContainerRegistrySettings = ContainerRegistrySettings()
    """The private registry that all images come from."""

    sql: SqlServerSettings | None = None
    """The applications' database; none where this table is left out. Taken out of a file whose environment stands, it
    destroys server and database."""

    namespace_access: Annotated[tuple[NamespaceAccessSettings, ...], Field(max_length=100)] = ()
    """Groups that work in single namespaces, such as developers, without rights in the rest of the cluster."""

    vault_secrets: Annotated[tuple[VaultSecretSettings, ...], Field(max_length=50)] = ()
    """Secrets that a deployment writes into the vault: docs/keys-and-secrets.md."""

    policy: PolicySettings = PolicySettings()
    """Azure's policies on the cluster, its pods and the services beside it."""


class WorkloadsSettings(Settings):
    """The workloads stack."""

    applications: Annotated[tuple[ApplicationSettings, ...], Field(max_length=100)] = ()
    """What runs in the cluster; each in a namespace of its own."""

    gateway: GatewaySettings | None = None
    """The way in for applications with ingress `gateway`. None: there is none, and AKS's makers of gateways are off."""


class EnvironmentSettings(Settings):
    """Everything that one environment chooses; one file in `environments/`, whose name is the environment's name."""

    name: EnvironmentName
    """The file's name without its ending; not a key in the file."""

    workload: WorkloadName
    """Short name of what the platform is for; part of every Azure name. A change leaves everything behind, and begins
    another environment: docs/changes.md tells how to move."""

    tier: Tier
    """Whether what nobody can make again is protected from being destroyed."""

    region: AzureRegion
    """Where everything runs. A change leaves everything behind, as that of `workload` does: docs/changes.md."""

    availability_zones: Annotated[tuple[AvailabilityZone, ...], Field(max_length=3)] = (1, 2, 3)
    """Zones over which everything is spread that can be; empty: Azure chooses. A change re-creates what stands in
    them (firewall, Bastion, gateway, public addresses; to empty, nothing of these), the jump box, which stands in the
    first, and all nodes, undrained. Production refuses to give addresses back."""

    tenant_id: Guid
    """The Entra tenant."""

    subscription_id: Guid
    """The Azure subscription that holds everything. A change leaves everything behind, as that of `workload` does:
    docs/changes.md."""

    pipeline_principal_id: Guid
    """Object id of the identity that the Azure DevOps service connection signs in as; it deploys every stack for which
    `identities` names no other. A change takes the roles from one before the other has them: docs/changes.md."""

    cluster_admin_group_id: Guid
    """Object id of the Entra group whose members administer the cluster. A change takes the roles from one group before
    the other has them."""

    identities: IdentitiesSettings = IdentitiesSettings()
    """Identities of single stacks."""

    azure_devops: AzureDevopsSettings | None = None
    """Identities for the pipelines, made by the state backend; left out, they were made by others."""

    tags: TagSettings
    """Tags of every resource."""

    accept: tuple[AcceptSettings, ...] = ()
    """Values that are refused and right all the same."""

    monitoring: MonitoringSettings = MonitoringSettings()
    """What is heard of the platform, in the network and the cluster stack."""

    defender: DefenderSettings = DefenderSettings()
    """Microsoft Defender for Cloud, in the network and the cluster stack."""

    state_backend: StateBackendSettings
    """The state backend stack."""

    network: NetworkSettings
    """The network stack."""

    cluster: ClusterSettings
    """The cluster stack."""

    workloads: WorkloadsSettings = WorkloadsSettings()
    """The workloads stack."""

    @property
    def is_production(self) -> bool:
        """Whether stateful resources must survive whatever Terraform is asked to do."""
        return self.tier is Tier.PRODUCTION

    @property
    def policy_effect(self) -> PolicyEffect:
        """What becomes of what breaks a policy."""
        return self.cluster.policy.effect or (PolicyEffect.DENY if self.is_production else PolicyEffect.AUDIT)

    def deployer_of(self, stack: PipelineStack) -> str:
        """Object id of the identity that deploys this stack."""
        own: str | None = getattr(self.identities, stack)
        return own or self.pipeline_principal_id

    @property
    def has_defender_sensor(self) -> bool:
        """Whether the stacks put Defender's sensor on the nodes, which must be able to report."""
        return self.defender.plans is DefenderPlans.ON and not self.network.egress.nature.isolates_the_cluster

    @property
    def private_addresses(self) -> frozenset[PrivateAddress]:
        """What answers in the subnet of the private endpoints."""
        left_out = set() if self.cluster.sql else {PrivateAddress.SQL_SERVER}
        if not self.cluster.registry.private_endpoint:
            left_out |= {PrivateAddress.REGISTRY, PrivateAddress.REGISTRY_DATA}
        return EVERY_PRIVATE_ADDRESS - left_out

    @property
    def outlives_its_region(self) -> bool:
        """Whether audit logs and backups are also kept in the region that Azure paired with this one."""
        return self.is_production and self.state_backend.replication is Replication.GEO_ZONE
