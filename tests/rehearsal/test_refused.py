"""Terraform finds what is wrong with a stack: one mistake each in a copy, and Terraform's word for it."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from rehearsal.core import Terraform, TerraformError
from rehearsal.local_state import keep_state_in

Program = dict[str, Any]
Mistake = Callable[[Program], object]


def first(program: Program, type_: str) -> dict[str, Any]:
    """The arguments of the first resource of a type."""
    return next(iter(program["resource"][f"azurerm_{type_}"].values()))


def address(program: Program, type_: str) -> str:
    """The address of that resource."""
    return f"azurerm_{type_}.{next(iter(program['resource'][f'azurerm_{type_}']))}"


def duplicate(block: dict[str, Any], name: str) -> None:
    """Write a block twice."""
    block[name] = [block[name], block[name]]


UNKNOWN_ARGUMENT = "Extraneous JSON object property"

MISTAKES: dict[str, tuple[str, Mistake, str]] = {
    "unknown argument": ("network", lambda p: first(p, "virtual_network").update(adress_space=[]), UNKNOWN_ARGUMENT),
    "argument of an older provider, in a block": (
        "cluster",
        lambda p: first(p, "kubernetes_cluster")["default_node_pool"].update(enable_auto_scaling=True),
        UNKNOWN_ARGUMENT,
    ),
    "block of an older provider": (
        "cluster",
        lambda p: first(p, "kubernetes_cluster").update(addon_profile=[{}]),
        UNKNOWN_ARGUMENT,
    ),
    "unknown argument of the provider": (
        "network",
        lambda p: p["provider"]["azurerm"][0].update(skip_credentials=True),
        UNKNOWN_ARGUMENT,
    ),
    "unknown lifecycle argument": (
        "network",
        lambda p: first(p, "virtual_network")["lifecycle"].update(prevent_delete=True),
        UNKNOWN_ARGUMENT,
    ),
    "missing argument": ("network", lambda p: first(p, "subnet").pop("name"), "Missing required argument"),
    "argument that is null": ("network", lambda p: first(p, "subnet").update(name=None), "Missing required argument"),
    "missing argument in a block": (
        "cluster",
        lambda p: first(p, "kubernetes_cluster")["default_node_pool"].pop("name"),
        "Missing required argument",
    ),
    "missing block": (
        "cluster",
        lambda p: first(p, "private_endpoint").pop("private_service_connection"),
        "Insufficient private_service_connection blocks",
    ),
    "block that may occur once, twice": (
        "cluster",
        lambda p: duplicate(first(p, "kubernetes_cluster"), "default_node_pool"),
        "Too many default_node_pool blocks",
    ),
    "text for a number": (
        "cluster",
        lambda p: first(p, "private_dns_a_record").update(ttl="soon"),
        "Incorrect attribute value type",
    ),
    "text for a map": (
        "network",
        lambda p: first(p, "virtual_network").update(tags="team"),
        "Incorrect attribute value type",
    ),
    "computed attribute that is set": (
        "network",
        lambda p: first(p, "virtual_network").update(guid="1"),
        "Value for unconfigurable attribute",
    ),
    "unknown resource type": (
        "network",
        lambda p: p["resource"].update(azurerm_vnet={"a": {}}),
        "Invalid resource type",
    ),
    "unknown data source": ("cluster", lambda p: p["data"].update(azurerm_vnet={"a": {}}), "Invalid data source"),
    "unknown provider": (
        "network",
        lambda p: p["resource"].update(azurerx_vnet={"a": {}}),
        "Missing required provider",
    ),
    "unknown provider alias": (
        "network",
        lambda p: first(p, "virtual_network").update(provider="azurerm.hub"),
        "Provider configuration not present",
    ),
    "reference to no resource": (
        "network",
        lambda p: first(p, "virtual_network").update(name="${azurerm_resource_group.gone.name}"),
        "Reference to undeclared resource",
    ),
    "reference to no attribute": (
        "network",
        lambda p: first(p, "virtual_network").update(name=f"${{{address(p, 'resource_group')}.title}}"),
        "Unsupported attribute",
    ),
    "reference to no variable": (
        "network",
        lambda p: first(p, "virtual_network").update(name="${var.name}"),
        "Reference to undeclared input variable",
    ),
    "dependency on no resource": (
        "cluster",
        lambda p: first(p, "kubernetes_cluster").update(depends_on=["azurerm_role_assignment.gone"]),
        "Reference to undeclared resource",
    ),
    "ignored change of no attribute": (
        "cluster",
        lambda p: first(p, "kubernetes_cluster")["lifecycle"].update(ignore_changes=["node_count"]),
        "Unsupported attribute",
    ),
    "cycle": (
        "network",
        lambda p: first(p, "resource_group").update(depends_on=[address(p, "virtual_network")]),
        "Cycle",
    ),
    "index into what there is one of": (
        "network",
        lambda p: first(p, "virtual_network").update(name=f"${{{address(p, 'resource_group')}[0].name}}"),
        "Unexpected resource instance key",
    ),
    "count and for_each": (
        "network",
        lambda p: first(p, "virtual_network").update(count=1, for_each=["a"]),
        'Invalid combination of "count" and "for_each"',
    ),
    "unknown function": (
        "network",
        lambda p: first(p, "virtual_network").update(name='${lowercase("A")}'),
        "Call to unknown function",
    ),
    "text that is no expression": (
        "network",
        lambda p: first(p, "virtual_network").update(name="${TfToken[TOKEN.9]}".upper()),
        "Invalid reference",
    ),
    "protection that is not a literal": (
        "network",
        lambda p: first(p, "virtual_network").update(
            lifecycle={"prevent_destroy": f"${{{address(p, 'subnet')}.name}}"}
        ),
        "Unsuitable value type",
    ),
    "Terraform that is too old": (
        "network",
        lambda p: p["terraform"].update(required_version=">= 99.0"),
        "Unsupported Terraform Core version",
    ),
}

# Terraform reads these only when it plans.
MISTAKES_IN_PLANS: dict[str, tuple[str, Mistake, str]] = {
    "secret in an output": (
        "cluster",
        lambda p: p["output"].update(key={"value": f"${{{address(p, 'container_registry')}.admin_password}}"}),
        "Output refers to sensitive values",
    ),
    "resource that refers to itself": (
        "network",
        lambda p: first(p, "virtual_network").update(location=f"${{{address(p, 'virtual_network')}.name}}"),
        "Self-referential block",
    ),
    "output that no stack exports": (
        "workloads",
        lambda p: first(p, "resource_group").update(name="${data.terraform_remote_state.cluster-state.outputs.issuer}"),
        "Unsupported attribute",
    ),
}


def mistaken(synthesised: Path, purpose: str, mistake: Mistake, directory: Path) -> Path:
    """A copy of the production stack with the mistake in it."""
    program = json.loads((synthesised / "stacks" / f"prod-{purpose}" / "cdk.tf.json").read_text())
    mistake(program)
    (directory / "cdk.tf.json").write_text(json.dumps(program))
    return directory


@pytest.mark.parametrize(("purpose", "mistake", "summary"), MISTAKES.values(), ids=MISTAKES)
def test_validation_refuses(
    purpose: str, mistake: Mistake, summary: str, synthesised: Path, terraform: Terraform, tmp_path: Path
) -> None:
    found = terraform.diagnostics(mistaken(synthesised, purpose, mistake, tmp_path))
    assert {diagnostic["summary"].split(":")[0] for diagnostic in found} == {summary}


@pytest.mark.parametrize(("purpose", "mistake", "summary"), MISTAKES_IN_PLANS.values(), ids=MISTAKES_IN_PLANS)
def test_planning_refuses(
    purpose: str, mistake: Mistake, summary: str, synthesised: Path, terraform: Terraform, tmp_path: Path
) -> None:
    stack = mistaken(synthesised, purpose, mistake, tmp_path)
    keep_state_in(tmp_path, stack)
    state = {"version": 4, "terraform_version": "1.11.0", "serial": 1, "lineage": "a", "outputs": {}, "resources": []}
    (tmp_path / "prod").mkdir()
    (tmp_path / "prod" / "cluster.tfstate").write_text(json.dumps(state))
    terraform.run(stack, "init")
    with pytest.raises(TerraformError, match=summary):
        terraform.plan(stack)


def test_a_backend_with_an_unknown_argument_is_refused(synthesised: Path, terraform: Terraform, tmp_path: Path) -> None:
    # cdktf still offers this argument; Terraform dropped it.
    stack = mistaken(
        synthesised,
        "network",
        lambda p: p["terraform"]["backend"]["azurerm"].update(use_microsoft_graph=True),
        tmp_path,
    )
    with pytest.raises(TerraformError, match=UNKNOWN_ARGUMENT):
        terraform.run(stack, "init", "-no-color")
