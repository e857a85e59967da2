"""How production keeps what nobody can make again: Terraform refuses to destroy it, and Azure to delete it.

What is lost with each type stands in `deployment/kinds.py`, for the gate. The state backend is kept in every
environment. docs/changes.md says how a person takes the protection away.
"""

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any

from cdktf import TerraformResource, TerraformStack

LOCK_NAME = "holds-data"
"""Name of each lock; one resource has one."""

# Each type of which Terraform destroys nothing (`prevent_destroy`). None: a lock of its own (`CanNotDelete`) keeps it
# from being deleted by anybody, with all that lies below it. Text: why it has no such lock.
# https://learn.microsoft.com/azure/azure-resource-manager/management/lock-resources
PROTECTED: dict[str, str | None] = {
    "azuread_application": "is Entra's, where locks do not reach; for 30 days it can be restored",
    "azuread_service_principal": "is Entra's, where locks do not reach; for 30 days it can be restored",
    "azurerm_cdn_frontdoor_endpoint": "holds no data, and its routes lie below it",
    "azurerm_cdn_frontdoor_profile": "holds no data, and origins, routes and rules lie below it",
    "azurerm_container_registry": None,
    "azurerm_dashboard_grafana": None,
    "azurerm_disk_encryption_set": "Azure deletes none that a disk uses",
    "azurerm_key_vault": None,
    # What is deleted in the data plane no lock keeps: these can be recovered for 90 days.
    "azurerm_key_vault_key": "is deleted in the vault itself, where locks do not reach",
    "azurerm_key_vault_secret": "is deleted in the vault itself, where locks do not reach",
    "azurerm_kubernetes_cluster": "its node pools lie below it, and the provider deletes one to give it other nodes",
    "azurerm_log_analytics_workspace": None,
    "azurerm_monitor_workspace": None,
    "azurerm_mssql_database": "lies below its server's lock",
    "azurerm_mssql_server": None,
    # A zone that goes takes its records along: running nodes would no longer find their API server.
    "azurerm_private_dns_zone": "AKS deletes its own records below it; Azure deletes no zone that is linked",
    # They stand in others' DNS and firewalls; once given back, an address may become a stranger's.
    "azurerm_public_ip": "holds no data; Azure deletes none that is in use",
    "azurerm_resource_group": "a lock would keep everything in it, endpoints and roles too; the locks in it keep it",
    "azurerm_storage_account": None,
    "azurerm_storage_container": "lies below its account's lock",
    "azurerm_storage_container_immutability_policy": "lies below its account's lock",
    # A cluster can change its identities only beside Terraform: with another kubelet's it is re-created.
    "azurerm_user_assigned_identity": "holds no data, and whom it trusts lies below it",
    "azurerm_virtual_network": "holds no data, and subnets lie below it; Azure deletes none that is in use",
}

# The arguments that say below what a resource lies: there Azure deletes it, or what it has left there.
_LIES_BELOW = {
    "container_registry_id",
    "private_connection_resource_id",
    "scope",
    "server_id",
    "server_name",
    "storage_account_id",
    "storage_container_resource_manager_id",
    "target_resource_id",
}
_REFERENCE = re.compile(r"\$\{(azurerm_\w+\.[\w-]+)\.")


def protect(stack: TerraformStack, resources: Sequence[TerraformResource]) -> None:
    """Keep what the stack has of the protected types."""
    locked = []
    for resource in resources:
        type_ = type_of(type(resource))
        if type_ in PROTECTED:
            # Beside what else the construct says of its lifecycle, a struct that cannot be added to.
            resource.add_override("lifecycle.prevent_destroy", value=True)
            if PROTECTED[type_] is None:
                locked.append(resource)
    if locked:
        above = _above(stack.to_terraform()["resource"])
        for resource in locked:
            _lock(resource, sorted(_below(f"{type_of(type(resource))}.{resource.friendly_unique_id}", above)))


@cache
def type_of(resource: type[TerraformResource]) -> str:
    """Terraform's name of the type. Asked once for each class: the answer comes from Node."""
    type_: str = resource.TF_RESOURCE_TYPE  # type: ignore[attr-defined] # generated classes all have it
    return type_


def _lock(resource: TerraformResource, below: Sequence[str]) -> None:
    from cdktf_cdktf_provider_azurerm.management_lock import ManagementLock

    # A lock also keeps what lies below the resource, role assignments and private endpoints too. So it comes last and
    # goes first, also when one of them is replaced, or goes away. Azure changes no notes: other notes, another lock.
    mark = hashlib.sha256("\n".join(below).encode()).hexdigest()[:8]
    lock = ManagementLock(
        resource,
        "lock",
        name=LOCK_NAME,
        scope=resource.get_string_attribute("id"),
        lock_level="CanNotDelete",
        notes=f"Holds what nobody can make again. Made again when something goes from below it: {mark}",
    )
    if below:
        lock.add_override("depends_on", below)
        lock.add_override("lifecycle.replace_triggered_by", [f"{address}.id" for address in below])


def _above(resources: Mapping[str, Mapping[str, Any]]) -> dict[str, set[str]]:
    """The addresses below which each resource lies immediately, by its own."""
    return {
        f"{type_}.{name}": {address for text in _places(arguments) for address in _REFERENCE.findall(text)}
        for type_, named in resources.items()
        for name, arguments in named.items()
    }


def _places(arguments: Mapping[str, Any]) -> Iterator[str]:
    for name, value in arguments.items():
        if name in _LIES_BELOW:
            yield value
        elif name == "private_service_connection":
            yield from _places(value)


def _below(address: str, above: Mapping[str, set[str]]) -> set[str]:
    found = {address}
    while more := {one for one, over in above.items() if over & found} - found:
        found |= more
    return found - {address}
