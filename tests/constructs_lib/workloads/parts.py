"""The parts that the tests of an application put together."""

from typing import Any

from cdktf import TerraformStack
from constructs import Construct

from config.workloads.application import ApplicationSettings
from config.workloads.pod import PodResources
from constructs_lib.workloads.restricted_namespace import RestrictedNamespace
from constructs_lib.workloads.vault_files import VaultFiles
from constructs_lib.workloads.workload_identity import WorkloadIdentity

VAULT_ID = "/subscriptions/s/resourceGroups/rg/providers/Microsoft.KeyVault/vaults/kv-shop"
DIGEST = f"sha256:{'3b' * 32}"
SECRETS = ("payment-api-key", "mail-api-key")


def application(name: str = "orders", **settings: Any) -> ApplicationSettings:
    """An application in a namespace of its own name, and with other settings than the default."""
    of_its_own = {"namespace": name, "image_repository": f"shop/{name}", "image_digest": DIGEST}
    return ApplicationSettings(name=name, **(of_its_own | settings))


def namespace_in(stack: TerraformStack) -> RestrictedNamespace:
    """A namespace without flows."""
    return RestrictedNamespace(stack, "namespace", name="orders", most_pods=2, resources=PodResources(), flows=())


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


def files_in(scope: Construct, namespace: str, reader: WorkloadIdentity, settings: ApplicationSettings) -> VaultFiles:
    """Files of the vault with VAULT_ID."""
    return VaultFiles(
        scope,
        "secrets",
        settings=settings,
        namespace=namespace,
        vault_name="kv-shop",
        vault_id=VAULT_ID,
        tenant_id="7c1f6a52-0f0e-4b3f-9a39-2d6a4c0b9e11",
        reader=reader,
    )
