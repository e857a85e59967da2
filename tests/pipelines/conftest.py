"""An agent whose Terraform acts on an imaginary cloud, in which the development environment's state backend stands."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from rehearsal.cloud import Cloud
from rehearsal.core import offline
from rehearsal.local_state import keep_state_in
from rehearsal.rehearsal import Rehearsal
from tests.pipelines.agent import Agent
from tests.product import ENVIRONMENTS


class Platform:
    """What the pipelines of `dev` work on: an agent, the cloud, and what a person does by hand."""

    def __init__(self, agent: Agent, cloud: Cloud, by_hand: Rehearsal) -> None:
        self.agent, self.cloud, self.by_hand = agent, cloud, by_hand


@pytest.fixture
def platform(synthesised: Path, tmp_path: Path) -> Iterator[Platform]:
    """A platform of which only the state backend stands, as a person has deployed it."""
    states = tmp_path / "states"

    def synth(workspace: Path) -> None:
        """As at the agent, but for where states are kept."""
        shutil.copytree(synthesised, workspace / "cdktf.out")
        for stack in workspace.glob("cdktf.out/stacks/dev-*"):
            keep_state_in(states, stack)

    with offline(synthesised) as (terraform, cloud):
        by_hand = Rehearsal(terraform, cloud, synthesised, ENVIRONMENTS["dev"], tmp_path / "by-hand", print)
        by_hand.deploy("dev-state-backend")
        nothing: Callable[[Path], None] = lambda _: None  # noqa: E731
        agent = Agent(
            tmp_path,
            {**terraform.environment, "TERRAFORM_BINARY_NAME": terraform.executable},
            {
                "make setup": nothing,
                "npx cdktf synth": synth,
                "python3 -m deployment.tools install terraform": nothing,
                "ManualValidation@1": lambda _: by_hand.lift_locks(),
            },
        )
        yield Platform(agent, cloud, by_hand)
