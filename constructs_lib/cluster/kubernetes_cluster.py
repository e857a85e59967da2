"""An AKS cluster whose API server only the virtual networks reach, and that lets nobody in without Entra."""

from base64 import b64encode
from collections.abc import Sequence

from cdktf import ITerraformDependable, TerraformResourceLifecycle
from cdktf_cdktf_provider_azurerm.data_azurerm_user_assigned_identity import DataAzurermUserAssignedIdentity
from cdktf_cdktf_provider_azurerm.kubernetes_cluster import (
    KubernetesCluster,
    KubernetesClusterAzureActiveDirectoryRoleBasedAccessControl,
    KubernetesClusterBootstrapProfile,
    KubernetesClusterDefaultNodePool,
    KubernetesClusterDefaultNodePoolUpgradeSettings,
    KubernetesClusterIdentity,
    KubernetesClusterKeyVaultSecretsProvider,
    KubernetesClusterKubeletIdentity,
    KubernetesClusterMicrosoftDefender,
    KubernetesClusterMonitorMetrics,
    KubernetesClusterOmsAgent,
    KubernetesClusterServiceMeshProfile,
    KubernetesClusterStorageProfile,
    KubernetesClusterWebAppRouting,
)
from constructs import Construct

from config.cluster.kubernetes import ClusterTier, KubernetesClusterSettings
from config.cluster.namespace_access import NamespaceAccessSettings, NamespaceRole
from config.cluster.node_pool import SYSTEM_POOL, TEMPORARY_SUFFIX, NodePoolSettings, UserPoolSettings
from config.types import Tier
from config.workloads.gateway import GatewaySettings
from constructs_lib.cluster.cluster_network import ClusterNetwork
from constructs_lib.cluster.http_proxy import http_proxy_config
from constructs_lib.cluster.node_pool import UPGRADE, KubernetesNodePool, node_arguments
from constructs_lib.cluster.upgrades import has_version, kubernetes_window, nodes_window
from constructs_lib.role_assignment import PrincipalType, assign_role
from constructs_lib.services.container_registry import PlatformImages

_NAMESPACE_ROLES = {
    NamespaceRole.READER: "Azure Kubernetes Service RBAC Reader",
    NamespaceRole.WRITER: "Azure Kubernetes Service RBAC Writer",
}


class PrivateKubernetesCluster(Construct):
    """A cluster with its system pool, which takes no workloads: those need a pool added by `add_node_pool`."""

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        name: str,
        resource_group_name: str,
        node_resource_group_name: str,
        location: str,
        availability_zones: Sequence[int],
        settings: KubernetesClusterSettings,
        control_plane: DataAzurermUserAssignedIdentity,
        kubelet: DataAzurermUserAssignedIdentity,
        network: ClusterNetwork,
        platform_images: PlatformImages | None = None,
        reached_without_proxy: Sequence[str] = (),
        tenant_id: str,
        admin_group_id: str,
        workspace_id: str,
        sensor_workspace_id: str | None = None,
        sends_metrics: bool = False,
        tier: Tier,
        after: Sequence[ITerraformDependable],
        disk_encryption_set_id: str | None = None,
        gateway: GatewaySettings | None = None,
    ) -> None:
        """Make cluster and system pool, once the identities have the roles that `after` gives them.

        Without `platform_images`, AKS's own images come from Microsoft's registry; without a disk encryption set,
        disks are encrypted with keys of Microsoft's.
        """
        super().__init__(scope, id_)
        self._subnet_id = network.node_subnet_id
        self._zones = [str(zone) for zone in availability_zones]
        self.resource = KubernetesCluster(
            self,
            "cluster",
            name=name,
            resource_group_name=resource_group_name,
            node_resource_group=node_resource_group_name,
            location=location,
            sku_tier=settings.sku_tier,
            # Azure takes the one with the other alone, and leaving the tier has to give up the plan in the same step.
            support_plan="AKSLongTermSupport" if settings.sku_tier is ClusterTier.PREMIUM else "KubernetesOfficial",
            # Not in the Free tier, and it asks Azure for what things cost.
            # https://learn.microsoft.com/azure/aks/cost-analysis#prerequisites
            cost_analysis_enabled=not network.is_isolated and settings.sku_tier is not ClusterTier.FREE,
            storage_profile=_storage_profile(shared_volumes=settings.shared_volumes),
            # The API server: a private address, a name in a private zone, and no way around them.
            private_cluster_enabled=True,
            private_cluster_public_fqdn_enabled=False,
            private_dns_zone_id=network.private_dns_zone_id or "System",
            api_server_access_profile=network.api_server_access_profile(),
            # Azure takes exactly one of the two, and this one with a zone of AKS's own alone.
            # https://github.com/hashicorp/terraform-provider-azurerm/blob/v4.81.0/internal/services/containers/kubernetes_cluster_resource.go
            dns_prefix=None if network.private_dns_zone_id else name,
            dns_prefix_private_cluster=name if network.private_dns_zone_id else None,
            # Runs commands inside the cluster for whoever holds a role on it, from any network.
            # https://learn.microsoft.com/azure/aks/access-private-cluster
            run_command_enabled=False,
            # Who may enter. Local accounts are certificates that nobody can revoke one by one.
            local_account_disabled=True,
            role_based_access_control_enabled=True,
            azure_active_directory_role_based_access_control=KubernetesClusterAzureActiveDirectoryRoleBasedAccessControl(
                tenant_id=tenant_id, azure_rbac_enabled=True, admin_group_object_ids=[admin_group_id]
            ),
            # As whom the cluster and its pods act.
            identity=KubernetesClusterIdentity(type="UserAssigned", identity_ids=[control_plane.id]),
            kubelet_identity=KubernetesClusterKubeletIdentity(
                client_id=kubelet.client_id,
                object_id=kubelet.principal_id,
                user_assigned_identity_id=kubelet.id,
            ),
            oidc_issuer_enabled=True,
            workload_identity_enabled=True,
            network_profile=network.network_profile(settings),
            http_proxy_config=http_proxy_config(settings.http_proxy, reached_without_proxy),
            custom_ca_trust_certificates_base64=[
                b64encode(one.pem.encode()).decode() for one in settings.company_certificates
            ]
            or None,
            bootstrap_profile=_bootstrap_profile(platform_images),
            # Beside the encryption on the host, which takes the same key for the caches of these disks.
            # https://learn.microsoft.com/azure/aks/enable-host-encryption
            disk_encryption_set_id=disk_encryption_set_id,
            default_node_pool=self._system_pool(settings.system_pool),
            # Patches of Kubernetes and of the nodes come by themselves; a new minor version is a person's decision,
            # which the settings record and docs/upgrades.md carries out.
            kubernetes_version=settings.kubernetes_version,
            automatic_upgrade_channel="patch",
            # A new image each week mends everything, on every size, without egress too. Single patches come sooner, but
            # not to GPUs or isolated clusters, and a report says: nowhere with the ordinary support plan.
            # https://learn.microsoft.com/azure/aks/auto-upgrade-node-os-image
            # https://github.com/hashicorp/terraform-provider-azurerm/issues/32485
            node_os_upgrade_channel="NodeImage",
            maintenance_window_auto_upgrade=kubernetes_window(settings.maintenance, tier),
            maintenance_window_node_os=nodes_window(settings.maintenance, tier),
            image_cleaner_enabled=True,
            image_cleaner_interval_hours=168,
            # These two report to Azure, which offers them no private link here: without egress they would only fail.
            # https://learn.microsoft.com/azure/aks/outbound-rules-control-egress
            azure_policy_enabled=None if network.is_isolated else True,
            microsoft_defender=(
                KubernetesClusterMicrosoftDefender(log_analytics_workspace_id=sensor_workspace_id)
                if sensor_workspace_id
                else None
            ),
            monitor_metrics=KubernetesClusterMonitorMetrics() if sends_metrics else None,
            oms_agent=None if network.is_isolated else _container_insights(workspace_id),
            key_vault_secrets_provider=KubernetesClusterKeyVaultSecretsProvider(secret_rotation_enabled=True),
            web_app_routing=_application_routing() if gateway else None,
            service_mesh_profile=_mesh(gateway) if gateway and gateway.mesh_revisions else None,
            depends_on=[*after, *(platform_images.ready if platform_images else ())],
            lifecycle=TerraformResourceLifecycle(
                postcondition=[has_version(settings.kubernetes_version, name, resource_group_name)],
            ),
        )

    def add_node_pool(self, id_: str, *, settings: UserPoolSettings) -> KubernetesNodePool:
        """Add nodes for workloads in the cluster's subnet and, where the pool names none, in its zones."""
        return KubernetesNodePool(
            self,
            id_,
            cluster_id=self.resource.id,
            subnet_id=self._subnet_id,
            availability_zones=self._zones
            if settings.availability_zones is None
            else [str(zone) for zone in settings.availability_zones],
            settings=settings,
        )

    def grant_sign_in(self, grantee: str, principal_id: str, *, principal_type: PrincipalType) -> None:
        """Let a principal fetch the kubeconfig, which without a role inside Kubernetes opens nothing."""
        assign_role(
            self,
            f"{grantee}-sign-in",
            role="Azure Kubernetes Service Cluster User Role",
            on=self.resource.id,
            principal_id=principal_id,
            principal_type=principal_type,
        )

    def grant_administration(self, grantee: str, principal_id: str) -> None:
        """Let an identity sign in and do everything inside Kubernetes."""
        self.grant_sign_in(grantee, principal_id, principal_type="ServicePrincipal")
        assign_role(
            self,
            f"{grantee}-administration",
            role="Azure Kubernetes Service RBAC Cluster Admin",
            on=self.resource.id,
            principal_id=principal_id,
        )

    def grant_namespaces(self, entries: Sequence[NamespaceAccessSettings]) -> None:
        """Let the members of groups sign in, and work in the namespaces named."""
        for group_id in dict.fromkeys(entry.group_id for entry in entries):
            self.grant_sign_in(group_id, group_id, principal_type="Group")
        for entry in entries:
            assign_role(
                self,
                f"{entry.group_id}-in-{entry.namespace}",
                role=_NAMESPACE_ROLES[entry.role],
                # https://learn.microsoft.com/azure/aks/manage-azure-rbac
                on=f"{self.resource.id}/namespaces/{entry.namespace}",
                principal_id=entry.group_id,
                principal_type="Group",
            )

    def _system_pool(self, settings: NodePoolSettings) -> KubernetesClusterDefaultNodePool:
        return KubernetesClusterDefaultNodePool(
            name=SYSTEM_POOL,
            temporary_name_for_rotation=f"{SYSTEM_POOL}{TEMPORARY_SUFFIX}",
            only_critical_addons_enabled=True,
            **node_arguments(settings, subnet_id=self._subnet_id, availability_zones=self._zones),
            upgrade_settings=KubernetesClusterDefaultNodePoolUpgradeSettings(**UPGRADE),
        )


def _container_insights(workspace_id: str) -> KubernetesClusterOmsAgent:
    return KubernetesClusterOmsAgent(log_analytics_workspace_id=workspace_id, msi_auth_for_monitoring_enabled=True)


def _application_routing() -> KubernetesClusterWebAppRouting:
    """The operator that fetches a gateway's certificates, whoever makes the gateway.

    Without its NGINX, which is retired. The makers of gateways have no argument in the provider: docs/ingress.md.
    https://learn.microsoft.com/azure/aks/app-routing-gateway-api-dns-tls#prerequisites
    """
    return KubernetesClusterWebAppRouting(dns_zone_ids=[], default_nginx_controller="None")


def _mesh(gateway: GatewaySettings) -> KubernetesClusterServiceMeshProfile:
    """Neither of the add-on's own gateways: the Gateway API makes the one that there is."""
    return KubernetesClusterServiceMeshProfile(
        mode="Istio",
        revisions=list(gateway.mesh_revisions),
        internal_ingress_gateway_enabled=False,
        external_ingress_gateway_enabled=False,
    )


def _bootstrap_profile(images: PlatformImages | None) -> KubernetesClusterBootstrapProfile:
    if images is None:
        # Azure's default; left out, a cluster that gets egress would go on asking the cache, which is then gone.
        return KubernetesClusterBootstrapProfile(artifact_source="Direct")
    return KubernetesClusterBootstrapProfile(artifact_source="Cache", container_registry_id=images.registry_id)


def _storage_profile(*, shared_volumes: bool) -> KubernetesClusterStorageProfile:
    """Disks, which pods and cost analysis need; what lies in storage accounts only where it is wanted."""
    return KubernetesClusterStorageProfile(
        disk_driver_enabled=True,
        snapshot_controller_enabled=True,
        file_driver_enabled=shared_volumes,
        # It gives the nodes' subnet a way past the firewall.
        blob_driver_enabled=False,
    )
