"""The state account opens, fills and closes in the order that docs/first-deployment.md gives."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from cdktf import App

from config.loading import load_environment
from constructs_lib.naming import Naming
from rehearsal.cloud import Cloud
from rehearsal.core import Terraform, offline, planned_changes
from rehearsal.local_state import local_copy
from stacks.environments import build
from tests.config.environment_file import write_environment
from tests.product import ENVIRONMENTS

RANGES = ["20.50.2.0/28"]
# What stands under [state_backend] in each phase, besides what the tests' own production has.
PHASES: dict[str, dict[str, Any]] = {
    "bootstrap": {"bootstrap": True, "public_network_access": True, "allowed_ip_ranges": RANGES},
    "opened": {"public_network_access": True, "allowed_ip_ranges": RANGES},
    "closed": {"public_network_access": False},
}
STATE = "prod-state-backend"
ACCOUNT = Naming.of(ENVIRONMENTS["prod"]).state_storage_account_id


class OutOfReachError(Exception):
    """The backend answers 403: where Terraform runs, the account lets nobody in."""


@pytest.fixture(scope="module")
def phases(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """What is synthesised in each phase."""
    written = {}
    for phase, settings in PHASES.items():
        folder = tmp_path_factory.mktemp(phase)
        app = App(outdir=str(folder / "cdktf.out"))
        changes = {f"state_backend.{key}": value for key, value in settings.items()}
        build(app, [load_environment(write_environment(folder, "prod", changes))])
        app.synth()
        written[phase] = folder / "cdktf.out" / "stacks"
    return written


class Operator:
    """Runs Terraform outside or inside the networks, and loses the state where its account lets nobody in."""

    def __init__(self, terraform: Terraform, cloud: Cloud, phases: dict[str, Path], folder: Path) -> None:
        self._terraform, self.cloud, self._phases, self._folder = terraform, cloud, phases, folder

    def apply(self, stack: str, phase: str, *, inside: bool = False) -> dict[str, str]:
        """Begin or go on with a stack; returns what changed."""
        remote = not (phase == "bootstrap" and stack == STATE)
        if remote:
            self._reach(stack, inside=inside)
        copy = local_copy(self._phases[phase] / stack, self._folder / stack, self._folder / "states")
        self._terraform.run(copy, "init", "-migrate-state", "-force-copy")
        changed = planned_changes(self._terraform.events(copy, "apply", "-auto-approve"))
        if remote:
            self._reach(stack, inside=inside)  # the new state is written
        return changed

    def _reach(self, stack: str, *, inside: bool) -> None:
        if not self.cloud.reaches_blobs(ACCOUNT, inside=inside):
            raise OutOfReachError(stack)


@pytest.fixture
def operator(phases: dict[str, Path], tmp_path: Path) -> Iterator[Operator]:
    with offline(phases["closed"].parent) as (terraform, cloud):
        cloud.give(ENVIRONMENTS["prod"].model_dump(mode="json"))
        yield Operator(terraform, cloud, phases, tmp_path)


def test_the_state_moves_in_from_outside_and_the_door_is_closed_from_inside(operator: Operator) -> None:
    with pytest.raises(OutOfReachError):
        operator.apply(STATE, "opened")  # there is no account yet

    assert set(operator.apply(STATE, "bootstrap").values()) == {"create"}
    assert operator.apply(STATE, "opened") == {}  # the state moves, and nothing else
    assert set(operator.apply("prod-network", "opened").values()) == {"create"}

    (changed,) = operator.apply(STATE, "closed", inside=True).items()
    assert (changed[0].split(".")[0], changed[1]) == ("azurerm_storage_account", "update")
    assert operator.apply("prod-network", "closed", inside=True) == {}
    with pytest.raises(OutOfReachError):
        operator.apply("prod-network", "closed")

    # What takes the network down opens the account again, from inside.
    assert operator.apply(STATE, "opened", inside=True).keys() == {changed[0]}
    assert operator.apply("prod-network", "opened") == {}


@pytest.mark.parametrize("inside", [False, True], ids=["outside", "inside"])
def test_who_closes_the_account_from_outside_or_before_the_network_stands_cannot_write_the_state(
    operator: Operator, *, inside: bool
) -> None:
    operator.apply(STATE, "bootstrap")
    operator.apply(STATE, "opened")
    if not inside:
        operator.apply("prod-network", "opened")

    with pytest.raises(OutOfReachError):
        operator.apply(STATE, "closed", inside=inside)
