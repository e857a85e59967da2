"""Synthesised stacks with their state in files instead of a storage account."""

import json
import shutil
from pathlib import Path
from typing import Any


def local_copy(stack: Path, target: Path, states: Path, *, unprotected: bool = False) -> Path:
    """Copy a stack's directory, and let the copy keep its state in `states`."""
    target.mkdir(parents=True, exist_ok=True)
    shutil.copy(stack / "cdk.tf.json", target)
    keep_state_in(states, target, unprotected=unprotected)
    return target


def keep_state_in(states: Path, stack: Path, *, unprotected: bool = False) -> None:
    """Write the override file beside a stack that makes files of its backend and of the remote states that it reads.

    A state's file has the key that the backend gives it, so a consumer that reads under another key finds nothing.
    `unprotected` lifts `prevent_destroy`, which Terraform accepts from no variable, for a stack that is to be
    destroyed.
    """
    program = json.loads((stack / "cdk.tf.json").read_text())
    override: dict[str, Any] = {"terraform": {"backend": {"local": {"path": str(states / _key(program, stack.name))}}}}
    read = program.get("data", {}).get("terraform_remote_state", {})
    if read:
        override["data"] = {
            "terraform_remote_state": {
                name: {"backend": "local", "config": {"path": str(states / source["config"]["key"])}}
                for name, source in read.items()
            }
        }
    if unprotected and (guarded := protected(program)):
        lifted = {"lifecycle": {"prevent_destroy": False}}
        override["resource"] = {type_: dict.fromkeys(names, lifted) for type_, names in guarded.items()}
    (stack / "override.tf.json").write_text(json.dumps(override, indent=2))


def protected(program: dict[str, Any]) -> dict[str, list[str]]:
    """The names of the resources that have `prevent_destroy`, by type."""
    found = {
        type_: [name for name, body in resources.items() if body.get("lifecycle", {}).get("prevent_destroy")]
        for type_, resources in program.get("resource", {}).items()
    }
    return {type_: names for type_, names in found.items() if names}


def _key(program: dict[str, Any], name: str) -> str:
    ((kind, backend),) = program["terraform"]["backend"].items()
    return str(backend["key"]) if kind == "azurerm" else f"{name}.tfstate"
