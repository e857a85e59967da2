"""Nobody in a cluster reaches anybody but as the settings say, judged by the policies that are deployed."""

import json
from collections.abc import Mapping
from ipaddress import IPv4Address
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from cdktf import App

from config.loading import load_environment
from config.network.private_endpoints import PrivateAddress
from reference.manifests import manifests
from stacks.environments import build
from tests.config.environment_file import BILLS, ORDERS, write_environment
from tests.policy.reachability import Cluster, Object, Party, Pod

# How the evaluator judges: answers that the documentation of Kubernetes gives.
# https://kubernetes.io/docs/concepts/services-networking/network-policies/

HOME, AWAY = "home", "away"
NAMESPACES: Mapping[str, Mapping[str, str]] = {HOME: {"team": "red"}, AWAY: {"team": "blue"}, "kube-system": {}}
DB = Pod(HOME, {"role": "db"}, {"sql": 5432})
FRONT, BATCH = Pod(HOME, {"role": "front"}), Pod(HOME, {"role": "batch"})
OUTSIDER, FAR_FRONT = Pod(AWAY), Pod(AWAY, {"role": "front"})
INSIDE_RANGE, EXCEPTED, OUTSIDE = (IPv4Address(text) for text in ("172.17.2.1", "172.17.1.1", "8.8.8.8"))
EVERYBODY: dict[str, Party] = {
    "front": FRONT,
    "batch": BATCH,
    "outsider": OUTSIDER,
    "far front": FAR_FRONT,
    "inside": INSIDE_RANGE,
    "excepted": EXCEPTED,
    "outside": OUTSIDE,
}
FRONTS, AWAYS = (
    {"podSelector": {"matchLabels": {"role": "front"}}},
    {"namespaceSelector": {"matchLabels": {"team": "blue"}}},
)
BLOCK = {"ipBlock": {"cidr": "172.17.0.0/16", "except": ["172.17.1.0/24"]}}
PODS = {"front", "batch", "outsider", "far front"}


def _policy(spec: dict[str, Any]) -> Object:
    return {"metadata": {"name": "a-policy", "namespace": HOME}, "spec": {"podSelector": {}, **spec}}


def _allowing(*peers: Object, **more: Any) -> Object:
    return _policy({"policyTypes": ["Ingress"], "ingress": [{"from": list(peers), **more}]})


def _of_role(operator: str, *values: str) -> Object:
    expression = {"key": "role", "operator": operator, **({"values": list(values)} if values else {})}
    return {"podSelector": {"matchExpressions": [expression]}, "namespaceSelector": {}}


EXPRESSIONS: list[tuple[str, tuple[str, ...], set[str]]] = [
    ("In", ("batch", "front"), {"front", "batch", "far front"}),
    ("NotIn", ("front",), {"batch", "outsider"}),
    ("Exists", (), {"front", "batch", "far front"}),
    ("DoesNotExist", (), {"outsider"}),
]


@pytest.mark.parametrize(
    ("policies", "let_in"),
    [
        pytest.param([], set(EVERYBODY), id="no-policy"),
        pytest.param([_policy({"policyTypes": ["Ingress"]})], set(), id="deny-all"),
        pytest.param([_policy({"policyTypes": ["Ingress"], "ingress": [{}]})], set(EVERYBODY), id="allow-all"),
        pytest.param([_policy({})], set(), id="ingress-is-the-default-type"),
        pytest.param(
            [_policy({"podSelector": {"matchLabels": {"role": "db"}}, "policyTypes": ["Egress"]})],
            set(EVERYBODY),
            id="of-the-other-direction",
        ),
        pytest.param([_policy({"podSelector": {"matchLabels": {"role": "web"}}})], set(EVERYBODY), id="of-other-pods"),
        pytest.param([_allowing(FRONTS)], {"front"}, id="pods-of-the-policys-own-namespace"),
        pytest.param([_allowing({"podSelector": {}})], {"front", "batch"}, id="all-pods-of-its-own-namespace"),
        pytest.param([_allowing(AWAYS)], {"outsider", "far front"}, id="all-pods-of-other-namespaces"),
        pytest.param([_allowing({"namespaceSelector": {}})], PODS, id="all-namespaces"),
        pytest.param([_allowing({**FRONTS, **AWAYS})], {"far front"}, id="both-selectors-in-one-peer"),
        pytest.param([_allowing(FRONTS, AWAYS)], {"front", "outsider", "far front"}, id="a-selector-in-each-peer"),
        pytest.param([_allowing(BLOCK)], {"inside"}, id="addresses-with-an-exception"),
        pytest.param([_allowing({"ipBlock": {"cidr": "0.0.0.0/0"}})], {"inside", "excepted", "outside"}, id="no-pods"),
        pytest.param([_policy({}), _allowing(FRONTS)], {"front"}, id="policies-add-up"),
        pytest.param(
            [_policy({"ingress": [{"from": [FRONTS]}, {"from": [BLOCK]}]})], {"front", "inside"}, id="rules-add-up"
        ),
        pytest.param(
            [_allowing({"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": AWAY}}})],
            {"outsider", "far front"},
            id="a-namespace-by-its-name",
        ),
        *(
            pytest.param([_allowing(_of_role(operator, *values))], let_in, id=f"expression-{operator}")
            for operator, values, let_in in EXPRESSIONS
        ),
    ],
)
def test_who_is_let_in(policies: list[Object], let_in: set[str]) -> None:
    cluster = Cluster(policies, NAMESPACES)

    assert {name for name, party in EVERYBODY.items() if cluster.reaches(party, DB, 5432)} == let_in


@pytest.mark.parametrize(
    ("ports", "let_in"),
    [
        ([], {("TCP", 80), ("TCP", 5432), ("TCP", 5440), ("UDP", 5432)}),
        ([{"protocol": "TCP"}], {("TCP", 80), ("TCP", 5432), ("TCP", 5440)}),
        ([{"port": 5432}], {("TCP", 5432)}),
        ([{"port": 5432, "protocol": "UDP"}], {("UDP", 5432)}),
        ([{"port": "sql"}], {("TCP", 5432)}),
        ([{"port": 5000, "endPort": 5440}], {("TCP", 5432), ("TCP", 5440)}),
        ([{"port": 80}, {"port": 5440}], {("TCP", 80), ("TCP", 5440)}),
    ],
)
def test_at_which_ports(ports: list[Object], let_in: set[tuple[str, int]]) -> None:
    cluster = Cluster([_allowing(FRONTS, ports=ports)], NAMESPACES)
    tried = [("TCP", 80), ("TCP", 5432), ("TCP", 5440), ("UDP", 5432)]

    assert {(protocol, port) for protocol, port in tried if cluster.reaches(FRONT, DB, port, protocol)} == let_in


def test_both_ends_must_allow_it() -> None:
    out = _policy({"policyTypes": ["Egress"], "egress": [{"to": [{"podSelector": {"matchLabels": {"role": "db"}}}]}]})
    no_way_in = {"metadata": {"namespace": HOME}, "spec": {"podSelector": {"matchLabels": {"role": "db"}}}}

    assert Cluster([out], NAMESPACES).reaches(FRONT, DB, 5432)
    assert not Cluster([out], NAMESPACES).reaches(FRONT, OUTSIDER, 5432)
    assert not Cluster([out, no_way_in], NAMESPACES).reaches(FRONT, DB, 5432)
    # Egress is of a policy without types that has rules for it, even none.
    assert not Cluster([_policy({"egress": [{"to": [BLOCK]}]})], NAMESPACES).reaches(FRONT, OUTSIDE, 443)


# What is deployed.

WEB = ORDERS | {"name": "web", "namespace": "shop-web", "calls": ["api"], "database": False, "management_port": 8081}
API = BILLS | {"name": "api", "namespace": "shop-api", "port": 9090}
STORE = ORDERS | {"ingress": "none", "vault_secrets": ["one"], "calls": ["web"]}
METADATA_SERVICE, PUBLIC = IPv4Address("169.254.169.254"), IPv4Address("20.190.128.1")
DNS = Pod("kube-system", {"k8s-app": "kube-dns"})


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three applications: `web` is open to the networks and calls `api`, `orders` calls `web`, database and vault."""
    folder = tmp_path_factory.mktemp("three")
    file = write_environment(folder, "dev", {"workloads.applications": [WEB, API, STORE]})
    app = App(outdir=str(folder / "cdktf.out"))
    build(app, [load_environment(file)])
    app.synth()
    return file


@pytest.fixture(scope="module")
def objects(environment: Path) -> list[Object]:
    program = environment.parents[1] / "cdktf.out" / "stacks" / "dev-workloads" / "cdk.tf.json"
    return list(manifests(json.loads(program.read_text(encoding="utf-8")), "1.35"))


@pytest.fixture(scope="module")
def cluster(objects: list[Object]) -> Cluster:
    own = {one["metadata"]["name"]: one["metadata"].get("labels", {}) for one in objects if one["kind"] == "Namespace"}
    return Cluster(
        [one for one in objects if one["kind"] == "NetworkPolicy"], {"kube-system": {}, "default": {}, **own}
    )


@pytest.fixture(scope="module")
def pods(objects: list[Object]) -> dict[str, Pod]:
    return {
        one["metadata"]["name"]: Pod(one["metadata"]["namespace"], one["spec"]["template"]["metadata"]["labels"])
        for one in objects
        if one["kind"] == "Deployment"
    }


PORTS = (80, 443, 1433, 8080, 8081, 9090)


@pytest.mark.req(56)
@pytest.mark.req(112)
@pytest.mark.req(115)
def test_applications_reach_those_that_they_may_call_at_their_port_and_nobody_else(
    cluster: Cluster, pods: dict[str, Pod]
) -> None:
    reached = {
        (caller, called, port)
        for (caller, source), (called, target) in product(pods.items(), repeat=2)
        for port in PORTS
        if cluster.reaches(source, target, port)
    }

    assert pods.keys() == {"web", "api", "orders"}
    assert reached == {("web", "api", 9090), ("orders", "web", 8080)}


@pytest.mark.req(115)
def test_no_other_pod_of_the_cluster_reaches_an_application(cluster: Cluster, pods: dict[str, Pod]) -> None:
    strangers = [
        DNS,
        Pod("default"),
        # Of a caller's name, elsewhere; and in a caller's namespace, of another name.
        *(Pod("default", pod.labels) for pod in pods.values()),
        *(Pod(pod.namespace, {"app.kubernetes.io/name": "debug"}) for pod in pods.values()),
    ]

    assert not [
        (stranger, name, port)
        for stranger, (name, pod), port in product(strangers, pods.items(), PORTS)
        if cluster.reaches(stranger, pod, port)
    ]


@pytest.mark.req(50)
def test_from_outside_the_cluster_the_application_with_an_ingress_is_reached_at_its_port(
    cluster: Cluster, pods: dict[str, Pod]
) -> None:
    """And not at the port of its probes, which the kubelet asks from the pod's own node, past every policy."""
    hub, spoke, elsewhere = IPv4Address("10.10.0.70"), IPv4Address("10.10.20.10"), IPv4Address("192.168.0.4")

    assert {
        (str(client), name, port)
        for client, (name, pod), port in product((hub, spoke, elsewhere, PUBLIC), pods.items(), PORTS)
        if cluster.reaches(client, pod, port)
    } == {(str(hub), "web", 8080), (str(spoke), "web", 8080)}


@pytest.mark.req(56)
def test_whoever_needs_nobody_reaches_nobody(environment: Path, cluster: Cluster, pods: dict[str, Pod]) -> None:
    plan = load_environment(environment).network.address_plan
    services: dict[str, Party] = {
        "vault": plan.private_address(PrivateAddress.KEY_VAULT),
        "database": plan.private_address(PrivateAddress.SQL_SERVER),
        "registry": plan.private_address(PrivateAddress.REGISTRY),
        "metadata": METADATA_SERVICE,
        "public": PUBLIC,
    }
    reached = {
        (name, service, port)
        for (name, pod), (service, party), port in product(pods.items(), services.items(), PORTS)
        if cluster.reaches(pod, party, port)
    }
    asking = {
        name for name, pod in pods.items() for protocol in ("TCP", "UDP") if cluster.reaches(pod, DNS, 53, protocol)
    }

    assert reached == {("orders", "database", 1433), ("orders", "vault", 443), ("orders", "public", 443)}
    assert asking == {"web", "orders"}


# What is deployed where a gateway leads to applications.

SHOP = {"host_name": "shop.example.com", "certificate_name": "shop"}
BEHIND_A_GATEWAY: dict[str, Any] = {
    "workloads.gateway": {"listeners": [SHOP]},
    "workloads.applications": [
        WEB | {"ingress": "gateway", "routes": [{"host": "shop.example.com", "path": "/web"}]},
        STORE | {"ingress": "gateway", "routes": [{"host": "shop.example.com"}], "vault_secrets": ["one"]},
        API,
    ],
}
HUB, SPOKE, FIREWALLS = IPv4Address("10.10.0.70"), IPv4Address("10.10.20.10"), IPv4Address("10.10.21.7")
GATEWAY_PODS = {"gateway.networking.k8s.io/gateway-name": "gateway", "sidecar.istio.io/inject": "false"}
ISTIOD = Pod("aks-istio-system", {"app": "istiod"})


def _cluster_of(folder: Path, changes: Mapping[str, Any]) -> tuple[Cluster, dict[str, Pod]]:
    file = write_environment(folder, "dev", changes)
    app = App(outdir=str(folder / "cdktf.out"))
    build(app, [load_environment(file)])
    app.synth()
    program = json.loads((folder / "cdktf.out" / "stacks" / "dev-workloads" / "cdk.tf.json").read_text("utf-8"))
    made = list(manifests(program, "1.35"))
    own = {one["metadata"]["name"]: one["metadata"].get("labels", {}) for one in made if one["kind"] == "Namespace"}
    policies = [one for one in made if one["kind"] == "NetworkPolicy"]
    running = {
        one["metadata"]["name"]: Pod(one["metadata"]["namespace"], one["spec"]["template"]["metadata"]["labels"])
        for one in made
        if one["kind"] == "Deployment"
    }
    known = {"kube-system": {}, "default": {}, "aks-istio-system": {}, **own}
    # As Istio labels those that it makes of the gateway: https://gateway-api.sigs.k8s.io/geps/gep-1762/
    return Cluster(policies, known), running | {"gateway": Pod("ingress-gateway", GATEWAY_PODS)}


@pytest.fixture(scope="module")
def routed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Cluster, dict[str, Pod]]:
    return _cluster_of(tmp_path_factory.mktemp("routed"), BEHIND_A_GATEWAY)


@pytest.fixture(scope="module")
def inspected(tmp_path_factory: pytest.TempPathFactory) -> tuple[Cluster, dict[str, Pod]]:
    firewall = {"network.application_gateway": SHOP, "workloads.applications.0.probes": {"outside": "/web/ok"}}
    return _cluster_of(tmp_path_factory.mktemp("inspected"), BEHIND_A_GATEWAY | firewall)


@pytest.mark.req(50)
@pytest.mark.req(53)
@pytest.mark.parametrize(("choice", "callers"), [("routed", {HUB, SPOKE, FIREWALLS}), ("inspected", {FIREWALLS})])
def test_from_outside_the_cluster_the_gateway_is_reached_and_nobody_else(
    choice: str, callers: set[IPv4Address], request: pytest.FixtureRequest
) -> None:
    """Where a web application firewall stands in front, from its subnet alone."""
    cluster, pods = request.getfixturevalue(choice)
    everybody = (HUB, SPOKE, FIREWALLS, IPv4Address("192.168.0.4"), PUBLIC)

    assert {
        (client, name, port)
        for client, (name, pod), port in product(everybody, pods.items(), (*PORTS, 15021))
        if cluster.reaches(client, pod, port)
    } == {(client, "gateway", 443) for client in callers}


@pytest.mark.req(53)
@pytest.mark.req(56)
def test_the_gateway_reaches_what_it_has_routes_to(routed: tuple[Cluster, dict[str, Pod]]) -> None:
    cluster, pods = routed
    others: dict[str, Party] = {
        "istiod": ISTIOD,
        "dns": DNS,
        "stranger": Pod("aks-istio-system"),
        "metadata": METADATA_SERVICE,
        "public": PUBLIC,
        "hub": HUB,
    }
    reached = {
        (name, port)
        for (name, party), port in product((others | pods).items(), (*PORTS, 53, 15012, 15010))
        if cluster.reaches(pods["gateway"], party, port)
    }

    assert reached == {("web", 8080), ("orders", 8080), ("istiod", 15012), ("dns", 53)}


@pytest.mark.req(115)
def test_a_routed_application_is_reached_by_the_gateway_and_by_its_callers(
    routed: tuple[Cluster, dict[str, Pod]],
) -> None:
    cluster, pods = routed
    strangers = {
        "a namespace of the same labels": Pod("default", GATEWAY_PODS),
        "beside the gateway": Pod("ingress-gateway", {"app": "kv-gw-cert-gateway-shop"}),
        "istiod": ISTIOD,
    }

    assert {
        (caller, name)
        for (caller, source), (name, pod), port in product((pods | strangers).items(), pods.items(), PORTS)
        if caller != name and cluster.reaches(source, pod, port)
    } == {("gateway", "web"), ("gateway", "orders"), ("orders", "web"), ("web", "api")}
