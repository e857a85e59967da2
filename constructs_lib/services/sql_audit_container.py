"""The container of a SQL server's audit logs: what is written there can be added to, but neither changed nor erased."""

from collections.abc import Sequence

from cdktf import ITerraformDependable
from cdktf_cdktf_provider_azurerm.storage_container import StorageContainer
from cdktf_cdktf_provider_azurerm.storage_container_immutability_policy import StorageContainerImmutabilityPolicy
from cdktf_cdktf_provider_azurerm.storage_management_policy import (
    StorageManagementPolicy,
    StorageManagementPolicyRule,
    StorageManagementPolicyRuleActions,
    StorageManagementPolicyRuleActionsBaseBlob,
    StorageManagementPolicyRuleFilters,
)
from constructs import Construct

from constructs_lib.services.storage_account import KeylessStorageAccount

# Where every server writes; it makes the container itself, unless it is there.
# https://learn.microsoft.com/azure/azure-sql/database/audit-log-format#blob-audit
_CONTAINER = "sqldbauditlogs"


class SqlAuditContainer(Construct):
    """Keeps each log for its days after the last entry, from the server that writes it too; then the log is deleted.

    Unless the policy is locked, whoever manages the account may take it away, which the activity log tells. Once it is
    locked nobody may, nor shorten the days; the account lives until its last log has gone.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        account: KeylessStorageAccount,
        retention_in_days: int,
        locked: bool,
    ) -> None:
        super().__init__(scope, id_)
        container = StorageContainer(
            self,
            "container",
            name=_CONTAINER,
            storage_account_id=account.resource.id,
            container_access_type="private",
        )
        # SQL keeps a log open and appends to it, which this allows and nothing else.
        # https://learn.microsoft.com/azure/azure-sql/database/auditing-overview#remarks
        policy = StorageContainerImmutabilityPolicy(
            self,
            "immutability",
            storage_container_resource_manager_id=container.id,
            immutability_period_in_days=retention_in_days,
            protected_append_writes_enabled=True,
            locked=locked,
        )
        # The server may try before it may, and not again: the policy counts from the last entry of a log.
        # https://learn.microsoft.com/azure/storage/blobs/immutable-container-level-worm-policies#allow-protected-append-blobs-writes
        StorageManagementPolicy(
            self,
            "deletion",
            storage_account_id=account.resource.id,
            rule=[
                StorageManagementPolicyRule(
                    name="delete-audit-logs",
                    enabled=True,
                    filters=StorageManagementPolicyRuleFilters(
                        blob_types=["appendBlob"], prefix_match=[f"{_CONTAINER}/"]
                    ),
                    actions=StorageManagementPolicyRuleActions(
                        base_blob=StorageManagementPolicyRuleActionsBaseBlob(
                            delete_after_days_since_modification_greater_than=retention_in_days
                        )
                    ),
                )
            ],
        )
        self.ready: Sequence[ITerraformDependable] = (policy,)
        """What whoever writes here waits for: no log may lie where it can be erased."""
