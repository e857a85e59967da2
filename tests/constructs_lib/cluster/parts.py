"""The parts that the tests of a cluster put together."""

from cdktf import TerraformStack
from cdktf_cdktf_provider_azurerm.data_azurerm_user_assigned_identity import DataAzurermUserAssignedIdentity

from config.cluster.registry import ContainerRegistrySettings
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
    )


def identity_in(stack: TerraformStack, name: str) -> DataAzurermUserAssignedIdentity:
    return DataAzurermUserAssignedIdentity(stack, name, name=name, resource_group_name="rg-network")
