"""An environment is deployed, left alone by a second plan, held against drift, and destroyed to nothing."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cdktf import App

from config.loading import load_environment
from config.models import EnvironmentSettings
from main import build
from tests.product import ENVIRONMENTS, PURPOSES
from tests.terraform.core import TerraformError, offline, used_schemas
from tests.terraform.dropped_facts import unreviewed
from tests.terraform.rehearsal import Rehearsal, RehearsalError, table
from tests.unit.environment_file import ABSENT, NO_AGENTS, SINGLE, WITH_GATEWAY, WITH_JUMP_BOX, write_environment

# What no environment of the repository chooses, in as few deployments as the choices allow.
OTHER_CHOICES: dict[str, tuple[str, dict[str, Any]]] = {
    "nat-gateway-and-front-door": (
        "prod",
        {
            "network.egress": "nat_gateway",
            "network.firewall": ABSENT,
            "network.api_server": "vnet_integration",
            "network.web_application_firewall": "front_door",
            **WITH_JUMP_BOX,
        },
    ),
    "one-isolated-network-and-gateway": ("test", {**SINGLE, "network.egress": "none", **NO_AGENTS, **WITH_GATEWAY}),
}


def rehearse(environment: EnvironmentSettings, synthesised: Path, directory: Path) -> None:
    said: list[str] = []
    with offline(synthesised) as (terraform, cloud):
        rows = Rehearsal(terraform, cloud, synthesised, environment, directory, said.append).run()
    assert [row.stack for row in rows] == [f"{environment.name}-{purpose}" for purpose in PURPOSES]
    for row in rows:
        declared = json.loads((synthesised / "stacks" / row.stack / "cdk.tf.json").read_text())["resource"]
        assert row.resources >= sum(map(len, declared.values()))  # one may be made for each of several things
        assert f"{row.stack:<20} deployed {row.resources} resources" in said
        assert row.stack in table(rows)


def test_an_environment_comes_and_goes(synthesised: Path, tmp_path: Path) -> None:
    rehearse(ENVIRONMENTS["dev"], synthesised, tmp_path)


@pytest.mark.parametrize(("base", "changes"), OTHER_CHOICES.values(), ids=OTHER_CHOICES)
def test_an_environment_that_chooses_otherwise_comes_and_goes(
    base: str, changes: dict[str, Any], tmp_path: Path
) -> None:
    environment = load_environment(write_environment(tmp_path, base, changes))
    synthesised = tmp_path / "cdktf.out"
    app = App(outdir=str(synthesised))
    build(app, [environment])
    app.synth()
    assert unreviewed(used_schemas(synthesised)) == set()
    rehearse(environment, synthesised, tmp_path)


def doctored(synthesised: Path, directory: Path, stack: str, mistake: Callable[[dict[str, Any]], None]) -> Path:
    """A copy of all that was synthesised, with a mistake in one stack."""
    copy = directory / "cdktf.out"
    shutil.copytree(synthesised, copy)
    path = copy / "stacks" / stack / "cdk.tf.json"
    program = json.loads(path.read_text())
    mistake(program)
    path.write_text(json.dumps(program))
    return copy


def forget_to_wait_for_roles(program: dict[str, Any]) -> None:
    for cluster in program["resource"]["azurerm_kubernetes_cluster"].values():
        del cluster["depends_on"]


def test_a_cluster_that_does_not_wait_for_its_roles_is_refused(synthesised: Path, tmp_path: Path) -> None:
    wrong = doctored(synthesised, tmp_path, "dev-cluster", forget_to_wait_for_roles)
    with offline(wrong) as (terraform, cloud):
        rehearsal = Rehearsal(terraform, cloud, wrong, ENVIRONMENTS["dev"], tmp_path, print)
        rehearsal.deploy("dev-state-backend")
        rehearsal.deploy("dev-network")
        with pytest.raises(TerraformError, match="AKS lacks a role"):
            rehearsal.deploy("dev-cluster")


def forget_what_to_ignore(program: dict[str, Any]) -> None:
    for subnet in program["resource"]["azurerm_subnet"].values():
        subnet.pop("lifecycle", None)


@pytest.mark.req(33)
def test_drift_that_nobody_ignores_is_reported(synthesised: Path, tmp_path: Path) -> None:
    wrong = doctored(synthesised, tmp_path, "dev-network", forget_what_to_ignore)
    with offline(wrong) as (terraform, cloud):
        rehearsal = Rehearsal(terraform, cloud, wrong, ENVIRONMENTS["dev"], tmp_path, print)
        rehearsal.deploy("dev-state-backend")
        rehearsal.deploy("dev-network")
        with pytest.raises(RehearsalError, match="plan should be empty"):
            rehearsal.drift_where_it_is_ignored()
