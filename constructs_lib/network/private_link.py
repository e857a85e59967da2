"""The services reached through private endpoints: Azure's sub-resource of each, and the zone that must hold its names.

A zone of any other name is silently never asked: https://learn.microsoft.com/azure/private-link/private-endpoint-dns
"""

from dataclasses import dataclass

from config.network.api_server import ApiServer


@dataclass(frozen=True)
class PrivateLinkService:
    """One kind of private endpoint in Azure's public cloud."""

    subresource: str
    dns_zone: str


KEY_VAULT = PrivateLinkService("vault", "privatelink.vaultcore.azure.net")
SQL_SERVER = PrivateLinkService("sqlServer", "privatelink.database.windows.net")
CONTAINER_REGISTRY = PrivateLinkService("registry", "privatelink.azurecr.io")
BLOB_STORAGE = PrivateLinkService("blob", "privatelink.blob.core.windows.net")

PRIVATE_LINK_SERVICES = (KEY_VAULT, SQL_SERVER, CONTAINER_REGISTRY, BLOB_STORAGE)


def kubernetes_dns_zone(region: str, api_server: ApiServer) -> str:
    """The zone in which AKS writes the name of a private API server.

    https://learn.microsoft.com/azure/aks/private-clusters#configuration-options-for-private-dns
    """
    return f"{'private' if api_server is ApiServer.VNET_INTEGRATION else 'privatelink'}.{region}.azmk8s.io"
