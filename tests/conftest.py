"""Set-up that every test shares: the providers are imported once, lazily, and the product is synthesised once."""

import provider_loading  # noqa: F401 - acts before the first import of cdktf

# isort: split
from pathlib import Path

import pytest

from config.loading import ENVIRONMENTS_FOLDER, load_environments
from main import build


@pytest.fixture(scope="session")
def synthesised(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that a synth of all environments wrote: `manifest.json` and `stacks/<stack>/cdk.tf.json`."""
    # Imported here, so that tests of the settings alone do not start Node.
    from cdktf import App

    folder = tmp_path_factory.mktemp("cdktf.out")
    app = App(outdir=str(folder))
    build(app, load_environments(ENVIRONMENTS_FOLDER, {}))
    app.synth()
    return folder
