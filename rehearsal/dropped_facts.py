"""What the provider packages do not know about the schemas: the facts that their generator drops.

One line for every type of resource and data source that the stacks use, the reviewed ones without such facts
included: read in the provider's source at the version that the package was generated from. Not here, because nothing
depends on it offline: deprecations, descriptions, schema versions.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Facts:
    """Paths are attribute and block names joined by dots."""

    source: str  # the file in the provider's repository
    sensitive: tuple[str, ...] = ()
    write_only: tuple[str, ...] = ()
    max_items: Mapping[str, int] = field(default_factory=dict)  # only above one: the package tells one from many

    def restore(self, block: Any) -> None:
        """Put the facts into a rebuilt schema.

        Raises:
            KeyError: the schema has no such attribute or block (any more).

        """
        for fact, paths in (("sensitive", self.sensitive), ("write_only", self.write_only)):
            for path in paths:
                *outer, name = path.split(".")
                _inside(block, outer)["attributes"][name][fact] = True
        for path, count in self.max_items.items():
            *outer, name = path.split(".")
            _inside(block, outer)["block_types"][name]["max_items"] = count


def _inside(block: Any, names: list[str]) -> Any:
    for name in names:
        block = block["block_types"][name]["block"]
    return block


_KUBE_CONFIGS = ("kube_admin_config", "kube_admin_config_raw", "kube_config", "kube_config_raw")

# Sources are below `internal/services/` of azurerm 4.55.0 and `kubernetes/` of kubernetes 2.38.0.
DROPPED_FACTS = {
    "azurerm_application_gateway": Facts(
        "network/application_gateway_resource.go",
        sensitive=(
            "authentication_certificate.data",
            "ssl_certificate.data",
            "ssl_certificate.password",
            "trusted_client_certificate.data",
            "trusted_root_certificate.data",
        ),
        max_items={"gateway_ip_configuration": 2},
    ),
    "azurerm_bastion_host": Facts("network/bastion_host_resource.go"),
    "azurerm_cdn_frontdoor_endpoint": Facts("cdn/cdn_frontdoor_endpoint_resource.go"),
    "azurerm_cdn_frontdoor_firewall_policy": Facts(
        "cdn/cdn_frontdoor_firewall_policy_resource.go",
        max_items={
            "custom_rule": 100,
            "custom_rule.match_condition": 10,
            "log_scrubbing.scrubbing_rule": 100,
            "managed_rule": 100,
            "managed_rule.exclusion": 100,
            "managed_rule.override": 100,
            "managed_rule.override.exclusion": 100,
            "managed_rule.override.rule": 1000,
            "managed_rule.override.rule.exclusion": 100,
        },
    ),
    "azurerm_cdn_frontdoor_origin": Facts("cdn/cdn_frontdoor_origin_resource.go"),
    "azurerm_cdn_frontdoor_origin_group": Facts("cdn/cdn_frontdoor_origin_group_resource.go"),
    "azurerm_cdn_frontdoor_profile": Facts(
        "cdn/cdn_frontdoor_profile_resource.go", max_items={"log_scrubbing_rule": 3}
    ),
    "azurerm_cdn_frontdoor_route": Facts("cdn/cdn_frontdoor_route_resource.go"),
    "azurerm_cdn_frontdoor_security_policy": Facts(
        "cdn/cdn_frontdoor_security_policy_resource.go",
        max_items={"security_policies.firewall.association.domain": 500},
    ),
    "azurerm_container_registry": Facts("containers/container_registry_resource.go", sensitive=("admin_password",)),
    "azurerm_container_registry_cache_rule": Facts("containers/container_registry_cache_rule_resource.go"),
    "azurerm_federated_identity_credential": Facts("managedidentity/federated_identity_credential_resource.go"),
    "azurerm_firewall": Facts("firewall/firewall_resource.go"),
    "azurerm_firewall_policy": Facts("firewall/firewall_policy_resource.go"),
    "azurerm_firewall_policy_rule_collection_group": Facts(
        "firewall/firewall_policy_rule_collection_group_resource.go"
    ),
    "azurerm_key_vault": Facts("keyvault/key_vault_resource.go"),
    "azurerm_kubernetes_cluster": Facts(
        "containers/kubernetes_cluster_resource.go",
        sensitive=(
            *_KUBE_CONFIGS,
            "http_proxy_config.trusted_ca",
            "service_principal.client_secret",
            "windows_profile.admin_password",
        ),
    ),
    "azurerm_kubernetes_cluster_node_pool": Facts("containers/kubernetes_cluster_node_pool_resource.go"),
    "azurerm_linux_virtual_machine": Facts(
        "compute/linux_virtual_machine_resource.go",
        sensitive=("admin_password", "custom_data"),
        max_items={"gallery_application": 100},
    ),
    "azurerm_log_analytics_workspace": Facts(
        "loganalytics/log_analytics_workspace_resource.go", sensitive=("primary_shared_key", "secondary_shared_key")
    ),
    "azurerm_management_lock": Facts("resource/management_lock_resource.go"),
    "azurerm_monitor_data_collection_rule": Facts("monitor/monitor_data_collection_rule_resource.go"),
    "azurerm_monitor_data_collection_rule_association": Facts(
        "monitor/monitor_data_collection_rule_association_resource.go"
    ),
    "azurerm_monitor_diagnostic_setting": Facts("monitor/monitor_diagnostic_setting_resource.go"),
    "azurerm_mssql_database": Facts(
        "mssql/mssql_database_resource.go",
        sensitive=(
            "import.administrator_login_password",
            "import.storage_key",
            "threat_detection_policy.storage_account_access_key",
        ),
    ),
    "azurerm_mssql_server": Facts(
        "mssql/mssql_server_resource.go",
        sensitive=("administrator_login_password", "administrator_login_password_wo"),
        write_only=("administrator_login_password_wo",),
    ),
    "azurerm_mssql_server_extended_auditing_policy": Facts(
        "mssql/mssql_server_extended_auditing_policy_resource.go",
        sensitive=("storage_account_access_key", "storage_account_subscription_id"),
    ),
    "azurerm_nat_gateway": Facts("network/nat_gateway_resource.go"),
    "azurerm_nat_gateway_public_ip_association": Facts("network/nat_gateway_public_ip_association_resource.go"),
    "azurerm_network_interface": Facts("network/network_interface_resource.go"),
    "azurerm_network_security_group": Facts("network/network_security_group_resource.go"),
    "azurerm_private_dns_a_record": Facts("privatedns/private_dns_a_record_resource.go"),
    "azurerm_private_dns_zone": Facts("privatedns/private_dns_zone_resource.go"),
    "azurerm_private_dns_zone_virtual_network_link": Facts(
        "privatedns/private_dns_zone_virtual_network_link_resource.go"
    ),
    "azurerm_private_endpoint": Facts("network/private_endpoint_resource.go"),
    "azurerm_public_ip": Facts("network/public_ip_resource.go"),
    "azurerm_resource_group": Facts("resource/resource_group_resource.go"),
    "azurerm_role_assignment": Facts("authorization/role_assignment_resource.go"),
    "azurerm_route_table": Facts("network/route_table_resource.go"),
    "azurerm_storage_account": Facts(
        "storage/storage_account_resource.go",
        sensitive=(
            "primary_access_key",
            "primary_blob_connection_string",
            "primary_connection_string",
            "secondary_access_key",
            "secondary_blob_connection_string",
            "secondary_connection_string",
        ),
        max_items={
            "blob_properties.cors_rule": 5,
            "queue_properties.cors_rule": 5,
            "share_properties.cors_rule": 5,
        },
    ),
    "azurerm_storage_container": Facts("storage/storage_container_resource.go"),
    "azurerm_subnet": Facts("network/subnet_resource.go"),
    "azurerm_subnet_nat_gateway_association": Facts("network/subnet_nat_gateway_association_resource.go"),
    "azurerm_subnet_network_security_group_association": Facts(
        "network/subnet_network_security_group_association_resource.go"
    ),
    "azurerm_subnet_route_table_association": Facts("network/subnet_route_table_association_resource.go"),
    "azurerm_user_assigned_identity": Facts("managedidentity/user_assigned_identity_resource.go"),
    "azurerm_virtual_machine_extension": Facts(
        "compute/virtual_machine_extension_resource.go", sensitive=("protected_settings",)
    ),
    "azurerm_virtual_network": Facts("network/virtual_network_resource.go", max_items={"ip_address_pool": 2}),
    "azurerm_virtual_network_dns_servers": Facts("network/virtual_network_dns_servers_resource.go"),
    "azurerm_virtual_network_peering": Facts("network/virtual_network_peering_resource.go"),
    "azurerm_web_application_firewall_policy": Facts("network/web_application_firewall_policy_resource.go"),
    "data.azurerm_kubernetes_cluster": Facts("containers/kubernetes_cluster_data_source.go", sensitive=_KUBE_CONFIGS),
    "data.azurerm_private_endpoint_connection": Facts("network/private_endpoint_connection_data_source.go"),
    "kubernetes_default_service_account_v1": Facts("resource_kubernetes_default_service_account_v1.go"),
    "kubernetes_deployment_v1": Facts("resource_kubernetes_deployment_v1.go"),
    "kubernetes_horizontal_pod_autoscaler_v2": Facts("resource_kubernetes_horizontal_pod_autoscaler_v2.go"),
    "kubernetes_limit_range_v1": Facts("resource_kubernetes_limit_range_v1.go"),
    "kubernetes_manifest": Facts("../manifest/provider/provider.go"),
    "kubernetes_namespace_v1": Facts("resource_kubernetes_namespace_v1.go"),
    "kubernetes_network_policy_v1": Facts("resource_kubernetes_network_policy_v1.go"),
    "kubernetes_pod_disruption_budget_v1": Facts("resource_kubernetes_pod_disruption_budget_v1.go"),
    "kubernetes_resource_quota_v1": Facts("resource_kubernetes_resource_quota_v1.go"),
    "kubernetes_service_account_v1": Facts("resource_kubernetes_service_account_v1.go"),
    "kubernetes_service_v1": Facts("resource_kubernetes_service_v1.go"),
}


def unreviewed(schemas: Mapping[str, Any]) -> set[str]:
    """The types in these schemas that nobody has searched for dropped facts."""
    return {
        f"{prefix}{type_}"
        for schema in schemas.values()
        for prefix, types in (("", schema["resources"]), ("data.", schema["data_sources"]))
        for type_ in types
        if f"{prefix}{type_}" not in DROPPED_FACTS
    }
