"""A container registry that only the virtual networks reach, and that nobody enters without an Entra identity."""

from dataclasses import dataclass

from cdktf import ITerraformDependable
from cdktf_cdktf_provider_azurerm.container_registry import ContainerRegistry
from cdktf_cdktf_provider_azurerm.container_registry_cache_rule import ContainerRegistryCacheRule
from cdktf_cdktf_provider_azurerm.role_assignment import RoleAssignment
from constructs import Construct

from config.cluster.registry import ContainerRegistrySettings
from constructs_lib.network.private_endpoint import PrivateEndpointNetwork
from constructs_lib.role_assignment import assign_role
from constructs_lib.services.registry_endpoint import add_registry_endpoint


@dataclass(frozen=True)
class PlatformImages:
    """A registry from which a cluster without egress gets what AKS itself runs."""

    registry_id: str
    ready: tuple[ITerraformDependable, ...]
    """What the cluster waits for, besides the right to pull: nodes need the images to start."""


class PrivateContainerRegistry(Construct):
    """Images are pushed and pulled by principals that were granted it; there is no admin user and no anonymous pull.

    `location` is part of a name: the region itself, not a reference to where another resource stands.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        name: str,
        resource_group_name: str,
        location: str,
        settings: ContainerRegistrySettings,
        network: PrivateEndpointNetwork,
    ) -> None:
        super().__init__(scope, id_)
        self.resource = ContainerRegistry(
            self,
            "registry",
            name=name,
            resource_group_name=resource_group_name,
            location=location,
            sku="Premium",  # the only one with private endpoints
            admin_enabled=False,
            anonymous_pull_enabled=False,
            public_network_access_enabled=False,
            # Neither imported by another registry nor exported to a storage account: images leave by pull alone.
            # https://learn.microsoft.com/azure/container-registry/data-loss-prevention
            export_policy_enabled=False,
            # Layers come from an endpoint of the registry's own instead of a storage account shared with others.
            # https://learn.microsoft.com/azure/container-registry/container-registry-dedicated-data-endpoints
            data_endpoint_enabled=True,
            network_rule_bypass_option="AzureServices",  # lets Defender for Containers scan what is pushed
            # https://learn.microsoft.com/azure/container-registry/container-registry-retention-policy
            retention_policy_in_days=settings.untagged_retention_in_days,
            # Azure gives it to every registry in a region with zones, and the argument cannot be changed later.
            # https://learn.microsoft.com/azure/container-registry/zone-redundancy
            zone_redundancy_enabled=True,
        )
        self._records = add_registry_endpoint(
            self,
            name=name,
            record_name=self.resource.name,
            registry_id=self.resource.id,
            region=location,
            resource_group_name=resource_group_name,
            location=location,
            network=network,
        )
        for rule in settings.cache_rules:
            ContainerRegistryCacheRule(
                self,
                f"cache-{rule.name}",
                name=rule.name,
                container_registry_id=self.resource.id,
                source_repo=rule.source_repo,
                target_repo=rule.target_repo,
            )

    def grant_pull(self, grantee: str, principal_id: str) -> RoleAssignment:
        """Let an identity pull every image."""
        return assign_role(self, f"{grantee}-pull", role="AcrPull", on=self.resource.id, principal_id=principal_id)

    def grant_push(self, grantee: str, principal_id: str) -> RoleAssignment:
        """Let an identity push images, and pull them."""
        return assign_role(self, f"{grantee}-push", role="AcrPush", on=self.resource.id, principal_id=principal_id)

    def cache_platform_images(self) -> PlatformImages:
        """Let the registry fetch from Microsoft's what is asked of it, for nodes that cannot."""
        rule = ContainerRegistryCacheRule(
            self,
            "platform-images",
            # AKS looks for just this name and these paths.
            # https://learn.microsoft.com/azure/aks/network-isolated#step-3-create-the-acr-and-enable-artifact-cache
            name="aks-managed-mcr",
            container_registry_id=self.resource.id,
            source_repo="mcr.microsoft.com/*",
            target_repo="aks-managed-repository/*",
        )
        return PlatformImages(self.resource.id, ready=(rule, *self._records))
