"""A gateway leads to several applications by host and path: with TLS to its door, and by no other way."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from cdktf import App

from config.loading import load_environment
from config.workloads.gateway import GATEWAY_NAMESPACE
from stacks.environments import build
from tests.config.environment_file import BILLS, INGRESS, LISTENER, ORDERS, WITH_INGRESS, write_environment
from tests.product import PURPOSES
from tests.template import Arguments, Template

SHOP, COLORS = "shop.example.com", "colors.example.com"
ROUTED = ORDERS | {"ingress": "gateway", "routes": [{"host": SHOP}], "probes": {"outside": "/readyz"}}
WEB = BILLS | {
    "name": "web",
    "namespace": "web",
    "ingress": "gateway",
    "routes": [{"host": COLORS, "path": "/"}, {"host": SHOP, "path": "/colors"}],
    "probes": {"outside": "/ok"},
}
TWO: dict[str, Any] = {
    INGRESS: {"listeners": [{"host_name": COLORS, "certificate_name": "colors"}, LISTENER]},
    "workloads.applications": [ROUTED, WEB, BILLS],
}
FIREWALL = {"host_name": SHOP, "certificate_name": "shop"}

Stacks = dict[str, Template]
"""The stacks of one environment by their purpose."""


def _built(folder: Path, changes: Mapping[str, Any]) -> Stacks:
    app = App(outdir=str(folder))
    build(app, [load_environment(write_environment(folder, "dev", changes))])
    app.synth()
    return {purpose: Template.read(folder / "stacks" / f"dev-{purpose}") for purpose in PURPOSES}


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> Stacks:
    return _built(tmp_path_factory.mktemp("alone"), TWO)


@pytest.fixture(scope="module")
def behind_firewall(tmp_path_factory: pytest.TempPathFactory) -> Stacks:
    return _built(tmp_path_factory.mktemp("firewall"), TWO | {"network.application_gateway": FIREWALL})


@pytest.fixture(scope="module")
def behind_front_door(tmp_path_factory: pytest.TempPathFactory) -> Stacks:
    return _built(tmp_path_factory.mktemp("front-door"), WITH_INGRESS | {"network.front_door": {}})


@pytest.fixture(scope="module")
def in_a_mesh(tmp_path_factory: pytest.TempPathFactory) -> Stacks:
    mesh = {f"{INGRESS}.gateway_class": "istio", f"{INGRESS}.mesh_revisions": ["asm-1-28"]}
    return _built(tmp_path_factory.mktemp("mesh"), WITH_INGRESS | mesh)


def _objects(workloads: Template, kind: str) -> list[Arguments]:
    """The objects of a kind, with names in the place of the references to them."""
    found = json.dumps([one["manifest"] for one in workloads.resources("kubernetes_manifest").values()])
    for type_ in ("kubernetes_namespace_v1", "kubernetes_service_v1", "kubernetes_service_account_v1"):
        for name, arguments in workloads.resources(type_).items():
            for key in ("name", "namespace"):
                text = arguments["metadata"].get(key, "")
                found = found.replace(f"${{{type_}.{name}.metadata[0].{key}}}", text)
    for name, arguments in workloads.resources("kubernetes_namespace_v1").items():
        found = found.replace(f"${{kubernetes_namespace_v1.{name}.metadata[0].name}}", arguments["metadata"]["name"])
    return [one for one in json.loads(found) if one["kind"] == kind]


def _gateway(workloads: Template) -> Arguments:
    (found,) = _objects(workloads, "Gateway")
    return found


@pytest.mark.req(53)
def test_a_host_and_a_path_lead_to_one_application(alone: Stacks) -> None:
    routes = {
        (host, match["path"]["value"]): (one["metadata"]["namespace"], backend["name"], backend["port"])
        for one in _objects(alone["workloads"], "HTTPRoute")
        for host in one["spec"]["hostnames"]
        for rule in one["spec"]["rules"]
        for match in rule["matches"]
        for backend in rule["backendRefs"]
    }

    assert routes == {
        (SHOP, "/"): ("orders", "orders", 80),
        (COLORS, "/"): ("web", "web", 80),
        (SHOP, "/colors"): ("web", "web", 80),
    }


@pytest.mark.req(53)
def test_every_route_hangs_on_the_listener_of_its_host(alone: Stacks) -> None:
    gateway = _gateway(alone["workloads"])
    host_of = {one["name"]: one["hostname"] for one in gateway["spec"]["listeners"]}
    routes = _objects(alone["workloads"], "HTTPRoute")

    for route in routes:
        (parent,) = route["spec"]["parentRefs"]
        assert (parent["namespace"], parent["name"]) == (GATEWAY_NAMESPACE, gateway["metadata"]["name"])
        assert route["spec"]["hostnames"] == [host_of[parent["sectionName"]]]
    # Names of objects are told apart in a namespace.
    assert len({(one["metadata"]["namespace"], one["metadata"]["name"]) for one in routes}) == 3


@pytest.mark.req(53)
@pytest.mark.parametrize(("choice", "name"), [("alone", "approuting-istio"), ("in_a_mesh", "istio")])
def test_no_retired_way_in_is_on(choice: str, name: str, request: pytest.FixtureRequest) -> None:
    stacks: Stacks = request.getfixturevalue(choice)
    cluster = stacks["cluster"].resource("azurerm_kubernetes_cluster")

    assert _gateway(stacks["workloads"])["spec"]["gatewayClassName"] == name
    # The operator that brings certificates, without its NGINX: https://learn.microsoft.com/azure/aks/app-routing-nginx-configuration
    assert cluster["web_app_routing"] == {"dns_zone_ids": [], "default_nginx_controller": "None"}
    assert "ingress_application_gateway" not in cluster
    assert not [type_ for type_ in stacks["workloads"].document["resource"] if "ingress_v1" in type_]


def test_a_mesh_is_on_where_its_class_is_chosen_and_has_no_gateway_of_its_own(alone: Stacks, in_a_mesh: Stacks) -> None:
    assert "service_mesh_profile" not in alone["cluster"].resource("azurerm_kubernetes_cluster")
    assert in_a_mesh["cluster"].resource("azurerm_kubernetes_cluster")["service_mesh_profile"] == {
        "mode": "Istio",
        "revisions": ["asm-1-28"],
        "internal_ingress_gateway_enabled": False,
        "external_ingress_gateway_enabled": False,
    }


def test_without_a_gateway_nothing_of_it_is_there(tmp_path: Path) -> None:
    stacks = _built(tmp_path, {})
    cluster = stacks["cluster"].resource("azurerm_kubernetes_cluster")

    assert not {"web_app_routing", "service_mesh_profile"} & cluster.keys()
    assert GATEWAY_NAMESPACE not in json.dumps([one.document for one in stacks.values()])


@pytest.mark.req(107)
def test_every_door_has_tls_with_a_certificate_of_the_vault(alone: Stacks) -> None:
    vault = alone["cluster"].resource("azurerm_key_vault")["name"]
    listeners = _gateway(alone["workloads"])["spec"]["listeners"]

    assert {(one["port"], one["protocol"], one["tls"]["mode"]) for one in listeners} == {(443, "HTTPS", "Terminate")}
    assert {
        one["hostname"]: one["tls"]["options"]["kubernetes.azure.com/tls-cert-keyvault-uri"] for one in listeners
    } == {name: f"https://{vault}.vault.azure.net/certificates/{name.partition('.')[0]}" for name in (SHOP, COLORS)}


@pytest.mark.req(107)
def test_certificates_are_read_by_an_identity_that_reads_nothing_else(alone: Stacks) -> None:
    workloads = alone["workloads"]
    account = workloads.resource("kubernetes_service_account_v1", automount_service_account_token=False, **_READER)
    trust = next(
        one
        for one in workloads.resources("azurerm_federated_identity_credential").values()
        if one["subject"].endswith(":ingress-gateway")
    )
    identity = trust["parent_id"].removesuffix(".id}")
    granted = [
        (one["role_definition_name"], one["scope"].partition("/secrets/")[2], one["for_each"])
        for one in workloads.resources("azurerm_role_assignment").values()
        if one["principal_id"] == f"{identity}.principal_id}}"
    ]

    assert account["metadata"]["annotations"] == {"azure.workload.identity/client-id": f"{identity}.client_id}}"}
    assert granted == [("Key Vault Secrets User", "${each.value}", '${toset(["colors", "shop"])}')]
    assert {
        one["tls"]["options"]["kubernetes.azure.com/tls-cert-service-account"]
        for one in _gateway(workloads)["spec"]["listeners"]
    } == {"ingress-gateway"}


_READER = {
    "metadata": {
        "name": "ingress-gateway",
        "namespace": "${kubernetes_namespace_v1.ingress-gateway_namespace_boundary_735E3605.metadata[0].name}",
        # https://learn.microsoft.com/azure/aks/app-routing-gateway-api-dns-tls#create-the-namespaces-serviceaccounts-and-federated-identity-credentials
        "labels": {"azure.workload.identity/use": "true"},
        "annotations": {
            "azure.workload.identity/client-id": (
                "${azurerm_user_assigned_identity.ingress-gateway_identity_principal_3F0BA429.client_id}"
            )
        },
    }
}


def test_only_routed_namespaces_take_requests(alone: Stacks) -> None:
    for listener in _gateway(alone["workloads"])["spec"]["listeners"]:
        namespaces = listener["allowedRoutes"]["namespaces"]
        (label,) = namespaces["selector"]["matchExpressions"]

        assert namespaces["from"] == "Selector"
        assert label == {"key": "kubernetes.io/metadata.name", "operator": "In", "values": ["orders", "web"]}


@pytest.mark.req(50)
def test_the_gateway_has_the_environments_internal_address(alone: Stacks, behind_front_door: Stacks) -> None:
    annotations = _gateway(alone["workloads"])["spec"]["infrastructure"]["annotations"]

    assert annotations == {
        "service.beta.kubernetes.io/azure-load-balancer-internal": "true",
        "service.beta.kubernetes.io/azure-load-balancer-internal-subnet": "snet-load-balancers",
        "service.beta.kubernetes.io/azure-load-balancer-ipv4": "10.10.20.68",
    }
    # The API takes eight. https://gateway-api.sigs.k8s.io/reference/spec/#gatewayinfrastructure
    assert len(_gateway(behind_front_door["workloads"])["spec"]["infrastructure"]["annotations"]) == 7
    # No application has one besides.
    assert {one["spec"]["type"] for one in alone["workloads"].resources("kubernetes_service_v1").values()} == {
        "ClusterIP"
    }


def test_callers_keep_their_address_by_which_policies_know_them(alone: Stacks) -> None:
    (options,) = _objects(alone["workloads"], "ConfigMap")

    assert "externalTrafficPolicy: Local" in options["data"]["service"]
    assert _gateway(alone["workloads"])["spec"]["infrastructure"]["parametersRef"] == {
        "group": "",
        "kind": "ConfigMap",
        "name": options["metadata"]["name"],
    }


def test_its_pods_meet_the_strictest_standard_that_istio_lets_them(alone: Stacks) -> None:
    """Istio's template sets no seccomp profile; what else breaks the restricted standard is reported."""
    (labels,) = (
        one["metadata"]["labels"]
        for one in alone["workloads"].resources("kubernetes_namespace_v1").values()
        if one["metadata"]["name"] == GATEWAY_NAMESPACE
    )

    assert {key.rpartition("/")[2]: value for key, value in labels.items() if not key.endswith("version")} == {
        "enforce": "baseline",
        "audit": "restricted",
        "warn": "restricted",
    }


def test_an_answer_may_take_six_minutes(alone: Stacks, behind_firewall: Stacks) -> None:
    assert {
        rule["timeouts"]["request"]
        for one in _objects(alone["workloads"], "HTTPRoute")
        for rule in one["spec"]["rules"]
    } == {"360s"}
    assert {one["request_timeout"] for one in _firewall(behind_firewall)["backend_http_settings"]} == {360}


def _firewall(stacks: Stacks) -> Arguments:
    return stacks["workloads"].resource("azurerm_application_gateway")


@pytest.mark.req(54)
@pytest.mark.req(107)
def test_the_firewall_goes_on_by_https_under_the_name_that_was_called(behind_firewall: Stacks) -> None:
    gateway = _firewall(behind_firewall)
    backends = {one["name"]: one for one in gateway["backend_http_settings"]}
    listeners = {one["name"]: one for one in gateway["http_listener"]}
    probes = {one["name"]: one for one in gateway["probe"]}
    asked = {}
    for rule in gateway["request_routing_rule"]:
        if "backend_http_settings_name" in rule:
            backend = backends[rule["backend_http_settings_name"]]
            probe = probes[backend["probe_name"]]
            assert (backend["protocol"], backend["port"], probe["protocol"]) == ("Https", 443, "Https")
            assert backend["connection_draining"]["enabled"] is True
            asked[listeners[rule["http_listener_name"]]["host_name"]] = (
                backend["host_name"],
                probe["host"],
                probe["path"],
            )

    assert asked == {SHOP: (SHOP, SHOP, "/readyz"), COLORS: (COLORS, COLORS, "/ok")}
    assert len({rule["priority"] for rule in gateway["request_routing_rule"]}) == 4


@pytest.mark.req(54)
def test_the_firewall_shows_the_certificate_of_each_name(behind_firewall: Stacks) -> None:
    gateway = _firewall(behind_firewall)
    secrets = {one["name"]: one["key_vault_secret_id"].rpartition("/")[2] for one in gateway["ssl_certificate"]}
    shown = {
        one["host_name"]: secrets[one["ssl_certificate_name"]]
        for one in gateway["http_listener"]
        if one["protocol"] == "Https"
    }
    read = [
        (one["scope"].rpartition("/")[2], one.get("for_each"))
        for name, one in behind_firewall["workloads"].resources("azurerm_role_assignment").items()
        if f"azurerm_role_assignment.{name}" in gateway["depends_on"]
    ]

    assert shown == {SHOP: "shop", COLORS: "colors"}
    assert read == [("${each.value}", '${toset(["colors"])}'), ("shop", None)]


@pytest.mark.parametrize(
    ("choice", "callers"),
    [
        ("alone", {"10.10.0.0/23", "10.10.16.0/20"}),
        ("behind_firewall", {"10.10.21.0/24"}),
        ("behind_front_door", {"10.10.20.112/28"}),
    ],
)
@pytest.mark.req(54)
def test_nothing_goes_past_what_stands_in_front(choice: str, callers: set[str], request: pytest.FixtureRequest) -> None:
    """Neither through the groups of the subnets nor through the policy of the pods."""
    stacks: Stacks = request.getfixturevalue(choice)
    let_in = [
        {rule.get("source_address_prefix"), *(rule.get("source_address_prefixes") or ())} - {None}
        for group in stacks["network"].resources("azurerm_network_security_group").values()
        for rule in group["security_rule"]
        if rule["name"] == "applications"
    ]
    ports = {
        rule["destination_port_range"]
        for group in stacks["network"].resources("azurerm_network_security_group").values()
        for rule in group["security_rule"]
        if rule["name"] == "applications"
    }
    (policy,) = (
        one
        for one in stacks["workloads"].resources("kubernetes_network_policy_v1").values()
        if one["metadata"]["name"] == "allow-clients"
    )
    (flow,) = policy["spec"]["ingress"]

    assert let_in == [callers, callers]
    assert ports == {"443"}
    assert {one["ip_block"]["cidr"] for one in flow["from"]} == callers
    assert [one["port"] for one in flow["ports"]] == ["443"]


@pytest.mark.req(107)
def test_front_door_goes_on_by_https_to_the_gateways_name(behind_front_door: Stacks) -> None:
    workloads = behind_front_door["workloads"]
    origin = workloads.resource("azurerm_cdn_frontdoor_origin")
    (gateway,) = (
        name for name, one in workloads.resources("kubernetes_manifest").items() if one["manifest"]["kind"] == "Gateway"
    )
    annotations = _gateway(workloads)["spec"]["infrastructure"]["annotations"]

    assert (origin["host_name"], origin["origin_host_header"]) == (SHOP, SHOP)
    assert origin["certificate_name_check_enabled"] is True
    assert workloads.resource("azurerm_cdn_frontdoor_route")["forwarding_protocol"] == "HttpsOnly"
    assert workloads.resource("azurerm_cdn_frontdoor_profile")["depends_on"] == [f"kubernetes_manifest.{gateway}"]
    assert origin["private_link"]["private_link_target_id"].endswith(
        f"/privateLinkServices/{annotations['service.beta.kubernetes.io/azure-pls-name']}"
    )


def test_policies_leave_alone_what_aks_makes_for_a_gateway_and_no_more(alone: Stacks, tmp_path: Path) -> None:
    def excluded(stacks: Stacks) -> set[str]:
        policies = stacks["cluster"].resources("azurerm_resource_group_policy_assignment").values()
        sent = [json.loads(one["parameters"]).get("excludedNamespaces", {"value": []})["value"] for one in policies]
        return {name for names in sent for name in names}

    assert excluded(alone) - excluded(_built(tmp_path, {})) == {
        "aks-istio-system",
        "app-routing-system",
        "ingress-gateway",
    }
