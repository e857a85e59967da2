"""The guard of every upgrade: the hooks change no byte of what the product writes."""

import os
import subprocess
import sys
from pathlib import Path

from tests.product import copy_program


def synthesise(program: Path, folder: Path, loading: str) -> subprocess.Popen[bytes]:
    environment = {**os.environ, "PROVIDER_LOADING": loading, "CDKTF_OUTDIR": str(folder)}
    environment.pop("ENVIRONMENTS", None)
    return subprocess.Popen([sys.executable, "main.py"], cwd=program, env=environment)


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_the_product_is_the_same_with_and_without(tmp_path: Path) -> None:
    program = copy_program(tmp_path / "program")
    folders = {loading: tmp_path / loading for loading in ("lazy", "eager")}
    running = [synthesise(program, folder, loading) for loading, folder in folders.items()]
    assert [process.wait() for process in running] == [0, 0]
    lazy, eager = (contents(folder) for folder in folders.values())
    assert lazy
    assert [name for name in lazy.keys() | eager.keys() if lazy.get(name) != eager.get(name)] == []
