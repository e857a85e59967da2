"""What Azure wants to be there before it makes something: roles that were given, and ways to what is private."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from rehearsal.plugin_protocol import RefusedError

Object = dict[str, Any]
Existing = Iterable[tuple[str, Object]]
"""What stands, each with its type."""

_ROLE, _IDENTITY = "azurerm_role_assignment", "azurerm_user_assigned_identity"


def _roles_of(identity_ids: Iterable[str], existing: Existing) -> list[tuple[str, str]]:
    """The roles of these identities, each with the id of what it is on."""
    principals = {
        value["principal_id"] for type_, value in existing if type_ == _IDENTITY and value["id"] in identity_ids
    }
    return [
        (value["role_definition_name"], value["scope"])
        for type_, value in existing
        if type_ == _ROLE and value["principal_id"] in principals
    ]


def _is_given(role: str, on: str, roles: Iterable[tuple[str, str]]) -> bool:
    return any(given == role and f"{on}/".startswith(f"{scope}/") for given, scope in roles)


def _roles_of_a_cluster(cluster: Object, existing: Existing) -> Iterator[RefusedError]:
    """What AKS checks before it makes a cluster with its own DNS zone, network, kubelet identity and disk key."""
    roles = _roles_of(cluster["identity"][0]["identity_ids"], existing)
    zone, key = cluster["private_dns_zone_id"], cluster.get("disk_encryption_set_id")
    for role, on in (
        *([("Private DNS Zone Contributor", zone)] if zone != "System" else []),
        ("Network Contributor", cluster["default_node_pool"][0]["vnet_subnet_id"]),
        ("Managed Identity Operator", cluster["kubelet_identity"][0]["user_assigned_identity_id"]),
        *([("Reader", key)] if key else []),
    ):
        if not _is_given(role, on, roles):
            yield RefusedError("AKS lacks a role", f"Its identity is no {role} of {on}.")


def _use_of_a_key(encryption: Object, existing: Existing) -> Iterator[RefusedError]:
    """A disk encryption set asks for its key as soon as it is made, as the identity that it is given."""
    roles = _roles_of(encryption["identity"][0]["identity_ids"], existing)
    wanted = encryption["key_vault_key_id"]
    (vault,) = [
        value["key_vault_id"]
        for type_, value in existing
        if type_ == "azurerm_key_vault_key" and value["versionless_id"] == wanted
    ]
    if not _is_given("Key Vault Crypto Service Encryption User", vault, roles):
        yield RefusedError("The key is out of reach", f"The identity of {encryption['name']} may not use {wanted}.")


def _way_into_the_vault(role: str) -> Callable[[Object, Existing], Iterator[RefusedError]]:
    """What is kept in a vault is made by whoever has the role on it, by the vault's private address."""

    def require(kept: Object, existing: Existing) -> Iterator[RefusedError]:
        vault = kept["key_vault_id"]
        if not any(
            connection["private_connection_resource_id"] == vault
            for type_, value in existing
            if type_ == "azurerm_private_endpoint"
            for connection in value["private_service_connection"]
        ):
            yield RefusedError("ForbiddenByConnection", f"No private endpoint leads to {vault}.")
        if not _is_given(
            role, vault, [(v["role_definition_name"], v["scope"]) for type_, v in existing if type_ == _ROLE]
        ):
            yield RefusedError("ForbiddenByRbac", f"Nobody is {role} of {vault}.")

    return require


def _way_to_audit_storage(policy: Object, existing: Existing) -> Iterator[RefusedError]:
    """What Azure tries before it audits a server: whether the server may write there.

    https://learn.microsoft.com/azure/azure-sql/database/outbound-firewall-rule-overview
    """
    server = policy["server_id"]
    (restricted,) = [
        value["outbound_network_restriction_enabled"]
        for type_, value in existing
        if type_ == "azurerm_mssql_server" and value["id"].lower() == server.lower()
    ]
    host = policy["storage_endpoint"].removeprefix("https://").rstrip("/")
    rule = f"{server}/outboundFirewallRules/{host}".lower()
    if restricted and not any(
        value["id"].lower() == rule for type_, value in existing if type_ == "azurerm_mssql_outbound_firewall_rule"
    ):
        yield RefusedError("The audit storage is out of reach", f"No outbound rule of {server} lets it to {host}.")


REQUIREMENTS: Mapping[str, Callable[[Object, Existing], Iterator[RefusedError]]] = {
    "azurerm_disk_encryption_set": _use_of_a_key,
    "azurerm_key_vault_key": _way_into_the_vault("Key Vault Crypto Officer"),
    "azurerm_key_vault_secret": _way_into_the_vault("Key Vault Secrets Officer"),
    "azurerm_kubernetes_cluster": _roles_of_a_cluster,
    "azurerm_mssql_server_extended_auditing_policy": _way_to_audit_storage,
}
"""By the type of what is to be made: why Azure refuses it, of all that stands."""
