"""Prints what the workloads stack of one environment makes in Kubernetes, as the manifests that its API takes.

    ENV=dev python -m reference.manifests

For review, and for whoever delivers them otherwise. What only Azure knows stands as Terraform's own reference to it,
such as `${azurerm_user_assigned_identity.….client_id}`; the provider fills it in.
"""

import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from kubernetes_validate.utils import schema_contents

from config.loading import load_one_or_exit

CHECKOUT = Path(__file__).parents[1]

# What speaks to Terraform or to the provider, and not of the object.
# https://registry.terraform.io/providers/hashicorp/kubernetes/2.38.0/docs
_OF_TERRAFORM = {"//", "depends_on", "lifecycle", "provider", "timeouts", "wait_for_load_balancer", "wait_for_rollout"}

# Where the provider has a name of its own for a field.
_OTHER_NAMES = {"storage_provisioner": "provisioner"}

# An object is taken only where its namespace is there, and its account.
_FIRST = ("Namespace", "StorageClass", "ResourceQuota", "LimitRange", "ServiceAccount", "NetworkPolicy")

_NAME_OF_ANOTHER = re.compile(r"\$\{(kubernetes_\w+)\.([\w-]+)\.metadata\[0\]\.name\}")

Manifest = dict[str, Any]
Schema = Mapping[str, Any]


def manifests(program: Mapping[str, Any], kubernetes_version: str) -> list[Manifest]:
    """Every Kubernetes object of a stack's Terraform JSON, in an order in which they can be applied.

    Raises:
        ValueError: an argument is no field of this version of the API.

    """
    resources = {type_: of_type for type_, of_type in program["resource"].items() if type_.startswith("kubernetes_")}
    definitions = _definitions(kubernetes_version)
    found = [
        _manifest(type_, _with_names(arguments, resources), definitions)
        for type_, of_type in resources.items()
        for arguments in of_type.values()
    ]
    return sorted(found, key=_place)


def _manifest(type_: str, arguments: Mapping[str, Any], definitions: Schema) -> Manifest:
    if type_ == "kubernetes_manifest":
        return dict(arguments["manifest"])
    api_version, kind, schema = _kind(type_, definitions)
    fields = {name: value for name, value in arguments.items() if name not in _OF_TERRAFORM}
    converted = _converted(fields, schema, definitions)
    if type_ == "kubernetes_default_service_account_v1":
        converted["metadata"]["name"] = "default"
    return {"apiVersion": api_version, "kind": kind, **converted}


def _kind(type_: str, definitions: Schema) -> tuple[str, str, Schema]:
    noun, version = type_.removeprefix("kubernetes_").removeprefix("default_").rsplit("_", 1)
    for definition in definitions.values():
        for known in definition.get("x-kubernetes-group-version-kind", ()):
            if known["kind"].lower() == noun.replace("_", "") and known["version"] == version:
                group = f"{known['group']}/" if known["group"] else ""
                return f"{group}{version}", known["kind"], definition
    raise ValueError(f"{type_}: is no kind of this version of Kubernetes")


def _converted(value: Any, schema: Schema, definitions: Schema) -> Any:
    """What Terraform calls the field, as Kubernetes takes it; the schema tells lists from single objects."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        if name.endswith("IntOrString"):
            return int(value) if str(value).isdigit() else value
        return _converted(value, definitions[name], definitions)
    types = schema.get("type", ())
    if "array" in types:
        return [
            _converted(item, schema["items"], definitions) for item in (value if isinstance(value, list) else [value])
        ]
    if "properties" in schema:
        single = value[0] if isinstance(value, list) else value
        return {
            field: _converted(part, schema["properties"][field], definitions)
            for field, part in ((_field(name, schema["properties"]), part) for name, part in single.items())
        }
    return int(value) if "integer" in types else value


def _field(name: str, properties: Schema) -> str:
    """The field that an argument stands for: in capitals instead of underscores, and in the plural where it repeats."""
    plain = _OTHER_NAMES.get(name, name).replace("_", "")
    for field in properties:
        if field.lower() in {plain, f"{plain}s", f"{plain}es", f"{plain.removesuffix('y')}ies"}:
            return field
    raise ValueError(f"{name}: is no field among {', '.join(properties)}")


def _with_names(arguments: Any, resources: Mapping[str, Mapping[str, Any]]) -> Any:
    """The arguments, with the names of other objects in the place of references to these."""
    if isinstance(arguments, Mapping):
        return {key: _with_names(value, resources) for key, value in arguments.items() if key != "depends_on"}
    if isinstance(arguments, list):
        return [_with_names(value, resources) for value in arguments]
    if isinstance(arguments, str):
        return _NAME_OF_ANOTHER.sub(lambda of: resources[of[1]][of[2]]["metadata"].get("name", "default"), arguments)
    return arguments


def _place(manifest: Manifest) -> tuple[int, str, str, str]:
    kind, metadata = manifest["kind"], manifest["metadata"]
    return (
        _FIRST.index(kind) if kind in _FIRST else len(_FIRST),
        metadata.get("namespace", ""),
        kind,
        metadata["name"],
    )


@cache
def _definitions(kubernetes_version: str) -> Schema:
    path = f"kubernetes-json-schema/v{kubernetes_version}.0-local-strict/_definitions.json"
    definitions: Schema = schema_contents(path, kubernetes_version)["$defs"]
    return definitions


def main() -> int:
    """Print the manifests of the environment that `ENV` names; 2 if its settings are wrong."""
    environment = load_one_or_exit(os.environ)
    with tempfile.TemporaryDirectory() as folder:
        variables = {**os.environ, "ENVIRONMENTS": environment.name, "CDKTF_OUTDIR": folder}
        synth = subprocess.run([sys.executable, "main.py"], cwd=CHECKOUT, env=variables, check=False)
        if synth.returncode:
            return synth.returncode
        program = json.loads(Path(folder, "stacks", f"{environment.name}-workloads", "cdk.tf.json").read_text("utf-8"))
    documents = manifests(program, environment.cluster.kubernetes.kubernetes_version)
    yaml.safe_dump_all(documents, sys.stdout, sort_keys=False, width=120)
    return 0


if __name__ == "__main__":
    sys.exit(main())
