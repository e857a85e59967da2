"""A pod for an errand passes where the platform's own pods do, reaches what it is sent for alone, and is taken back."""

import json
import os
from pathlib import Path

import pytest

from deployment.errand import IMAGE, TO_THE_CLUSTERS_DNS, Manifest, manifests
from deployment.kubectl import KubectlError, signed_in_kubectl
from deployment.names_in_pods import faults
from tests.api_server.control_plane import control_plane
from tests.deployment.conftest import Tools
from tests.policy.gatekeeper import refusals
from tests.product import CHECKOUT
from tests.template import Template

ASSETS = os.environ.get("KUBEBUILDER_ASSETS")


@pytest.fixture
def objects(synthesised: Path) -> list[Manifest]:
    """As one is sent in production, whose policies refuse."""
    pods = Template.read(synthesised / "stacks" / "prod-workloads").resources("kubernetes_deployment_v1")
    image: str = next(iter(pods.values()))["spec"]["template"]["spec"]["container"][0]["image"]
    return manifests("errand-1", image.partition("/")[0], [TO_THE_CLUSTERS_DNS])


def test_no_policy_of_production_refuses_it(objects: list[Manifest], synthesised: Path) -> None:
    cluster = Template.read(synthesised / "stacks" / "prod-cluster")
    assignments = list(cluster.resources("azurerm_resource_group_policy_assignment").values())
    _, _, pod = objects

    assert assignments
    assert refusals(pod, assignments) == set()
    pod["spec"]["containers"][0]["image"] = "registry.k8s.io/pause"
    assert refusals(pod, assignments)


@pytest.mark.skipif(not ASSETS, reason="KUBEBUILDER_ASSETS names no folder with kube-apiserver and etcd")
def test_a_real_api_server_takes_it(objects: list[Manifest], tmp_path: Path) -> None:
    assert ASSETS
    account = {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": "default", "namespace": "errand-1"}}
    with control_plane(Path(ASSETS), tmp_path) as server:
        namespace, *others = objects
        for manifest in (namespace, account, *others):
            server.apply(manifest)


def _stacks(synthesised: Path) -> list[dict[str, object]]:
    return [
        json.loads((synthesised / "stacks" / f"dev-{purpose}" / "cdk.tf.json").read_bytes())
        for purpose in ("cluster", "workloads")
    ]


@pytest.mark.req(41)
def test_every_name_is_asked_for_in_a_pod_that_reaches_dns_alone(
    tools: Tools, synthesised: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tools.answer(
        {
            "clusters[0]": "https://aks.example.com:443",
            ".azurecr.io A": "registry.privatelink.example.com.\n10.10.20.59",
            ".vault.azure.net A": "10.10.20.58\n20.50.2.7",
            "aks.example.com A": "10.10.20.4",
        }
    )
    cluster, workloads = _stacks(synthesised)

    with signed_in_kubectl(workloads) as kubectl:
        found = list(faults(cluster, workloads, kubectl))

    assert [fault.partition(": ")[2] for fault in found] == ["leads to 20.50.2.7, which is public", "is not found"]
    assert "aks.example.com leads to 10.10.20.4" in capsys.readouterr().out
    _, policy, _ = json.loads(tools.left("applied.json"))["items"]
    assert policy["spec"]["egress"] == [TO_THE_CLUSTERS_DNS]


@pytest.mark.parametrize("fails", ["wait pod/errand", "dig +short"])
def test_it_is_taken_back_whatever_happens(fails: str, tools: Tools, synthesised: Path) -> None:
    tools.answer({"clusters[0]": "https://aks.example.com:443"})
    tools.fail(fails)
    cluster, workloads = _stacks(synthesised)

    with signed_in_kubectl(workloads) as kubectl, pytest.raises(KubectlError):
        list(faults(cluster, workloads, kubectl))

    namespace = json.loads(tools.left("applied.json"))["items"][0]["metadata"]["name"]
    assert tools.calls[-1] == f"kubectl delete namespace {namespace} --ignore-not-found --wait=false"


def test_the_page_brings_the_image_that_is_run() -> None:
    page = (CHECKOUT / "docs" / "first-deployment.md").read_text("utf-8")

    assert f"registry.k8s.io/{IMAGE}\n" in page
