"""The cluster: AKS and the services it lives on, each reached through a private endpoint alone."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cdktf_cdktf_provider_azurerm.data_azurerm_user_assigned_identity import DataAzurermUserAssignedIdentity
from cdktf_cdktf_provider_azurerm.resource_group import ResourceGroup
from constructs import Construct

from config.environment import EnvironmentSettings
from config.network.subnets import SubnetKey
from constructs_lib.cluster.cluster_network import ClusterNetwork
from constructs_lib.cluster.kubernetes_cluster import PrivateKubernetesCluster
from constructs_lib.monitoring.container_insights import ContainerInsights
from constructs_lib.monitoring.diagnostics import Diagnostics
from constructs_lib.monitoring.log_categories import CLUSTER_LOGS, VAULT_LOGS
from constructs_lib.network.private_link_resources import kubernetes_dns_zone
from constructs_lib.policy.policy_assignments import PolicyAssignments
from constructs_lib.policy.policy_rows import NAMESPACES_OF_GATEWAYS, Judge, policy_rows
from constructs_lib.services.container_registry import PrivateContainerRegistry
from constructs_lib.services.key_vault import PrivateKeyVault
from stacks import cluster_services, watching
from stacks.platform_stack import PlatformStack

if TYPE_CHECKING:
    pass


@dataclass(frozen=True)
class ClusterExports:
    """What only Azure knows of the cluster."""

    oidc_issuer_url: str
    """Issuer of the tokens with which pods become workload identities."""


class ClusterStack(PlatformStack):
    """Deployed by an agent inside the virtual network, after the network stack."""

    def __init__(self, scope: Construct, environment: EnvironmentSettings) -> None:
        super().__init__(scope, environment, "cluster")
        naming = self.naming
        group = ResourceGroup(self, "resource-group", name=naming.cluster_resource_group, location=environment.region)
        resource_group_name = group.name
        if environment.cluster.policy.assigned:
            self._assign_policies(group.id)
        network = self.private_endpoint_network(
            naming.subnet_id(SubnetKey.PRIVATE_ENDPOINTS), naming.network_resource_group
        )
        vault = PrivateKeyVault(
            self,
            "key-vault",
            name=naming.key_vault,
            resource_group_name=resource_group_name,
            location=environment.region,
            tenant_id=environment.tenant_id,
            network=network,
            keys_in_hardware=environment.cluster.kubernetes.customer_managed_disk_key,
        )
        logs = Diagnostics(self, "diagnostics", workspace_id=naming.log_analytics_workspace_id)
        logs.collect("key-vault", vault.resource.id, VAULT_LOGS)
        registry = cluster_services.make_registry(self, resource_group_name, network, logs)
        sql = cluster_services.make_database(self, resource_group_name, network, logs)
        cluster_services.write_secrets(self, vault)
        cluster_network = ClusterNetwork(
            node_subnet_id=naming.subnet_id(SubnetKey.AKS_NODES),
            private_dns_zone_id=self.kubernetes_zone_id,
            egress=environment.network.egress,
            api_server_subnet_id=(
                naming.subnet_id(SubnetKey.API_SERVER) if environment.network.has_subnet(SubnetKey.API_SERVER) else None
            ),
        )
        control_plane = self._identity("control-plane", naming.control_plane_identity)
        kubelet = self._identity("kubelet", naming.kubelet_identity)
        disk_encryption = cluster_services.encrypt_disks(self, vault, resource_group_name)
        cluster = PrivateKubernetesCluster(
            self,
            "kubernetes",
            name=naming.kubernetes_cluster,
            resource_group_name=resource_group_name,
            node_resource_group_name=naming.node_resource_group,
            location=environment.region,
            availability_zones=environment.availability_zones,
            settings=environment.cluster.kubernetes,
            control_plane=control_plane,
            kubelet=kubelet,
            network=cluster_network,
            platform_images=(
                registry.cache_platform_images()
                if cluster_network.is_isolated and isinstance(registry, PrivateContainerRegistry)
                else None
            ),
            reached_without_proxy=self._reached_without_proxy(),
            tenant_id=environment.tenant_id,
            admin_group_id=environment.cluster_admin_group_id,
            workspace_id=naming.log_analytics_workspace_id,
            sends_metrics=environment.monitoring.prometheus is not None,
            sensor_workspace_id=naming.defender_workspace_id if environment.has_defender_sensor else None,
            tier=environment.tier,
            after=[
                registry.grant_pull("kubelet", kubelet.principal_id),
                *([disk_encryption.grant_use("control-plane", control_plane.principal_id)] if disk_encryption else ()),
            ],
            disk_encryption_set_id=disk_encryption.resource.id if disk_encryption else None,
            gateway=environment.workloads.gateway,
        )
        logs.collect("kubernetes", cluster.resource.id, CLUSTER_LOGS)
        for pool in environment.cluster.kubernetes.user_pools:
            cluster.add_node_pool(f"{pool.name}-pool", settings=pool)
        # Whoever deploys the cluster needs no right inside it: workloads are another identity's, where there are two.
        cluster.grant_administration("pipeline", environment.deployer_of("workloads"))
        if environment.identities.cluster_plan:
            # The provider reads no cluster without its kubeconfig, a planning one included. https://github.com/hashicorp/terraform-provider-azurerm/blob/v4.81.0/internal/services/containers/kubernetes_cluster_resource.go#L2944
            cluster.grant_sign_in("plan", environment.identities.cluster_plan, principal_type="ServicePrincipal")
        if self._has_container_insights:
            ContainerInsights(
                self,
                "container-insights",
                name=naming.container_insights_rule,
                resource_group_name=resource_group_name,
                workspace_id=naming.log_analytics_workspace_id,
                # Azure supports Container insights only into a workspace of the cluster's region, an existing one too.
                # https://learn.microsoft.com/azure/azure-monitor/containers/container-insights-region-mapping
                workspace_location=environment.region,
                cluster_id=cluster.resource.id,
            )
        watching.watch_cluster(
            self,
            resource_group_name,
            vault_id=vault.resource.id,
            cluster_id=cluster.resource.id,
            database_id=sql.database.id if sql else None,
            pods_are_seen=self._has_container_insights,
        )
        watching.measure_cluster(self, resource_group_name, cluster.resource.id)
        # Members are administrators inside Kubernetes already; this lets them get as far as its door.
        cluster.grant_sign_in("administrators", environment.cluster_admin_group_id, principal_type="Group")
        cluster.grant_namespaces(environment.cluster.namespace_access)
        self.export(ClusterExports(oidc_issuer_url=cluster.resource.oidc_issuer_url))

    @property
    def _has_container_insights(self) -> bool:
        return not self.environment.network.egress.nature.isolates_the_cluster

    def _identity(self, id_: str, name: str) -> DataAzurermUserAssignedIdentity:
        """One of those that the network stack made, with the ids that Azure gave it.

        Asked of Azure and not of the network's state, which holds far more than whoever deploys a cluster need read.
        """
        return DataAzurermUserAssignedIdentity(
            self, f"{id_}-identity", name=name, resource_group_name=self.naming.network_resource_group
        )

    def _assign_policies(self, resource_group_id: str) -> None:
        settings = self.environment.cluster.policy
        left_out = {one.policy for one in settings.left_out}
        judges = {Judge.RESOURCE_MANAGER}
        if not self.environment.network.egress.nature.isolates_the_cluster:
            judges.add(Judge.GATEKEEPER)  # whose add-on fetches from Azure what it judges by
        rows = policy_rows([self.naming.container_registry_host, *settings.image_registries])
        PolicyAssignments(
            self,
            "policies",
            resource_group_id=resource_group_id,
            rows=[row for row in rows if row.judge in judges and row.policy not in left_out],
            effect=self.environment.policy_effect,
            excluded_namespaces=[
                *(NAMESPACES_OF_GATEWAYS if self.environment.workloads.gateway is not None else ()),
                *settings.excluded_namespaces,
            ],
        )

    def _reached_without_proxy(self) -> list[str]:
        network, kubernetes, naming = self.environment.network, self.environment.cluster.kubernetes, self.naming
        own = (*network.address_plan.virtual_networks.values(), kubernetes.pod_cidr, kubernetes.service_cidr)
        return [
            *map(str, own),
            kubernetes_dns_zone(self.environment.region, network.api_server),
            naming.key_vault_host,
            naming.container_registry_host,
            naming.container_registry_data_host,
            *([naming.sql_server_host] if self.environment.cluster.sql else []),
        ]
