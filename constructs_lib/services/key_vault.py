"""A Key Vault reachable only through a private endpoint, authorised by Azure RBAC, and recoverable when deleted."""

from cdktf_cdktf_provider_azurerm.key_vault import KeyVault, KeyVaultNetworkAcls
from cdktf_cdktf_provider_azurerm.role_assignment import RoleAssignment
from constructs import Construct

from config.network.private_endpoints import PrivateAddress
from constructs_lib.network.private_endpoint import PrivateEndpoint, PrivateEndpointNetwork
from constructs_lib.network.private_link_resources import KEY_VAULT
from constructs_lib.role_assignment import assign_role


class PrivateKeyVault(Construct):
    """Nobody reads it without an Entra role; keys and secrets made by Terraform must wait for `reachable`."""

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        name: str,
        resource_group_name: str,
        location: str,
        tenant_id: str,
        network: PrivateEndpointNetwork,
        keys_in_hardware: bool = False,
    ) -> None:
        super().__init__(scope, id_)
        self.resource = KeyVault(
            self,
            "vault",
            name=name,
            resource_group_name=resource_group_name,
            location=location,
            tenant_id=tenant_id,
            # Only this one takes keys in hardware modules; everything else is the same, and costs the same.
            # https://azure.microsoft.com/pricing/details/key-vault/
            sku_name="premium" if keys_in_hardware else "standard",
            # Whoever may write a vault may widen its access policies; a role takes the right to grant roles.
            # https://learn.microsoft.com/azure/key-vault/general/rbac-access-policy
            rbac_authorization_enabled=True,
            # Without protection a purged key takes with it what it encrypted. Neither value can be lowered later.
            purge_protection_enabled=True,
            soft_delete_retention_days=90,
            public_network_access_enabled=False,
            # Disk encryption and SQL reach their keys as trusted services, past the private endpoint.
            # https://learn.microsoft.com/azure/key-vault/general/overview-vnet-service-endpoints#trusted-services
            network_acls=KeyVaultNetworkAcls(default_action="Deny", bypass="AzureServices"),
        )
        endpoint = PrivateEndpoint(
            self,
            "private-endpoint",
            service=KEY_VAULT,
            service_name=name,
            service_id=self.resource.id,
            addresses={KEY_VAULT.member: network.address_plan.private_address(PrivateAddress.KEY_VAULT)},
            resource_group_name=resource_group_name,
            location=location,
            network=network,
        )
        # Where a policy writes the name there is no record to wait for, and it resolves minutes after the endpoint.
        self.reachable = (endpoint.resource, *endpoint.add_record(self.resource.name))

    def grant_key_management(self, grantee: str, principal_id: str) -> RoleAssignment:
        """Let an identity make, rotate, use and delete keys."""
        return self._grant(f"{grantee}-key-management", "Key Vault Crypto Officer", principal_id)

    def grant_key_use(self, grantee: str, principal_id: str) -> RoleAssignment:
        """Let a service of Azure wrap and unwrap its own keys with those of the vault."""
        return self._grant(f"{grantee}-key-use", "Key Vault Crypto Service Encryption User", principal_id)

    def grant_secret_management(self, grantee: str, principal_id: str) -> RoleAssignment:
        """Let an identity write, read and delete secrets."""
        return self._grant(f"{grantee}-secret-management", "Key Vault Secrets Officer", principal_id)

    def grant_reading(self, grantee: str, principal_id: str) -> RoleAssignment:
        """Let an identity read what keys there are and how they rotate, but no key and no secret itself."""
        return self._grant(f"{grantee}-reading", "Key Vault Reader", principal_id)

    def _grant(self, id_: str, role: str, principal_id: str) -> RoleAssignment:
        return assign_role(self, id_, role=role, on=self.resource.id, principal_id=principal_id)
