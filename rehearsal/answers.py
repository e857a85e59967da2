"""What the cloud would answer: the computed values that a Terraform function, another resource or a person reads.

One table, used twice: the stand-in providers fill computed attributes from it, and the mocks of `terraform test` take
their defaults from it, so that ids parse where a real provider parses them. What is not in it gets a value of the
right type and no meaning.
"""

import base64
import hashlib
import json
import re
import uuid
from collections import ChainMap
from collections.abc import Callable
from typing import Any

from rehearsal.plugin_protocol import RefusedError
from rehearsal.provider_schema import Type

Object = dict[str, Any]


def guid(seed: str) -> str:
    """A GUID that is always the same for the same text."""
    return str(uuid.uuid5(uuid.NAMESPACE_OID, seed))


def address(seed: str) -> str:
    """A private IPv4 address that is always the same for the same text."""
    return "10.{}.{}.{}".format(*hashlib.sha256(seed.encode()).digest()[:3])


def _secret(seed: str) -> str:
    return base64.b64encode(seed.encode()).decode()


# The id of each type of resource. "Microsoft..." lies in the resource group. {guid} follows from the resource's
# arguments, so that asking twice for the same thing collides, as it does in Azure.
_NETWORK = "Microsoft.Network/"
_FRONT_DOOR = "{cdn_frontdoor_profile_id}/"
IDS = {
    "azuread_application": "/applications/{guid}",
    "azuread_application_federated_identity_credential": "{application_id}/federatedIdentityCredential/{guid}",
    "azuread_service_principal": "/servicePrincipals/{guid}",
    "azurerm_application_gateway": _NETWORK + "applicationGateways/{name}",
    "azurerm_bastion_host": _NETWORK + "bastionHosts/{name}",
    "azurerm_cdn_frontdoor_endpoint": _FRONT_DOOR + "afdEndpoints/{name}",
    "azurerm_cdn_frontdoor_firewall_policy": _NETWORK + "frontDoorWebApplicationFirewallPolicies/{name}",
    "azurerm_cdn_frontdoor_origin": "{cdn_frontdoor_origin_group_id}/origins/{name}",
    "azurerm_cdn_frontdoor_origin_group": _FRONT_DOOR + "originGroups/{name}",
    "azurerm_cdn_frontdoor_profile": "Microsoft.Cdn/profiles/{name}",
    "azurerm_cdn_frontdoor_route": "{cdn_frontdoor_endpoint_id}/routes/{name}",
    "azurerm_cdn_frontdoor_security_policy": _FRONT_DOOR + "securityPolicies/{name}",
    "azurerm_consumption_budget_subscription": (
        "/subscriptions/{subscription_id}/providers/Microsoft.Consumption/budgets/{name}"
    ),
    "azurerm_container_registry": "Microsoft.ContainerRegistry/registries/{name}",
    "azurerm_container_registry_cache_rule": "{container_registry_id}/cacheRules/{name}",
    "azurerm_dashboard_grafana": "Microsoft.Dashboard/grafana/{name}",
    "azurerm_disk_encryption_set": "Microsoft.Compute/diskEncryptionSets/{name}",
    "azurerm_federated_identity_credential": "{parent_id}/federatedIdentityCredentials/{name}",
    "azurerm_firewall": _NETWORK + "azureFirewalls/{name}",
    "azurerm_firewall_policy": _NETWORK + "firewallPolicies/{name}",
    "azurerm_firewall_policy_rule_collection_group": "{firewall_policy_id}/ruleCollectionGroups/{name}",
    "azurerm_key_vault": "Microsoft.KeyVault/vaults/{name}",
    # By which Azure's API knows it, and the cloud what it lies in; the provider's own is the URL of a version.
    "azurerm_key_vault_key": "{key_vault_id}/keys/{name}",
    "azurerm_key_vault_secret": "{key_vault_id}/secrets/{name}",
    "azurerm_kubernetes_cluster": "Microsoft.ContainerService/managedClusters/{name}",
    "azurerm_kubernetes_cluster_node_pool": "{kubernetes_cluster_id}/agentPools/{name}",
    "azurerm_linux_virtual_machine": "Microsoft.Compute/virtualMachines/{name}",
    "azurerm_log_analytics_workspace": "Microsoft.OperationalInsights/workspaces/{name}",
    "azurerm_management_lock": "{scope}/providers/Microsoft.Authorization/locks/{name}",
    "azurerm_monitor_action_group": "Microsoft.Insights/actionGroups/{name}",
    "azurerm_monitor_activity_log_alert": "Microsoft.Insights/activityLogAlerts/{name}",
    "azurerm_monitor_metric_alert": "Microsoft.Insights/metricAlerts/{name}",
    "azurerm_monitor_scheduled_query_rules_alert_v2": "Microsoft.Insights/scheduledQueryRules/{name}",
    "azurerm_monitor_data_collection_endpoint": "Microsoft.Insights/dataCollectionEndpoints/{name}",
    "azurerm_monitor_workspace": "Microsoft.Monitor/accounts/{name}",
    "azurerm_monitor_data_collection_rule": "Microsoft.Insights/dataCollectionRules/{name}",
    "azurerm_monitor_data_collection_rule_association": (
        "{target_resource_id}/providers/Microsoft.Insights/dataCollectionRuleAssociations/{name}"
    ),
    "azurerm_monitor_diagnostic_setting": "{target_resource_id}|{name}",
    "azurerm_mssql_database": "{server_id}/databases/{name}",
    "azurerm_mssql_outbound_firewall_rule": "{server_id}/outboundFirewallRules/{name}",
    "azurerm_mssql_server": "Microsoft.Sql/servers/{name}",
    "azurerm_mssql_server_extended_auditing_policy": "{server_id}/extendedAuditingSettings/default",
    "azurerm_mssql_server_security_alert_policy": ("Microsoft.Sql/servers/{server_name}/securityAlertPolicies/Default"),
    "azurerm_nat_gateway": _NETWORK + "natGateways/{name}",
    "azurerm_nat_gateway_public_ip_association": "{nat_gateway_id}|{public_ip_address_id}",
    "azurerm_network_interface": _NETWORK + "networkInterfaces/{name}",
    "azurerm_network_security_group": _NETWORK + "networkSecurityGroups/{name}",
    "azurerm_private_dns_a_record": _NETWORK + "privateDnsZones/{zone_name}/A/{name}",
    "azurerm_private_dns_zone": _NETWORK + "privateDnsZones/{name}",
    "azurerm_private_dns_zone_virtual_network_link": (
        _NETWORK + "privateDnsZones/{private_dns_zone_name}/virtualNetworkLinks/{name}"
    ),
    "azurerm_private_endpoint": _NETWORK + "privateEndpoints/{name}",
    "azurerm_public_ip": _NETWORK + "publicIPAddresses/{name}",
    "azurerm_resource_group": "/subscriptions/{subscription_id}/resourceGroups/{name}",
    "azurerm_resource_group_policy_assignment": (
        "{resource_group_id}/providers/Microsoft.Authorization/policyAssignments/{name}"
    ),
    "azurerm_role_assignment": "{scope}/providers/Microsoft.Authorization/roleAssignments/{guid}",
    "azurerm_route_table": _NETWORK + "routeTables/{name}",
    "azurerm_security_center_subscription_pricing": (
        "/subscriptions/{subscription_id}/providers/Microsoft.Security/pricings/{resource_type}"
    ),
    "azurerm_storage_account": "Microsoft.Storage/storageAccounts/{name}",
    "azurerm_storage_container": "{storage_account_id}/blobServices/default/containers/{name}",
    "azurerm_storage_container_immutability_policy": (
        "{storage_container_resource_manager_id}/immutabilityPolicies/default"
    ),
    "azurerm_storage_management_policy": "{storage_account_id}/managementPolicies/default",
    "azurerm_subnet": _NETWORK + "virtualNetworks/{virtual_network_name}/subnets/{name}",
    "azurerm_subnet_nat_gateway_association": "{subnet_id}",
    "azurerm_subnet_network_security_group_association": "{subnet_id}",
    "azurerm_subnet_route_table_association": "{subnet_id}",
    "azurerm_user_assigned_identity": "Microsoft.ManagedIdentity/userAssignedIdentities/{name}",
    "azurerm_virtual_machine_extension": "{virtual_machine_id}/extensions/{name}",
    "azurerm_virtual_network": _NETWORK + "virtualNetworks/{name}",
    "azurerm_virtual_network_dns_servers": "{virtual_network_id}/dnsServers/default",
    "azurerm_virtual_network_peering": (
        _NETWORK + "virtualNetworks/{virtual_network_name}/virtualNetworkPeerings/{name}"
    ),
    "azurerm_web_application_firewall_policy": _NETWORK + "applicationGatewayWebApplicationFirewallPolicies/{name}",
}

# A data source that reads what a resource made, where their types differ in more than the prefix.
READS = {"azurerm_private_endpoint_connection": "azurerm_private_endpoint"}


# Computed attributes by path: a template of the object's arguments, or a function of them.
VALUES: dict[str, str | Callable[[Object], Any]] = {
    "azurerm_container_registry.login_server": "{name}.azurecr.io",
    "azurerm_key_vault.vault_uri": "https://{name}.vault.azure.net/",
    "azurerm_key_vault_key.versionless_id": "https://kv.vault.azure.net/keys/{name}",
    "azurerm_kubernetes_cluster.kube_admin_config": lambda _: [],  # empty where local accounts are disabled
    "azurerm_kubernetes_cluster.node_resource_group_id": (
        "/subscriptions/{subscription_id}/resourceGroups/{node_resource_group}"
    ),
    "azurerm_kubernetes_cluster.oidc_issuer_url": "https://{location}.oic.prod-aks.azure.com/{guid}/",
    "azurerm_kubernetes_cluster.private_fqdn": "{name}.privatelink.{location}.azmk8s.io",
    "azurerm_monitor_data_collection_endpoint.metrics_ingestion_endpoint": (
        "https://{name}-abcd.{location}-1.metrics.ingest.monitor.azure.com"
    ),
    "azurerm_mssql_server.fully_qualified_domain_name": "{name}.database.windows.net",
    "azurerm_private_endpoint.private_service_connection.private_ip_address": (
        lambda endpoint: endpoint["ip_configuration"][0]["private_ip_address"]
    ),
    "azurerm_storage_account.primary_blob_endpoint": "https://{name}.blob.core.windows.net/",
    "azurerm_storage_account.primary_blob_host": "{name}.blob.core.windows.net",
    "kubernetes_manifest.object": lambda manifest: manifest["manifest"],
}

# Computed strings by the end of their name, where the path is not in the table above.
_STRINGS: tuple[tuple[str, Callable[[str], str]], ...] = (
    (r"(client|object|principal|tenant|workspace)_id|guid", guid),
    (r"ip_address", address),
    (r"certificate|_key", _secret),
)


class Answers:
    """The answers about one object: what Terraform planned for it, by its type."""

    def __init__(self, type_name: str, planned: Object, subscription_id: str) -> None:
        self._type_name = type_name
        self._planned = planned
        self._seed = type_name + json.dumps(planned, sort_keys=True, default=str)
        self._variables = {"subscription_id": subscription_id, "guid": guid(self._seed)}

    def id(self, known: Object) -> str:
        """The id of a resource whose other attributes are known."""
        if self._type_name.startswith("kubernetes_"):
            (metadata,) = known["metadata"]
            return "/".join(part for part in (metadata.get("namespace"), metadata["name"]) if part)
        template = IDS.get(self._type_name)
        if template is None:
            raise RefusedError(f"{self._type_name} is new here", "Say in rehearsal/answers.py what its ids look like.")
        if template.startswith("Microsoft."):
            template = f"{IDS['azurerm_resource_group']}/providers/{template}".replace(
                "{name}", "{resource_group_name}", 1
            )
        return template.format_map(ChainMap(self._variables, known))

    def value(self, path: str, type_: Type) -> Any:
        """A computed attribute's value."""
        answer = VALUES.get(f"{self._type_name}." + re.sub(r"\[\d+\]", "", path))
        if callable(answer):
            return answer(self._planned)
        if answer is not None:
            return answer.format_map(ChainMap(self._variables, self._planned))
        return self._made_up(path, type_)

    def _made_up(self, path: str, type_: Type) -> Any:
        match type_:
            case "string":
                name = path.rpartition(".")[2]
                make = next((make for pattern, make in _STRINGS if re.search(f"({pattern})$", name)), None)
                return make(self._seed + path) if make else f"{name}-{guid(self._seed + path)[:8]}"
            case "number":
                return 1
            case "bool":
                return False
            case "dynamic":
                return None
            case ["list" | "set", ["object", _] as element]:
                return [self.value(path, element)]
            case ["list" | "set", _]:
                return []
            case ["map", _]:
                return {}
            case ["object", fields]:
                return {name: self.value(f"{path}.{name}", field) for name, field in fields.items()}
        raise TypeError(type_)


class ExampleArguments(dict[str, str]):
    """Arguments of a resource that could be: ids parse, everything else is its own name."""

    def __missing__(self, name: str) -> str:
        owner = {"parent_id": "user_assigned_identity", "scope": "resource_group"}.get(name, name.removesuffix("_id"))
        type_name = next((t for t in IDS if t.endswith(f"_{owner}")), None)
        if type_name and owner != name:
            return Answers(type_name, self, guid("a subscription")).id(self)
        return name.replace("_", "-")
