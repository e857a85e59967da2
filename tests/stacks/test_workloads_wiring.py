"""How the workloads fit what the other stacks of their environment make."""

import json
import re
from pathlib import Path

import pytest

from tests.product import ENVIRONMENTS
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


@pytest.mark.req(20)
@pytest.mark.req(67)
def test_kubernetes_is_managed_as_whoever_is_signed_in_and_no_credential_is_kept(workloads: Template) -> None:
    (provider,) = workloads.document["provider"]["kubernetes"]
    (login,) = provider["exec"]

    assert provider.keys() == {"host", "cluster_ca_certificate", "exec"}
    assert [login["command"], *login["args"][:3]] == ["kubelogin", "get-token", "--login", "azurecli"]
    assert "env" not in login
    assert "output" not in workloads.document


def test_the_api_server_is_the_environments_own_at_its_private_name(workloads: Template, cluster: Template) -> None:
    (provider,) = workloads.document["provider"]["kubernetes"]
    own = cluster.resource("azurerm_kubernetes_cluster")
    ((name, read),) = workloads.data("azurerm_kubernetes_cluster").items()

    assert read["name"] == own["name"]
    assert provider["host"] == f"https://${{data.azurerm_kubernetes_cluster.{name}.private_fqdn}}:443"


@pytest.mark.req(40)
@pytest.mark.req(117)
def test_the_database_is_called_by_its_public_name_and_signed_in_to_without_a_password(
    workloads: Template, cluster: Template, container: Arguments
) -> None:
    environment = {variable["name"]: variable["value"] for variable in container["env"]}
    url = environment["SPRING_DATASOURCE_URL"]
    server = cluster.resource("azurerm_mssql_server")["name"]
    database = cluster.resource("azurerm_mssql_database")["name"]

    assert url.startswith(f"jdbc:sqlserver://{server}.database.windows.net:1433;database={database};")
    assert "authentication=ActiveDirectoryManagedIdentity" in url
    assert not re.search(r"password|user=", json.dumps(container), re.IGNORECASE)
    assert "privatelink" not in json.dumps(workloads.document)


@pytest.mark.req(102)
def test_images_come_from_the_environments_own_registry_by_digest(cluster: Template, container: Arguments) -> None:
    registry = cluster.resource("azurerm_container_registry")["name"]

    assert re.fullmatch(rf"{registry}\.azurecr\.io/[a-z0-9/._-]+@sha256:[0-9a-f]{{64}}", container["image"])


@pytest.mark.req(93)
def test_secrets_come_from_the_environments_own_vault(
    environment: str, workloads: Template, cluster: Template, container: Arguments
) -> None:
    wanted = ENVIRONMENTS[environment].workloads.application.vault_secrets
    vault = cluster.resource("azurerm_key_vault")
    classes = workloads.resources("kubernetes_manifest").values()

    assert [item["manifest"]["spec"]["parameters"]["keyvaultName"] for item in classes] == [vault["name"]] * bool(
        wanted
    )
    assert ("secrets" in {mount["name"] for mount in container["volume_mount"]}) is bool(wanted)


@pytest.mark.req(50)
def test_the_load_balancer_stands_in_the_nodes_subnet(environment: str, workloads: Template, network: Template) -> None:
    annotations = workloads.resource("kubernetes_service_v1")["metadata"]["annotations"]
    subnet = network.resource(
        "azurerm_subnet", name=annotations["service.beta.kubernetes.io/azure-load-balancer-internal-subnet"]
    )

    assert subnet["address_prefixes"] == [str(ENVIRONMENTS[environment].network.address_plan.aks_nodes)]


@pytest.mark.req(56)
def test_pods_leave_the_cluster_for_private_endpoints_and_public_addresses_only(
    workloads: Template, network: Template
) -> None:
    flows = {
        policy["metadata"]["name"]: policy["spec"]["egress"][0]
        for policy in workloads.resources("kubernetes_network_policy_v1").values()
        if "egress" in policy["spec"]
    }
    endpoints = network.resource("azurerm_subnet", name="snet-private-endpoints")

    assert flows.keys() == {"allow-dns", "allow-private-endpoints", "allow-entra"}
    assert [peer["ip_block"]["cidr"] for peer in flows["allow-private-endpoints"]["to"]] == endpoints[
        "address_prefixes"
    ]
    (public,) = flows["allow-entra"]["to"]
    # The metadata service of the nodes would hand out the nodes' own identity.
    assert {"10.0.0.0/8", "169.254.0.0/16"} <= set(public["ip_block"]["except"])
