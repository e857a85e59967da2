"""A container registry that others own: what this environment is given of it, and its way there."""

from cdktf_cdktf_provider_azurerm.role_assignment import RoleAssignment
from constructs import Construct

from config.resource_ids import name_of
from constructs_lib.network.private_endpoint import PrivateEndpointNetwork
from constructs_lib.role_assignment import assign_role
from constructs_lib.services.registry_endpoint import add_registry_endpoint


class ExistingContainerRegistry(Construct):
    """A registry that others made and set up, in any subscription; without `network` no endpoint leads to it from here.

    Azure accepts the endpoint by itself only if whoever makes it may approve connections of the registry.
    https://learn.microsoft.com/azure/container-registry/container-registry-private-link
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        registry_id: str,
        region: str,
        resource_group_name: str,
        location: str,
        network: PrivateEndpointNetwork | None,
    ) -> None:
        super().__init__(scope, id_)
        self._registry_id = registry_id
        if network is not None:
            add_registry_endpoint(
                self,
                name=name_of(registry_id),
                record_name=name_of(registry_id),
                registry_id=registry_id,
                region=region,
                resource_group_name=resource_group_name,
                location=location,
                network=network,
            )

    def grant_pull(self, grantee: str, principal_id: str) -> RoleAssignment:
        """Let an identity pull every image."""
        return assign_role(self, f"{grantee}-pull", role="AcrPull", on=self._registry_id, principal_id=principal_id)

    def grant_push(self, grantee: str, principal_id: str) -> RoleAssignment:
        """Let an identity push images, and pull them."""
        return assign_role(self, f"{grantee}-push", role="AcrPush", on=self._registry_id, principal_id=principal_id)
