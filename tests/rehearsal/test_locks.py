"""What a lock of production means for a change that takes something away from below it."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from cdktf import App

from config.loading import load_environment
from constructs_lib.naming import Naming
from rehearsal.core import TerraformError, offline
from rehearsal.local_state import protected
from stacks.environments import build
from stacks.protection import PROTECTED
from tests.config.environment_file import write_environment
from tests.product import ENVIRONMENTS
from tests.rehearsal.test_changes import Standing

LOCK, ROLE = "azurerm_management_lock", "azurerm_role_assignment"
PUSHER = "cluster.registry.pusher_principal_id"
SOMEBODY, ANOTHER = "0c8f2a7e-5b1d-4f3a-9e6c-2d7b8a1f4c05", "5d0c1f7e-93a2-4c58-8b16-e04f7a2d9c33"
CLUSTER = "stacks/prod-cluster/cdk.tf.json"
VAULT_FILES = "workloads.applications.0.vault_secrets"


def _synthesise(folder: Path, changes: Mapping[str, Any]) -> Path:
    folder.mkdir()
    app = App(outdir=str(folder / "cdktf.out"))
    build(app, [load_environment(write_environment(folder, "prod", changes))])
    app.synth()
    return folder / "cdktf.out"


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A production whose images somebody pushes."""
    return _synthesise(tmp_path_factory.mktemp("first") / "prod", {PUSHER: SOMEBODY})


@pytest.fixture(scope="module")
def production(first: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Standing]:
    """It stands, and every test leaves it as it was."""
    with offline(first) as (terraform, cloud):
        standing = Standing(terraform, cloud, tmp_path_factory.mktemp("standing"))
        standing.deploy(first, *(f"prod-{purpose}" for purpose in ("state-backend", "network", "cluster", "workloads")))
        yield standing


@pytest.mark.parametrize(("changes", "acts"), [({PUSHER: ANOTHER}, ["create", "delete"]), ({}, ["delete"])])
def test_a_lock_makes_way_for_what_its_own_stack_replaces_or_takes_away(
    changes: Mapping[str, Any], acts: list[str], production: Standing, first: Path, tmp_path: Path
) -> None:
    steps = production.change(_synthesise(tmp_path / "then", changes), "prod-cluster")

    # Gone before the role is touched, and back when that is done; no other lock moves.
    assert [(step.begun, step.action) for step in steps if step.type == LOCK] == [
        (True, "delete"),
        (False, "delete"),
        (True, "create"),
        (False, "create"),
    ]
    assert {step.type for step in steps[:2]} | {step.type for step in steps[-2:]} == {LOCK}
    assert sorted(step.action for step in steps if step.begun and step.type == ROLE) == acts
    production.change(first, "prod-cluster")


def test_what_another_stack_takes_away_waits_until_somebody_lifts_the_lock(
    production: Standing, first: Path, tmp_path: Path
) -> None:
    less = _synthesise(tmp_path / "less", {PUSHER: SOMEBODY, VAULT_FILES: []})

    with pytest.raises(TerraformError, match=f"{ROLE} is locked"):
        production.change(less, "prod-workloads")
    assert production.cloud.lift_locks(Naming.of(ENVIRONMENTS["prod"]).key_vault_id) == 1
    assert ("delete", ROLE) in {(step.action, step.type) for step in production.change(less, "prod-workloads")}

    # The next deployment of the cluster puts it back, and nothing else.
    assert {(step.action, step.type) for step in production.change(first, "prod-cluster")} == {("create", LOCK)}
    production.change(first, "prod-workloads")


def test_off_the_list_it_loses_its_lock_and_nothing_else_happens(
    production: Standing, first: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delitem(PROTECTED, "azurerm_container_registry")
    lifted = _synthesise(tmp_path / "lifted", {PUSHER: SOMEBODY})

    assert {(step.action, step.type) for step in production.change(lifted, "prod-cluster")} == {("delete", LOCK)}
    assert "azurerm_container_registry" not in protected(json.loads((lifted / CLUSTER).read_text()))
    production.change(first, "prod-cluster")


def test_an_update_of_what_lies_below_moves_no_lock(production: Standing, first: Path, tmp_path: Path) -> None:
    retagged = _synthesise(tmp_path / "retagged", {PUSHER: SOMEBODY, "tags.owner": "others"})

    planned = production.plan(retagged, "prod-cluster")
    assert "azurerm_private_endpoint" in {address.partition(".")[0] for address in planned}
    assert set(planned.values()) == {"update"}
    production.plan(first, "prod-cluster")
