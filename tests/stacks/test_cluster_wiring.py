"""How the cluster stack's constructs are put together, in every environment."""

import json
import re
from operator import attrgetter
from pathlib import Path
from typing import Any

import pytest
from cdktf import App

from config.loading import ConfigurationError, load_environment
from config.network.subnets import SubnetKey
from constructs_lib.naming import Naming
from constructs_lib.network.private_link_resources import PRIVATE_LINK_RESOURCES
from stacks.environments import build
from tests.config.environment_file import ABSENT, NO_AGENTS, SINGLE, WITH_WORKSPACE, WORKSPACE, write_environment
from tests.product import ENVIRONMENTS, WITH_DEFAULT_NETWORK
from tests.template import Template

PRIVATE_SERVICES = {
    "azurerm_key_vault": "vault",
    "azurerm_mssql_server": "sqlServer",
    "azurerm_container_registry": "registry",
}
NETWORK_RESOURCES = {
    "resourceGroups": "azurerm_resource_group",
    "virtualNetworks": "azurerm_virtual_network",
    "subnets": "azurerm_subnet",
    "privateDnsZones": "azurerm_private_dns_zone",
    "workspaces": "azurerm_log_analytics_workspace",
    "userAssignedIdentities": "azurerm_user_assigned_identity",
}
API_SERVER_ZONES = {
    "dev": "privatelink.westeurope.azmk8s.io",
    "prod": "privatelink.westeurope.azmk8s.io",
    "test": "private.swedencentral.azmk8s.io",
}
ENCRYPTION = ("azurerm_key_vault_key", "azurerm_disk_encryption_set")


@pytest.fixture(params=ENVIRONMENTS)
def environment(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


@pytest.fixture
def template(environment: str, synthesised: Path) -> Template:
    return Template.read(synthesised / "stacks" / f"{environment}-cluster")


@pytest.mark.req(34)
@pytest.mark.req(39)
@pytest.mark.parametrize("type_", PRIVATE_SERVICES)
def test_every_service_is_reached_through_its_private_endpoint_alone(
    type_: str, environment: str, template: Template
) -> None:
    endpoints = template.resources("azurerm_private_endpoint").values()
    assert template.resources(type_)
    for address, service in template.resources(type_).items():
        assert service["public_network_access_enabled"] is False
        (endpoint,) = [
            endpoint
            for endpoint in endpoints
            if endpoint["private_service_connection"]["private_connection_resource_id"] == f"${{{type_}.{address}.id}}"
        ]
        assert endpoint["private_service_connection"]["subresource_names"] == [PRIVATE_SERVICES[type_]]
        assert endpoint["subnet_id"] == Naming.of(ENVIRONMENTS[environment]).subnet_id(SubnetKey.PRIVATE_ENDPOINTS)


@pytest.mark.req(39)
@pytest.mark.req(88)
def test_nobody_but_a_service_that_azure_trusts_reaches_the_audit_logs(template: Template) -> None:
    ((address, account),) = template.resources("azurerm_storage_account").items()
    endpoints = template.resources("azurerm_private_endpoint").values()
    targets = {endpoint["private_service_connection"]["private_connection_resource_id"] for endpoint in endpoints}

    assert account["public_network_access_enabled"] is False
    assert account["network_rules"] == {"default_action": "Deny", "bypass": ["AzureServices"], "ip_rules": []}
    assert f"${{azurerm_storage_account.{address}.id}}" not in targets


# What opens the cluster, by the name of the setting that names whom it is given to.
ADMINISTRATION, SIGN_IN = "Azure Kubernetes Service RBAC Cluster Admin", "Azure Kubernetes Service Cluster User Role"
OPENED_TO = {
    "dev": {
        ("pipeline_principal_id", ADMINISTRATION),
        ("pipeline_principal_id", SIGN_IN),
        ("cluster_admin_group_id", SIGN_IN),
    },
    "prod": {
        ("identities.workloads", ADMINISTRATION),
        ("identities.workloads", SIGN_IN),
        ("identities.cluster_plan", SIGN_IN),
        ("cluster_admin_group_id", SIGN_IN),
    },
}


@pytest.mark.req(16)
@pytest.mark.parametrize("environment", OPENED_TO)
def test_whoever_deploys_workloads_administers_the_cluster_by_roles_and_nobody_else_who_deploys(
    environment: str, template: Template
) -> None:
    settings = ENVIRONMENTS[environment]
    ((id_, cluster),) = template.resources("azurerm_kubernetes_cluster").items()
    granted = [
        (role["principal_id"], role["role_definition_name"])
        for role in template.resources("azurerm_role_assignment").values()
        if role["scope"] == f"${{azurerm_kubernetes_cluster.{id_}.id}}"
    ]

    assert sorted(granted) == sorted((attrgetter(path)(settings), role) for path, role in OPENED_TO[environment])
    # By Azure's roles, and not by membership of the group.
    access = cluster["azure_active_directory_role_based_access_control"]
    assert (access["azure_rbac_enabled"], access["admin_group_object_ids"]) == (True, [settings.cluster_admin_group_id])
    assert settings.deployer_of("workloads") != settings.cluster_admin_group_id


@pytest.mark.req(35)
@pytest.mark.req(37)
@pytest.mark.req(38)
def test_every_name_leads_to_the_service_whose_name_it_is(environment: str, template: Template) -> None:
    region = ENVIRONMENTS[environment].region
    # The registry's two are known before they are there.
    planned = {
        one["private_ip_address"]: f"azurerm_private_endpoint.{name}."
        for name, endpoint in template.resources("azurerm_private_endpoint").items()
        for one in endpoint["ip_configuration"]
    }
    zones = {service.subresource: service.dns_zone for service in PRIVATE_LINK_RESOURCES}
    records = template.resources("azurerm_private_dns_a_record").values()
    for record in records:
        (address,) = record["records"]
        if address in planned:
            address = planned[address]
        elif found := re.search(r"data\.azurerm_private_endpoint_connection\.([\w-]+)", address):
            address = template.behind(template.data("azurerm_private_endpoint_connection")[found[1]]["name"])
        endpoint_address = re.search(r"azurerm_private_endpoint\.([\w-]+)\.", address)
        assert endpoint_address
        connection = template.resources("azurerm_private_endpoint")[endpoint_address[1]]["private_service_connection"]
        service = connection["private_connection_resource_id"].removesuffix(".id}")
        assert record["name"] in (f"{service}.name}}", f"{service}.name}}.{region}.data")
        assert record["zone_name"] == zones[connection["subresource_names"][0]]

    assert len({record["name"] for record in records}) == len(PRIVATE_SERVICES) + 1  # the registry has two


@pytest.mark.req(28)
def test_nodes_stand_in_their_subnet(environment: str, template: Template) -> None:
    naming = Naming.of(ENVIRONMENTS[environment])
    cluster = template.resource("azurerm_kubernetes_cluster")

    assert cluster["default_node_pool"]["vnet_subnet_id"] == naming.subnet_id(SubnetKey.AKS_NODES)
    assert template.resource("azurerm_kubernetes_cluster_node_pool")["vnet_subnet_id"] == naming.subnet_id(
        SubnetKey.AKS_NODES
    )


@pytest.mark.req(35)
def test_the_api_servers_name_stands_in_its_zone(environment: str, template: Template) -> None:
    zone = Naming.of(ENVIRONMENTS[environment]).private_dns_zone_id(API_SERVER_ZONES[environment])

    assert template.resource("azurerm_kubernetes_cluster")["private_dns_zone_id"] == zone


@pytest.mark.req(35)
@pytest.mark.parametrize("environment", WITH_DEFAULT_NETWORK)
def test_what_the_network_stack_is_relied_on_for_is_there(environment: str, synthesised: Path) -> None:
    """Names and ids between the two stacks are computed: nothing but this would notice a misspelled one."""
    owned, wanted = _owned_and_wanted(synthesised, environment)

    assert {kind for kind, _ in wanted} == set(NETWORK_RESOURCES)
    assert {(kind, name) for kind, name in wanted if name not in owned[kind]} == set()


@pytest.mark.req(57)
@pytest.mark.parametrize(
    "changes",
    [
        SINGLE,
        {"network.api_server": "vnet_integration"},
        {**SINGLE, "network.api_server": "vnet_integration"},
        {**NO_AGENTS, "network.egress": "none", "network.api_server": "vnet_integration"},
    ],
    ids=["single", "integrated", "single-integrated", "isolated-integrated"],
)
def test_both_stacks_mean_the_same_network_whatever_was_chosen(changes: dict[str, Any], tmp_path: Path) -> None:
    folder = _synthesise(changes, tmp_path)
    owned, wanted = _owned_and_wanted(folder, "dev")
    integrated = "network.api_server" in changes

    assert {(kind, name) for kind, name in wanted if name not in owned[kind]} == set()
    assert (("subnets", "snet-api-server") in wanted) is integrated
    zone = f"{'private' if integrated else 'privatelink'}.westeurope.azmk8s.io"
    assert ("privateDnsZones", zone) in wanted


@pytest.mark.parametrize(
    ("region", "replication", "backups"), [("westeurope", "GZRS", "Geo"), ("polandcentral", "ZRS", "Zone")]
)
def test_production_asks_for_no_copies_in_a_region_that_is_not_there(
    region: str, replication: str, backups: str, tmp_path: Path
) -> None:
    changes = {"region": region, "state_backend.replication": replication}
    template = Template.read(_synthesise(changes, tmp_path, "prod") / "stacks" / "prod-cluster")

    assert template.resource("azurerm_storage_account")["account_replication_type"] == replication
    assert template.resource("azurerm_mssql_database")["storage_account_type"] == backups


@pytest.mark.req(42)
def test_a_cluster_without_egress_starts_from_the_environments_own_registry(tmp_path: Path) -> None:
    folder = _synthesise({**NO_AGENTS, "network.egress": "none"}, tmp_path)
    template = Template.read(folder / "stacks" / "dev-cluster")
    (registry,) = template.resources("azurerm_container_registry")
    profile = template.resource("azurerm_kubernetes_cluster")["bootstrap_profile"]

    assert profile["container_registry_id"] == f"${{azurerm_container_registry.{registry}.id}}"
    assert (
        template.resource("azurerm_container_registry_cache_rule")["container_registry_id"]
        == profile["container_registry_id"]
    )


def test_logs_go_to_the_workspace_that_is_named(tmp_path: Path) -> None:
    folder = _synthesise(WITH_WORKSPACE, tmp_path)
    template = Template.read(folder / "stacks" / "dev-cluster")
    cluster = template.resource("azurerm_kubernetes_cluster")
    settings = template.resources("azurerm_monitor_diagnostic_setting").values()

    assert cluster["oms_agent"]["log_analytics_workspace_id"] == WORKSPACE
    assert {setting["log_analytics_workspace_id"] for setting in settings} == {WORKSPACE}


@pytest.mark.req(15)
def test_the_group_of_administrators_is_given_and_never_made(synthesised: Path, tmp_path: Path) -> None:
    # Of tests/environments/prod.toml.
    administrators = "e2d9b6f0-7c14-4a58-91d3-5f08a3c6b703"
    clusters = Template.read(synthesised / "stacks" / "prod-cluster").resources("azurerm_kubernetes_cluster").values()

    assert [one["azure_active_directory_role_based_access_control"]["admin_group_object_ids"] for one in clusters] == [
        [administrators]
    ]
    for stack in (synthesised / "stacks").iterdir():
        document = Template.read(stack).document
        assert "azuread_group" not in {*document.get("resource", {}), *document.get("data", {})}
    # There is no default: whoever deploys has made the group, and says which it is.
    with pytest.raises(ConfigurationError) as raised:
        load_environment(write_environment(tmp_path, "dev", {"cluster_admin_group_id": ABSENT}))
    assert [line for line in raised.value.lines if "cluster_admin_group_id: is missing" in line]


@pytest.mark.req(75)
def test_no_cluster_has_an_add_on_that_leads_in_from_outside(synthesised: Path) -> None:
    for environment in ENVIRONMENTS:
        cluster = Template.read(synthesised / "stacks" / f"{environment}-cluster").resource(
            "azurerm_kubernetes_cluster"
        )

        # A public ingress with a public zone, retired in March 2025: https://learn.microsoft.com/azure/aks/http-application-routing
        assert not cluster.get("http_application_routing_enabled")
        # Its successor: https://learn.microsoft.com/azure/aks/app-routing
        assert "web_app_routing" not in cluster
        # Pods outside the nodes, their policies and their encryption: https://learn.microsoft.com/azure/aks/virtual-nodes
        assert "aci_connector_linux" not in cluster
        # Without an identity of its own the agent would write with the workspace's key.
        # https://learn.microsoft.com/azure/azure-monitor/containers/kubernetes-monitoring-enable
        assert cluster["oms_agent"]["msi_auth_for_monitoring_enabled"] is True


@pytest.mark.req(75)
@pytest.mark.parametrize(
    "changes",
    [WITH_WORKSPACE, {**NO_AGENTS, "network.egress": "none"}],
    ids=["workspace-elsewhere", "isolated"],
)
def test_the_monitoring_agent_has_a_rule_for_its_workspace_or_does_not_run(
    changes: dict[str, Any], tmp_path: Path
) -> None:
    template = Template.read(_synthesise(changes, tmp_path) / "stacks" / "dev-cluster")
    ((address, cluster),) = template.resources("azurerm_kubernetes_cluster").items()
    rules = template.resources("azurerm_monitor_data_collection_rule").values()
    associations = template.resources("azurerm_monitor_data_collection_rule_association").values()
    agents = [cluster["oms_agent"]["log_analytics_workspace_id"]] if "oms_agent" in cluster else []

    assert agents == ([] if changes.get("network.egress") == "none" else [WORKSPACE])
    assert [rule["destinations"]["log_analytics"][0]["workspace_resource_id"] for rule in rules] == agents
    assert [association["target_resource_id"] for association in associations] == [
        f"${{azurerm_kubernetes_cluster.{address}.id}}" for _ in agents
    ]


@pytest.mark.req(77)
def test_every_pool_is_made_once_and_the_one_that_stands_keeps_its_address(tmp_path: Path) -> None:
    pools = [
        {"name": "batch", "spot": True, "min_count": 0, "max_count": 3},
        {"name": "user", "min_count": 1, "max_count": 3},
    ]
    out = _synthesise({"cluster.kubernetes.user_pools": pools}, tmp_path)
    template = Template.read(out / "stacks" / "dev-cluster")
    made = template.resources("azurerm_kubernetes_cluster_node_pool")
    (cluster,) = template.resources("azurerm_kubernetes_cluster")

    names = {address: (pool["name"], pool["temporary_name_for_rotation"]) for address, pool in made.items()}
    assert sorted(names.values()) == [("batch", "batchtmp"), ("user", "usertmp")]
    # Where it was when there was a single pool; another address would destroy it.
    assert names["kubernetes_user-pool_1431C9DA"] == ("user", "usertmp")
    assert {pool["kubernetes_cluster_id"] for pool in made.values()} == {
        f"${{azurerm_kubernetes_cluster.{cluster}.id}}"
    }


def _synthesise(changes: dict[str, Any], folder: Path, environment: str = "dev") -> Path:
    app = App(outdir=str(folder / "out"))
    build(app, [load_environment(write_environment(folder, environment, changes))])
    app.synth()
    return folder / "out"


def _owned_and_wanted(folder: Path, environment: str) -> tuple[dict[str, set[str]], set[tuple[str, str]]]:
    network = Template.read(folder / "stacks" / f"{environment}-network")
    template = Template.read(folder / "stacks" / f"{environment}-cluster")
    owned = {
        kind: {resource["name"] for resource in network.resources(type_).values()}
        for kind, type_ in NETWORK_RESOURCES.items()
    }
    wanted = {
        (kind, name)
        for identifier in re.findall(r'"/subscriptions/[^"]+"', json.dumps(template.document["resource"]))
        for kind, name in re.findall(r"/(\w+)/([\w.-]+)", identifier)
        if kind in NETWORK_RESOURCES
    }
    for identity in template.data("azurerm_user_assigned_identity").values():
        wanted |= {("userAssignedIdentities", identity["name"]), ("resourceGroups", identity["resource_group_name"])}
    for record in template.resources("azurerm_private_dns_a_record").values():
        wanted |= {("privateDnsZones", record["zone_name"]), ("resourceGroups", record["resource_group_name"])}
    return owned, wanted


@pytest.mark.req(84)
def test_without_a_key_of_ones_own_nothing_of_it_is_made(synthesised: Path) -> None:
    template = Template.read(synthesised / "stacks" / "dev-cluster")

    assert not [type_ for type_ in ENCRYPTION if template.resources(type_)]
    assert "disk_encryption_set_id" not in template.resource("azurerm_kubernetes_cluster")
    assert not [
        role["role_definition_name"]
        for role in template.resources("azurerm_role_assignment").values()
        if role["role_definition_name"].startswith("Key Vault")
    ]


@pytest.mark.req(79)
def test_the_control_plane_of_production_has_an_sla(synthesised: Path) -> None:
    # https://learn.microsoft.com/azure/aks/free-standard-pricing-tiers
    production = Template.read(synthesised / "stacks" / "prod-cluster")

    assert production.resource("azurerm_kubernetes_cluster")["sku_tier"] == "Standard"


@pytest.mark.req(20)
def test_later_stacks_learn_only_what_azure_generates(template: Template) -> None:
    assert list(template.document["output"]) == ["oidc_issuer_url"]


@pytest.mark.req(20)
def test_no_kubeconfig_is_asked_for(template: Template) -> None:
    assert not re.search("kube_(admin_)?config", json.dumps(template.document))


@pytest.mark.req(40)
def test_nothing_is_addressed_by_its_private_name(template: Template) -> None:
    """Certificates are for the public names, and those resolve to the private addresses."""
    document = json.loads(json.dumps(template.document))
    for record in document["resource"].pop("azurerm_private_dns_a_record").values():
        assert record["zone_name"].startswith("privatelink.")
    text = re.sub(r"/privateDnsZones/[\w.]+", "", json.dumps(document))

    assert "privatelink" not in text


@pytest.mark.parametrize(("environment", "tier"), [("dev", "standard"), ("prod", "premium")])
def test_the_vault_has_hardware_where_it_has_the_key_of_the_disks(
    environment: str, tier: str, synthesised: Path
) -> None:
    cluster = Template.read(synthesised / "stacks" / f"{environment}-cluster")

    assert cluster.resource("azurerm_key_vault")["sku_name"] == tier
    assert bool(cluster.resources("azurerm_key_vault_key")) is (tier == "premium")
