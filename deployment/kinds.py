"""What each type of resource holds, and what it means to the platform's users while one is away or is changed."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class Kind:
    """What becomes of a resource that is destroyed, or destroyed and made again."""

    loss: str = ""  # what cannot be made again; empty if the next deployment makes all of it
    interruption: str = ""  # what does not work until it is there again


_UNKNOWN = Kind(loss="nobody has said in deployment/kinds.py what it holds")

_A_WAY_IN = "No request from outside reaches the application."
_A_RULE = "Traffic that it allows is blocked, and what it blocks may pass."
_A_ROLE = "Whoever holds it is refused; a new assignment takes minutes to hold."
_LOGS = "What happens meanwhile is in no log."
_NAMES = "The names in it are not found; clients with a cached answer go on for minutes."
_POLICY = "Pods are started, or reached, without it."

KINDS: dict[str, Kind] = {
    "azuread_application": Kind("its client id, for which Entra was given consent", "Nobody can sign in."),
    "azuread_application_federated_identity_credential": Kind(interruption="Nobody can sign in."),
    "azuread_service_principal": Kind("who was assigned to the application", "Nobody can sign in."),
    "azurerm_application_gateway": Kind(interruption=_A_WAY_IN),
    "azurerm_bastion_host": Kind(interruption="Nobody reaches the jump box."),
    "azurerm_cdn_frontdoor_endpoint": Kind("its host name, which holds a hash that Azure draws", _A_WAY_IN),
    "azurerm_cdn_frontdoor_firewall_policy": Kind(interruption="Requests reach the application unfiltered, or not."),
    "azurerm_cdn_frontdoor_origin": Kind(
        interruption=f"{_A_WAY_IN} Its private link must be approved by hand once more."
    ),
    "azurerm_cdn_frontdoor_origin_group": Kind(interruption=_A_WAY_IN),
    "azurerm_cdn_frontdoor_profile": Kind("its id, by which the application knows its own Front Door", _A_WAY_IN),
    "azurerm_cdn_frontdoor_route": Kind(interruption=_A_WAY_IN),
    "azurerm_cdn_frontdoor_security_policy": Kind(interruption="Requests reach the application unfiltered."),
    "azurerm_consumption_budget_subscription": Kind(interruption="Nobody is told what is spent."),
    "azurerm_container_registry": Kind("every image in it", "No node can start a pod whose image it does not have."),
    "azurerm_container_registry_cache_rule": Kind(interruption="No node gets AKS's own images."),
    "azurerm_dashboard_grafana": Kind("the dashboards that people made in it", "Nobody sees a dashboard."),
    "azurerm_disk_encryption_set": Kind(
        "its identity, to which the vault gave the key", "No disk that it encrypts can be attached."
    ),
    "azurerm_federated_identity_credential": Kind(interruption="Pods cannot sign in to Entra."),
    "azurerm_firewall": Kind(interruption="Nothing leaves the network, for about 20 minutes."),
    "azurerm_firewall_policy": Kind(interruption="Nothing leaves the network."),
    "azurerm_firewall_policy_rule_collection_group": Kind(interruption="What its rules allow does not leave."),
    "azurerm_key_vault": Kind(
        "its secrets, keys and certificates; for 90 days they can be recovered, under the same name only",
        "What reads a secret fails.",
    ),
    "azurerm_key_vault_key": Kind("what it encrypts, once it is purged", "What it encrypts cannot be read."),
    "azurerm_key_vault_secret": Kind("its versions; for 90 days they can be recovered", "What reads it fails."),
    "azurerm_kubernetes_cluster": Kind(
        "all that runs in the cluster, with its volumes, and the identities and addresses that Azure gave it",
        "The application is down until the cluster and its workloads are deployed again.",
    ),
    "azurerm_kubernetes_cluster_node_pool": Kind(
        "what its nodes have on their own disks", "Its pods wait for room on other nodes, or for the new pool."
    ),
    "azurerm_linux_virtual_machine": Kind("what people left on its disk", "Nobody can work from it."),
    "azurerm_log_analytics_workspace": Kind(
        "its logs; for 14 days they can be recovered, under the same name only", f"{_LOGS} Alerts are silent."
    ),
    "azurerm_management_lock": Kind(interruption="What it guards can be deleted."),
    "azurerm_monitor_action_group": Kind(interruption="Alerts reach nobody."),
    "azurerm_monitor_activity_log_alert": Kind(interruption="What it looks for, nobody is told of."),
    "azurerm_monitor_data_collection_endpoint": Kind(interruption=_LOGS),
    "azurerm_monitor_data_collection_rule": Kind(interruption=_LOGS),
    "azurerm_monitor_data_collection_rule_association": Kind(interruption=_LOGS),
    "azurerm_monitor_diagnostic_setting": Kind(interruption=_LOGS),
    "azurerm_monitor_metric_alert": Kind(interruption="What it looks for, nobody is told of."),
    "azurerm_monitor_scheduled_query_rules_alert_v2": Kind(interruption="What it looks for, nobody is told of."),
    "azurerm_monitor_workspace": Kind("its metrics", "What happens meanwhile is in no metric."),
    "azurerm_mssql_database": Kind(
        "its data; for the days of its backups it can be restored", "The application fails."
    ),
    "azurerm_mssql_outbound_firewall_rule": Kind(interruption="The database cannot write its audit logs."),
    "azurerm_mssql_server": Kind(
        "its databases; they can be restored while their backups are kept, to a server of the same name",
        "The application fails.",
    ),
    "azurerm_mssql_server_extended_auditing_policy": Kind(interruption="Statements are in no log."),
    "azurerm_mssql_server_security_alert_policy": Kind(interruption="Nobody is told of attacks on the database."),
    "azurerm_nat_gateway": Kind(interruption="Nothing leaves the network."),
    "azurerm_nat_gateway_public_ip_association": Kind(interruption="Nothing leaves the network."),
    "azurerm_network_interface": Kind(interruption="Its machine is not reached."),
    "azurerm_network_security_group": Kind(interruption=_A_RULE),
    "azurerm_private_dns_a_record": Kind(interruption=_NAMES),
    "azurerm_private_dns_zone": Kind("the records that AKS and other stacks wrote in it", _NAMES),
    "azurerm_private_dns_zone_virtual_network_link": Kind(interruption=_NAMES),
    "azurerm_private_endpoint": Kind(interruption="Nothing reaches what it leads to; its address may be another."),
    "azurerm_public_ip": Kind("the address, which others may have allowed or written in their DNS", _A_WAY_IN),
    "azurerm_resource_group": Kind("everything in it", "Everything in it is away."),
    "azurerm_resource_group_policy_assignment": Kind(interruption="What the policy refuses can be made."),
    "azurerm_role_assignment": Kind(interruption=_A_ROLE),
    "azurerm_route_table": Kind(interruption="What it leads to the firewall goes past it, or nowhere."),
    "azurerm_security_center_subscription_pricing": Kind(interruption="Defender does not watch what the plan is for."),
    "azurerm_storage_account": Kind("its blobs, with all their versions", "What reads or writes it fails."),
    "azurerm_storage_container": Kind("its blobs, with all their versions", "What reads or writes it fails."),
    "azurerm_storage_container_immutability_policy": Kind(
        "the promise that nobody deletes or changes its blobs", "Blobs can be deleted and changed."
    ),
    "azurerm_storage_management_policy": Kind(interruption="Blobs are kept for longer than the settings say."),
    "azurerm_subnet": Kind(interruption="What stands in it must go first: Azure deletes no subnet in use."),
    "azurerm_subnet_nat_gateway_association": Kind(interruption="Nothing leaves the subnet."),
    "azurerm_subnet_network_security_group_association": Kind(interruption=_A_RULE),
    "azurerm_subnet_route_table_association": Kind(interruption="What leaves the subnet goes past the firewall."),
    "azurerm_user_assigned_identity": Kind(
        "its principal id, to which the database and others have given rights", "Whoever signs in by it is refused."
    ),
    "azurerm_virtual_machine_extension": Kind(interruption="Nobody signs in to the machine through Entra."),
    "azurerm_virtual_network": Kind("everything that stands in it", "Everything in it is away."),
    "azurerm_virtual_network_dns_servers": Kind(interruption="Machines ask Azure's own DNS."),
    "azurerm_virtual_network_peering": Kind(interruption="Nothing passes between the two networks."),
    "azurerm_web_application_firewall_policy": Kind(interruption="Requests reach the application unfiltered, or not."),
    "kubernetes_default_service_account_v1": Kind(interruption=_POLICY),
    "kubernetes_deployment_v1": Kind(interruption="The application does not answer."),
    "kubernetes_horizontal_pod_autoscaler_v2": Kind(interruption="The number of pods stays as it is."),
    "kubernetes_limit_range_v1": Kind(interruption=_POLICY),
    "kubernetes_manifest": Kind(interruption="Whatever the manifest describes is away."),
    "kubernetes_namespace_v1": Kind("everything in it, whoever put it there", "Everything in it is away."),
    "kubernetes_network_policy_v1": Kind(interruption=_A_RULE),
    "kubernetes_pod_disruption_budget_v1": Kind(interruption="A drained node takes all its pods at once."),
    "kubernetes_resource_quota_v1": Kind(interruption=_POLICY),
    "kubernetes_service_account_v1": Kind(interruption="Pods cannot sign in to Entra, and none is started."),
    "kubernetes_service_v1": Kind(interruption="The application does not answer; its address may be another."),
    "kubernetes_storage_class_v1": Kind(interruption="No new volume of the class is made; those that are there stay."),
}

# What the provider does by replacing nodes while a temporary pool stands in.
# https://registry.terraform.io/providers/hashicorp/azurerm/4.81.0/docs/resources/kubernetes_cluster#temporary_name_for_rotation
_ROTATED = (
    "fips_enabled",
    "host_encryption_enabled",
    "kubelet_config",
    "kubelet_disk_type",
    "linux_os_config",
    "max_pods",
    "node_public_ip_enabled",
    "os_disk_size_gb",
    "os_disk_type",
    "pod_subnet_id",
    "snapshot_id",
    "ultra_ssd_enabled",
    "vm_size",
    "vnet_subnet_id",
    "zones",
)
_ROTATION = "All nodes of the pool are replaced, undrained, while a temporary pool stands in."

# Attributes whose change in place interrupts something, by type; with each the sentence that says what.
IN_PLACE: dict[str, dict[str, str]] = {
    "azurerm_kubernetes_cluster": {
        **{f"default_node_pool.{name}": _ROTATION for name in (*_ROTATED, "only_critical_addons_enabled")},
        "custom_ca_trust_certificates_base64": "All nodes are replaced, one after the other and drained.",
        # https://learn.microsoft.com/azure/aks/http-proxy
        "http_proxy_config": "All nodes are re-imaged, pool by pool; disruption budgets hold.",
        # https://learn.microsoft.com/azure/aks/egress-outboundtype
        "network_profile.outbound_type": "Connections that leave the cluster break, and leave by another address.",
    },
    "azurerm_kubernetes_cluster_node_pool": dict.fromkeys(_ROTATED, _ROTATION),
    # https://learn.microsoft.com/azure/virtual-machines/sizes/resize-vm
    "azurerm_linux_virtual_machine": {"size": "The machine restarts."},
    # https://learn.microsoft.com/azure/azure-sql/database/single-database-scale
    "azurerm_mssql_database": {
        "sku_name": "Connections are dropped at the end of the change, and must be opened again."
    },
    "azurerm_subnet": {"address_prefixes": "Azure refuses to take a range away from what stands in it."},
    "azurerm_virtual_network": {"address_space": "Azure refuses to take a range away from what stands in it."},
    "azurerm_virtual_network_dns_servers": {
        "dns_servers": "Running machines ask the servers of before until they restart, or are reimaged."
    },
    "kubernetes_deployment_v1": {"spec.template": "Pods are replaced, a few at a time."},
}


def kind_of(type_: str) -> Kind:
    """What is known of a type; one that is not known counts as holding something."""
    return KINDS.get(type_, _UNKNOWN)


def interruptions(type_: str, changed: Iterable[str]) -> Iterator[str]:
    """What an update interrupts that changes these attributes: paths with dots, of attributes or what holds them."""
    known = IN_PLACE.get(type_, {})
    seen = set()
    for path in changed:
        for attribute, sentence in known.items():
            if f"{path}.".startswith(f"{attribute}.") or f"{attribute}.".startswith(f"{path}."):
                if sentence not in seen:
                    yield sentence
                seen.add(sentence)
