"""A synth of its own, for commands that look at what the program says now and leave `cdktf.out/` alone."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

CHECKOUT = Path(__file__).parents[1]


@contextmanager
def synthesised() -> Iterator[Path]:
    """The folder of a synth of the environments that `ENVIRONMENTS` names, or of all.

    Raises:
        SystemExit: it failed, and has said why; with its exit code.

    """
    with tempfile.TemporaryDirectory(prefix="synth-") as scratch:
        folder = Path(scratch, "cdktf.out")
        variables = {**os.environ, "CDKTF_OUTDIR": str(folder)}
        done = subprocess.run([sys.executable, "main.py"], cwd=CHECKOUT, env=variables, check=False)
        if done.returncode:
            raise SystemExit(done.returncode)
        yield folder
