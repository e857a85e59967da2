"""A storage account without a usable key: Entra authorises every request, and what is deleted can be brought back."""

from collections.abc import Sequence

from cdktf_cdktf_provider_azurerm.role_assignment import RoleAssignment
from cdktf_cdktf_provider_azurerm.storage_account import (
    StorageAccount,
    StorageAccountBlobProperties,
    StorageAccountBlobPropertiesContainerDeleteRetentionPolicy,
    StorageAccountBlobPropertiesDeleteRetentionPolicy,
    StorageAccountNetworkRules,
)
from constructs import Construct

from constructs_lib.role_assignment import PrincipalType, assign_role


class KeylessStorageAccount(Construct):
    """Blob storage with soft delete; a public one still admits nobody without an Entra role.

    With `versioning` what is overwritten or deleted stays for ever, unless somebody deletes the old version too.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        name: str,
        resource_group_name: str,
        location: str,
        replication: str,
        soft_delete_days: int,
        versioning: bool,
        public_network_access: bool,
        allowed_ip_ranges: Sequence[str] = (),
    ) -> None:
        super().__init__(scope, id_)
        closed = not public_network_access or bool(allowed_ip_ranges)
        self.resource = StorageAccount(
            self,
            "account",
            name=name,
            resource_group_name=resource_group_name,
            location=location,
            account_kind="StorageV2",
            account_tier="Standard",
            account_replication_type=replication,
            # A key opens everything, belongs to nobody and never expires: without keys there is also no SAS to leak.
            shared_access_key_enabled=False,
            default_to_oauth_authentication=True,
            local_user_enabled=False,
            https_traffic_only_enabled=True,
            min_tls_version="TLS1_2",
            allow_nested_items_to_be_public=False,
            cross_tenant_replication_enabled=False,
            infrastructure_encryption_enabled=True,
            public_network_access_enabled=public_network_access,
            # Always stated: a removed block would leave the last rules in force. Where everybody is let in, services
            # need no way past the rules, and with one the rules would be Azure's default, which the provider does not
            # read back: each plan would add them again. https://github.com/hashicorp/terraform-provider-azurerm/blob/v4.81.0/internal/services/storage/storage_account_helpers_network.go#L44
            network_rules=StorageAccountNetworkRules(
                default_action="Deny" if closed else "Allow",
                bypass=["AzureServices" if closed else "None"],
                ip_rules=list(allowed_ip_ranges),
            ),
            blob_properties=StorageAccountBlobProperties(
                versioning_enabled=versioning,
                change_feed_enabled=True,
                delete_retention_policy=StorageAccountBlobPropertiesDeleteRetentionPolicy(days=soft_delete_days),
                container_delete_retention_policy=StorageAccountBlobPropertiesContainerDeleteRetentionPolicy(
                    days=soft_delete_days
                ),
            ),
        )

    def grant_blob_write(
        self, grantee: str, principal_id: str, *, principal_type: PrincipalType = "ServicePrincipal"
    ) -> RoleAssignment:
        """Let a principal read, write and delete the blobs of every container."""
        return assign_role(
            self,
            f"{grantee}-blob-write",
            role="Storage Blob Data Contributor",
            on=self.resource.id,
            principal_id=principal_id,
            principal_type=principal_type,
        )
