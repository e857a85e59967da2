"""How the workloads fit what the other stacks of their environment make."""

import json
import re
from ipaddress import IPv4Address, IPv4Network
from pathlib import Path

import pytest
from cdktf import App

from config.loading import load_environment
from config.network.subnets import SubnetKey
from constructs_lib.naming import Naming
from stacks.environments import build
from tests.config.environment_file import EXTRA_RULE, write_environment
from tests.product import ENVIRONMENTS, PURPOSES, WITH_DEFAULT_NETWORK
from tests.template import Arguments, Template


@pytest.fixture(params=ENVIRONMENTS)
def environment(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


@pytest.fixture
def workloads(environment: str, synthesised: Path) -> Template:
    return Template.read(synthesised / "stacks" / f"{environment}-workloads")


@pytest.fixture
def cluster(environment: str, synthesised: Path) -> Template:
    return Template.read(synthesised / "stacks" / f"{environment}-cluster")


@pytest.fixture
def network(environment: str, synthesised: Path) -> Template:
    return Template.read(synthesised / "stacks" / f"{environment}-network")


@pytest.fixture
def container(workloads: Template) -> Arguments:
    (found,) = workloads.resource("kubernetes_deployment_v1")["spec"]["template"]["spec"]["container"]
    return dict(found)


Stacks = dict[str, Template]
"""The stacks of one environment by their purpose."""


def _published(folder: Path, changes: dict[str, object]) -> Stacks:
    """A production that chose what leads to its application."""
    environment = load_environment(write_environment(folder, "prod", changes))
    app = App(outdir=str(folder))
    build(app, [environment])
    app.synth()
    return {purpose: Template.read(folder / "stacks" / f"prod-{purpose}") for purpose in PURPOSES}


@pytest.fixture(scope="module")
def behind_gateway(tmp_path_factory: pytest.TempPathFactory) -> Stacks:
    answers_to = {"host_name": "shop.example.com", "certificate_name": "shop"}
    return _published(
        tmp_path_factory.mktemp("gateway"),
        {"network.application_gateway": answers_to},
    )


@pytest.fixture(scope="module")
def with_names(tmp_path_factory: pytest.TempPathFactory) -> Stacks:
    return _published(
        tmp_path_factory.mktemp("names"),
        {
            "cluster.kubernetes.advanced_networking": True,
            "workloads.applications.0.reached_hosts": EXTRA_RULE["hosts"],
            "network.firewall.extra_rules": [EXTRA_RULE],
        },
    )


@pytest.fixture(scope="module")
def behind_front_door(tmp_path_factory: pytest.TempPathFactory) -> Stacks:
    return _published(tmp_path_factory.mktemp("front-door"), {"network.front_door": {}})


@pytest.mark.req(20)
def test_no_credential_of_kubernetes_is_kept(workloads: Template) -> None:
    (provider,) = workloads.document["provider"]["kubernetes"]
    (login,) = provider["exec"]

    assert provider.keys() == {"host", "cluster_ca_certificate", "exec"}
    assert "env" not in login


def test_kubernetes_is_managed_as_whoever_is_signed_in(workloads: Template) -> None:
    (provider,) = workloads.document["provider"]["kubernetes"]
    (login,) = provider["exec"]

    assert [login["command"], *login["args"][:3]] == ["kubelogin", "get-token", "--login", "azurecli"]


@pytest.mark.req(20)
@pytest.mark.parametrize(
    ("choice", "output"),
    [
        ("behind_gateway", {"application_address": "azurerm_public_ip"}),
        ("behind_front_door", {"application_host_name": "azurerm_cdn_frontdoor_endpoint"}),
    ],
)
def test_people_are_told_what_only_azure_knows_of_the_way_in(
    choice: str, output: dict[str, str], request: pytest.FixtureRequest
) -> None:
    document = request.getfixturevalue(choice)["workloads"].document
    told = {name: one["value"] for name, one in document["output"].items() if name != "database_users"}

    assert {name: value.split(".")[0].removeprefix("${") for name, value in told.items()} == output


@pytest.mark.req(20)
def test_without_a_way_in_there_is_nothing_to_tell(workloads: Template) -> None:
    published = workloads.resources("azurerm_public_ip") or workloads.resources("azurerm_cdn_frontdoor_endpoint")

    assert bool(workloads.document.get("output", {}).keys() - {"database_users"}) == bool(published)


@pytest.mark.req(20)
@pytest.mark.req(89)
def test_the_database_learns_of_those_that_use_it_and_what_they_may(synthesised: Path) -> None:
    told = Template.read(synthesised / "stacks" / "prod-workloads").document["output"]["database_users"]["value"]

    # tests/environments/prod.toml: of its applications one has the database, and makes its own tables.
    assert told == {"id-orders-shop-prod-weu": ["db_datareader", "db_datawriter", "db_ddladmin"]}


def test_the_api_server_is_the_environments_own_at_its_private_name(workloads: Template, cluster: Template) -> None:
    (provider,) = workloads.document["provider"]["kubernetes"]
    own = cluster.resource("azurerm_kubernetes_cluster")
    ((name, read),) = workloads.data("azurerm_kubernetes_cluster").items()

    assert read["name"] == own["name"]
    assert provider["host"] == f"https://${{data.azurerm_kubernetes_cluster.{name}.private_fqdn}}:443"


@pytest.mark.req(40)
def test_the_database_is_called_by_its_public_name(
    workloads: Template, cluster: Template, container: Arguments
) -> None:
    environment = {variable["name"]: variable["value"] for variable in container["env"]}
    server = cluster.resource("azurerm_mssql_server")["name"]
    database = cluster.resource("azurerm_mssql_database")["name"]

    assert environment["SPRING_DATASOURCE_URL"].startswith(
        f"jdbc:sqlserver://{server}.database.windows.net:1433;database={database};"
    )
    assert "privatelink" not in json.dumps(workloads.document)


@pytest.mark.req(117)
def test_the_database_is_signed_in_to_without_a_password(container: Arguments) -> None:
    environment = {variable["name"]: variable["value"] for variable in container["env"]}

    # https://learn.microsoft.com/sql/connect/jdbc/setting-the-connection-properties
    _, _, *options = environment["SPRING_DATASOURCE_URL"].split(";")
    assert options == ["encrypt=true", "authentication=ActiveDirectoryManagedIdentity"]
    assert not re.search(r"password|user=", json.dumps(container), re.IGNORECASE)


@pytest.mark.req(102)
def test_images_come_from_the_environments_own_registry_by_digest(cluster: Template, container: Arguments) -> None:
    registry = cluster.resource("azurerm_container_registry")["name"]

    assert re.fullmatch(rf"{registry}\.azurecr\.io/[a-z0-9/._-]+@sha256:[0-9a-f]{{64}}", container["image"])


@pytest.mark.req(93)
def test_secrets_come_from_the_environments_own_vault(
    environment: str, workloads: Template, cluster: Template, container: Arguments
) -> None:
    wanted = ENVIRONMENTS[environment].workloads.applications[0].vault_secrets
    vault = cluster.resource("azurerm_key_vault")
    classes = workloads.resources("kubernetes_manifest").values()

    assert [item["manifest"]["spec"]["parameters"]["keyvaultName"] for item in classes] == [vault["name"]] * bool(
        wanted
    )
    assert ("secrets" in {mount["name"] for mount in container["volume_mount"]}) is bool(wanted)


@pytest.mark.req(50)
def test_the_load_balancer_stands_in_a_subnet_for_its_like(
    environment: str, workloads: Template, network: Template
) -> None:
    annotations = _load_balancer(workloads)
    subnet = network.resource("azurerm_subnet", name=annotations["load-balancer-internal-subnet"])
    plan = ENVIRONMENTS[environment].network.address_plan

    assert subnet["address_prefixes"] == [str(plan.subnets[SubnetKey.LOAD_BALANCERS])]
    # Azure keeps the first four addresses of every subnet, and the last.
    assert IPv4Address(annotations["load-balancer-ipv4"]) in list(plan.subnets[SubnetKey.LOAD_BALANCERS])[4:-1]


@pytest.mark.parametrize("environment", WITH_DEFAULT_NETWORK)
def test_nothing_leads_from_the_internet_to_the_application_unless_somebody_chose_it(workloads: Template) -> None:
    assert not {"azurerm_public_ip", "azurerm_application_gateway", "azurerm_cdn_frontdoor_profile"} & set(
        workloads.document["resource"]
    )
    assert "pls-create" not in _load_balancer(workloads)


def test_the_gateway_stands_where_azure_can_manage_it(behind_gateway: Stacks) -> None:
    network, gateway = behind_gateway["network"], behind_gateway["workloads"].resource("azurerm_application_gateway")
    (place,) = gateway["gateway_ip_configuration"]
    network_name, _, subnet_name = place["subnet_id"].split("/")[-3:]
    (subnet,) = (name for name, each in network.resources("azurerm_subnet").items() if each["name"] == subnet_name)
    group = network.resource(
        "azurerm_subnet_network_security_group_association", subnet_id=f"${{azurerm_subnet.{subnet}.id}}"
    )["network_security_group_id"]
    (rules,) = (
        each["security_rule"]
        for name, each in network.resources("azurerm_network_security_group").items()
        if group == f"${{azurerm_network_security_group.{name}.id}}"
    )

    assert network.resource("azurerm_virtual_network", name=network_name)
    assert ("GatewayManager", "65200-65535") in {
        (rule.get("source_address_prefix"), rule.get("destination_port_range")) for rule in rules
    }


@pytest.mark.req(49)
def test_the_gateway_leads_to_the_load_balancer(behind_gateway: Stacks) -> None:
    (pool,) = behind_gateway["workloads"].resource("azurerm_application_gateway")["backend_address_pool"]

    assert pool["ip_addresses"] == [_load_balancer(behind_gateway["workloads"])["load-balancer-ipv4"]]


@pytest.mark.req(54)
def test_the_gateways_certificate_is_in_the_environments_own_vault(behind_gateway: Stacks) -> None:
    (certificate,) = behind_gateway["workloads"].resource("azurerm_application_gateway")["ssl_certificate"]
    vault = behind_gateway["cluster"].resource("azurerm_key_vault")

    assert certificate["key_vault_secret_id"] == f"https://{vault['name']}.vault.azure.net/secrets/shop"
    # The firewall of a vault without public access lets the gateway's control plane in as a trusted service.
    assert vault["network_acls"]["bypass"] == "AzureServices"


def test_front_door_asks_for_the_link_that_aks_makes(behind_front_door: Stacks) -> None:
    workloads, cluster = behind_front_door["workloads"], behind_front_door["cluster"]
    origin, balancer = workloads.resource("azurerm_cdn_frontdoor_origin"), _load_balancer(workloads)
    nodes = cluster.resource("azurerm_kubernetes_cluster")["node_resource_group"]
    (provider,) = workloads.document["provider"]["azurerm"]

    assert origin["private_link"]["private_link_target_id"] == (
        f"/subscriptions/{provider['subscription_id']}/resourceGroups/{nodes}"
        f"/providers/Microsoft.Network/privateLinkServices/{balancer['pls-name']}"
    )
    assert origin["host_name"] == balancer["load-balancer-ipv4"]
    assert balancer["pls-visibility"] == provider["subscription_id"]


def test_front_door_comes_after_the_service_that_makes_the_link(behind_front_door: Stacks) -> None:
    workloads = behind_front_door["workloads"]
    (service,) = workloads.resources("kubernetes_service_v1")

    assert workloads.resource("azurerm_cdn_frontdoor_profile")["depends_on"] == [f"kubernetes_service_v1.{service}"]


@pytest.mark.req(56)
def test_pods_let_in_what_front_door_sends(behind_front_door: Stacks) -> None:
    """Its requests come under addresses of the link's subnet."""
    workloads, network = behind_front_door["workloads"], behind_front_door["network"]
    subnet = network.resource("azurerm_subnet", name=_load_balancer(workloads)["pls-ip-configuration-subnet"])
    (policy,) = (
        policy
        for policy in workloads.resources("kubernetes_network_policy_v1").values()
        if policy["metadata"]["name"] == "allow-clients"
    )
    (flow,) = policy["spec"]["ingress"]

    assert any(
        IPv4Network(subnet["address_prefixes"][0]).subnet_of(IPv4Network(client["ip_block"]["cidr"]))
        for client in flow["from"]
    )
    assert subnet["private_link_service_network_policies_enabled"] is False


@pytest.mark.req(76)
@pytest.mark.req(54)
@pytest.mark.parametrize("choice", ["behind_gateway", "behind_front_door"])
def test_what_the_web_application_firewall_sees_is_logged(choice: str, request: pytest.FixtureRequest) -> None:
    workloads: Template = request.getfixturevalue(choice)["workloads"]
    setting = workloads.resource("azurerm_monitor_diagnostic_setting")
    inspecting = [
        f"${{{type_}.{name}.id}}"
        for type_ in ("azurerm_application_gateway", "azurerm_cdn_frontdoor_profile")
        for name in workloads.resources(type_)
    ]

    assert [setting["target_resource_id"]] == inspecting
    assert any("Firewall" in log["category"] for log in setting["enabled_log"])


def _load_balancer(workloads: Template) -> dict[str, str]:
    """How the application's service wants its load balancer, without what all the annotations begin with."""
    annotations = workloads.resource("kubernetes_service_v1")["metadata"]["annotations"]
    return {key.removeprefix("service.beta.kubernetes.io/azure-"): text for key, text in annotations.items()}


@pytest.mark.req(56)
def test_pods_leave_the_cluster_for_vault_database_and_public_addresses_only(
    environment: str, workloads: Template, cluster: Template
) -> None:
    flows = {
        policy["metadata"]["name"]: policy["spec"]["egress"][0]
        for policy in workloads.resources("kubernetes_network_policy_v1").values()
        if "egress" in policy["spec"]
    }

    uses_vault = bool(ENVIRONMENTS[environment].workloads.applications[0].vault_objects)
    expected = {"allow-dns", "allow-database", "allow-entra", *(["allow-key-vault"] if uses_vault else [])}
    assert flows.keys() == expected
    services = {"allow-key-vault": ("default", "443"), "allow-database": ("sqlServer", "1433")}
    for flow, (member, port) in services.items() if uses_vault else [("allow-database", ("sqlServer", "1433"))]:
        (address,) = (
            one["private_ip_address"]
            for endpoint in cluster.resources("azurerm_private_endpoint").values()
            for one in endpoint["ip_configuration"]
            if one["member_name"] == member
        )
        assert [peer["ip_block"]["cidr"] for peer in flows[flow]["to"]] == [f"{address}/32"]
        assert [one["port"] for one in flows[flow]["ports"]] == [port]
    (public,) = flows["allow-entra"]["to"]
    # The metadata service of the nodes would hand out the nodes' own identity.
    assert {"10.0.0.0/8", "169.254.0.0/16"} <= set(public["ip_block"]["except"])


@pytest.mark.req(56)
def test_where_policies_know_names_the_application_calls_entra_vault_and_database_and_what_it_names(
    with_names: Stacks,
) -> None:
    workloads, naming = with_names["workloads"], Naming.of(ENVIRONMENTS["prod"])
    profile = with_names["cluster"].resource("azurerm_kubernetes_cluster")["network_profile"]
    (policy,) = (
        one["manifest"]["spec"]
        for one in workloads.resources("kubernetes_manifest").values()
        if one["manifest"]["kind"] == "CiliumNetworkPolicy"
    )
    dns, entra = policy["egress"]
    named = [{"matchPattern": host} for host in EXTRA_RULE["hosts"]]
    flows = {
        one["metadata"]["name"]: one["spec"]["egress"][0]
        for one in workloads.resources("kubernetes_network_policy_v1").values()
        if "egress" in one["spec"]
    }

    # Without, Cilium blocks what such a policy allows.
    assert profile["advanced_networking"] == {"observability_enabled": False, "security_enabled": True}
    assert entra == {
        "toFQDNs": [{"matchPattern": "login.microsoftonline.com"}, *named],
        "toPorts": [{"ports": [{"port": "443", "protocol": "TCP"}]}],
    }
    # The answers to all other questions would tell somebody outside what was asked.
    assert [pattern["matchPattern"] for pattern in dns["toPorts"][0]["rules"]["dns"]] == [
        "login.microsoftonline.com",
        *EXTRA_RULE["hosts"],
        f"{naming.sql_server}.database.windows.net",
        f"{naming.key_vault}.vault.azure.net",
    ]
    # Policies add up: one that opens the DNS, or public addresses, would make this one worth nothing.
    assert flows.keys() == {"allow-key-vault", "allow-database"}
    assert all(to["ip_block"]["cidr"].endswith("/32") for flow in flows.values() for to in flow["to"])
    pod = workloads.resource("kubernetes_deployment_v1")["spec"]["template"]["spec"]
    assert pod["dns_config"] == {"option": [{"name": "ndots", "value": "1"}]}


def test_names_are_asked_for_as_ever_where_policies_do_not_know_them(workloads: Template, cluster: Template) -> None:
    """Cilium would block what a policy of names allows."""
    kinds = {one["manifest"]["kind"] for one in workloads.resources("kubernetes_manifest").values()}

    assert "CiliumNetworkPolicy" not in kinds
    assert "advanced_networking" not in cluster.resource("azurerm_kubernetes_cluster")["network_profile"]
    assert "dns_config" not in workloads.resource("kubernetes_deployment_v1")["spec"]["template"]["spec"]


@pytest.mark.req(84)
def test_volumes_can_ask_for_the_key_of_the_cluster(synthesised: Path) -> None:
    storage_class = Template.read(synthesised / "stacks" / "prod-workloads").resource("kubernetes_storage_class_v1")
    encryption = Template.read(synthesised / "stacks" / "prod-cluster").resource("azurerm_disk_encryption_set")
    id_ = storage_class["parameters"]["diskEncryptionSetID"]

    assert storage_class["storage_provisioner"] == "disk.csi.azure.com"
    assert id_.startswith(f"/subscriptions/{ENVIRONMENTS['prod'].subscription_id}/resourceGroups/rg-cluster-")
    assert id_.endswith(f"/providers/Microsoft.Compute/diskEncryptionSets/{encryption['name']}")


@pytest.mark.parametrize(
    ("zones", "disk"), [([1, 2, 3], "StandardSSD_ZRS"), ([1, 3], "StandardSSD_ZRS"), ([2], "StandardSSD_LRS")]
)
def test_volumes_outlive_a_zone_where_nodes_do(zones: list[int], disk: str, tmp_path: Path) -> None:
    # https://learn.microsoft.com/azure/aks/concepts-storage#storage-classes
    changes = {"availability_zones": zones, "cluster.kubernetes.customer_managed_disk_key": True}
    app = App(outdir=str(tmp_path))
    build(app, [load_environment(write_environment(tmp_path, "dev", changes))])
    app.synth()

    storage_class = Template.read(tmp_path / "stacks" / "dev-workloads").resource("kubernetes_storage_class_v1")
    assert storage_class["parameters"]["skuName"] == disk


def test_without_a_key_of_ones_own_there_is_no_class_for_it(synthesised: Path) -> None:
    assert not Template.read(synthesised / "stacks" / "dev-workloads").resources("kubernetes_storage_class_v1")
