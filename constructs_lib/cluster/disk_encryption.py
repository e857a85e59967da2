"""Disks encrypted with a key of one's own: without it, what is written on them is lost for everybody."""

from cdktf_cdktf_provider_azurerm.disk_encryption_set import DiskEncryptionSet, DiskEncryptionSetIdentity
from cdktf_cdktf_provider_azurerm.key_vault_key import (
    KeyVaultKey,
    KeyVaultKeyRotationPolicy,
    KeyVaultKeyRotationPolicyAutomatic,
)
from cdktf_cdktf_provider_azurerm.role_assignment import RoleAssignment
from cdktf_cdktf_provider_azurerm.user_assigned_identity import UserAssignedIdentity
from constructs import Construct

from constructs_lib.role_assignment import assign_role
from constructs_lib.services.key_vault import PrivateKeyVault


class CustomerKeyDiskEncryption(Construct):
    """A key in the platform's vault, and the set that gives disks its newest version.

    The key is made in the vault's data plane: by whoever reaches the vault's private address and has had the role on
    it for some minutes. A first deployment that comes too early is refused (403), and goes through when repeated.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        name: str,
        identity_name: str,
        resource_group_name: str,
        location: str,
        vault: PrivateKeyVault,
        deployer_id: str,
    ) -> None:
        super().__init__(scope, id_)
        # An identity of the set's own would be known after it, and could not have its role before.
        # https://learn.microsoft.com/azure/virtual-machines/disk-encryption
        identity = UserAssignedIdentity(
            self,
            "identity",
            name=identity_name,
            resource_group_name=resource_group_name,
            location=location,
        )
        # Both roles are on the vault, which holds no other key: they spread while it gets its private endpoint. On the
        # key they would be too late for it, and for the set.
        deployer = vault.grant_key_management("deployer", deployer_id)
        user = vault.grant_key_use("disk-encryption", identity.principal_id)
        self.key = KeyVaultKey(
            self,
            "key",
            name="disk-encryption",
            key_vault_id=vault.resource.id,
            # Whoever reads the vault's own disks does not read it: it never leaves a hardware module.
            key_type="RSA-HSM",
            key_size=4096,
            key_opts=["wrapKey", "unwrapKey"],  # it encrypts keys of disks, and nothing else
            # A new version each year, and none that expires: a node started before keeps the older one until it is
            # re-imaged. https://learn.microsoft.com/azure/aks/azure-disk-customer-managed-keys#limitations
            rotation_policy=KeyVaultKeyRotationPolicy(
                automatic=KeyVaultKeyRotationPolicyAutomatic(time_after_creation="P1Y")
            ),
            depends_on=[deployer, *vault.reachable],
        )
        self.resource = DiskEncryptionSet(
            self,
            "set",
            name=name,
            resource_group_name=resource_group_name,
            location=location,
            # Without a version, and rotated: disks follow the key within an hour.
            # https://learn.microsoft.com/azure/virtual-machines/disk-encryption#automatic-key-rotation-of-customer-managed-keys
            key_vault_key_id=self.key.versionless_id,
            auto_key_rotation_enabled=True,
            encryption_type="EncryptionAtRestWithCustomerKey",
            identity=DiskEncryptionSetIdentity(type="UserAssigned", identity_ids=[identity.id]),
            depends_on=[user],
        )

    def grant_use(self, grantee: str, principal_id: str) -> RoleAssignment:
        """Let an identity make disks that the set encrypts, which takes no more than to read it."""
        # https://learn.microsoft.com/azure/aks/azure-disk-customer-managed-keys#encrypt-your-aks-cluster-data-disk
        return assign_role(self, f"{grantee}-use", role="Reader", on=self.resource.id, principal_id=principal_id)
