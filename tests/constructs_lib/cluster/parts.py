"""The parts that the tests of a cluster put together."""

from cdktf import TerraformStack

from config.cluster.registry import ContainerRegistrySettings
from constructs_lib.cluster.cluster_identities import ClusterIdentities
from constructs_lib.services.container_registry import PrivateContainerRegistry
from tests.constructs_lib.networks import ENDPOINTS


def registry_in(stack: TerraformStack) -> PrivateContainerRegistry:
    return PrivateContainerRegistry(
        stack,
        "registry",
        name="crshop",
        resource_group_name="rg",
        location="westeurope",
        settings=ContainerRegistrySettings(),
        network=ENDPOINTS,
        prevent_destroy=False,
    )


def identities_in(stack: TerraformStack, *, registry: PrivateContainerRegistry) -> ClusterIdentities:
    return ClusterIdentities(
        stack,
        "identities",
        control_plane_name="id-aks",
        kubelet_name="id-kubelet",
        resource_group_name="rg",
        location="westeurope",
        virtual_network_id="/virtualNetworks/spoke",
        private_dns_zone_id="/privateDnsZones/azmk8s",
        registry=registry,
    )
