"""Nodes behind a company's proxy and certificate: what goes through the proxy, and what never may."""

from base64 import b64decode
from pathlib import Path

from tests.config.environment_file import CERTIFICATE_FILE
from tests.product import ENVIRONMENTS_OF_THE_TESTS
from tests.template import Template


def test_nothing_of_the_platforms_own_is_asked_for_through_the_proxy(synthesised: Path) -> None:
    """AKS passes these on to nodes, and takes neither a `*` nor a dot in front."""
    cluster = Template.read(synthesised / "stacks" / "test-cluster").resource("azurerm_kubernetes_cluster")
    proxy = cluster["http_proxy_config"]

    assert (proxy["http_proxy"], proxy["https_proxy"]) == ("http://proxy.bank.example.com:3128",) * 2
    assert {
        "172.16.32.0/20",
        "172.20.0.0/16",
        "172.21.0.0/20",
        "private.swedencentral.azmk8s.io",
        "169.254.169.254",
        "168.63.129.16",
        "svc",
        "cluster.local",
        "bank.example.com",
    } < set(proxy["no_proxy"])
    for service in (".vault.azure.net", ".azurecr.io", ".swedencentral.data.azurecr.io", ".database.windows.net"):
        assert any(entry.endswith(service) for entry in proxy["no_proxy"]), service
    assert len(set(proxy["no_proxy"])) == len(proxy["no_proxy"])
    assert not [entry for entry in proxy["no_proxy"] if entry.startswith((".", "*"))]


def test_pods_are_not_given_a_proxy_that_their_flows_do_not_reach(synthesised: Path) -> None:
    for environment, expected in (("test", "true"), ("dev", None)):
        workloads = Template.read(synthesised / "stacks" / f"{environment}-workloads")
        pod = workloads.resource("kubernetes_deployment_v1")["spec"]["template"]["metadata"]
        assert pod.get("annotations", {}).get("kubernetes.azure.com/no-http-proxy-vars") == expected


def test_nodes_trust_the_companys_authority_and_no_other_cluster_has_one(synthesised: Path) -> None:
    test, dev = (
        Template.read(synthesised / "stacks" / f"{environment}-cluster").resource("azurerm_kubernetes_cluster")
        for environment in ("test", "dev")
    )

    (certificate,) = test["custom_ca_trust_certificates_base64"]
    assert b64decode(certificate) == (ENVIRONMENTS_OF_THE_TESTS / CERTIFICATE_FILE).read_bytes()
    assert not dev.keys() & {"custom_ca_trust_certificates_base64", "http_proxy_config"}
