"""An environment of the time when there was one application is taken over: what stands moves, and stays."""

from collections import Counter
from pathlib import Path

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

    assert {step.action for step in steps} == {"create", "update"}
    assert [step.type for step in steps if step.action == "update"] == ["kubernetes_deployment_v1"]
    # Nothing of an application's: the namespace `default` was open then.
    assert all("default-namespace" in step.name for step in steps if step.action == "create")


def test_another_application_comes_and_goes_and_nobody_else_notices(tmp_path: Path) -> None:
    one = synthesise(tmp_path / "one", {APPLICATIONS: [ORDERS]})
    two = synthesise(tmp_path / "two", {APPLICATIONS: [ORDERS, BILLS]})
    none = synthesise(tmp_path / "none", {"workloads": ABSENT})

    with offline(two) as (terraform, cloud):
        standing = Standing(terraform, cloud, tmp_path / "standing")
        standing.deploy(one, "dev-state-backend", "dev-network", "dev-cluster", "dev-workloads")
        came = [step for step in standing.change(two, "dev-workloads") if step.begun]
        went = [step for step in standing.change(one, "dev-workloads") if step.begun]
        emptied = [step for step in standing.change(none, "dev-workloads") if step.begun]

    assert {step.action for step in came} == {"create"}
    assert {step.action for step in went} == {step.action for step in emptied} == {"delete"}
    assert Counter(step.name for step in came) == Counter(step.name for step in went)
    assert all(".applications_bills_" in step.name for step in came)
