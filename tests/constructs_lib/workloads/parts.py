"""The parts that the tests of an application put together."""

from cdktf import TerraformStack
from constructs import Construct

from config.workloads.application import PodResources
from constructs_lib.workloads.restricted_namespace import RestrictedNamespace
from constructs_lib.workloads.vault_secrets import VaultSecrets
from constructs_lib.workloads.workload_identity import WorkloadIdentity

VAULT_ID = "/subscriptions/s/resourceGroups/rg/providers/Microsoft.KeyVault/vaults/kv-shop"


def namespace_in(stack: TerraformStack) -> RestrictedNamespace:
    """A namespace without flows beside DNS."""
    return RestrictedNamespace(stack, "namespace", name="shop", most_pods=2, resources=PodResources(), flows=())


def identity_in(scope: Construct, namespace: str) -> WorkloadIdentity:
    """The identity of the service account `orders`."""
    return WorkloadIdentity(
        scope,
        "identity",
        name="id-orders",
        resource_group_name="rg-workloads",
        location="westeurope",
        issuer_url="https://issuer.example",
        namespace=namespace,
        service_account_name="orders",
    )


def secrets_in(scope: Construct, namespace: str, reader: WorkloadIdentity) -> VaultSecrets:
    """Two secrets of the vault with VAULT_ID."""
    return VaultSecrets(
        scope,
        "secrets",
        name="orders",
        namespace=namespace,
        vault_name="kv-shop",
        vault_id=VAULT_ID,
        tenant_id="7c1f6a52-0f0e-4b3f-9a39-2d6a4c0b9e11",
        secrets=("payment-api-key", "mail-api-key"),
        reader=reader,
    )
