"""How a cluster is joined to the networks: where it stands, how its API server is reached, how its nodes get out."""

from dataclasses import dataclass

from cdktf_cdktf_provider_azurerm.kubernetes_cluster import (
    KubernetesClusterApiServerAccessProfile,
    KubernetesClusterNetworkProfile,
    KubernetesClusterNetworkProfileAdvancedNetworking,
)

from config.cluster.kubernetes import KubernetesClusterSettings
from config.network.egress import Egress


@dataclass(frozen=True)
class ClusterNetwork:
    """What the network stack made for the cluster."""

    node_subnet_id: str
    private_dns_zone_id: str | None
    """The zone in which AKS writes the API server's name. None: it makes one itself."""

    egress: Egress
    api_server_subnet_id: str | None = None
    """Where the API server itself stands. None: it is reached through a private endpoint among the nodes."""

    @property
    def is_isolated(self) -> bool:
        """Whether nodes reach nothing outside the networks."""
        return self.egress.nature.isolates_the_cluster

    def network_profile(self, settings: KubernetesClusterSettings) -> KubernetesClusterNetworkProfile:
        """Pods on addresses of their own, Cilium to keep them apart, and one kind of egress."""
        return KubernetesClusterNetworkProfile(
            network_plugin="azure",
            network_plugin_mode="overlay",
            network_data_plane="cilium",
            network_policy="cilium",
            advanced_networking=_names_known_to_policies() if settings.advanced_networking else None,
            outbound_type=self.egress.nature.outbound_type,
            load_balancer_sku="standard",
            pod_cidr=str(settings.pod_cidr),
            service_cidr=str(settings.service_cidr),
            dns_service_ip=settings.dns_service_ip,
        )

    def api_server_access_profile(self) -> KubernetesClusterApiServerAccessProfile | None:
        """Never with ranges of addresses: Azure refuses them beside a private API server."""
        if self.api_server_subnet_id is None:
            return None
        return KubernetesClusterApiServerAccessProfile(
            virtual_network_integration_enabled=True, subnet_id=self.api_server_subnet_id
        )


def _names_known_to_policies() -> KubernetesClusterNetworkProfileAdvancedNetworking:
    # Metrics of flows are the other half, which needs a Prometheus that nobody has here.
    return KubernetesClusterNetworkProfileAdvancedNetworking(security_enabled=True, observability_enabled=False)
