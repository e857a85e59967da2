"""The imaginary cloud keeps the promises that decide in which order things can happen."""

import pytest

from rehearsal.cloud import Cloud, Object
from rehearsal.plugin_protocol import RefusedError

GROUP = "/subscriptions/1/resourceGroups/rg"
VAULT = f"{GROUP}/providers/Microsoft.KeyVault/vaults/kv"
ENDPOINT = f"{GROUP}/providers/Microsoft.Network/privateEndpoints/p"


def create(cloud: Cloud, type_name: str, id_: str, **configured: object) -> None:
    value: Object = {**configured, "id": id_}
    cloud.create(type_name, id_, value, configured=configured)


def leading_to(resource: str) -> Object:
    """What tells a private endpoint where it leads to."""
    return {"private_service_connection": [{"private_connection_resource_id": resource}]}


@pytest.fixture
def cloud() -> Cloud:
    cloud = Cloud()
    create(cloud, "azurerm_resource_group", GROUP)
    create(cloud, "azurerm_key_vault", VAULT)
    return cloud


def test_nothing_is_made_twice(cloud: Cloud) -> None:
    with pytest.raises(RefusedError, match="already exists"):
        create(cloud, "azurerm_key_vault", VAULT.upper())


def test_nothing_lies_in_what_does_not_exist(cloud: Cloud) -> None:
    with pytest.raises(RefusedError, match="does not exist"):
        create(
            cloud,
            "azurerm_virtual_network",
            "/subscriptions/1/resourceGroups/other/providers/Microsoft.Network/virtualNetworks/v",
        )


def test_nothing_names_what_does_not_exist(cloud: Cloud) -> None:
    with pytest.raises(RefusedError, match="does not exist"):
        create(
            cloud,
            "azurerm_private_endpoint",
            ENDPOINT,
            **leading_to(f"{VAULT}2"),
        )


def test_a_part_that_azure_makes_exists_with_its_parent(cloud: Cloud) -> None:
    create(
        cloud,
        "azurerm_monitor_diagnostic_setting",
        f"{VAULT}/databases/master|logs",
        target=f"{VAULT}/databases/master",
    )


def test_nothing_goes_while_it_is_needed(cloud: Cloud) -> None:
    create(cloud, "azurerm_private_endpoint", ENDPOINT, **leading_to(VAULT))
    with pytest.raises(RefusedError, match="in use"):
        cloud.delete("azurerm_key_vault", VAULT)
    cloud.delete("azurerm_private_endpoint", ENDPOINT)
    cloud.delete("azurerm_key_vault", VAULT)
    cloud.delete("azurerm_resource_group", GROUP)
    assert len(cloud) == 0


def test_an_association_can_go_while_its_subnet_is_in_use(cloud: Cloud) -> None:
    # It has the subnet's id for its own.
    create(cloud, "azurerm_subnet_route_table_association", VAULT, subnet_id=VAULT)
    create(cloud, "azurerm_private_endpoint", ENDPOINT, **leading_to(VAULT))
    cloud.delete("azurerm_subnet_route_table_association", VAULT)


def test_nothing_goes_while_it_is_locked(cloud: Cloud) -> None:
    lock, role = (f"{VAULT}/providers/Microsoft.Authorization/{kind}/1" for kind in ("locks", "roleAssignments"))
    create(cloud, "azurerm_role_assignment", role, scope=VAULT)
    create(cloud, "azurerm_management_lock", lock, scope=VAULT)
    with pytest.raises(RefusedError, match="locked"):
        cloud.delete("azurerm_role_assignment", role)
    cloud.delete("azurerm_management_lock", lock)
    cloud.delete("azurerm_role_assignment", role)
    create(cloud, "azurerm_management_lock", lock, scope=VAULT)
    with pytest.raises(RefusedError, match="azurerm_key_vault is locked"):
        cloud.delete("azurerm_key_vault", VAULT)


def test_no_private_endpoint_goes_while_what_it_leads_to_is_locked(cloud: Cloud) -> None:
    create(cloud, "azurerm_private_endpoint", ENDPOINT, **leading_to(VAULT))
    create(cloud, "azurerm_management_lock", f"{VAULT}/providers/Microsoft.Authorization/locks/1", scope=VAULT.upper())
    with pytest.raises(RefusedError, match="azurerm_private_endpoint is locked"):
        cloud.delete("azurerm_private_endpoint", ENDPOINT)
    assert cloud.lift_locks(VAULT) == 1
    cloud.delete("azurerm_private_endpoint", ENDPOINT)


def test_what_others_made_lies_in_a_group_of_theirs(cloud: Cloud) -> None:
    network = "/subscriptions/2/resourceGroups/rg-hub/providers/Microsoft.Network/virtualNetworks/hub"
    cloud.give({"hub": network})

    create(cloud, "azurerm_virtual_network_peering", f"{network}/virtualNetworkPeerings/spoke")
    with pytest.raises(RefusedError, match="does not exist"):
        create(
            cloud,
            "azurerm_virtual_network_peering",
            f"{network.replace('/2/', '/1/')}/virtualNetworkPeerings/spoke",
        )


def test_a_policy_joins_just_the_endpoints_that_it_covers(cloud: Cloud) -> None:
    for name, subresource in (("p", "vault"), ("q", "sqlServer")):
        (connection,) = leading_to(VAULT)["private_service_connection"]
        endpoint = {"private_service_connection": [{**connection, "subresource_names": [subresource]}]}
        create(cloud, "azurerm_private_endpoint", f"{ENDPOINT}{name}", **endpoint)

    assert cloud.join_zones({"vault": "/zone"}) == 1
    vault, sql = (cloud.find("azurerm_private_endpoint", f"{ENDPOINT}{name}") or {} for name in "pq")
    assert [group["private_dns_zone_ids"] for group in vault["private_dns_zone_group"]] == [["/zone"]]
    assert "private_dns_zone_group" not in sql


def test_aks_needs_no_role_on_a_zone_that_it_makes(cloud: Cloud) -> None:
    """With no role at all, the first that it lacks is the one on the network."""
    cluster: Object = {
        "identity": [{"identity_ids": []}],
        "private_dns_zone_id": "System",
        "default_node_pool": [{"vnet_subnet_id": f"{GROUP}/subnets/a"}],
        "kubelet_identity": [{"user_assigned_identity_id": f"{GROUP}/i"}],
    }
    with pytest.raises(RefusedError, match="AKS lacks a role") as refused:
        create(cloud, "azurerm_kubernetes_cluster", f"{GROUP}/providers/M/managedClusters/a", **cluster)
    assert "Network Contributor" in refused.value.args[1]


def test_a_locked_immutability_policy_never_goes(cloud: Cloud) -> None:
    policy, locked = (f"{VAULT}/immutabilityPolicies/{name}" for name in ("one", "another"))
    create(cloud, "azurerm_storage_container_immutability_policy", policy, locked=False)
    create(cloud, "azurerm_storage_container_immutability_policy", locked, locked=True)

    cloud.delete("azurerm_storage_container_immutability_policy", policy)
    with pytest.raises(RefusedError, match="locked"):
        cloud.delete("azurerm_storage_container_immutability_policy", locked)


def test_a_server_that_may_not_reach_its_audit_storage_is_not_audited(cloud: Cloud) -> None:
    server = f"{GROUP}/providers/Microsoft.Sql/servers/s"
    create(cloud, "azurerm_mssql_server", server, outbound_network_restriction_enabled=True)
    auditing = {"server_id": server, "storage_endpoint": "https://audit.blob.core.windows.net/"}
    kind = "azurerm_mssql_server_extended_auditing_policy"

    with pytest.raises(RefusedError, match="out of reach"):
        create(cloud, kind, f"{server}/extendedAuditingSettings/default", **auditing)
    rule = f"{server}/outboundFirewallRules/audit.blob.core.windows.net"
    create(cloud, "azurerm_mssql_outbound_firewall_rule", rule, server_id=server)
    create(cloud, kind, f"{server}/extendedAuditingSettings/default", **auditing)


@pytest.fixture
def vault_with_a_key(cloud: Cloud) -> Cloud:
    create(cloud, "azurerm_private_endpoint", ENDPOINT, **leading_to(VAULT))
    create(cloud, "azurerm_role_assignment", f"{VAULT}/providers/M/roleAssignments/1", **OFFICER)
    create(cloud, "azurerm_key_vault_key", f"{VAULT}/keys/k", key_vault_id=VAULT, versionless_id="https://kv/keys/k")
    return cloud


OFFICER: Object = {"role_definition_name": "Key Vault Crypto Officer", "principal_id": "p", "scope": VAULT}
USER: Object = OFFICER | {"role_definition_name": "Key Vault Crypto Service Encryption User"}


@pytest.mark.parametrize(
    ("missing", "says"), [("endpoint", "ForbiddenByConnection"), ("role", "ForbiddenByRbac")], ids=["endpoint", "role"]
)
def test_a_key_is_made_from_inside_by_whoever_may(missing: str, says: str, cloud: Cloud) -> None:
    if missing != "endpoint":
        create(cloud, "azurerm_private_endpoint", ENDPOINT, **leading_to(VAULT))
    if missing != "role":
        create(cloud, "azurerm_role_assignment", f"{VAULT}/providers/M/roleAssignments/1", **OFFICER)
    with pytest.raises(RefusedError, match=says):
        create(cloud, "azurerm_key_vault_key", f"{VAULT}/keys/k", key_vault_id=VAULT)


def test_a_secret_takes_another_role_than_a_key(vault_with_a_key: Cloud) -> None:
    with pytest.raises(RefusedError, match="ForbiddenByRbac"):
        create(vault_with_a_key, "azurerm_key_vault_secret", f"{VAULT}/secrets/s", key_vault_id=VAULT)


def test_a_disk_encryption_set_needs_the_key(vault_with_a_key: Cloud) -> None:
    identity = f"{GROUP}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/i"
    create(vault_with_a_key, "azurerm_user_assigned_identity", identity, principal_id="q")
    encryption: Object = {
        "name": "des",
        "key_vault_key_id": "https://kv/keys/k",
        "identity": [{"identity_ids": [identity]}],
    }
    id_ = f"{GROUP}/providers/Microsoft.Compute/diskEncryptionSets/des"
    with pytest.raises(RefusedError, match="The key is out of reach"):
        create(vault_with_a_key, "azurerm_disk_encryption_set", id_, **encryption)
    create(
        vault_with_a_key,
        "azurerm_role_assignment",
        f"{VAULT}/providers/M/roleAssignments/2",
        **USER | {"principal_id": "q"},
    )
    create(vault_with_a_key, "azurerm_disk_encryption_set", id_, **encryption)
