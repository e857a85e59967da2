"""A Key Vault reachable only through a private endpoint, authorised by Azure RBAC, and recoverable when deleted."""

from cdktf import TerraformResourceLifecycle
from cdktf_cdktf_provider_azurerm.key_vault import KeyVault, KeyVaultNetworkAcls
from constructs import Construct

from config.network.private_endpoints import PrivateAddress
from constructs_lib.network.private_endpoint import PrivateEndpoint, PrivateEndpointNetwork
from constructs_lib.network.private_link_resources import KEY_VAULT


class PrivateKeyVault(Construct):
    """Nobody reads it without an Entra role; keys and secrets made by Terraform must wait for `dns_records`."""

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
        prevent_destroy: bool,
    ) -> None:
        super().__init__(scope, id_)
        self.resource = KeyVault(
            self,
            "vault",
            name=name,
            resource_group_name=resource_group_name,
            location=location,
            tenant_id=tenant_id,
            sku_name="standard",
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
            lifecycle=TerraformResourceLifecycle(prevent_destroy=prevent_destroy),
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
        self.dns_records = endpoint.add_record(self.resource.name)
