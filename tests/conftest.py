"""Set-up that every test shares: the providers are imported once, lazily, and the product is synthesised once."""

import provider_loading  # noqa: F401 - acts before the first import of cdktf

# isort: split
import os
import tempfile
from collections.abc import Iterable
from pathlib import Path

import pytest

from config.environment import EnvironmentSettings
from stacks.environments import build
from tests.deployed import DEPLOYED_ENVIRONMENTS, DEPLOYED_STACKS
from tests.product import ENVIRONMENTS, STACKS

# Each `Testing.app()` of cdktf makes a folder for itself and leaves it behind. Set here, since the `conftest.py` of a
# folder may start Node.
SCRATCH = tempfile.TemporaryDirectory(prefix="tests-")
os.environ["TMPDIR"] = SCRATCH.name


def pytest_unconfigure() -> None:
    """Remove what Node left."""
    SCRATCH.cleanup()


@pytest.fixture(scope="session")
def synthesised(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a synth of the tests' own environments: `manifest.json` and `stacks/<stack>/cdk.tf.json`."""
    return _synthesise(ENVIRONMENTS.values(), tmp_path_factory.mktemp("cdktf.out"))


@pytest.fixture(scope="session")
def deployed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a synth of `environments/`."""
    return _synthesise(DEPLOYED_ENVIRONMENTS.values(), tmp_path_factory.mktemp("deployed"))


@pytest.fixture(
    params=[
        *(
            pytest.param(("deployed", stack), id=f"environments/{stack}", marks=pytest.mark.deployed)
            for stack in DEPLOYED_STACKS
        ),
        *(pytest.param(("synthesised", stack), id=stack) for stack in STACKS),
    ]
)
def any_stack(request: pytest.FixtureRequest) -> Path:
    """The folder of each stack, of what is deployed and of the tests' own environments."""
    source, stack = request.param
    return Path(request.getfixturevalue(source), "stacks", stack)


def _synthesise(environments: Iterable[EnvironmentSettings], folder: Path) -> Path:
    # Imported here, so that tests of the settings alone do not start Node.
    from cdktf import App

    app = App(outdir=str(folder))
    build(app, environments)
    app.synth()
    return folder
