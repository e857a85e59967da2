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
    replaced_by: tuple[str, ...] = ()  # what the stacks write that the provider cannot change in place, as of 4.81.0

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
        for path in self.replaced_by:
            *outer, name = path.split(".")
            if not any(name in _inside(block, outer)[kind] for kind in ("attributes", "block_types")):
                raise KeyError(path)


def _inside(block: Any, names: list[str]) -> Any:
    for name in names:
        block = block["block_types"][name]["block"]
    return block


_PLACED = ("name", "resource_group_name", "location")
_IN_A_NAMESPACE = ("metadata.name", "metadata.namespace")
_KUBE_CONFIGS = ("kube_admin_config", "kube_admin_config_raw", "kube_config", "kube_config_raw")

# Sources are below `internal/services/` of azuread 3.7.0 and azurerm 4.55.0, and `kubernetes/` of kubernetes 2.38.0.
DROPPED_FACTS = {
    "azuread_application": Facts("applications/application_resource.go", sensitive=("password.value",)),
    "azuread_application_federated_identity_credential": Facts(
        "applications/application_federated_identity_credential_resource.go",
        replaced_by=("application_id", "display_name"),
    ),
    "azuread_service_principal": Facts("serviceprincipals/service_principal_resource.go", replaced_by=("client_id",)),
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
        replaced_by=(*_PLACED, "zones"),
    ),
    "azurerm_bastion_host": Facts(
        "network/bastion_host_resource.go",
        replaced_by=(
            *_PLACED,
            "zones",
            "ip_configuration.name",
            "ip_configuration.public_ip_address_id",
            "ip_configuration.subnet_id",
        ),
    ),
    "azurerm_cdn_frontdoor_endpoint": Facts(
        "cdn/cdn_frontdoor_endpoint_resource.go", replaced_by=("cdn_frontdoor_profile_id", "name")
    ),
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
        replaced_by=("name", "resource_group_name", "sku_name"),
    ),
    "azurerm_cdn_frontdoor_origin": Facts(
        "cdn/cdn_frontdoor_origin_resource.go",
        replaced_by=("cdn_frontdoor_origin_group_id", "name", "private_link.location"),
    ),
    "azurerm_cdn_frontdoor_origin_group": Facts(
        "cdn/cdn_frontdoor_origin_group_resource.go", replaced_by=("cdn_frontdoor_profile_id", "name")
    ),
    "azurerm_cdn_frontdoor_profile": Facts(
        "cdn/cdn_frontdoor_profile_resource.go",
        max_items={"log_scrubbing_rule": 3},
        replaced_by=("name", "resource_group_name", "sku_name"),
    ),
    "azurerm_cdn_frontdoor_route": Facts(
        "cdn/cdn_frontdoor_route_resource.go", replaced_by=("cdn_frontdoor_endpoint_id", "name")
    ),
    "azurerm_cdn_frontdoor_security_policy": Facts(
        "cdn/cdn_frontdoor_security_policy_resource.go",
        max_items={"security_policies.firewall.association.domain": 500},
        replaced_by=(
            "cdn_frontdoor_profile_id",
            "name",
            "security_policies.firewall.cdn_frontdoor_firewall_policy_id",
            "security_policies.firewall.association.patterns_to_match",
        ),
    ),
    "azurerm_consumption_budget_subscription": Facts(
        "consumption/consumption_budget_subscription_resource.go",
        max_items={"notification": 5},
        replaced_by=("name", "subscription_id", "time_grain", "time_period.start_date"),
    ),
    "azurerm_container_registry": Facts(
        "containers/container_registry_resource.go",
        sensitive=("admin_password",),
        replaced_by=(*_PLACED, "zone_redundancy_enabled"),
    ),
    "azurerm_container_registry_cache_rule": Facts(
        "containers/container_registry_cache_rule_resource.go",
        replaced_by=("container_registry_id", "name", "source_repo", "target_repo"),
    ),
    "azurerm_dashboard_grafana": Facts(
        "dashboard/dashboard_grafana_resource.go",
        sensitive=("smtp.password",),
        replaced_by=(*_PLACED, "identity", "sku", "zone_redundancy_enabled"),
    ),
    "azurerm_disk_encryption_set": Facts(
        "compute/disk_encryption_set_resource.go", replaced_by=(*_PLACED, "encryption_type")
    ),
    "azurerm_federated_identity_credential": Facts(
        "managedidentity/federated_identity_credential_resource.go", replaced_by=("name", "parent_id")
    ),
    "azurerm_firewall": Facts(
        "firewall/firewall_resource.go",
        replaced_by=(
            *_PLACED,
            "management_ip_configuration",
            "sku_name",
            "zones",
            "ip_configuration.subnet_id",
            "management_ip_configuration.subnet_id",
        ),
    ),
    "azurerm_firewall_policy": Facts("firewall/firewall_policy_resource.go", replaced_by=(*_PLACED, "sku")),
    "azurerm_firewall_policy_rule_collection_group": Facts(
        "firewall/firewall_policy_rule_collection_group_resource.go", replaced_by=("firewall_policy_id", "name")
    ),
    "azurerm_key_vault": Facts("keyvault/key_vault_resource.go", replaced_by=_PLACED),
    "azurerm_key_vault_key": Facts(
        "keyvault/key_vault_key_resource.go", replaced_by=("key_size", "key_type", "key_vault_id", "name")
    ),
    "azurerm_key_vault_secret": Facts(
        "keyvault/key_vault_secret_resource.go",
        sensitive=("value",),
        write_only=("value_wo",),
        replaced_by=("key_vault_id", "name"),
    ),
    "azurerm_kubernetes_cluster": Facts(
        "containers/kubernetes_cluster_resource.go",
        sensitive=(
            *_KUBE_CONFIGS,
            "http_proxy_config.trusted_ca",
            "service_principal.client_secret",
            "windows_profile.admin_password",
        ),
        replaced_by=(
            *_PLACED,
            "disk_encryption_set_id",
            "dns_prefix_private_cluster",
            "node_resource_group",
            "private_cluster_enabled",
            "private_dns_zone_id",
            "role_based_access_control_enabled",
            "default_node_pool.name",
            "kubelet_identity.client_id",
            "kubelet_identity.object_id",
            "kubelet_identity.user_assigned_identity_id",
            "network_profile.dns_service_ip",
            "network_profile.load_balancer_sku",
            "network_profile.network_plugin",
            "network_profile.pod_cidr",
            "network_profile.service_cidr",
        ),
    ),
    "azurerm_kubernetes_cluster_node_pool": Facts(
        "containers/kubernetes_cluster_node_pool_resource.go",
        replaced_by=("kubernetes_cluster_id", "name", "eviction_policy", "gpu_driver", "priority", "spot_max_price"),
    ),
    "azurerm_linux_virtual_machine": Facts(
        "compute/linux_virtual_machine_resource.go",
        sensitive=("admin_password", "custom_data"),
        max_items={"gallery_application": 100},
        replaced_by=(
            *_PLACED,
            "admin_ssh_key",
            "admin_username",
            "disable_password_authentication",
            "secure_boot_enabled",
            "source_image_reference",
            "vtpm_enabled",
            "os_disk.storage_account_type",
            "zone",
        ),
    ),
    "azurerm_log_analytics_workspace": Facts(
        "loganalytics/log_analytics_workspace_resource.go",
        sensitive=("primary_shared_key", "secondary_shared_key"),
        replaced_by=_PLACED,
    ),
    "azurerm_management_lock": Facts(
        "resource/management_lock_resource.go", replaced_by=("lock_level", "name", "notes", "scope")
    ),
    "azurerm_monitor_action_group": Facts(
        "monitor/monitor_action_group_resource.go", replaced_by=("name", "resource_group_name")
    ),
    "azurerm_monitor_activity_log_alert": Facts("monitor/monitor_activity_log_alert_resource.go", replaced_by=_PLACED),
    "azurerm_monitor_data_collection_endpoint": Facts(
        "monitor/monitor_data_collection_endpoint_resource.go", replaced_by=_PLACED
    ),
    "azurerm_monitor_data_collection_rule": Facts(
        "monitor/monitor_data_collection_rule_resource.go", replaced_by=(*_PLACED, "kind")
    ),
    "azurerm_monitor_data_collection_rule_association": Facts(
        "monitor/monitor_data_collection_rule_association_resource.go", replaced_by=("name", "target_resource_id")
    ),
    "azurerm_monitor_diagnostic_setting": Facts(
        "monitor/monitor_diagnostic_setting_resource.go", replaced_by=("name", "target_resource_id")
    ),
    "azurerm_monitor_metric_alert": Facts(
        "monitor/monitor_metric_alert_resource.go", replaced_by=("name", "resource_group_name")
    ),
    "azurerm_monitor_scheduled_query_rules_alert_v2": Facts(
        "monitor/monitor_scheduled_query_rules_alert_v2_resource.go", replaced_by=(*_PLACED, "scopes")
    ),
    "azurerm_monitor_workspace": Facts("monitor/monitor_workspace_resource.go", replaced_by=_PLACED),
    "azurerm_mssql_database": Facts(
        "mssql/mssql_database_resource.go",
        sensitive=(
            "import.administrator_login_password",
            "import.storage_key",
            "threat_detection_policy.storage_account_access_key",
        ),
        replaced_by=("name", "server_id"),
    ),
    "azurerm_mssql_outbound_firewall_rule": Facts(
        "mssql/mssql_outbound_firewall_rule_resource.go", replaced_by=("name", "server_id")
    ),
    "azurerm_mssql_server": Facts(
        "mssql/mssql_server_resource.go",
        sensitive=("administrator_login_password", "administrator_login_password_wo"),
        write_only=("administrator_login_password_wo",),
        replaced_by=(*_PLACED, "version"),
    ),
    "azurerm_mssql_server_extended_auditing_policy": Facts(
        "mssql/mssql_server_extended_auditing_policy_resource.go",
        sensitive=("storage_account_access_key", "storage_account_subscription_id"),
        replaced_by=("server_id",),
    ),
    "azurerm_mssql_server_security_alert_policy": Facts(
        "mssql/mssql_server_security_alert_policy_resource.go",
        sensitive=("storage_account_access_key",),
        replaced_by=("resource_group_name", "server_name"),
    ),
    "azurerm_nat_gateway": Facts("network/nat_gateway_resource.go", replaced_by=(*_PLACED, "sku_name")),
    "azurerm_nat_gateway_public_ip_association": Facts(
        "network/nat_gateway_public_ip_association_resource.go", replaced_by=("nat_gateway_id", "public_ip_address_id")
    ),
    "azurerm_network_interface": Facts("network/network_interface_resource.go", replaced_by=_PLACED),
    "azurerm_network_security_group": Facts("network/network_security_group_resource.go", replaced_by=_PLACED),
    "azurerm_private_dns_a_record": Facts(
        "privatedns/private_dns_a_record_resource.go", replaced_by=("name", "resource_group_name", "zone_name")
    ),
    "azurerm_private_dns_zone": Facts(
        "privatedns/private_dns_zone_resource.go", replaced_by=("name", "resource_group_name")
    ),
    "azurerm_private_dns_zone_virtual_network_link": Facts(
        "privatedns/private_dns_zone_virtual_network_link_resource.go",
        replaced_by=("name", "private_dns_zone_name", "resource_group_name", "virtual_network_id"),
    ),
    "azurerm_private_endpoint": Facts(
        "network/private_endpoint_resource.go",
        replaced_by=(
            *_PLACED,
            "subnet_id",
            "ip_configuration.member_name",
            "ip_configuration.name",
            "ip_configuration.private_ip_address",
            "ip_configuration.subresource_name",
            "private_service_connection.is_manual_connection",
            "private_service_connection.name",
            "private_service_connection.private_connection_resource_id",
            "private_service_connection.subresource_names",
        ),
    ),
    "azurerm_public_ip": Facts("network/public_ip_resource.go", replaced_by=(*_PLACED, "sku", "zones")),
    "azurerm_resource_group": Facts("resource/resource_group_resource.go", replaced_by=("location", "name")),
    "azurerm_resource_group_policy_assignment": Facts(
        "policy/resource_group_policy_assignment_resource.go",
        replaced_by=("name", "policy_definition_id", "resource_group_id"),
    ),
    "azurerm_role_assignment": Facts(
        "authorization/role_assignment_resource.go",
        replaced_by=("principal_id", "principal_type", "role_definition_name", "scope"),
    ),
    "azurerm_route_table": Facts("network/route_table_resource.go", replaced_by=_PLACED),
    "azurerm_security_center_subscription_pricing": Facts(
        "securitycenter/security_center_subscription_pricing_resource.go", replaced_by=("subplan",)
    ),
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
        replaced_by=(*_PLACED, "account_tier", "infrastructure_encryption_enabled"),
    ),
    "azurerm_storage_container": Facts(
        "storage/storage_container_resource.go", replaced_by=("name", "storage_account_id")
    ),
    "azurerm_storage_container_immutability_policy": Facts(
        "storage/storage_container_immutability_policy_resource.go",
        replaced_by=("storage_container_resource_manager_id",),
    ),
    "azurerm_storage_management_policy": Facts(
        "storage/storage_management_policy_resource.go", replaced_by=("storage_account_id",)
    ),
    "azurerm_subnet": Facts(
        "network/subnet_resource.go", replaced_by=("name", "resource_group_name", "virtual_network_name")
    ),
    "azurerm_subnet_nat_gateway_association": Facts(
        "network/subnet_nat_gateway_association_resource.go", replaced_by=("nat_gateway_id", "subnet_id")
    ),
    "azurerm_subnet_network_security_group_association": Facts(
        "network/subnet_network_security_group_association_resource.go",
        replaced_by=("network_security_group_id", "subnet_id"),
    ),
    "azurerm_subnet_route_table_association": Facts(
        "network/subnet_route_table_association_resource.go", replaced_by=("route_table_id", "subnet_id")
    ),
    "azurerm_user_assigned_identity": Facts("managedidentity/user_assigned_identity_resource.go", replaced_by=_PLACED),
    "azurerm_virtual_machine_extension": Facts(
        "compute/virtual_machine_extension_resource.go",
        sensitive=("protected_settings",),
        replaced_by=("name", "publisher", "virtual_machine_id"),
    ),
    "azurerm_virtual_network": Facts(
        "network/virtual_network_resource.go", max_items={"ip_address_pool": 2}, replaced_by=_PLACED
    ),
    "azurerm_virtual_network_dns_servers": Facts(
        "network/virtual_network_dns_servers_resource.go", replaced_by=("virtual_network_id",)
    ),
    "azurerm_virtual_network_peering": Facts(
        "network/virtual_network_peering_resource.go",
        replaced_by=("name", "remote_virtual_network_id", "resource_group_name", "virtual_network_name"),
    ),
    "azurerm_web_application_firewall_policy": Facts(
        "network/web_application_firewall_policy_resource.go", replaced_by=_PLACED
    ),
    "data.azurerm_kubernetes_cluster": Facts("containers/kubernetes_cluster_data_source.go", sensitive=_KUBE_CONFIGS),
    "data.azurerm_private_endpoint_connection": Facts("network/private_endpoint_connection_data_source.go"),
    "data.azurerm_user_assigned_identity": Facts("managedidentity/user_assigned_identity_data_source.go"),
    "kubernetes_default_service_account_v1": Facts(
        "resource_kubernetes_default_service_account_v1.go", replaced_by=_IN_A_NAMESPACE
    ),
    "kubernetes_deployment_v1": Facts(
        "resource_kubernetes_deployment_v1.go", replaced_by=(*_IN_A_NAMESPACE, "spec.selector")
    ),
    "kubernetes_horizontal_pod_autoscaler_v2": Facts(
        "resource_kubernetes_horizontal_pod_autoscaler_v2.go", replaced_by=_IN_A_NAMESPACE
    ),
    "kubernetes_limit_range_v1": Facts("resource_kubernetes_limit_range_v1.go", replaced_by=_IN_A_NAMESPACE),
    "kubernetes_manifest": Facts("../manifest/provider/provider.go"),
    "kubernetes_namespace_v1": Facts("resource_kubernetes_namespace_v1.go", replaced_by=("metadata.name",)),
    "kubernetes_network_policy_v1": Facts("resource_kubernetes_network_policy_v1.go", replaced_by=_IN_A_NAMESPACE),
    "kubernetes_pod_disruption_budget_v1": Facts(
        "resource_kubernetes_pod_disruption_budget_v1.go", replaced_by=(*_IN_A_NAMESPACE, "spec")
    ),
    "kubernetes_resource_quota_v1": Facts("resource_kubernetes_resource_quota_v1.go", replaced_by=_IN_A_NAMESPACE),
    "kubernetes_service_account_v1": Facts("resource_kubernetes_service_account_v1.go", replaced_by=_IN_A_NAMESPACE),
    "kubernetes_service_v1": Facts("resource_kubernetes_service_v1.go", replaced_by=_IN_A_NAMESPACE),
    "kubernetes_storage_class_v1": Facts(
        "resource_kubernetes_storage_class_v1.go",
        replaced_by=("metadata.name", "parameters", "storage_provisioner", "volume_binding_mode"),
    ),
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
