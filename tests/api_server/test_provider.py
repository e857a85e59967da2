"""The real provider applies a stack's Kubernetes part to a real API server, which then holds what the manifests say.

What differs, the provider sent by itself; each such field stands here, and weakens nothing. A second plan is empty.
Skipped on a machine without the API server, or without the provider: `TF_PROVIDER_MIRROR` names a folder that
`terraform providers mirror` filled.
"""

import json
import os
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from reference.manifests import Manifest, manifests
from rehearsal.core import Terraform, executable
from tests.api_server.control_plane import TOKEN, ApiServer, RefusedError, control_plane
from tests.product import ENVIRONMENTS

ASSETS, MIRROR = os.environ.get("KUBEBUILDER_ASSETS"), os.environ.get("TF_PROVIDER_MIRROR")

pytestmark = pytest.mark.skipif(
    not (ASSETS and MIRROR), reason="KUBEBUILDER_ASSETS and TF_PROVIDER_MIRROR name no API server and no provider"
)

# Field, and what the provider makes of an argument that is left out: what Kubernetes would take anyway.
# https://github.com/hashicorp/terraform-provider-kubernetes/blob/v2.38.0/kubernetes/schema_container.go
# https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/
SENT_BY_ITSELF: dict[str, dict[str, Any]] = {
    "Deployment": {
        ".spec.template.spec.containers[].securityContext.privileged": False,
        ".spec.template.spec.containers[].volumeMounts[].mountPropagation": "None",
        ".spec.template.spec.shareProcessNamespace": False,
        ".spec.template.spec.volumes[].csi.fsType": "",
    },
    # An empty `behavior`, in which the API server writes its own defaults.
    "HorizontalPodAutoscaler": {
        ".spec.behavior": {
            "scaleUp": {
                "stabilizationWindowSeconds": 0,
                "selectPolicy": "Max",
                "policies": [
                    {"type": "Pods", "value": 4, "periodSeconds": 15},
                    {"type": "Percent", "value": 100, "periodSeconds": 15},
                ],
            },
            "scaleDown": {
                "selectPolicy": "Max",
                "policies": [{"type": "Percent", "value": 100, "periodSeconds": 15}],
            },
        }
    },
}

_OF_THE_SERVER = ("uid", "resourceVersion", "creationTimestamp", "managedFields", "generation", "name")
_GIVEN_TO_A_SERVICE = ("clusterIP", "clusterIPs", "healthCheckNodePort", "nodePort")


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_the_provider_makes_what_the_manifests_say(environment: str, synthesised: Path, tmp_path: Path) -> None:
    program = json.loads((synthesised / "stacks" / f"{environment}-workloads" / "cdk.tf.json").read_text("utf-8"))
    resources = _of_kubernetes(program["resource"])
    expected = manifests({"resource": resources}, "1.35")
    assert ASSETS
    with control_plane(Path(ASSETS), tmp_path) as server, _controllers(server):
        for manifest in expected:
            if not server.knows(manifest["apiVersion"], manifest["kind"]):
                server.define(manifest["apiVersion"], manifest["kind"], _schema_of({**manifest, "metadata": {}}))
        terraform, stack = _terraform(tmp_path, server, program, resources)

        terraform.run(stack, "init")
        terraform.run(stack, "apply", "-auto-approve")

        assert terraform.plan(stack) == {}
        for manifest in expected:
            held, meant = server.ask("GET", server.place(manifest)), server.apply(_renamed(manifest), keep=False)
            known = SENT_BY_ITSELF.get(manifest["kind"], {})
            for path, value in _differences(_own(held), _own(meant)):
                field = re.sub(r"\[\d+\]", "[]", path)
                assert field in known, f"{manifest['kind']} {manifest['metadata']['name']}: {path} is {value!r}"
                assert value == known[field]


def _of_kubernetes(resources: dict[str, Any]) -> dict[str, Any]:
    """What Kubernetes is asked for; what only Azure knows is some text."""
    ours = {type_: of_type for type_, of_type in resources.items() if type_.startswith("kubernetes_")}
    kept: dict[str, Any] = json.loads(re.sub(r"\$\{(?!kubernetes_)[^}]*\}", "known-to-azure", json.dumps(ours)))
    for of_type in kept.values():
        for arguments in of_type.values():
            arguments["depends_on"] = [
                name for name in arguments.get("depends_on", ()) if name.startswith("kubernetes_")
            ]
    # Nobody starts pods here, and nobody makes load balancers.
    for deployment in kept["kubernetes_deployment_v1"].values():
        deployment["wait_for_rollout"] = False
    for service in kept["kubernetes_service_v1"].values():
        service["wait_for_load_balancer"] = False
    return kept


def _terraform(
    folder: Path, server: ApiServer, program: dict[str, Any], resources: dict[str, Any]
) -> tuple[Terraform, Path]:
    stack, settings = folder / "stack", folder / "cli-configuration"
    stack.mkdir()
    required = {"kubernetes": program["terraform"]["required_providers"]["kubernetes"]}
    provider = {"host": server.address, "token": TOKEN, "insecure": True}
    part = {"terraform": {"required_providers": required}, "provider": {"kubernetes": provider}, "resource": resources}
    (stack / "main.tf.json").write_text(json.dumps(part))
    settings.write_text(f'provider_installation {{\n  filesystem_mirror {{\n    path = "{MIRROR}"\n  }}\n}}\n')
    ours = {name: value for name, value in os.environ.items() if not name.startswith(("KUBE", "TF_"))}
    ours |= {"CHECKPOINT_DISABLE": "1", "TF_CLI_CONFIG_FILE": str(settings), "TF_IN_AUTOMATION": "1", "TF_INPUT": "0"}
    return Terraform(executable(folder), ours), stack


@contextmanager
def _controllers(server: ApiServer) -> Iterator[None]:
    """What the provider waits for: the account of each namespace, and the count of each quota."""
    stop = threading.Event()

    def control() -> None:
        while not stop.wait(0.2):
            for namespace in server.ask("GET", "/api/v1/namespaces")["items"]:
                # One that goes takes nothing new.
                with suppress(RefusedError):
                    _make_what_is_missing(server, f"/api/v1/namespaces/{namespace['metadata']['name']}")

    thread = threading.Thread(target=control)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def _make_what_is_missing(server: ApiServer, namespace: str) -> None:
    accounts = server.ask("GET", f"{namespace}/serviceaccounts")["items"]
    if "default" not in [account["metadata"]["name"] for account in accounts]:
        account = {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": "default"}}
        server.ask("POST", f"{namespace}/serviceaccounts", account)
    for quota in server.ask("GET", f"{namespace}/resourcequotas")["items"]:
        if "hard" not in quota.get("status", {}):
            quota["status"] = {"hard": quota["spec"]["hard"], "used": dict.fromkeys(quota["spec"]["hard"], "0")}
            server.ask("PUT", f"{namespace}/resourcequotas/{quota['metadata']['name']}/status", quota)


def _schema_of(value: Any) -> dict[str, Any]:
    """A schema that takes such a value. Without one the provider would ask the server about each object as it plans."""
    match value:
        case dict():
            return {"type": "object", "properties": {name: _schema_of(part) for name, part in value.items()}}
        case [dict(), *_]:
            return {"type": "array", "items": {"type": "object", "x-kubernetes-preserve-unknown-fields": True}}
        case [text, *_]:
            return {"type": "array", "items": _schema_of(text)}
        case bool():
            return {"type": "boolean"}
        case int():
            return {"type": "integer"}
    return {"type": "string"}


def _renamed(manifest: Manifest) -> Manifest:
    """The same under another name, so that the server judges it as a new one."""
    return {**manifest, "metadata": {**manifest["metadata"], "name": f"{manifest['metadata']['name']}-again"}}


def _own(held: Manifest) -> Manifest:
    """What was asked for, without what the server added."""
    own = deepcopy(held)
    own.pop("status", None)
    for field in _OF_THE_SERVER:
        own["metadata"].pop(field, None)
    if own["kind"] == "Namespace":
        own.pop("spec")
        own["metadata"]["labels"].pop("kubernetes.io/metadata.name")
    if own["kind"] == "Service":
        for part in (own["spec"], *own["spec"]["ports"]):
            for field in _GIVEN_TO_A_SERVICE:
                part.pop(field, None)
    return own


def _differences(held: Any, meant: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Where the two differ, and what is held there."""
    if isinstance(held, dict) and isinstance(meant, dict):
        for name in held.keys() | meant.keys():
            yield from _differences(held.get(name), meant.get(name), f"{path}.{name}")
    elif isinstance(held, list) and isinstance(meant, list) and len(held) == len(meant):
        for place, (one, other) in enumerate(zip(held, meant, strict=True)):
            yield from _differences(one, other, f"{path}[{place}]")
    elif held != meant:
        yield path, held
