"""Terraform takes what a changed setting yields."""

import random
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from config.environment import EnvironmentSettings
from config.loading import ConfigurationError, load_environment
from rehearsal.core import offline
from stacks.environments import build
from tests.config.environment_file import SETTING_PATHS, write_environment
from tests.config.single_changes import single_changes


def _taken(folder: Path) -> Iterator[EnvironmentSettings]:
    """Dev with one setting changed at random to something that is taken, again and again, with a name of its own."""
    paths = random.Random(2026).sample(SETTING_PATHS, len(SETTING_PATHS))  # noqa: S311 - the same ones at every run
    for number, path in enumerate(paths):
        for changes in single_changes(path):
            try:
                changed = load_environment(write_environment(folder, "dev", changes))
            except ConfigurationError:
                continue
            if changed != load_environment(write_environment(folder, "dev", {})):
                yield changed.model_copy(update={"name": f"dev{number}"})
                break


def test_terraform_takes_what_a_changed_setting_yields(tmp_path: Path) -> None:
    from cdktf import App

    app = App(outdir=str(tmp_path / "cdktf.out"))
    build(app, islice(_taken(tmp_path), 4))
    app.synth()

    stacks = sorted((tmp_path / "cdktf.out" / "stacks").iterdir())
    assert len(stacks) == 16
    with offline(tmp_path / "cdktf.out") as (terraform, _):
        said = {stack.name: terraform.diagnostics(stack) for stack in stacks}
    assert {stack: diagnostics for stack, diagnostics in said.items() if diagnostics} == {}
