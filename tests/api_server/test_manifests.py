"""A real API server, with the Pod Security Standards enforced, takes every object of every environment.

It refuses what the schemas cannot: a selector that selects other pods, an unknown field deep inside, a pod that breaks
the standard of its namespace. Skipped on a machine without one.
"""

import json
import os
from collections.abc import Callable, Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from reference.manifests import Manifest, manifests
from tests.api_server.control_plane import ApiServer, RefusedError, control_plane
from tests.deployed import DEPLOYED_ENVIRONMENTS
from tests.product import ENVIRONMENTS

ASSETS = os.environ.get("KUBEBUILDER_ASSETS")

pytestmark = pytest.mark.skipif(
    not ASSETS, reason="KUBEBUILDER_ASSETS names no folder with kube-apiserver and etcd: no API server is asked"
)


@pytest.fixture(scope="module")
def api_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ApiServer]:
    assert ASSETS
    with control_plane(Path(ASSETS), tmp_path_factory.mktemp("control-plane")) as server:
        yield server


@pytest.fixture(
    scope="module",
    params=[
        *(pytest.param(("deployed", name), id=f"environments/{name}") for name in DEPLOYED_ENVIRONMENTS),
        *(pytest.param(("synthesised", name), id=name) for name in ENVIRONMENTS),
    ],
)
def objects(request: pytest.FixtureRequest) -> list[Manifest]:
    source, name = request.param
    program = Path(request.getfixturevalue(source), "stacks", f"{name}-workloads", "cdk.tf.json")
    return manifests(json.loads(program.read_text("utf-8")), "1.35")


def _applied(server: ApiServer, objects: list[Manifest]) -> None:
    for manifest in objects:
        if not server.knows(manifest["apiVersion"], manifest["kind"]):
            server.define(manifest["apiVersion"], manifest["kind"])
        server.apply(manifest)


def _pods(objects: list[Manifest]) -> Iterator[Manifest]:
    """The pods that the controllers would make, which are what the standard judges."""
    for manifest in objects:
        if "template" in manifest.get("spec", {}):
            template = deepcopy(manifest["spec"]["template"])
            name, namespace = manifest["metadata"]["name"], manifest["metadata"]["namespace"]
            metadata = {**template.get("metadata", {}), "name": name, "namespace": namespace}
            yield {"apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": template["spec"]}


def test_every_object_and_its_pods_are_accepted(api_server: ApiServer, objects: list[Manifest]) -> None:
    _applied(api_server, objects)

    assert [api_server.apply(pod, keep=False)["metadata"]["name"] for pod in _pods(objects)]


def _privileged(pod: dict[str, Any]) -> None:
    pod["containers"][0]["securityContext"] |= {"privileged": True, "allowPrivilegeEscalation": True}


def _as_root(pod: dict[str, Any]) -> None:
    pod["containers"][0]["securityContext"]["runAsNonRoot"] = False


def _with_capabilities(pod: dict[str, Any]) -> None:
    pod["containers"][0]["securityContext"].pop("capabilities")


def _on_the_host(pod: dict[str, Any]) -> None:
    pod["hostNetwork"] = True


def _with_files_of_the_host(pod: dict[str, Any]) -> None:
    pod.setdefault("volumes", []).append({"name": "host", "hostPath": {"path": "/"}})


def _without_seccomp(pod: dict[str, Any]) -> None:
    pod["securityContext"].pop("seccompProfile")


@pytest.mark.req(74)
@pytest.mark.parametrize(
    "break_it",
    [_privileged, _as_root, _with_capabilities, _on_the_host, _with_files_of_the_host, _without_seccomp],
    ids=lambda change: change.__name__.removeprefix("_"),
)
def test_a_pod_that_breaks_the_standard_is_refused(
    api_server: ApiServer, objects: list[Manifest], break_it: Callable[[dict[str, Any]], None]
) -> None:
    _applied(api_server, objects)
    for pod in _pods(objects):
        break_it(pod["spec"])
        with pytest.raises(RefusedError, match='violates PodSecurity "restricted:latest"'):
            api_server.apply(pod, keep=False)
