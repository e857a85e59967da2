"""Secure values that every resource of a type has, whatever an environment chooses; storage has a table of its own.

Snapshots show such a value too, but whoever accepts a snapshot accepts its loss: here it is a literal with its source.
"""

from collections.abc import Iterator, Mapping
from copy import deepcopy
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tests.template import Arguments, Template

# ruff: noqa: E501, FBT003
# Ids: https://www.checkov.io/5.Policy%20Index/azure.html and kubernetes.html; pages of learn.microsoft.com
CLUSTER, POOL = "azurerm_kubernetes_cluster", "azurerm_kubernetes_cluster_node_pool"
KEY, DISKS = "azurerm_key_vault_key", "azurerm_disk_encryption_set"
VAULT, REGISTRY = "azurerm_key_vault", "azurerm_container_registry"
SERVER, DATABASE = "azurerm_mssql_server", "azurerm_mssql_database"
DEPLOYMENT, POD = "kubernetes_deployment_v1", "spec.template.spec"


class Control(NamedTuple):
    """The value at a path in every resource of a type; a path leads through the first of a list."""

    type: str
    path: str
    expected: Any
    source: str


CONTROLS = (
    # The cluster.
    Control(CLUSTER, "private_cluster_enabled", True, "CKV_AZURE_115"),
    Control(CLUSTER, "private_cluster_public_fqdn_enabled", False, "aks/private-clusters"),
    Control(CLUSTER, "run_command_enabled", False, "aks/access-private-cluster"),
    Control(CLUSTER, "local_account_disabled", True, "CKV_AZURE_141"),
    Control(CLUSTER, "role_based_access_control_enabled", True, "CKV_AZURE_5"),
    Control(CLUSTER, "azure_active_directory_role_based_access_control.azure_rbac_enabled", True, "aks/manage-azure-rbac"),
    Control(CLUSTER, "identity.type", "UserAssigned", "aks/use-managed-identity"),
    Control(CLUSTER, "oidc_issuer_enabled", True, "aks/workload-identity-overview"),
    Control(CLUSTER, "workload_identity_enabled", True, "aks/workload-identity-overview"),
    Control(CLUSTER, "image_cleaner_enabled", True, "aks/image-cleaner"),
    Control(CLUSTER, "image_cleaner_interval_hours", 168, "aks/image-cleaner"),
    Control(CLUSTER, "automatic_upgrade_channel", "patch", "CKV_AZURE_171"),
    Control(CLUSTER, "node_os_upgrade_channel", "NodeImage", "aks/auto-upgrade-node-os-image"),
    Control(CLUSTER, "maintenance_window_node_os.frequency", "Weekly", "aks/planned-maintenance"),
    Control(CLUSTER, "maintenance_window_auto_upgrade.frequency", "Weekly", "aks/planned-maintenance"),
    Control(CLUSTER, "storage_profile.blob_driver_enabled", False, "aks/csi-storage-drivers"),
    Control(CLUSTER, "key_vault_secrets_provider.secret_rotation_enabled", True, "CKV_AZURE_172"),
    Control(CLUSTER, "network_profile.network_policy", "cilium", "CKV_AZURE_7"),
    Control(CLUSTER, "default_node_pool.only_critical_addons_enabled", True, "CKV_AZURE_232"),
    Control(CLUSTER, "default_node_pool.host_encryption_enabled", True, "CKV_AZURE_227"),
    Control(CLUSTER, "default_node_pool.node_public_ip_enabled", False, "CKV_AZURE_143"),
    Control(POOL, "host_encryption_enabled", True, "CKV_AZURE_227"),
    Control(POOL, "node_public_ip_enabled", False, "CKV_AZURE_143"),
    # Disks with a key of one's own.
    Control(KEY, "key_type", "RSA-HSM", "CKV_AZURE_112"),
    Control(KEY, "key_size", 4096, "key-vault/keys/about-keys"),
    Control(KEY, "key_opts", ["wrapKey", "unwrapKey"], "key-vault/keys/about-keys-details"),
    Control(KEY, "rotation_policy.automatic.time_after_creation", "P1Y", "key-vault/keys/how-to-configure-key-rotation"),
    Control(DISKS, "auto_key_rotation_enabled", True, "virtual-machines/disk-encryption"),
    Control(DISKS, "encryption_type", "EncryptionAtRestWithCustomerKey", "CKV_AZURE_93"),
    Control(DISKS, "identity.type", "UserAssigned", "virtual-machines/disk-encryption"),
    Control("kubernetes_storage_class_v1", "parameters.networkAccessPolicy", "DenyAll", "CKV_AZURE_251"),
    # Vault and registry.
    Control(VAULT, "purge_protection_enabled", True, "CKV_AZURE_110"),
    Control(VAULT, "soft_delete_retention_days", 90, "CKV_AZURE_111"),
    Control(VAULT, "rbac_authorization_enabled", True, "key-vault/general/rbac-guide"),
    Control(VAULT, "public_network_access_enabled", False, "CKV_AZURE_189"),
    Control(VAULT, "network_acls.default_action", "Deny", "CKV_AZURE_109"),
    Control(REGISTRY, "sku", "Premium", "container-registry/container-registry-private-link"),
    Control(REGISTRY, "admin_enabled", False, "CKV_AZURE_137"),
    Control(REGISTRY, "anonymous_pull_enabled", False, "CKV_AZURE_138"),
    Control(REGISTRY, "public_network_access_enabled", False, "CKV_AZURE_139"),
    Control(REGISTRY, "export_policy_enabled", False, "container-registry/data-loss-prevention"),
    Control(REGISTRY, "data_endpoint_enabled", True, "CKV_AZURE_237"),
    Control(REGISTRY, "network_rule_bypass_option", "AzureServices", "container-registry/allow-access-trusted-services"),
    Control(REGISTRY, "zone_redundancy_enabled", True, "CKV_AZURE_233"),
    # The database.
    Control(SERVER, "azuread_administrator.azuread_authentication_only", True, "CKV2_AZURE_27"),
    Control(SERVER, "minimum_tls_version", "1.2", "CKV_AZURE_52"),
    Control(SERVER, "public_network_access_enabled", False, "CKV_AZURE_113"),
    Control(SERVER, "connection_policy", "Proxy", "azure-sql/database/private-endpoint-overview"),
    Control(SERVER, "outbound_network_restriction_enabled", True, "azure-sql/database/outbound-firewall-rule-overview"),
    Control("azurerm_mssql_server_security_alert_policy", "state", "Enabled", "CKV_AZURE_25"),
    Control("azurerm_mssql_server_security_alert_policy", "email_account_admins", True, "CKV_AZURE_27"),
    Control(DATABASE, "transparent_data_encryption_enabled", True, "CKV2_AZURE_25"),
    Control("azurerm_storage_container_immutability_policy", "protected_append_writes_enabled", True, "azure-sql/database/auditing-overview"),
    Control("azurerm_dashboard_grafana", "api_key_enabled", False, "managed-grafana/how-to-service-accounts"),
    # Defender.
    Control("azurerm_security_center_subscription_pricing", "tier", "Standard", "CKV_AZURE_61, 69, 85, 87"),
    # The network.
    Control("azurerm_subnet", "default_outbound_access_enabled", False, "virtual-network/ip-services/default-outbound-access"),
    Control("azurerm_private_endpoint", "private_service_connection.is_manual_connection", False, "private-link/private-endpoint-overview"),
    Control("azurerm_bastion_host", "shareable_link_enabled", False, "bastion/shareable-link"),
    Control("azurerm_network_interface", "ip_forwarding_enabled", False, "CKV_AZURE_118"),
    Control("azurerm_linux_virtual_machine", "disable_password_authentication", True, "CKV_AZURE_178"),
    Control("azurerm_linux_virtual_machine", "encryption_at_host_enabled", True, "virtual-machines/disk-encryption"),
    Control("azurerm_linux_virtual_machine", "os_disk.storage_account_type", "Premium_LRS", "virtual-machines/disks-types"),
    Control("azurerm_linux_virtual_machine", "secure_boot_enabled", True, "virtual-machines/trusted-launch"),
    Control("azurerm_public_ip", "allocation_method", "Static", "virtual-network/ip-services/public-ip-addresses"),
    # State.
    Control("azurerm_storage_container", "container_access_type", "private", "CKV_AZURE_34"),
    Control("azurerm_management_lock", "lock_level", "CanNotDelete", "azure-resource-manager/management/lock-resources"),
    # Pods.
    Control(DEPLOYMENT, f"{POD}.automount_service_account_token", False, "CKV_K8S_38"),
    Control(DEPLOYMENT, f"{POD}.enable_service_links", False, "https://kubernetes.io/docs/tutorials/services/connect-applications-service/"),
    Control(DEPLOYMENT, f"{POD}.security_context.run_as_non_root", True, "CKV_K8S_23"),
    Control(DEPLOYMENT, f"{POD}.security_context.run_as_user", "10001", "CKV_K8S_40"),
    Control(DEPLOYMENT, f"{POD}.security_context.seccomp_profile.type", "RuntimeDefault", "CKV_K8S_31"),
    Control(DEPLOYMENT, f"{POD}.container.image_pull_policy", "Always", "CKV_K8S_15"),
    Control(DEPLOYMENT, f"{POD}.container.security_context.allow_privilege_escalation", False, "CKV_K8S_20"),
    Control(DEPLOYMENT, f"{POD}.container.security_context.run_as_non_root", True, "CKV_K8S_23"),
    Control(DEPLOYMENT, f"{POD}.container.security_context.read_only_root_filesystem", True, "CKV_K8S_22"),
    Control(DEPLOYMENT, f"{POD}.container.security_context.capabilities.drop", ["ALL"], "CKV_K8S_37"),
    Control(DEPLOYMENT, f"{POD}.topology_spread_constraint.when_unsatisfiable", "ScheduleAnyway", "https://kubernetes.io/docs/concepts/scheduling-eviction/topology-spread-constraints/"),
    Control(DEPLOYMENT, "spec.strategy.rolling_update.max_unavailable", "0", "https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#max-unavailable"),
    Control("kubernetes_pod_disruption_budget_v1", "spec.max_unavailable", "1", "https://kubernetes.io/docs/tasks/run-application/configure-pdb/"),
    Control("kubernetes_default_service_account_v1", "automount_service_account_token", False, "CKV_K8S_41"),
)  # fmt: skip
ROWS = {
    f"{CLUSTER}.image_cleaner_enabled": pytest.mark.req(83),
    f"{KEY}.rotation_policy.automatic.time_after_creation": pytest.mark.req(84),
    f"{DISKS}.auto_key_rotation_enabled": pytest.mark.req(84),
    f"{REGISTRY}.data_endpoint_enabled": pytest.mark.req(42),
}
"""The rows of the requirements of which no other test says as much."""


def _at(resource: Arguments, path: str) -> Any:
    value: Any = resource
    for key in path.split("."):
        value = value[0] if isinstance(value, list) else value
        value = value.get(key) if isinstance(value, dict) else None
    return value


def _violations(control: Control, resources: Mapping[str, list[Arguments]]) -> Iterator[Any]:
    for resource in resources[control.type]:
        if _at(resource, control.path) != control.expected:
            yield resource.get("name", resource)


def _name(control: Control) -> str:
    return f"{control.type}.{control.path}"


@pytest.mark.parametrize(
    "control", [pytest.param(one, id=_name(one), marks=ROWS.get(_name(one), ())) for one in CONTROLS]
)
def test_every_resource_has_the_secure_value(control: Control, every_resource: Mapping[str, list[Arguments]]) -> None:
    assert every_resource[control.type]
    assert list(_violations(control, every_resource)) == []


@pytest.mark.parametrize("control", CONTROLS, ids=_name)
@pytest.mark.parametrize("loss", ["weakened", "left out"])
def test_a_lost_value_is_found(control: Control, loss: str, every_resource: Mapping[str, list[Arguments]]) -> None:
    """A test of the table itself: a row whose path leads nowhere, or that compares nothing, would find none."""
    resource = deepcopy(every_resource[control.type][0])
    *parents, key = control.path.split(".")
    parent = _at(resource, ".".join(parents)) if parents else resource
    parent = parent[0] if isinstance(parent, list) else parent
    if loss == "left out":
        del parent[key]
    else:
        parent[key] = "weakened"

    assert list(_violations(control, {control.type: [resource]}))


def test_pods_meet_the_restricted_standard_of_the_newest_version(every_resource: Mapping[str, list[Arguments]]) -> None:
    # https://kubernetes.io/docs/concepts/security/pod-security-admission/
    labels = {
        "pod-security.kubernetes.io/audit": "restricted",
        "pod-security.kubernetes.io/audit-version": "latest",
        "pod-security.kubernetes.io/enforce": "restricted",
        "pod-security.kubernetes.io/enforce-version": "latest",
        "pod-security.kubernetes.io/warn": "restricted",
        "pod-security.kubernetes.io/warn-version": "latest",
    }

    for namespace in every_resource["kubernetes_namespace_v1"]:
        assert labels.items() <= _at(namespace, "metadata.labels").items()


def test_a_principal_is_granted_as_what_it_is(every_resource: Mapping[str, list[Arguments]]) -> None:
    """An identity made a moment ago is not looked up, and a group is not taken for one."""
    # https://learn.microsoft.com/azure/role-based-access-control/troubleshooting
    for role in every_resource["azurerm_role_assignment"]:
        is_made_here = role["principal_id"].startswith("${")
        assert role["principal_type"] == "ServicePrincipal" or not is_made_here
        unchecked = role.get("skip_service_principal_aad_check")
        assert unchecked is (True if role["principal_type"] == "ServicePrincipal" else None)


def test_logs_and_states_are_kept_for_as_long_as_production_says(synthesised: Path) -> None:
    # The numbers of tests/environments/prod.toml.
    state, cluster = (Template.read(synthesised / "stacks" / f"prod-{stack}") for stack in ("state-backend", "cluster"))
    states = state.resource("azurerm_storage_account")["blob_properties"]

    assert states["delete_retention_policy"] == states["container_delete_retention_policy"] == {"days": 90}
    assert states["versioning_enabled"] is True
    assert cluster.resource("azurerm_mssql_server_extended_auditing_policy")["retention_in_days"] == 365


def test_groups_are_granted_as_groups(synthesised: Path) -> None:
    # The object ids of tests/environments/prod.toml.
    groups = {"e2d9b6f0-7c14-4a58-91d3-5f08a3c6b703", "d41b7e93-3a6f-4c85-8e21-70b5f9c2d803"}
    roles = [
        role
        for stack in (synthesised / "stacks").glob("prod-*")
        for role in Template.read(stack).resources("azurerm_role_assignment").values()
    ]

    assert groups <= {role["principal_id"] for role in roles}
    assert {role["principal_type"] for role in roles if role["principal_id"] in groups} == {"Group"}
