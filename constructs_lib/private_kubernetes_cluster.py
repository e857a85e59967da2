"""An AKS cluster whose API server only the virtual networks reach, and that lets nobody in without Entra."""

from collections.abc import Sequence

from cdktf import TerraformResourceLifecycle
from cdktf_cdktf_provider_azurerm.kubernetes_cluster import (
    KubernetesCluster,
    KubernetesClusterAzureActiveDirectoryRoleBasedAccessControl,
    KubernetesClusterDefaultNodePool,
    KubernetesClusterDefaultNodePoolUpgradeSettings,
    KubernetesClusterIdentity,
    KubernetesClusterKeyVaultSecretsProvider,
    KubernetesClusterKubeletIdentity,
    KubernetesClusterNetworkProfile,
    KubernetesClusterOmsAgent,
)
from constructs import Construct

from config.kubernetes_cluster import UPGRADE_SURGE_PERCENT, KubernetesClusterSettings, NodePoolSettings
from constructs_lib.cluster_identities import ClusterIdentities
from constructs_lib.kubernetes_node_pool import KubernetesNodePool
from constructs_lib.role_assignment import PrincipalType, assign_role


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
        identities: ClusterIdentities,
        subnet_id: str,
        private_dns_zone_id: str,
        tenant_id: str,
        admin_group_id: str,
        workspace_id: str,
        prevent_destroy: bool,
    ) -> None:
        super().__init__(scope, id_)
        self._subnet_id = subnet_id
        self._zones = [str(zone) for zone in availability_zones]
        self.resource = KubernetesCluster(
            self,
            "cluster",
            name=name,
            resource_group_name=resource_group_name,
            node_resource_group=node_resource_group_name,
            location=location,
            sku_tier=settings.sku_tier,
            # The API server: a private address, a name in our own zone, and no way around them.
            private_cluster_enabled=True,
            private_cluster_public_fqdn_enabled=False,
            private_dns_zone_id=private_dns_zone_id,
            dns_prefix_private_cluster=name,
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
            identity=KubernetesClusterIdentity(type="UserAssigned", identity_ids=[identities.control_plane.id]),
            kubelet_identity=KubernetesClusterKubeletIdentity(
                client_id=identities.kubelet.client_id,
                object_id=identities.kubelet.principal_id,
                user_assigned_identity_id=identities.kubelet.id,
            ),
            oidc_issuer_enabled=True,
            workload_identity_enabled=True,
            network_profile=_network_profile(settings),
            default_node_pool=self._system_pool(settings.system_pool),
            # Patches of Kubernetes and of the nodes come by themselves; a new minor version is a person's decision.
            kubernetes_version=settings.kubernetes_version,
            automatic_upgrade_channel="patch",
            # Sooner than a new image, and most patches without draining a node.
            # https://learn.microsoft.com/azure/aks/auto-upgrade-node-os-image
            node_os_upgrade_channel="SecurityPatch",
            image_cleaner_enabled=True,
            image_cleaner_interval_hours=168,
            azure_policy_enabled=True,
            key_vault_secrets_provider=KubernetesClusterKeyVaultSecretsProvider(secret_rotation_enabled=True),
            oms_agent=KubernetesClusterOmsAgent(
                log_analytics_workspace_id=workspace_id, msi_auth_for_monitoring_enabled=True
            ),
            depends_on=list(identities.role_assignments),
            lifecycle=TerraformResourceLifecycle(
                prevent_destroy=prevent_destroy,
                # Upgrades and the autoscaler change these; Terraform would turn them back.
                ignore_changes=[
                    "kubernetes_version",
                    "default_node_pool[0].orchestrator_version",
                    "default_node_pool[0].node_count",
                ],
            ),
        )

    def add_node_pool(self, id_: str, *, name: str, settings: NodePoolSettings) -> KubernetesNodePool:
        """Add nodes for workloads in the cluster's subnet and zones."""
        return KubernetesNodePool(
            self,
            id_,
            name=name,
            cluster_id=self.resource.id,
            subnet_id=self._subnet_id,
            availability_zones=self._zones,
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

    def _system_pool(self, settings: NodePoolSettings) -> KubernetesClusterDefaultNodePool:
        # The reasons stand in kubernetes_node_pool.py; Azure has the first pool inside the cluster's own resource.
        return KubernetesClusterDefaultNodePool(
            name="system",
            temporary_name_for_rotation="systemtmp",
            only_critical_addons_enabled=True,
            vnet_subnet_id=self._subnet_id,
            zones=self._zones or None,
            vm_size=settings.vm_size,
            auto_scaling_enabled=True,
            min_count=settings.min_count,
            max_count=settings.max_count,
            max_pods=settings.max_pods,
            os_sku="AzureLinux",
            os_disk_type="Ephemeral",
            os_disk_size_gb=settings.os_disk_size_gb,
            host_encryption_enabled=True,
            node_public_ip_enabled=False,
            upgrade_settings=KubernetesClusterDefaultNodePoolUpgradeSettings(max_surge=f"{UPGRADE_SURGE_PERCENT}%"),
        )


def _network_profile(settings: KubernetesClusterSettings) -> KubernetesClusterNetworkProfile:
    """Pods on addresses of their own, Cilium to keep them apart, and the firewall as the only way out."""
    return KubernetesClusterNetworkProfile(
        network_plugin="azure",
        network_plugin_mode="overlay",
        network_data_plane="cilium",
        network_policy="cilium",
        outbound_type="userDefinedRouting",
        load_balancer_sku="standard",
        pod_cidr=str(settings.pod_cidr),
        service_cidr=str(settings.service_cidr),
        dns_service_ip=settings.dns_service_ip,
    )
