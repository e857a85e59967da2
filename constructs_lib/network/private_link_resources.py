"""The services reached through private endpoints: Azure's sub-resource of each, and the zone that must hold its names.

A zone of any other name is silently never asked: https://learn.microsoft.com/azure/private-link/private-endpoint-dns
"""

from collections.abc import Collection
from dataclasses import dataclass

from config.network.api_server import ApiServer
from config.network.network import NetworkSettings
from config.network.private_dns import NamedService
from config.network.private_endpoints import PrivateAddress


@dataclass(frozen=True)
class PrivateLinkResource:
    """What a private endpoint leads to, in Azure's public cloud."""

    noun: str
    """What it is called in ids of constructs."""

    subresource: str
    dns_zone: str

    member: str
    """Azure's name for what answers at the service's address; of a registry, for its first.

    No page lists them; Azure refuses a wrong one, with an error that names the right ones:
    https://github.com/hashicorp/terraform-provider-azurerm/issues/21781
    """

    address: PrivateAddress
    """Where it answers; of a registry, its first member."""


KEY_VAULT = PrivateLinkResource(
    "key-vault", "vault", "privatelink.vaultcore.azure.net", "default", PrivateAddress.KEY_VAULT
)
SQL_SERVER = PrivateLinkResource(
    "sql-server", "sqlServer", "privatelink.database.windows.net", "sqlServer", PrivateAddress.SQL_SERVER
)
CONTAINER_REGISTRY = PrivateLinkResource(
    "container-registry", "registry", "privatelink.azurecr.io", "registry", PrivateAddress.REGISTRY
)
BLOB_STORAGE = PrivateLinkResource(
    "blob-storage", "blob", "privatelink.blob.core.windows.net", "blob", PrivateAddress.STATE
)

PRIVATE_LINK_RESOURCES = (KEY_VAULT, SQL_SERVER, CONTAINER_REGISTRY, BLOB_STORAGE)


def served_at(addresses: Collection[PrivateAddress]) -> tuple[PrivateLinkResource, ...]:
    """Those that answer at these addresses."""
    return tuple(resource for resource in PRIVATE_LINK_RESOURCES if resource.address in addresses)


def registry_data_member(region: str) -> str:
    """The second member of a registry: from where it hands out layers in a region, if its data endpoints are on.

    https://learn.microsoft.com/azure/aks/network-isolated
    """
    return f"registry_data_{region}"


def named_by_policy(network: NetworkSettings) -> frozenset[PrivateLinkResource]:
    """Those whose names a policy of the company's writes, and no stack does."""
    return frozenset(
        resource
        for resource in PRIVATE_LINK_RESOURCES
        if network.is_named_by_policy(NamedService(resource.noun.replace("-", "_")))
    )


def kubernetes_dns_zone(region: str, api_server: ApiServer) -> str:
    """The zone in which AKS writes the name of a private API server.

    https://learn.microsoft.com/azure/aks/private-clusters#configuration-options-for-private-dns
    """
    return f"{'private' if api_server is ApiServer.VNET_INTEGRATION else 'privatelink'}.{region}.azmk8s.io"
