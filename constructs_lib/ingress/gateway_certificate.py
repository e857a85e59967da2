"""A certificate of the key vault, and the identity by which an application gateway reads it, and nothing else."""

from cdktf_cdktf_provider_azurerm.user_assigned_identity import UserAssignedIdentity
from constructs import Construct

from constructs_lib.role_assignment import assign_role


class GatewayCertificate(Construct):
    """The certificate must be in the vault before; a gateway must wait for `grant`, and ends before it.

    The gateway finds the vault's private endpoint by the private zone of the network in which it stands.
    https://learn.microsoft.com/azure/application-gateway/key-vault-certs#verify-firewall-permissions-to-key-vault
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        name: str,
        vault_name: str,
        vault_id: str,
        reader_name: str,
        resource_group_name: str,
        location: str,
    ) -> None:
        super().__init__(scope, id_)
        self.reader = UserAssignedIdentity(
            self,
            "reader",
            name=reader_name,
            resource_group_name=resource_group_name,
            location=location,
        )
        # A certificate with its private key is a secret of the same name.
        # https://learn.microsoft.com/azure/key-vault/certificates/about-certificates#composition-of-a-certificate
        self.grant = assign_role(
            self,
            "read",
            role="Key Vault Secrets User",
            on=f"{vault_id}/secrets/{name}",
            principal_id=self.reader.principal_id,
            # While the gateway goes over to another certificate it needs the one that it serves.
            create_before_destroy=True,
        )
        self.secret_id = f"https://{vault_name}.vault.azure.net/secrets/{name}"
        """Without a version: the gateway looks every four hours for a newer one."""
