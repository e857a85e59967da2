"""An application whose users sign in, as the stacks of an environment have it."""

import json
from ipaddress import IPv4Address
from itertools import product
from pathlib import Path

import pytest
from cdktf import App

from config.loading import load_environment
from reference.manifests import manifests
from stacks.environments import build
from tests.config.environment_file import BILLS, INGRESS, LISTENER, ORDERS, ROUTED, WITH_GATEWAY, write_environment
from tests.policy.reachability import Cluster, Pod
from tests.product import PURPOSES
from tests.template import Arguments, Template

Stacks = dict[str, Template]

SIGN_IN = {"host_name": "shop.example.com"}
TWICE = {"min_replicas": 2}
API = BILLS | TWICE | {"name": "api", "namespace": "api"}


def synthesised_with(folder: Path, sign_in: dict[str, object]) -> Stacks:
    applications = [ORDERS | TWICE | {"calls": ["api"], **sign_in}, API]
    file = write_environment(folder, "prod", {**WITH_GATEWAY, "workloads.applications": applications})
    app = App(outdir=str(folder))
    build(app, [load_environment(file)])
    app.synth()
    return {purpose: Template.read(folder / "stacks" / f"prod-{purpose}") for purpose in PURPOSES}


@pytest.fixture(scope="module")
def signed_in(tmp_path_factory: pytest.TempPathFactory) -> Stacks:
    return synthesised_with(tmp_path_factory.mktemp("signed-in"), {"sign_in": SIGN_IN})


@pytest.fixture(scope="module")
def open_to_all(tmp_path_factory: pytest.TempPathFactory) -> Stacks:
    return synthesised_with(tmp_path_factory.mktemp("open"), {})


def only(found: dict[str, Arguments], part: str) -> tuple[str, Arguments]:
    ((name, one),) = [(name, one) for name, one in found.items() if part in name]
    return name, one


@pytest.mark.req(105)
def test_nothing_is_registered_where_nobody_signs_in(open_to_all: Stacks) -> None:
    assert not [type_ for type_ in open_to_all["workloads"].document["resource"] if type_.startswith("azuread_")]
    assert "azuread" not in open_to_all["workloads"].document["provider"]
    assert "graph.microsoft.com" not in json.dumps(open_to_all["network"].document)


@pytest.mark.req(109)
def test_the_proxys_pods_are_its_registration(signed_in: Stacks) -> None:
    workloads = signed_in["workloads"]
    application, _ = only(workloads.resources("azuread_application"), "")
    client_id = f"${{azuread_application.{application}.client_id}}"
    _, account = only(workloads.resources("kubernetes_service_account_v1"), "sign-in")
    _, trust = only(workloads.resources("azuread_application_federated_identity_credential"), "")

    assert account["metadata"]["annotations"] == {"azure.workload.identity/client-id": client_id}
    assert trust["application_id"] == f"${{azuread_application.{application}.id}}"
    assert trust["issuer"] == "${data.terraform_remote_state.cluster-state.outputs.oidc_issuer_url}"
    # And no identity of Azure's besides, which could have roles.
    assert not [name for name in workloads.resources("azurerm_user_assigned_identity") if "sign-in" in name]


@pytest.mark.req(95)
@pytest.mark.req(111)
def test_the_proxy_reads_its_cookie_secret_and_no_other(signed_in: Stacks) -> None:
    workloads = signed_in["workloads"]
    principal, _ = only(workloads.resources("azuread_service_principal"), "")
    _, role = only(workloads.resources("azurerm_role_assignment"), "sign-in")
    _, files = only(workloads.resources("kubernetes_manifest"), "sign-in")

    assert role["for_each"] == '${toset(["oauth2-proxy-cookie-secret"])}'
    assert role["role_definition_name"] == "Key Vault Secrets User"
    assert str(role["scope"]).endswith("/secrets/${each.value}")
    assert role["principal_id"] == f"${{azuread_service_principal.{principal}.object_id}}"
    assert 'objectName: "oauth2-proxy-cookie-secret"' in json.dumps(files).replace('\\"', '"')


@pytest.mark.req(105)
@pytest.mark.req(114)
def test_the_way_in_leads_to_the_proxy_alone(signed_in: Stacks) -> None:
    services = signed_in["workloads"].resources("kubernetes_service_v1")

    assert {one["metadata"]["name"]: one["spec"]["type"] for one in services.values()} == {
        "orders-sign-in": "LoadBalancer",
        "orders": "ClusterIP",
        "api": "ClusterIP",
    }
    _, gateway = only(signed_in["workloads"].resources("azurerm_application_gateway"), "")
    (probe,) = gateway["probe"]
    assert probe["path"] == "/ready"


@pytest.mark.req(105)
@pytest.mark.req(115)
def test_the_application_is_reached_through_its_proxy_alone(signed_in: Stacks) -> None:
    objects = list(manifests(signed_in["workloads"].document, "1.35"))
    own = {one["metadata"]["name"]: one["metadata"].get("labels", {}) for one in objects if one["kind"] == "Namespace"}
    cluster = Cluster([one for one in objects if one["kind"] == "NetworkPolicy"], {"kube-system": {}, **own})
    pods = {
        one["metadata"]["name"]: Pod(one["metadata"]["namespace"], one["spec"]["template"]["metadata"]["labels"])
        for one in objects
        if one["kind"] == "Deployment"
    }
    ports = (80, 443, 4180, 8080, 44180)

    assert {
        (caller, called, port)
        for (caller, source), (called, target) in product(pods.items(), repeat=2)
        for port in ports
        if cluster.reaches(source, target, port)
    } == {("orders-sign-in", "orders", 8080), ("orders", "api", 8080)}
    from_outside = IPv4Address("10.30.21.4")  # in the subnet of the application gateway
    assert {
        (name, port) for name, pod in pods.items() for port in ports if cluster.reaches(from_outside, pod, port)
    } == {("orders-sign-in", 4180)}


def test_agents_reach_entras_directory_where_something_is_registered(signed_in: Stacks) -> None:
    groups = signed_in["network"].resources("azurerm_firewall_policy_rule_collection_group")
    _, agents = only(groups, "agents")
    _, nodes = only(groups, "cluster")

    assert "graph.microsoft.com" in json.dumps(agents)
    assert "graph.microsoft.com" not in json.dumps(nodes)


def test_production_keeps_what_users_were_assigned_to(signed_in: Stacks) -> None:
    for type_ in ("azuread_application", "azuread_service_principal"):
        _, one = only(signed_in["workloads"].resources(type_), "")
        assert one["lifecycle"] == {"prevent_destroy": True}
        # Entra's tags are words that mean something to it.
        assert "tags" not in one


@pytest.mark.req(107)
@pytest.mark.req(114)
def test_a_gateway_leads_to_the_proxy_and_is_believed(tmp_path: Path) -> None:
    applications = [ROUTED | {"sign_in": SIGN_IN}]
    file = write_environment(
        tmp_path, "dev", {INGRESS: {"listeners": [LISTENER]}, "workloads.applications": applications}
    )
    app = App(outdir=str(tmp_path))
    build(app, [load_environment(file)])
    app.synth()
    workloads = Template.read(tmp_path / "stacks" / "dev-workloads")
    routes = [one for one in manifests(workloads.document, "1.35") if one["kind"] == "HTTPRoute"]
    _, proxy = only(workloads.resources("kubernetes_deployment_v1"), "sign-in")
    (container,) = proxy["spec"]["template"]["spec"]["container"]

    backends = {
        (backend["name"], backend["port"])
        for one in routes
        for rule in one["spec"]["rules"]
        for backend in rule["backendRefs"]
    }
    assert backends == {("orders-sign-in", 80)}
    # The pods' own range: https://learn.microsoft.com/azure/aks/azure-cni-overlay
    trusted = [argument for argument in container["args"] if argument.startswith("--trusted-proxy-ip=")]
    assert trusted == ["--trusted-proxy-ip=10.244.0.0/16"]
