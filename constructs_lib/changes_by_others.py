"""What others change on the resources of the stacks, type by type: what is left to them, and what is put back.

A plan rests only if it leaves alone what policies, Azure's own services and operators legitimately change.
`stacks/platform_stack.py` makes every `ignore_changes` from this table, and no construct writes one. A row of
`LetBe` names what the program leaves out: what the settings say is never ignored, but where `Written.TOO` gives the
reason. What could hide that something became less safe stays out of `ignore_changes`: the next deployment puts it back.

Found by searching the policies that Azure's landing zones assign, and measured with the provider's own schemas and
diffs. Not here: what others add as resources of their own (diagnostic settings, auditing, threat detection), which no
plan sees; and annotations and labels of Kubernetes' own, which the provider hides
(https://github.com/hashicorp/terraform-provider-kubernetes/blob/v2.38.0/kubernetes/structures.go#L152).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

_AZURERM = "https://github.com/hashicorp/terraform-provider-azurerm/blob/v4.81.0/internal/services"
_KUBERNETES = "https://github.com/hashicorp/terraform-provider-kubernetes/blob/v2.38.0/kubernetes"
_ASSIGNMENTS = (
    "https://github.com/Azure/Azure-Landing-Zones-Library/blob/faae8ccf8547e58359641d54120e278271990539"
    "/platform/alz/policy_assignments"
)
_POLICIES = (
    "https://github.com/Azure/azure-policy/blob/f4a50bacae07ddb096943c597669bcae494a6e29"
    "/built-in-policies/policyDefinitions"
)


class By(StrEnum):
    """Who changes it."""

    POLICY = "a policy"
    AZURE = "Azure"
    KUBERNETES = "Kubernetes"
    OPERATORS = "operators"


class Written(StrEnum):
    """Whether the program writes the argument that it leaves to others."""

    NEVER = "never"
    SOMETIMES = "sometimes; there it is put back"
    TOO = "for the creation only"


@dataclass(frozen=True)
class LetBe:
    """An argument on which every plan takes what it finds; `argument` is a path as `ignore_changes` takes it."""

    argument: str
    by: By
    because: str
    source: str
    written: Written = Written.NEVER
    computed: bool = False
    """The provider itself takes what it finds, so that there is nothing to ignore."""


@dataclass(frozen=True)
class PutBack:
    """An argument that others are known to change, and that the next deployment puts back."""

    argument: str
    because: str


def _zones(source: str) -> LetBe:
    return LetBe(
        "zones",
        By.AZURE,
        "Where none are named Azure chooses, and moves to more of its own accord; to put that back would mean to "
        "replace the resource.",
        source,
        Written.SOMETIMES,
    )


def _freeze(window: str) -> LetBe:
    return LetBe(
        f"{window}[0].not_allowed",
        By.OPERATORS,
        "Days without upgrades, such as those of a sale or between the years, are nobody's setting.",
        "https://learn.microsoft.com/azure/aks/planned-maintenance",
    )


_POOL_COUNT = LetBe(
    "node_count",
    By.AZURE,
    "The autoscaler counts the nodes, within bounds that are put back.",
    f"{_AZURERM}/containers/kubernetes_cluster_node_pool_resource.go",
    computed=True,
)
_POOL_VERSION = LetBe(
    "orchestrator_version",
    By.AZURE,
    "Patches come by themselves; a newer minor version comes with an upgrade.",
    f"{_AZURERM}/containers/kubernetes_cluster_node_pool_resource.go#L325",
    computed=True,
)

_ANY_EXCLUSION = "An exclusion by hand takes requests past the web application firewall."

_SILENCED = "An alert that is off calls nobody: an alert processing rule silences it for some hours."

# An empty row says that nobody else changes anything but tags.
CHANGES_BY_OTHERS: Mapping[str, tuple[LetBe | PutBack, ...]] = {
    "azuread_application": (),
    "azuread_application_federated_identity_credential": (),
    "azuread_service_principal": (),
    "azurerm_application_gateway": (_zones("https://github.com/hashicorp/terraform-provider-azurerm/issues/30129"),),
    "azurerm_bastion_host": (_zones(f"{_AZURERM}/network/bastion_host_resource.go#L177"),),
    "azurerm_cdn_frontdoor_endpoint": (),
    "azurerm_cdn_frontdoor_firewall_policy": (PutBack("managed_rule[0].exclusion", _ANY_EXCLUSION),),
    "azurerm_cdn_frontdoor_origin": (),
    "azurerm_cdn_frontdoor_origin_group": (),
    "azurerm_cdn_frontdoor_profile": (),
    "azurerm_cdn_frontdoor_route": (
        PutBack("cdn_frontdoor_custom_domain_ids", "Another host name, added by hand, would lead to the application."),
    ),
    "azurerm_cdn_frontdoor_security_policy": (),
    "azurerm_consumption_budget_subscription": (PutBack("amount", "Change the settings."),),
    "azurerm_container_registry": (
        PutBack(
            "retention_policy_in_days", "Images would stay for longer or shorter than the settings say: change these."
        ),
    ),
    "azurerm_container_registry_cache_rule": (),
    "azurerm_dashboard_grafana": (PutBack("api_key_enabled", "A key lets whoever holds it in, without Entra."),),
    "azurerm_disk_encryption_set": (
        PutBack("auto_key_rotation_enabled", "Disks would keep the version of the key that they have."),
    ),
    "azurerm_federated_identity_credential": (),
    "azurerm_firewall": (
        _zones(f"{_AZURERM}/firewall/firewall_resource.go"),
        PutBack(
            "ip_configuration",
            "A firewall that was stopped has none, and the plan then replaces it: start it before you deploy. Ignored, "
            "a change of address or subnet would not show either.",
        ),
    ),
    "azurerm_firewall_policy": (
        PutBack("threat_intelligence_allowlist", "What is in it passes although it is known to be bad."),
        PutBack("insights", "Policy analytics, switched on by hand; the rules' own logs are there without it."),
    ),
    "azurerm_firewall_policy_rule_collection_group": (),
    "azurerm_key_vault": (
        PutBack("network_acls[0].default_action", "A policy denies by default, which is written here too."),
    ),
    "azurerm_key_vault_key": (
        LetBe(
            "expiration_date",
            By.OPERATORS,
            "People, or a policy that wants every key to expire, give a version its end. To take it away would mean to "
            "make another key, and nobody could read the disks any more.",
            f"{_AZURERM}/keyvault/key_vault_key_resource.go#L243",
        ),
        PutBack("rotation_policy[0].automatic[0].time_after_creation", "A key that does not rotate grows old."),
    ),
    "azurerm_key_vault_secret": (
        LetBe(
            "expiration_date",
            By.OPERATORS,
            "Whoever writes a new value, or a policy that wants every secret to expire, says until when it holds.",
            f"{_AZURERM}/keyvault/key_vault_secret_resource.go",
        ),
    ),
    "azurerm_kubernetes_cluster": (
        LetBe(
            "kubernetes_version",
            By.AZURE,
            "Azure patches the cluster, and operators upgrade it; that it has the minor version of the settings is "
            "checked in every plan.",
            "https://github.com/hashicorp/terraform-provider-azurerm/pull/32625",
            Written.TOO,
        ),
        LetBe(
            "azure_policy_enabled",
            By.POLICY,
            "A policy that landing zones enforce switches it on. Without egress it is not asked for; everywhere else "
            "it is, and to switch it off is put right.",
            f"{_POLICIES}/Kubernetes/AKS_AzurePolicyAddOn_DINE.json",
            Written.SOMETIMES,
        ),
        LetBe(
            "microsoft_defender",
            By.POLICY,
            "Defender for Containers installs its sensor, by itself or by a policy that landing zones enforce.",
            f"{_POLICIES}/Kubernetes/ASC_Azure_Defender_AKS_SecurityProfile_DINE.json",
            Written.SOMETIMES,
        ),
        LetBe(
            "monitor_metrics",
            By.OPERATORS,
            "Managed Prometheus is switched on from the side of its workspace, with rules of its own.",
            f"{_AZURERM}/containers/kubernetes_cluster_resource.go#L1067",
            Written.SOMETIMES,
        ),
        LetBe(
            "http_proxy_config[0].no_proxy",
            By.AZURE,
            "AKS adds names of its own to the list, and gives it back whole; the provider's page says to ignore it.",
            "https://registry.terraform.io/providers/hashicorp/azurerm/4.81.0/docs/resources/kubernetes_cluster",
            Written.TOO,
        ),
        LetBe(
            "maintenance_window",
            By.OPERATORS,
            "People, or the policy AKS_Maintenance_DINE, say when Azure's own releases of AKS come, not whether.",
            f"{_POLICIES}/Kubernetes/AKS_Maintenance_DINE.json",
        ),
        _freeze("maintenance_window_auto_upgrade"),
        _freeze("maintenance_window_node_os"),
        LetBe(
            "upgrade_override",
            By.OPERATORS,
            "`az aks upgrade --enable-force-upgrade` leaves it behind, and the provider refuses to take it away.",
            f"{_AZURERM}/containers/kubernetes_cluster_resource.go#L2659",
        ),
        LetBe(
            "default_node_pool[0].node_count",
            _POOL_COUNT.by,
            _POOL_COUNT.because,
            f"{_AZURERM}/containers/kubernetes_nodepool.go",
            computed=True,
        ),
        LetBe(
            "default_node_pool[0].orchestrator_version",
            _POOL_VERSION.by,
            _POOL_VERSION.because,
            f"{_AZURERM}/containers/kubernetes_nodepool.go#L211",
            computed=True,
        ),
        PutBack(
            "azure_active_directory_role_based_access_control[0].admin_group_object_ids",
            "They are administrators. A policy may set a group of its own: name that one as `cluster_admin_group_id`.",
        ),
        PutBack("default_node_pool[0].max_count", "Nodes cost money: change the settings."),
        PutBack("maintenance_window_node_os[0].day_of_week", "When upgrades come is a setting: change that."),
        PutBack(
            "storage_profile[0].blob_driver_enabled",
            "The driver for blobs gives the nodes' subnet a way past the firewall.",
        ),
        PutBack("web_app_routing", "It opens an ingress."),
        PutBack("service_mesh_profile", "It changes what passes between pods."),
        PutBack("workload_autoscaler_profile", "KEDA and VPA act on pods, with rights of their own."),
    ),
    "azurerm_kubernetes_cluster_node_pool": (
        _POOL_COUNT,
        _POOL_VERSION,
        PutBack("max_count", "Nodes cost money: change the settings."),
        PutBack("node_taints", "They decide what runs where."),
    ),
    "azurerm_linux_virtual_machine": (
        LetBe(
            "identity",
            By.POLICY,
            "Policies that landing zones enforce add an identity for the agents that they install; taken away, it "
            "comes again. It hides an identity that somebody else adds; what that one may do is decided where its "
            "roles are assigned.",
            f"{_POLICIES}/Managed%20Identity/VM_UAI_DINE.json",
            Written.TOO,
        ),
        PutBack(
            "allow_extension_operations",
            'With `login = "ssh_key"` nothing may be installed on the machine, and a policy\'s agent fails.',
        ),
    ),
    "azurerm_log_analytics_workspace": (
        PutBack("data_collection_rule_id", "A transformation by hand may drop log rows."),
        PutBack("sku", "A commitment costs money for 31 days."),
        PutBack("daily_quota_gb", "Beyond it logs are lost: change the settings."),
    ),
    "azurerm_management_lock": (),
    "azurerm_monitor_action_group": (PutBack("email_receiver", "Whoever is not in the settings is not called."),),
    "azurerm_monitor_activity_log_alert": (PutBack("enabled", _SILENCED),),
    "azurerm_monitor_data_collection_endpoint": (),
    "azurerm_monitor_data_collection_rule": (
        PutBack("data_flow", "The portal's cost presets leave out what the platform's alerts and people look for."),
    ),
    "azurerm_monitor_data_collection_rule_association": (),
    "azurerm_monitor_diagnostic_setting": (
        PutBack("enabled_log", "A log that is off is lost. A policy makes settings of its own beside these."),
    ),
    "azurerm_monitor_metric_alert": (PutBack("enabled", _SILENCED),),
    "azurerm_monitor_scheduled_query_rules_alert_v2": (PutBack("enabled", _SILENCED),),
    "azurerm_monitor_workspace": (),
    "azurerm_mssql_database": (PutBack("sku_name", "It costs money: change the settings."),),
    "azurerm_mssql_outbound_firewall_rule": (),
    "azurerm_mssql_server": (
        LetBe(
            "express_vulnerability_assessment_enabled",
            By.AZURE,
            "Defender for SQL switches it on, and every plan would switch it off.",
            f"{_AZURERM}/mssql/mssql_server_resource.go#L159",
            Written.SOMETIMES,
        ),
        PutBack("minimum_tls_version", "Policies ask for what is written."),
        PutBack("outbound_network_restriction_enabled", "Off, data may be copied to any storage account."),
    ),
    "azurerm_mssql_server_extended_auditing_policy": (
        PutBack(
            "log_monitoring_enabled", "Off, no statement reaches the workspace. A policy acts only where it is off."
        ),
    ),
    "azurerm_mssql_server_security_alert_policy": (PutBack("state", "Off, nobody hears of an attack."),),
    "azurerm_nat_gateway": (_zones(f"{_AZURERM}/network/nat_gateway_resource.go"),),
    "azurerm_nat_gateway_public_ip_association": (),
    "azurerm_network_interface": (),
    "azurerm_network_security_group": (
        PutBack(
            "security_rule",
            "Whoever may add a rule may open a way. The policy Modify-NSG, which landing zones ship switched off, adds "
            "some: it needs an exemption.",
        ),
    ),
    "azurerm_private_dns_a_record": (),
    "azurerm_private_dns_zone": (),
    "azurerm_private_dns_zone_virtual_network_link": (),
    "azurerm_private_endpoint": (
        LetBe(
            "private_dns_zone_group",
            By.POLICY,
            "A policy of landing zones adds one, with records in the company's zones.",
            f"{_ASSIGNMENTS}/Deploy-Private-DNS-Zones.alz_policy_assignment.json",
        ),
    ),
    "azurerm_public_ip": (
        _zones(f"{_AZURERM}/network/public_ip_resource.go"),
        LetBe(
            "ip_tags",
            By.AZURE,
            "A tag of Azure's own on the address; to take it away would mean to replace the address.",
            f"{_AZURERM}/network/public_ip_resource.go#L169",
        ),
        PutBack("ddos_protection_mode", "It may be switched off as well as on."),
    ),
    "azurerm_resource_group": (),
    "azurerm_resource_group_policy_assignment": (
        PutBack("parameters", "A namespace that is excluded by hand, or an effect that is lowered, lets anything in."),
        PutBack("enforce", "Not enforced, a policy only reports: say so by `cluster.policy.effect`."),
    ),
    "azurerm_role_assignment": (),
    "azurerm_route_table": (
        PutBack(
            "route",
            "A route may lead past the firewall. The policy Modify-UDR, which landing zones ship switched off, adds "
            "one: it needs an exemption.",
        ),
    ),
    "azurerm_security_center_subscription_pricing": (
        PutBack("extension", "What is off is not seen; what is on in addition costs money."),
        PutBack("tier", "Free means that nobody looks."),
    ),
    "azurerm_storage_account": (
        LetBe(
            "blob_properties[0].restore_policy",
            By.OPERATORS,
            "Azure Backup sets it, also where a policy asks for backups; it keeps more, not less.",
            "https://github.com/Azure/azure-rest-api-specs/issues/22914",
        ),
        LetBe(
            "blob_properties[0].change_feed_retention_in_days",
            By.OPERATORS,
            "The same, for the feed that Azure Backup reads and nothing here does.",
            "https://github.com/hashicorp/terraform-provider-azurerm/issues/20775",
        ),
        PutBack(
            "network_rules[0].private_link_access",
            "Defender for Storage adds its scanner for malware. Ignored, anything of anybody could stand there.",
        ),
        PutBack("network_rules[0].ip_rules", "Each is an address that is let in."),
        PutBack("min_tls_version", "Policies ask for what is written."),
        PutBack("blob_properties[0].delete_retention_policy[0].days", "It may be lowered as well as raised."),
    ),
    "azurerm_storage_container": (),
    "azurerm_storage_container_immutability_policy": (
        PutBack("immutability_period_in_days", "Fewer days let logs go sooner."),
    ),
    "azurerm_storage_management_policy": (PutBack("rule", "A rule may delete what is to be kept."),),
    "azurerm_subnet": (
        LetBe(
            "private_endpoint_network_policies",
            By.AZURE,
            "AKS and its storage drivers set it when they put private endpoints among the nodes. Left out it is at its "
            "loosest, so that every other value is stricter; among the endpoints it is written.",
            "https://github.com/kubernetes-sigs/azurefile-csi-driver/issues/2960",
            Written.SOMETIMES,
        ),
        PutBack(
            "service_endpoints",
            "AKS's storage drivers add Microsoft.Storage: a way to every storage account past the firewall. Ask for "
            "`networkEndpointType: privateEndpoint` in the storage class.",
        ),
        PutBack("delegation", "It decides who may stand there."),
        PutBack("default_outbound_access_enabled", "It is a way out past everything."),
    ),
    "azurerm_subnet_nat_gateway_association": (),
    "azurerm_subnet_network_security_group_association": (
        PutBack("network_security_group_id", "Another group may have other rules."),
    ),
    "azurerm_subnet_route_table_association": (PutBack("route_table_id", "Another table may lead past the firewall."),),
    "azurerm_user_assigned_identity": (),
    "azurerm_virtual_machine_extension": (),
    "azurerm_virtual_network": (
        LetBe(
            "ddos_protection_plan",
            By.POLICY,
            "A policy that landing zones enforce joins networks to the company's plan.",
            f"{_ASSIGNMENTS}/Enable-DDoS-VNET.alz_policy_assignment.json",
            Written.SOMETIMES,
        ),
        PutBack("address_space", "A range that is added here may overlap with one elsewhere: change the settings."),
    ),
    "azurerm_virtual_network_dns_servers": (PutBack("dns_servers", "Another server may answer with other addresses."),),
    "azurerm_virtual_network_peering": (
        PutBack("allow_gateway_transit", "A peering's flags decide what passes between the networks."),
    ),
    "azurerm_web_application_firewall_policy": (PutBack("managed_rules[0].exclusion", _ANY_EXCLUSION),),
    "kubernetes_default_service_account_v1": (
        PutBack("image_pull_secret", "Images come from the registry by the kubelet's identity, without secrets."),
    ),
    "kubernetes_deployment_v1": (
        LetBe(
            'spec[0].template[0].metadata[0].annotations["kubectl.kubernetes.io/restartedAt"]',
            By.OPERATORS,
            "`kubectl rollout restart`, as people do once a secret has a new value.",
            f"{_KUBERNETES}/structures_stateful_set.go#L192",
        ),
        LetBe(
            "spec[0].replicas",
            By.KUBERNETES,
            "The horizontal pod autoscaler counts the pods.",
            f"{_KUBERNETES}/resource_kubernetes_deployment_v1.go#L286",
            computed=True,
        ),
    ),
    "kubernetes_horizontal_pod_autoscaler_v2": (),
    "kubernetes_limit_range_v1": (),
    "kubernetes_manifest": (),
    "kubernetes_namespace_v1": (
        PutBack("metadata[0].labels", "They steer pod security, Gatekeeper and meshes, and may exempt from them."),
    ),
    "kubernetes_network_policy_v1": (),
    "kubernetes_pod_disruption_budget_v1": (),
    "kubernetes_resource_quota_v1": (),
    "kubernetes_service_account_v1": (),
    "kubernetes_service_v1": (PutBack("metadata[0].annotations", "One of them makes the load balancer public."),),
    "kubernetes_storage_class_v1": (),
}
