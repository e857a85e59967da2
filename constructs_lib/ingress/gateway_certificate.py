"""Certificates of the key vault, and the identity by which an application gateway reads them, and nothing else."""

from collections.abc import Sequence

from cdktf import TerraformIterator, Token
from cdktf_cdktf_provider_azurerm.user_assigned_identity import UserAssignedIdentity
from constructs import Construct

from constructs_lib.role_assignment import assign_role


class GatewayCertificate(Construct):
    """The certificates must be in the vault before; a gateway must wait for `grants`, and ends before them.

    The gateway finds the vault's private endpoint by the private zone of the network in which it stands.
    https://learn.microsoft.com/azure/application-gateway/key-vault-certs#verify-firewall-permissions-to-key-vault
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        name: str,
        further_names: Sequence[str] = (),
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
        self.grants = [self.grant]
        if further_names:
            each = TerraformIterator.from_list(list(further_names))
            further = assign_role(
                self,
                "read-further",
                role="Key Vault Secrets User",
                on=f"{vault_id}/secrets/{Token.as_string(each.value)}",
                principal_id=self.reader.principal_id,
                create_before_destroy=True,
            )
            further.for_each = each
            self.grants.append(further)
        self._vault_name = vault_name
        self.secret_id = self.secret_id_of(name)

    def secret_id_of(self, name: str) -> str:
        """Without a version: the gateway looks every four hours for a newer one."""
        return f"https://{self._vault_name}.vault.azure.net/secrets/{name}"
