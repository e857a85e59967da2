"""The cluster and its pools."""

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Network
from typing import Any

import pytest
from cdktf import TerraformStack, Testing

from config.cluster.kubernetes import ClusterTier, KubernetesClusterSettings
from config.cluster.maintenance import MaintenanceSettings
from config.cluster.namespace_access import NamespaceAccessSettings, NamespaceRole
from config.cluster.node_pool import UPGRADE_SURGE_PERCENT, NodePoolSettings, UserPoolSettings
from config.network.egress import Egress
from config.types import Tier
from constructs_lib.cluster.cluster_network import ClusterNetwork
from constructs_lib.cluster.kubernetes_cluster import PrivateKubernetesCluster
from tests.constructs_lib.cluster.parts import identity_in, registry_in
from tests.template import Arguments, Template

ADMINISTRATORS = "e2d9b6f0-7c14-4a58-91d3-5f08a3c6b701"
PIPELINE = "b8a1c7d4-52e3-4f96-8c0b-1e7d93f5a601"
POOL = NodePoolSettings(min_count=2, max_count=4)
USER_POOL = UserPoolSettings(name="user", min_count=2, max_count=4)
SETTINGS = KubernetesClusterSettings(
    system_pool=POOL, user_pools=(USER_POOL,), service_cidr=IPv4Network("10.99.0.0/20"), kubernetes_version="1.35"
)


def _synthesise(
    *,
    availability_zones: tuple[int, ...] = (1, 2, 3),
    egress: Egress = Egress.FIREWALL,
    api_server_subnet_id: str | None = None,
    namespace_access: Sequence[NamespaceAccessSettings] = (),
    pool: UserPoolSettings = USER_POOL,
    settings: KubernetesClusterSettings = SETTINGS,
    tier: Tier = Tier.PRODUCTION,
) -> Template:
    stack = TerraformStack(Testing.app(), "test")
    registry = registry_in(stack)
    kubelet = identity_in(stack, "id-kubelet")
    cluster = PrivateKubernetesCluster(
        stack,
        "kubernetes",
        name="aks-shop",
        resource_group_name="rg",
        node_resource_group_name="rg-nodes",
        location="westeurope",
        availability_zones=availability_zones,
        settings=settings,
        control_plane=identity_in(stack, "id-aks"),
        kubelet=kubelet,
        network=ClusterNetwork(
            node_subnet_id="/subnets/nodes",
            private_dns_zone_id="/privateDnsZones/azmk8s",
            egress=egress,
            api_server_subnet_id=api_server_subnet_id,
        ),
        platform_images=registry.cache_platform_images() if egress is Egress.NONE else None,
        tenant_id="7c1f6a52-0f0e-4b3f-9a39-2d6a4c0b9e11",
        admin_group_id=ADMINISTRATORS,
        workspace_id="/workspaces/log",
        tier=tier,
        after=[registry.grant_pull("kubelet", kubelet.principal_id)],
    )
    cluster.add_node_pool("user-pool", settings=pool)
    cluster.grant_administration("pipeline", PIPELINE)
    cluster.grant_sign_in("administrators", ADMINISTRATORS, principal_type="Group")
    cluster.grant_namespaces(namespace_access)
    return Template.of(stack)


@pytest.fixture(scope="module")
def template() -> Template:
    return _synthesise()


@pytest.fixture(scope="module")
def cluster(template: Template) -> Arguments:
    return template.resource("azurerm_kubernetes_cluster")


@pytest.mark.req(57)
def test_the_api_server_has_no_public_address_and_no_public_name(cluster: Arguments) -> None:
    assert cluster["private_cluster_enabled"]
    assert not cluster["private_cluster_public_fqdn_enabled"]
    # The provider takes the second prefix only with a zone of our own, and Azure that only with an identity of our own.
    assert "dns_prefix" not in cluster
    assert cluster["dns_prefix_private_cluster"]
    assert (cluster["private_dns_zone_id"], cluster["identity"]["type"]) == ("/privateDnsZones/azmk8s", "UserAssigned")
    # Only for ranges, refused beside a private API server, or for one that stands in the network itself.
    assert "api_server_access_profile" not in cluster


@pytest.mark.req(57)
def test_an_api_server_in_the_network_itself_stays_private() -> None:
    cluster = _synthesise(api_server_subnet_id="/subnets/api").resource("azurerm_kubernetes_cluster")

    assert cluster["api_server_access_profile"] == {
        "virtual_network_integration_enabled": True,
        "subnet_id": "/subnets/api",
    }
    assert (cluster["private_cluster_enabled"], cluster["private_cluster_public_fqdn_enabled"]) == (True, False)


@pytest.mark.req(59)
def test_no_command_runs_past_the_private_network(cluster: Arguments) -> None:
    assert cluster["run_command_enabled"] is False


@pytest.mark.req(62)
@pytest.mark.req(63)
@pytest.mark.req(64)
def test_entra_alone_decides_who_enters(cluster: Arguments) -> None:
    entra = cluster["azure_active_directory_role_based_access_control"]

    assert entra["azure_rbac_enabled"]
    assert entra["admin_group_object_ids"] == [ADMINISTRATORS]
    assert cluster["local_account_disabled"]


@pytest.mark.req(16)
@pytest.mark.req(65)
def test_fetching_the_kubeconfig_and_acting_inside_are_two_roles(template: Template) -> None:
    grants = [
        (grant["principal_id"], grant["role_definition_name"])
        for grant in template.resources("azurerm_role_assignment").values()
        if grant["scope"].startswith("${azurerm_kubernetes_cluster.")
    ]

    assert sorted(grants) == [
        (PIPELINE, "Azure Kubernetes Service Cluster User Role"),
        (PIPELINE, "Azure Kubernetes Service RBAC Cluster Admin"),
        (ADMINISTRATORS, "Azure Kubernetes Service Cluster User Role"),
    ]


@pytest.mark.req(52)
@pytest.mark.req(68)
def test_the_cluster_waits_for_every_role_of_its_identities(template: Template, cluster: Arguments) -> None:
    identities = set(template.data("azurerm_user_assigned_identity"))
    roles = {
        f"azurerm_role_assignment.{address}"
        for address, grant in template.resources("azurerm_role_assignment").items()
        if grant["principal_id"].startswith("${data.") and grant["principal_id"].split(".")[2] in identities
    }

    assert roles
    assert set(cluster["depends_on"]) == roles
    assert "service_principal" not in cluster
    # The nodes act as another identity than the control plane.
    assert cluster["kubelet_identity"]["user_assigned_identity_id"] not in cluster["identity"]["identity_ids"]


@pytest.mark.req(27)
def test_pods_have_addresses_of_their_own(cluster: Arguments) -> None:
    network = cluster["network_profile"]

    assert (network["network_plugin"], network["network_plugin_mode"]) == ("azure", "overlay")
    assert IPv4Address(network["dns_service_ip"]) in SETTINGS.service_cidr


def test_pods_have_the_range_that_was_chosen_for_them() -> None:
    chosen = SETTINGS.model_copy(update={"pod_cidr": IPv4Network("10.200.0.0/16")})

    network = _synthesise(settings=chosen).resource("azurerm_kubernetes_cluster")["network_profile"]
    assert network["pod_cidr"] == "10.200.0.0/16"


@pytest.mark.req(27)
def test_cilium_keeps_pods_apart(cluster: Arguments) -> None:
    network = cluster["network_profile"]

    # Cilium enforces policies only where it also carries the packets.
    assert network["network_policy"] == network["network_data_plane"] == "cilium"


def test_no_add_on_brings_an_ingress_of_its_own(cluster: Arguments) -> None:
    retired = {"ingress_application_gateway", "web_app_routing", "http_application_routing_enabled"}

    assert retired & cluster.keys() == set()


@pytest.mark.req(45)
def test_the_firewall_is_the_only_egress(template: Template, cluster: Arguments) -> None:
    network = cluster["network_profile"]

    assert network["outbound_type"] == "userDefinedRouting"
    assert {"load_balancer_profile", "nat_gateway_profile"} & network.keys() == set()
    for pool in (cluster["default_node_pool"], template.resource("azurerm_kubernetes_cluster_node_pool")):
        assert not pool["node_public_ip_enabled"]


@pytest.mark.req(48)
@pytest.mark.parametrize(
    ("egress", "outbound_type"),
    [
        (Egress.NVA, "userDefinedRouting"),
        (Egress.NAT_GATEWAY, "userAssignedNATGateway"),
        (Egress.LOAD_BALANCER, "loadBalancer"),
    ],
)
def test_the_cluster_is_told_by_which_way_it_gets_out(egress: Egress, outbound_type: str) -> None:
    cluster = _synthesise(egress=egress).resource("azurerm_kubernetes_cluster")

    assert cluster["network_profile"]["outbound_type"] == outbound_type
    assert cluster["bootstrap_profile"] == {"artifact_source": "Direct"}


@pytest.mark.req(42)
def test_without_egress_the_registry_gives_everything() -> None:
    template = _synthesise(egress=Egress.NONE)
    cluster = template.resource("azurerm_kubernetes_cluster")
    (registry,) = template.resources("azurerm_container_registry")

    assert cluster["network_profile"]["outbound_type"] == "none"
    assert cluster["bootstrap_profile"] == {
        "artifact_source": "Cache",
        "container_registry_id": f"${{azurerm_container_registry.{registry}.id}}",
    }


@pytest.mark.req(42)
def test_without_egress_the_registry_is_ready_before_the_cluster() -> None:
    template = _synthesise(egress=Egress.NONE)
    needed = {
        f"{type_}.{address}"
        for type_ in ("azurerm_container_registry_cache_rule", "azurerm_private_dns_a_record")
        for address in template.resources(type_)
    }
    pulls = {
        f"azurerm_role_assignment.{address}"
        for address, grant in template.resources("azurerm_role_assignment").items()
        if grant["role_definition_name"] == "AcrPull"
    }

    assert len(needed | pulls) == 4  # the rule, two names, one role
    assert needed | pulls <= set(template.resource("azurerm_kubernetes_cluster")["depends_on"])


@pytest.mark.req(73)
def test_without_egress_nothing_runs_that_would_only_fail() -> None:
    isolated, ordinary = (
        _synthesise(egress=egress).resource("azurerm_kubernetes_cluster") for egress in (Egress.NONE, Egress.FIREWALL)
    )

    assert (ordinary["cost_analysis_enabled"], ordinary["azure_policy_enabled"]) == (True, True)
    assert ordinary["oms_agent"]["msi_auth_for_monitoring_enabled"]
    assert isolated["cost_analysis_enabled"] is False
    assert {"azure_policy_enabled", "oms_agent"} & isolated.keys() == set()


@pytest.mark.req(70)
def test_the_nodes_have_a_resource_group_of_their_own(cluster: Arguments) -> None:
    assert cluster["node_resource_group"] not in (cluster["resource_group_name"], None)


@pytest.mark.req(71)
def test_pods_can_become_workload_identities(cluster: Arguments) -> None:
    # The second is refused without the first.
    assert cluster["oidc_issuer_enabled"]
    assert cluster["workload_identity_enabled"]


@pytest.mark.req(77)
def test_only_the_user_pool_takes_workloads(template: Template, cluster: Arguments) -> None:
    assert cluster["default_node_pool"]["only_critical_addons_enabled"]
    assert template.resource("azurerm_kubernetes_cluster_node_pool")["mode"] == "User"


@pytest.mark.req(77)
def test_both_pools_are_made_alike_but_for_their_names(template: Template, cluster: Arguments) -> None:
    system, user = cluster["default_node_pool"], template.resource("azurerm_kubernetes_cluster_node_pool")
    names = {"name", "temporary_name_for_rotation"}
    of_the_system_pool, of_a_resource = {"only_critical_addons_enabled"}, {"//", "kubernetes_cluster_id"}

    assert system["auto_scaling_enabled"]
    assert {key: value for key, value in system.items() if key not in names | of_the_system_pool} == {
        key: value for key, value in user.items() if key not in names | of_a_resource | {"mode"}
    }
    four_names = [pool[name] for pool in (system, user) for name in names]
    assert len(set(four_names)) == 4
    assert all(len(name) <= 12 for name in four_names)


def _pool(**settings: Any) -> Arguments:
    pool: dict[str, Any] = {"name": "more", "min_count": 0, "max_count": 4, **settings}
    return _synthesise(pool=UserPoolSettings(**pool)).resource("azurerm_kubernetes_cluster_node_pool")


@pytest.mark.req(77)
def test_a_pool_may_scale_to_nothing() -> None:
    assert (_pool()["min_count"], _pool()["max_count"]) == (0, 4)


@pytest.mark.req(77)
def test_a_size_without_a_local_disk_gets_a_managed_one() -> None:
    # https://learn.microsoft.com/azure/virtual-machines/sizes/general-purpose/dsv5-series and ddsv5-series
    disks = {
        size: (pool["os_disk_type"], pool["os_disk_size_gb"])
        for size in ("Standard_D4s_v5", "Standard_D4ds_v5", "Standard_D4s_v9", "Standard_D4ds_v9")
        for pool in [_pool(vm_size=size)]
    }

    # Of the last two nothing is known but the letters of their names.
    assert [*disks.values()] == [("Managed", 128), ("Ephemeral", 60), ("Managed", 128), ("Ephemeral", 60)]
    assert _pool(vm_size="Standard_D4s_v5", os_disk_size_gb=512)["os_disk_size_gb"] == 512


@pytest.mark.req(82)
def test_a_confidential_node_is_encrypted_on_its_host_too() -> None:
    # https://learn.microsoft.com/azure/virtual-machines/sizes/general-purpose/dcasv5-series and dcadsv5-series
    without_disk, with_disk = (_pool(vm_size=size) for size in ("Standard_DC4as_v5", "Standard_DC4ads_v5"))

    assert (without_disk["os_disk_type"], with_disk["os_disk_type"]) == ("Managed", "Ephemeral")
    assert without_disk["host_encryption_enabled"] is with_disk["host_encryption_enabled"] is True
    # https://learn.microsoft.com/azure/aks/use-cvm#supported-os-versions
    assert without_disk["os_sku"] == "AzureLinux"


# https://learn.microsoft.com/azure/aks/spot-node-pool
SPOT = "kubernetes.azure.com/scalesetpriority"


@pytest.mark.req(77)
def test_a_spot_pool_says_so_to_azure_and_to_pods() -> None:
    spot, ordinary = _pool(spot=True, labels=("team=a",), taints=("team=a:NoExecute",)), _pool()

    assert (spot["priority"], spot["eviction_policy"], spot["spot_max_price"]) == ("Spot", "Delete", -1)
    assert spot["node_labels"] == {"team": "a", SPOT: "spot"}
    assert spot["node_taints"] == [f"{SPOT}=spot:NoSchedule", "team=a:NoExecute"]
    # The provider refuses surge on spot.
    assert "upgrade_settings" not in spot
    assert {"priority", "eviction_policy", "spot_max_price", "node_labels", "node_taints"} & ordinary.keys() == set()


@pytest.mark.req(77)
def test_pods_do_not_come_by_chance_where_they_cannot_run() -> None:
    gpu, arm = _pool(vm_size="Standard_NC4as_T4_v3"), _pool(vm_size="Standard_D4pds_v6")

    # https://learn.microsoft.com/azure/aks/use-nvidia-gpu
    assert (gpu["node_taints"], gpu["gpu_driver"]) == (["sku=gpu:NoSchedule"], "Install")
    assert (arm["node_taints"], "gpu_driver" in arm) == (["arch=arm64:NoSchedule"], False)


def test_a_pool_may_stand_in_zones_of_its_own() -> None:
    assert _pool(availability_zones=(2,))["zones"] == ["2"]
    assert "zones" not in _pool(availability_zones=())


@pytest.mark.req(77)
def test_what_a_node_writes_is_encrypted(cluster: Arguments) -> None:
    assert cluster["default_node_pool"]["host_encryption_enabled"]


def test_what_a_node_writes_goes_with_it(cluster: Arguments) -> None:
    assert cluster["default_node_pool"]["os_disk_type"] == "Ephemeral"


@pytest.mark.req(77)
@pytest.mark.parametrize(("availability_zones", "expected"), [((2, 3), ["2", "3"]), ((), None)])
def test_nodes_stand_in_the_zones_of_the_environment(
    availability_zones: tuple[int, ...], expected: list[str] | None
) -> None:
    template = _synthesise(availability_zones=availability_zones)

    assert template.resource("azurerm_kubernetes_cluster")["default_node_pool"].get("zones") == expected
    assert template.resource("azurerm_kubernetes_cluster_node_pool").get("zones") == expected


@pytest.mark.req(78)
def test_an_upgrade_is_not_turned_back(template: Template, cluster: Arguments) -> None:
    user = template.resource("azurerm_kubernetes_cluster_node_pool")

    assert cluster["automatic_upgrade_channel"] == "patch"
    for pool in (cluster["default_node_pool"], user):
        assert {"node_count", "orchestrator_version"} & pool.keys() == set()


def test_an_upgrade_starts_no_more_nodes_than_were_planned_for(template: Template, cluster: Arguments) -> None:
    for pool in (cluster["default_node_pool"], template.resource("azurerm_kubernetes_cluster_node_pool")):
        assert pool["upgrade_settings"] == {
            "max_surge": f"{UPGRADE_SURGE_PERCENT}%",
            # None of them unset, ever: that would make cluster or pool anew.
            "drain_timeout_in_minutes": 30,
            "node_soak_duration_in_minutes": 0,
            "undrainable_node_behavior": "Schedule",
        }


# https://learn.microsoft.com/azure/aks/planned-maintenance
AT_NIGHT = {"frequency": "Weekly", "interval": 1, "start_time": "01:00", "utc_offset": "+00:00", "duration": 6}


@pytest.mark.req(78)
@pytest.mark.req(81)
@pytest.mark.parametrize(("tier", "day"), [(Tier.PRODUCTION, "Sunday"), (Tier.NONPRODUCTION, "Wednesday")])
def test_upgrades_begin_at_night_and_in_production_after_a_try_elsewhere(tier: Tier, day: str) -> None:
    cluster = _synthesise(tier=tier).resource("azurerm_kubernetes_cluster")

    assert cluster["node_os_upgrade_channel"] == "NodeImage"
    assert cluster["maintenance_window_node_os"] == AT_NIGHT | {"day_of_week": day}
    assert cluster["maintenance_window_auto_upgrade"] == AT_NIGHT | {"day_of_week": day}


@pytest.mark.req(81)
def test_people_say_when_the_window_is() -> None:
    maintenance = MaintenanceSettings(day="Saturday", start_time="22:30", utc_offset="+05:30", duration_hours=4)
    settings = SETTINGS.model_copy(update={"maintenance": maintenance})
    cluster = _synthesise(settings=settings).resource("azurerm_kubernetes_cluster")

    for window in ("maintenance_window_node_os", "maintenance_window_auto_upgrade"):
        assert cluster[window] == {
            "frequency": "Weekly",
            "interval": 1,
            "day_of_week": "Saturday",
            "start_time": "22:30",
            "utc_offset": "+05:30",
            "duration": 4,
        }


@pytest.mark.req(79)
def test_long_support_goes_with_the_tier_that_has_it() -> None:
    # https://learn.microsoft.com/azure/aks/long-term-support and cost-analysis#prerequisites
    seen = {
        tier: (cluster["support_plan"], cluster["cost_analysis_enabled"])
        for tier in ClusterTier
        for cluster in [
            _synthesise(settings=SETTINGS.model_copy(update={"sku_tier": tier})).resource("azurerm_kubernetes_cluster")
        ]
    }

    assert seen == {
        "Free": ("KubernetesOfficial", False),
        "Standard": ("KubernetesOfficial", True),
        "Premium": ("AKSLongTermSupport", True),
    }


@pytest.mark.req(75)
def test_only_disks_are_mounted_unless_somebody_asks_for_more(cluster: Arguments) -> None:
    shared = _synthesise(settings=SETTINGS.model_copy(update={"shared_volumes": True}))
    drivers = {"disk_driver_enabled": True, "snapshot_controller_enabled": True, "blob_driver_enabled": False}

    assert cluster["storage_profile"] == drivers | {"file_driver_enabled": False}
    assert shared.resource("azurerm_kubernetes_cluster")["storage_profile"] == drivers | {"file_driver_enabled": True}


@pytest.mark.req(86)
@pytest.mark.req(100)
def test_secrets_mounted_from_the_vault_are_renewed(cluster: Arguments) -> None:
    assert cluster["key_vault_secrets_provider"]["secret_rotation_enabled"]


@pytest.mark.req(63)
def test_developers_work_in_their_namespaces_and_nowhere_else() -> None:
    developers, auditors = "0c8f2a7e-5b1d-4f3a-9e6c-2d7b8a1f4c05", "0c8f2a7e-5b1d-4f3a-9e6c-2d7b8a1f4c06"
    before = _roles(_synthesise())
    template = _synthesise(
        namespace_access=[
            NamespaceAccessSettings(group_id=developers, namespace="orders", role=NamespaceRole.WRITER),
            NamespaceAccessSettings(group_id=developers, namespace="bills", role=NamespaceRole.READER),
            NamespaceAccessSettings(group_id=auditors, namespace="orders", role=NamespaceRole.READER),
        ]
    )

    (name,) = template.resources("azurerm_kubernetes_cluster")
    cluster = f"${{azurerm_kubernetes_cluster.{name}.id}}"
    # https://learn.microsoft.com/azure/aks/manage-azure-rbac
    assert _roles(template) - before == {
        ("Azure Kubernetes Service Cluster User Role", cluster, developers),
        ("Azure Kubernetes Service Cluster User Role", cluster, auditors),
        ("Azure Kubernetes Service RBAC Writer", f"{cluster}/namespaces/orders", developers),
        ("Azure Kubernetes Service RBAC Reader", f"{cluster}/namespaces/bills", developers),
        ("Azure Kubernetes Service RBAC Reader", f"{cluster}/namespaces/orders", auditors),
    }
    assert not {principal for _, _, principal in before} & {developers, auditors}


def _roles(template: Template) -> set[tuple[str, str, str]]:
    return {
        (one["role_definition_name"], one["scope"], one["principal_id"])
        for one in template.resources("azurerm_role_assignment").values()
    }
