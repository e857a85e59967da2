"""Secrets whose values pass through Terraform into the vault, and stay in no file, no plan and no state."""

from collections.abc import Sequence

from cdktf import TerraformVariable
from cdktf_cdktf_provider_azurerm.key_vault_secret import KeyVaultSecret
from constructs import Construct

from config.cluster.vault_secrets import VaultSecretSettings
from constructs_lib.services.key_vault import PrivateKeyVault


class WrittenVaultSecrets(Construct):
    """Each is written when its version grows. It is written in the vault's data plane, as a key is made."""

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        secrets: Sequence[VaultSecretSettings],
        vault: PrivateKeyVault,
        deployer_id: str,
    ) -> None:
        super().__init__(scope, id_)
        deployer = vault.grant_secret_management("deployer", deployer_id)
        for secret in secrets:
            KeyVaultSecret(
                self,
                secret.name,
                name=secret.name,
                key_vault_id=vault.resource.id,
                content_type="text/plain",
                # Write-only: https://developer.hashicorp.com/terraform/language/manage-sensitive-data/write-only
                value_wo=self._value_of(secret),
                value_wo_version=secret.version,
                depends_on=[deployer, *vault.reachable],
            )

    def _value_of(self, secret: VaultSecretSettings) -> str:
        variable = TerraformVariable(
            self,
            f"{secret.name}-value",
            type="string",
            nullable=False,
            sensitive=True,
            description=f"Value of the secret {secret.name} in the vault.",
        )
        variable.override_logical_id(secret.variable)
        # cdktf 0.21 has no argument for it. Kept in no plan: https://developer.hashicorp.com/terraform/language/block/variable#ephemeral
        variable.add_override("ephemeral", value=True)
        # Of a variable that is not there, pipelines make an empty text.
        variable.add_validation(
            condition=f'${{var.{secret.variable} != ""}}', error_message=f"TF_VAR_{secret.variable} is empty."
        )
        value: str = variable.string_value
        return value
