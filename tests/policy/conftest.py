"""Every accepted row of options, and every landing zone, synthesised once for the tests of this folder."""

from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path

import pytest
from cdktf import App

from config.loading import load_environment
from stacks.environments import build
from tests.config.environment_file import write_environment
from tests.landing_zones import LANDING_ZONES
from tests.policy.network_options import ACCEPTED, Row, load
from tests.template import Arguments, Template


@pytest.fixture(scope="session")
def with_options(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Row], Path]:
    """Gives the folder of an environment's synthesised stacks, `<stack>/cdk.tf.json`, by the row of its options."""
    folder = tmp_path_factory.mktemp("options")
    written: dict[Row, Path | Exception] = {}
    for number, row in enumerate(ACCEPTED):
        target = folder / str(number)
        target.mkdir()
        try:
            app = App(outdir=str(target))
            build(app, [load(row, target)])
            app.synth()
        except Exception as error:
            written[row] = error
        else:
            written[row] = target / "stacks"

    def folder_of(row: Row) -> Path:
        result = written[row]
        if isinstance(result, Exception):
            raise result
        return result

    return folder_of


@pytest.fixture(scope="session")
def signed_in(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Stacks of an environment whose application's users sign in."""
    folder = tmp_path_factory.mktemp("signed-in")
    app = App(outdir=str(folder / "cdktf.out"))
    sign_in = {"workloads.applications.0.sign_in.host_name": "bank.example.com"}
    build(app, [load_environment(write_environment(folder, "test", sign_in))])
    app.synth()
    return folder / "cdktf.out" / "stacks"


@pytest.fixture(scope="session")
def every_resource(
    with_options: Callable[[Row], Path], synthesised: Path, signed_in: Path
) -> Mapping[str, list[Arguments]]:
    """All resources of all options and of the tests' own environments, by type."""
    found: dict[str, list[Arguments]] = {}
    for stacks in (synthesised / "stacks", signed_in, *map(with_options, ACCEPTED)):
        for stack in stacks.iterdir():
            for type_, resources in Template.read(stack).document["resource"].items():
                found.setdefault(type_, []).extend(resources.values())
    return found


@pytest.fixture(scope="session")
def in_landing_zone(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """Gives the folder of an environment's synthesised stacks by the name of the landing zone it stands in."""

    @cache
    def folder_of(name: str) -> Path:
        folder = tmp_path_factory.mktemp(name)
        app = App(outdir=str(folder / "cdktf.out"))
        build(app, [load_environment(write_environment(folder, *LANDING_ZONES[name]))])
        app.synth()
        return folder / "cdktf.out" / "stacks"

    return folder_of
