"""Where Terraform keeps the state of one environment: a locked account that only pipeline and operators can read."""

from collections.abc import Sequence

from cdktf import TerraformResourceLifecycle
from cdktf_cdktf_provider_azurerm.management_lock import ManagementLock
from cdktf_cdktf_provider_azurerm.resource_group import ResourceGroup
from cdktf_cdktf_provider_azurerm.role_assignment import RoleAssignment
from cdktf_cdktf_provider_azurerm.storage_container import StorageContainer
from constructs import Construct

from config.state_backend import StateBackendSettings
from constructs_lib.role_assignment import PrincipalType, assign_role
from constructs_lib.services.storage_account import KeylessStorageAccount


class StateBackend(Construct):
    """Resource group, account and container, none of which Terraform or a person destroys by mistake."""

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        resource_group_name: str,
        account_name: str,
        container_name: str,
        location: str,
        settings: StateBackendSettings,
    ) -> None:
        super().__init__(scope, id_)
        # Whoever loses the state loses the platform, so this holds for every environment, however small.
        kept = TerraformResourceLifecycle(prevent_destroy=True)
        group = ResourceGroup(self, "resource-group", name=resource_group_name, location=location, lifecycle=kept)
        self.account = KeylessStorageAccount(
            self,
            "storage",
            name=account_name,
            resource_group_name=group.name,
            location=location,
            replication=settings.replication,
            soft_delete_days=settings.soft_delete_days,
            versioning=True,
            public_network_access=True,
            allowed_ip_ranges=settings.allowed_ip_ranges,
            prevent_destroy=True,
        )
        self.container = StorageContainer(
            self,
            "container",
            name=container_name,
            # The id, not the name, makes the provider use the management API, which needs neither key nor network path.
            storage_account_id=self.account.resource.id,
            container_access_type="private",
            lifecycle=kept,
        )

    def grant_state_access(self, grantee: str, principal_id: str, *, principal_type: PrincipalType) -> RoleAssignment:
        """Let a principal read, write and lock the states in the container, and nothing else in the account."""
        return assign_role(
            self,
            f"{grantee}-state-access",
            role="Storage Blob Data Contributor",
            on=self.container.id,
            principal_id=principal_id,
            principal_type=principal_type,
        )

    def lock(self, *, after: Sequence[RoleAssignment]) -> None:
        """Keep the account, and all below it, from being deleted by anybody."""
        ManagementLock(
            self,
            "lock",
            name="keep-terraform-state",
            scope=self.account.resource.id,
            lock_level="CanNotDelete",
            notes="Holds the Terraform state of this environment.",
            # A lock also keeps the role assignments below it: it comes last, and goes first, also when one of them
            # goes to another principal. https://learn.microsoft.com/azure/role-based-access-control/troubleshooting
            depends_on=after,
            lifecycle=TerraformResourceLifecycle(
                # Text, since cdktf makes of a resource a template, which Terraform does not take here.
                replace_triggered_by=[f"{role.terraform_resource_type}.{role.friendly_unique_id}" for role in after]
            ),
        )
