"""Secrets, certificates, keys of the vault as files: fetched by the pods' own identity, in no Kubernetes secret."""

from collections.abc import Sequence

from cdktf import ITerraformDependable, TerraformIterator, Token
from cdktf_cdktf_provider_azurerm.role_assignment import RoleAssignment
from cdktf_cdktf_provider_kubernetes.manifest import Manifest
from constructs import Construct

from config.workloads.application import ApplicationSettings
from constructs_lib.role_assignment import assign_role
from constructs_lib.workloads.workload_identity import PodIdentity


class VaultFiles(Construct):
    """A SecretProviderClass, and the right to read just what it names: certificates and keys without private halves.

    Terraform plans a custom resource against the API server: the cluster and its Key Vault add-on must exist by then.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        settings: ApplicationSettings,
        namespace: str,
        vault_name: str,
        vault_id: str,
        tenant_id: str,
        reader: PodIdentity,
    ) -> None:
        super().__init__(scope, id_)
        self.name, self.files = settings.name, settings.vault_objects
        self._vault_id, self._reader = vault_id, reader
        secrets, certificates, keys = settings.vault_secrets, settings.vault_certificates, settings.vault_keys
        grants = [
            *([self._grant("read", "Key Vault Secrets User", "secrets", secrets)] if secrets else []),
            # Whoever may use a certificate or a key otherwise has its private half, too: a Reader sees what is public.
            # https://learn.microsoft.com/azure/role-based-access-control/built-in-roles/security#key-vault-reader
            *(
                [self._grant("read-certificates", "Key Vault Reader", "certificates", certificates)]
                if certificates
                else []
            ),
            *([self._grant("read-keys", "Key Vault Reader", "keys", keys)] if keys else []),
        ]
        self.resource = Manifest(
            self,
            "secret-provider-class",
            # The first plan does not know the client id. The provider takes an unknown value in the place of a string,
            # but no unknown manifest: nothing here goes through a function of Terraform's.
            manifest={
                "apiVersion": "secrets-store.csi.x-k8s.io/v1",
                "kind": "SecretProviderClass",
                "metadata": {"name": self.name, "namespace": namespace},
                "spec": {
                    "provider": "azure",
                    # https://azure.github.io/secrets-store-csi-driver-provider-azure/docs/configurations/identity-access-modes/workload-identity-mode/
                    "parameters": {
                        "clientID": reader.client_id,
                        "keyvaultName": vault_name,
                        "objects": _objects({"secret": secrets, "cert": certificates, "key": keys}),
                        "tenantID": tenant_id,
                        "usePodIdentity": "false",
                        "useVMManagedIdentity": "false",
                    },
                },
            },
        )
        self.ready: list[ITerraformDependable] = [self.resource, *grants]
        """What a pod that mounts the files waits for."""

    def _grant(self, id_: str, role: str, kind: str, names: Sequence[str]) -> RoleAssignment:
        each = TerraformIterator.from_list(list(names))
        # Not on the vault: what is others' lies there too.
        # https://learn.microsoft.com/azure/key-vault/general/rbac-guide#best-practices-for-individual-keys-secrets-and-certificates-role-assignments
        grant = assign_role(
            self,
            id_,
            role=role,
            on=f"{self._vault_id}/{kind}/{Token.as_string(each.value)}",
            principal_id=self._reader.principal_id,
        )
        grant.for_each = each
        return grant


def _objects(names_of: dict[str, Sequence[str]]) -> str:
    # The driver parses the list as YAML, and each of its entries as YAML again. A `secret` with the name of a
    # certificate is the certificate's private key: https://learn.microsoft.com/azure/aks/csi-secrets-store-configuration-options
    entries = (
        f'  - |\n    objectName: "{name}"\n    objectType: {type_}\n'
        for type_, names in names_of.items()
        for name in names
    )
    return "array:\n" + "".join(entries)
