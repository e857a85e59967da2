"""Settings of the private DNS zones that a company keeps in one place."""

from enum import StrEnum

from config.resource_ids import ResourceGroupId
from config.types import Settings


class RecordWriter(StrEnum):
    """Who writes the names of private endpoints into the company's zones."""

    TERRAFORM = "terraform"
    """The stacks write them: the pipeline needs Private DNS Zone Contributor on the zones."""

    POLICY = "policy"
    """A policy of the company's does, for the services in `policy_covers`; the stacks write the others. A name
    resolves about ten minutes after its endpoint was made."""


class NamedService(StrEnum):
    """A kind of service whose names a policy may write."""

    BLOB_STORAGE = "blob_storage"
    """The accounts of state and audit logs."""

    CONTAINER_REGISTRY = "container_registry"
    """The registry."""

    KEY_VAULT = "key_vault"
    """The key vault."""

    SQL_SERVER = "sql_server"
    """The database. No policy of Microsoft's covers it: name it only where your company has one of its own."""


class KubernetesZone(StrEnum):
    """In which zone AKS writes the name of the private API server."""

    CENTRAL = "central"
    """The company's: AKS's identity gets Private DNS Zone Contributor on it, which the pipeline must be able to
    grant."""

    SYSTEM = "system"
    """One that AKS makes in its own resource group, linked to the cluster's network alone: whoever else calls the API
    server needs a link too."""


class PrivateDnsSettings(Settings):
    """Private DNS zones that exist already, in any subscription; without this table the network stack makes its own.

    The zones' owners link them to the network in which the DNS server of these networks stands.
    """

    zones_resource_group_id: ResourceGroupId
    """ARM id of the resource group that holds the zones. A change moves every name, and re-creates the cluster where
    its own zone is there."""

    records: RecordWriter = RecordWriter.TERRAFORM
    """Who writes the names of private endpoints."""

    policy_covers: tuple[NamedService, ...] = (
        NamedService.BLOB_STORAGE,
        NamedService.CONTAINER_REGISTRY,
        NamedService.KEY_VAULT,
    )
    """Services whose names the policy writes; those that Microsoft's own policies cover are the default."""

    kubernetes_zone: KubernetesZone = KubernetesZone.CENTRAL
    """In which zone AKS writes the API server's name. A change re-creates the cluster."""

    def is_written_by_policy(self, service: NamedService) -> bool:
        """Whether a policy, and not a stack, writes the names of this service."""
        return self.records is RecordWriter.POLICY and service in self.policy_covers
