"""Secrets of a key vault as files in a pod: read by the application's own identity, kept in no Kubernetes secret."""

from collections.abc import Sequence

from cdktf import ITerraformDependable, TerraformIterator, Token
from cdktf_cdktf_provider_kubernetes.manifest import Manifest
from constructs import Construct

from constructs_lib.role_assignment import assign_role
from constructs_lib.workloads.workload_identity import WorkloadIdentity


class VaultSecrets(Construct):
    """A SecretProviderClass, and the right to read just the secrets that it names.

    Terraform plans a custom resource against the API server: the cluster and its Key Vault add-on must exist by then.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        name: str,
        namespace: str,
        vault_name: str,
        vault_id: str,
        tenant_id: str,
        secrets: Sequence[str],
        reader: WorkloadIdentity,
    ) -> None:
        super().__init__(scope, id_)
        self.name, self.secrets = name, tuple(secrets)
        each = TerraformIterator.from_list(list(secrets))
        # Not on the vault: other workloads' secrets lie there too.
        # https://learn.microsoft.com/azure/key-vault/general/rbac-guide#best-practices-for-individual-keys-secrets-and-certificates-role-assignments
        grant = assign_role(
            self,
            "read",
            role="Key Vault Secrets User",
            on=f"{vault_id}/secrets/{Token.as_string(each.value)}",
            principal_id=reader.resource.principal_id,
        )
        grant.for_each = each
        self.resource = Manifest(
            self,
            "secret-provider-class",
            # The first plan does not know the client id. The provider takes an unknown value in the place of a string,
            # but no unknown manifest: nothing here goes through a function of Terraform's.
            manifest={
                "apiVersion": "secrets-store.csi.x-k8s.io/v1",
                "kind": "SecretProviderClass",
                "metadata": {"name": name, "namespace": namespace},
                "spec": {
                    "provider": "azure",
                    # https://azure.github.io/secrets-store-csi-driver-provider-azure/docs/configurations/identity-access-modes/workload-identity-mode/
                    "parameters": {
                        "clientID": reader.resource.client_id,
                        "keyvaultName": vault_name,
                        "objects": _objects(secrets),
                        "tenantID": tenant_id,
                        "usePodIdentity": "false",
                        "useVMManagedIdentity": "false",
                    },
                },
            },
        )
        self.ready: list[ITerraformDependable] = [self.resource, grant]
        """What a pod that mounts the secrets waits for."""


def _objects(secrets: Sequence[str]) -> str:
    # The driver parses the list as YAML, and each of its entries as YAML again.
    entries = (f'  - |\n    objectName: "{secret}"\n    objectType: secret\n' for secret in secrets)
    return "array:\n" + "".join(entries)
