"""Every accepted row of options, synthesised once for the tests of this folder."""

from collections.abc import Callable
from pathlib import Path

import pytest
from cdktf import App

from main import build
from tests.policy.network_options import ACCEPTED, Row, load


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
