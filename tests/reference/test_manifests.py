"""`make manifests` prints what Kubernetes takes: no argument is lost, and the schema of each version accepts all."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import kubernetes_validate
import pytest
import yaml

from config.cluster.kubernetes_versions import END_OF_SUPPORT
from reference.manifests import Manifest, manifests
from tests.deployed import DEPLOYED_ENVIRONMENTS
from tests.product import CHECKOUT, ENVIRONMENTS

POLICY = {
    "metadata": {"name": "allow-dns", "namespace": "${kubernetes_namespace_v1.home.metadata[0].name}"},
    "spec": {
        "egress": [
            {"ports": [{"port": "53", "protocol": "UDP"}], "to": [{"pod_selector": {"match_labels": {"a_b": "c"}}}]}
        ],
        "pod_selector": {},
        "policy_types": ["Egress"],
    },
    "depends_on": ["kubernetes_namespace_v1.home"],
}
NAMESPACE = {"metadata": {"name": "orders"}}


def _of(**resources: Any) -> list[Manifest]:
    return manifests({"resource": {"kubernetes_namespace_v1": {"home": NAMESPACE}, **resources}}, "1.35")


def test_a_block_becomes_the_object_that_the_api_takes() -> None:
    assert _of(kubernetes_network_policy_v1={"dns": POLICY}) == [
        {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "orders"}},
        {
            "apiVersion": "networking.k8s.io/v1",
            "kind": "NetworkPolicy",
            "metadata": {"name": "allow-dns", "namespace": "orders"},
            "spec": {
                "egress": [
                    {
                        "ports": [{"port": 53, "protocol": "UDP"}],
                        # Keys of a map are their author's, whatever they look like.
                        "to": [{"podSelector": {"matchLabels": {"a_b": "c"}}}],
                    }
                ],
                "podSelector": {},
                "policyTypes": ["Egress"],
            },
        },
    ]


def test_an_argument_that_is_no_field_is_not_left_out() -> None:
    wrong = {**NAMESPACE, "wait_for_ever": True}

    with pytest.raises(ValueError, match="wait_for_ever: is no field among"):
        _of(kubernetes_namespace_v1={"home": wrong})


def _programs() -> list[Any]:
    return [
        *(pytest.param(("deployed", name), id=f"environments/{name}") for name in DEPLOYED_ENVIRONMENTS),
        *(pytest.param(("synthesised", name), id=name) for name in ENVIRONMENTS),
    ]


@pytest.mark.parametrize("version", END_OF_SUPPORT)
@pytest.mark.parametrize("program", _programs())
def test_the_schema_of_each_version_takes_every_object(
    program: tuple[str, str], version: str, request: pytest.FixtureRequest
) -> None:
    source, name = program
    folder = Path(request.getfixturevalue(source), "stacks", f"{name}-workloads")
    objects = manifests(json.loads((folder / "cdk.tf.json").read_text("utf-8")), version)

    judged = []
    for one in objects:
        try:
            judged.append(kubernetes_validate.validate(one, version, strict=True))
        except kubernetes_validate.utils.SchemaNotFoundError:
            assert one["kind"] in {"SecretProviderClass", "CiliumNetworkPolicy", "Gateway", "HTTPRoute"}, (
                "no schema knows this kind"
            )
    assert set(judged) == {version}


def test_what_is_printed_is_yaml_of_the_environment_alone() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "reference.manifests"],
        cwd=CHECKOUT,
        env={**os.environ, "ENV": next(iter(DEPLOYED_ENVIRONMENTS))},
        capture_output=True,
        text=True,
        check=True,
    )

    assert {document["kind"] for document in yaml.safe_load_all(done.stdout)} >= {"Namespace", "NetworkPolicy"}
