"""Where Terraform keeps the state of one environment: an account with containers for states and saved plans."""

from collections.abc import Mapping
from typing import Literal

from cdktf_cdktf_provider_azurerm.resource_group import ResourceGroup
from cdktf_cdktf_provider_azurerm.role_assignment import RoleAssignment
from cdktf_cdktf_provider_azurerm.storage_container import StorageContainer
from cdktf_cdktf_provider_azurerm.storage_management_policy import (
    StorageManagementPolicy,
    StorageManagementPolicyRule,
    StorageManagementPolicyRuleActions,
    StorageManagementPolicyRuleActionsBaseBlob,
    StorageManagementPolicyRuleActionsVersion,
    StorageManagementPolicyRuleFilters,
)
from constructs import Construct

from config.identities import PipelineStack
from config.state_backend import StateBackendSettings
from constructs_lib.naming import StackPurpose
from constructs_lib.role_assignment import PrincipalType, assign_role
from constructs_lib.services.storage_account import KeylessStorageAccount

# A plan that nobody has applied within a week is out of date.
_DAYS_OF_A_PLAN = 7


class StateBackend(Construct):
    """Resource group, account and containers, for states and for plans.

    `container_names` has one for each stack. Whoever may write one state can write no other: a state is what the next
    apply believes to exist, and it holds what a provider returned, secrets included. So does a saved plan: each stack
    that pipelines deploy has a container for its plans besides, which are deleted after a week.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        resource_group_name: str,
        account_name: str,
        container_names: Mapping[StackPurpose, str],
        plan_container_names: Mapping[PipelineStack, str],
        location: str,
        settings: StateBackendSettings,
    ) -> None:
        super().__init__(scope, id_)
        self.group = ResourceGroup(self, "resource-group", name=resource_group_name, location=location)
        self.account = KeylessStorageAccount(
            self,
            "storage",
            name=account_name,
            resource_group_name=self.group.name,
            location=location,
            replication=settings.replication,
            soft_delete_days=settings.soft_delete_days,
            versioning=True,
            public_network_access=settings.public_network_access,
            allowed_ip_ranges=settings.allowed_ip_ranges,
        )
        self._containers = {
            stack: StorageContainer(
                self,
                "container" if stack == "state-backend" else f"{stack}-container",
                name=name,
                # The id, not the name, makes the provider use the management API, which needs neither key nor network.
                storage_account_id=self.account.resource.id,
                container_access_type="private",
            )
            for stack, name in container_names.items()
        }
        self._plan_containers = {
            stack: StorageContainer(
                self,
                f"{stack}-plans",
                name=name,
                storage_account_id=self.account.resource.id,
                container_access_type="private",
            )
            for stack, name in plan_container_names.items()
        }
        StorageManagementPolicy(
            self,
            "lifecycle",
            storage_account_id=self.account.resource.id,
            rule=[
                StorageManagementPolicyRule(
                    name="delete-plans",
                    enabled=True,
                    filters=StorageManagementPolicyRuleFilters(
                        blob_types=["blockBlob"], prefix_match=[f"{name}/" for name in plan_container_names.values()]
                    ),
                    actions=StorageManagementPolicyRuleActions(
                        base_blob=StorageManagementPolicyRuleActionsBaseBlob(
                            delete_after_days_since_modification_greater_than=_DAYS_OF_A_PLAN
                        ),
                        # The account keeps versions, for the states' sake.
                        version=StorageManagementPolicyRuleActionsVersion(
                            delete_after_days_since_creation=_DAYS_OF_A_PLAN
                        ),
                    ),
                )
            ],
        )

    def grant_write(
        self, grantee: str, stack: StackPurpose, principal_id: str, *, principal_type: PrincipalType
    ) -> RoleAssignment:
        """Let a principal read, write and lock the state of one stack."""
        container = self._containers[stack]
        return self._grant(f"{grantee}-state-access", "Contributor", container, principal_id, principal_type)

    def grant_read(self, grantee: str, stack: StackPurpose, principal_id: str) -> RoleAssignment:
        """Let an identity read the state of one stack; it cannot lock it."""
        container = self._containers[stack]
        return self._grant(f"{grantee}-state-reading", "Reader", container, principal_id, "ServicePrincipal")

    def grant_plans(self, grantee: str, stack: PipelineStack, principal_id: str) -> RoleAssignment:
        """Let an identity hand on the plans of one stack, and take them."""
        container = self._plan_containers[stack]
        return self._grant(f"{grantee}-plan-access", "Contributor", container, principal_id, "ServicePrincipal")

    def _grant(
        self,
        id_: str,
        role: Literal["Contributor", "Reader"],
        container: StorageContainer,
        principal_id: str,
        principal_type: PrincipalType,
    ) -> RoleAssignment:
        return assign_role(
            self,
            id_,
            role=f"Storage Blob Data {role}",
            on=container.id,
            principal_id=principal_id,
            principal_type=principal_type,
        )
