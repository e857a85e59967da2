"""An environment of the time when there was one application is taken over: what stands moves, and stays."""

import json
import re
from pathlib import Path

import pytest

from rehearsal.core import offline
from rehearsal.local_state import local_copy
from tests.config.environment_file import ABSENT, BILLS, ORDERS
from tests.rehearsal.test_changes import Standing, synthesise

# What the program wrote of the development environment, with a secret, before applications were a list.
FORMER = Path(__file__).parent / "one_application"
APPLICATIONS, SECRETS = "workloads.applications", {"workloads.applications.vault_secrets": ["payment-provider-api-key"]}


def test_the_first_application_of_the_list_moves_and_nothing_of_it_is_destroyed(tmp_path: Path) -> None:
    now = synthesise(tmp_path / "now", SECRETS)

    with offline(now) as (terraform, cloud):
        standing = Standing(terraform, cloud, tmp_path / "standing")
        standing.deploy(now, "dev-state-backend", "dev-network", "dev-cluster")
        former = local_copy(FORMER, standing.stacks / "dev-workloads", standing.stacks / "states")
        terraform.run(former, "init")
        terraform.run(former, "apply", "-auto-approve")
        steps = [step for step in standing.change(now, "dev-workloads") if step.begun]

    assert "delete" not in {step.action for step in steps}
    changed = {(step.action, step.type) for step in steps if ".applications_" in step.name}
    assert changed == {("update", "kubernetes_deployment_v1")}


# Names whose parts cdktf leaves out of an address, as what stands before them ends alike.
@pytest.mark.parametrize("name", ["orders", "ions", "order-namespace"])
def test_what_moves_goes_to_where_the_program_has_it(name: str, tmp_path: Path) -> None:
    orders = {f"workloads.applications.{key}": name for key in ("name", "namespace")}
    synthesised = synthesise(tmp_path / "now", orders | SECRETS)

    program = json.loads((synthesised / "stacks" / "dev-workloads" / "cdk.tf.json").read_text())
    stands = {f"{type_}.{id_}" for type_, resources in program["resource"].items() for id_ in resources}
    former = {block["from"] for block in program["moved"] if block["to"] not in stands}
    # This application names no hosts outside, and Terraform passes over what is not there.
    assert former == {"kubernetes_manifest.namespace_allow-named-hosts_policy_F11C6018"}


def test_another_application_comes_and_goes_and_nobody_else_notices(tmp_path: Path) -> None:
    shop = BILLS | {"name": "shop", "namespace": "shop", "calls": ["bills"]}
    lists = {"one": [ORDERS], "two": [ORDERS, BILLS], "three": [ORDERS, BILLS, shop]}
    synthesised = {name: synthesise(tmp_path / name, {APPLICATIONS: several}) for name, several in lists.items()}
    synthesised["none"] = synthesise(tmp_path / "none", {"workloads": ABSENT})

    def changed(to: str) -> set[tuple[str, str]]:
        steps = standing.change(synthesised[to], "dev-workloads")
        return {(step.action, _application(step.name)) for step in steps if step.begun}

    with offline(synthesised["three"]) as (terraform, cloud):
        standing = Standing(terraform, cloud, tmp_path / "standing")
        standing.deploy(synthesised["one"], "dev-state-backend", "dev-network", "dev-cluster", "dev-workloads")

        assert changed("two") == {("create", "bills")}
        # Of the application that is called, the policy that lets the caller in, for which its pods wait.
        assert changed("three") == {("create", "shop"), ("create", "bills allow-call-from-shop")}
        assert changed("two") == {("delete", "shop"), ("delete", "bills allow-call-from-shop")}
        assert changed("one") == {("delete", "bills")}
        assert changed("none") == {("delete", "orders")}


def _application(address: str) -> str:
    """Whose resource it is, and which of the policies for a call if it is one."""
    found = re.fullmatch(r"\w+\.applications_([a-z]+)_(?:namespace_(allow-call-from-[a-z]+)_)?\S+", address)
    assert found, address
    return " ".join(filter(None, found.groups()))
