"""The services that the cluster stack makes beside AKS: registry and database, and what is kept in the vault.

Constructs are imported where they are made, as the bindings of what some environments lack would cost every synth.
"""

from typing import TYPE_CHECKING

from config.defender import DefenderPlans
from constructs_lib.monitoring.diagnostics import Diagnostics
from constructs_lib.monitoring.log_categories import BLOB_LOGS, REGISTRY_LOGS
from constructs_lib.network.private_endpoint import PrivateEndpointNetwork
from constructs_lib.services.container_registry import PrivateContainerRegistry
from constructs_lib.services.existing_container_registry import ExistingContainerRegistry
from constructs_lib.services.key_vault import PrivateKeyVault
from stacks.platform_stack import PlatformStack

if TYPE_CHECKING:
    from constructs_lib.cluster.disk_encryption import CustomerKeyDiskEncryption
    from constructs_lib.services.sql_server import PrivateSqlServer


def make_registry(
    stack: PlatformStack, resource_group_name: str, network: PrivateEndpointNetwork, logs: Diagnostics
) -> PrivateContainerRegistry | ExistingContainerRegistry:
    """The registry that nodes pull from, or the way to one that is there; a pusher that the settings name may push."""
    registry = _registry(stack, resource_group_name, network, logs)
    if stack.environment.cluster.registry.pusher_principal_id is not None:
        registry.grant_push("pusher", stack.environment.cluster.registry.pusher_principal_id)
    return registry


def _registry(
    stack: PlatformStack, resource_group_name: str, network: PrivateEndpointNetwork, logs: Diagnostics
) -> PrivateContainerRegistry | ExistingContainerRegistry:
    environment, settings = stack.environment, stack.environment.cluster.registry
    if settings.existing_registry_id is not None:
        return ExistingContainerRegistry(
            stack,
            "existing-registry",
            registry_id=settings.existing_registry_id,
            region=stack.naming.container_registry_region,
            resource_group_name=resource_group_name,
            location=environment.region,
            network=network if settings.private_endpoint else None,
        )
    registry = PrivateContainerRegistry(
        stack,
        "registry",
        name=stack.naming.container_registry,
        resource_group_name=resource_group_name,
        location=environment.region,
        settings=settings,
        network=network,
    )
    logs.collect("registry", registry.resource.id, REGISTRY_LOGS)
    return registry


def make_database(
    stack: PlatformStack, resource_group_name: str, network: PrivateEndpointNetwork, logs: Diagnostics
) -> "PrivateSqlServer | None":
    """The server with its database and the account of its audit logs, if the settings ask for one."""
    settings = stack.environment.cluster.sql
    if settings is None:
        return None
    from constructs_lib.services.sql_server import PrivateSqlServer
    from constructs_lib.services.storage_account import KeylessStorageAccount

    environment, naming = stack.environment, stack.naming
    audit_storage = KeylessStorageAccount(
        stack,
        "audit-storage",
        name=naming.audit_storage_account,
        resource_group_name=resource_group_name,
        location=environment.region,
        replication="GZRS" if environment.outlives_its_region else "ZRS",
        soft_delete_days=30,
        versioning=False,  # logs whose retention has passed shall be gone
        # And no private endpoint: the database server writes as a trusted service, past the network. Nobody reads
        # here day by day, as the workspace has the same events. https://learn.microsoft.com/azure/azure-sql/database/audit-write-storage-account-behind-vnet-firewall
        public_network_access=False,
    )
    logs.collect("audit-storage", f"{audit_storage.resource.id}/blobServices/default", BLOB_LOGS)
    return PrivateSqlServer(
        stack,
        "sql",
        name=naming.sql_server,
        database_name=naming.sql_database,
        resource_group_name=resource_group_name,
        location=environment.region,
        tenant_id=environment.tenant_id,
        subscription_id=environment.subscription_id,
        settings=settings,
        network=network,
        audit_storage=audit_storage,
        workspace_id=naming.log_analytics_workspace_id,
        watched_by_defender=environment.defender.plans is not DefenderPlans.OFF,
        alert_emails=environment.monitoring.alerts.emails if environment.monitoring.alerts else (),
        backup_storage="Geo" if environment.outlives_its_region else "Zone" if environment.is_production else "Local",
    )


def write_secrets(stack: PlatformStack, vault: PrivateKeyVault) -> None:
    """Write those that a deployment brings; in most environments people write them."""
    secrets = stack.environment.cluster.vault_secrets
    if not secrets:
        return
    from constructs_lib.services.vault_secrets import WrittenVaultSecrets

    WrittenVaultSecrets(
        stack,
        "vault-secrets",
        secrets=secrets,
        vault=vault,
        deployer_id=stack.environment.deployer_of("cluster"),
    )


def encrypt_disks(
    stack: PlatformStack, vault: PrivateKeyVault, resource_group_name: str
) -> "CustomerKeyDiskEncryption | None":
    """The key of the disks, if they are to have one of the environment's own; whoever plans the cluster reads it."""
    environment, naming = stack.environment, stack.naming
    if not environment.cluster.kubernetes.customer_managed_disk_key:
        return None
    from constructs_lib.cluster.disk_encryption import CustomerKeyDiskEncryption

    if environment.identities.cluster_plan:
        vault.grant_reading("plan", environment.identities.cluster_plan)
    return CustomerKeyDiskEncryption(
        stack,
        "disk-encryption",
        name=naming.disk_encryption_set,
        identity_name=naming.disk_encryption_identity,
        resource_group_name=resource_group_name,
        location=environment.region,
        vault=vault,
        deployer_id=environment.deployer_of("cluster"),
    )
