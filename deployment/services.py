"""The services of a synthesised cluster stack: the names that people and programs use, and where these must lead."""

from collections.abc import Mapping
from typing import Any

HOSTS = {
    "azurerm_container_registry": "{name}.azurecr.io",
    "azurerm_key_vault": "{name}.vault.azure.net",
    "azurerm_mssql_server": "{name}.database.windows.net",
}
"""The ordinary host name of each kind of service, which must lead to its private endpoint."""


def private_hosts(cluster: Mapping[str, Any], *types: str) -> list[str]:
    """The host names of the stack's services, or of those of some types."""
    return [
        host.format(name=resource["name"])
        for type_, host in HOSTS.items()
        if type_ in (types or HOSTS)
        for resource in cluster["resource"].get(type_, {}).values()
    ]


def private_address(cluster: Mapping[str, Any], subresource: str) -> str:
    """The address of the private endpoint to one part of a service, such as `sqlServer`."""
    (address,) = (
        configuration["private_ip_address"]
        for endpoint in cluster["resource"]["azurerm_private_endpoint"].values()
        for configuration in endpoint["ip_configuration"]
        if configuration["subresource_name"] == subresource
    )
    return str(address)
