"""What importing `provider_loading` does to a program: all of it, or nothing at all."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from provider_loading.node_kernel import PRELOAD

PROJECT = Path(__file__).parents[2]

# Leaves in a file what Node is started with, and that each of its processes started; then starts it.
RECORDING_NODE = """#!/bin/sh
echo "$NODE_OPTIONS" > "$RECORD"
export NODE_OPTIONS="$NODE_OPTIONS --require $COUNT"
exec node "$@"
"""
COUNT = """
if (require("worker_threads").isMainThread) require("fs").appendFileSync(process.env.RECORD, "a process\\n");
"""

PROGRAM = """
import atexit, gc, sys, typing
atexit.register(lambda: print("objects frozen at exit:", gc.get_freeze_count() > 0))
import provider_loading
print("Node started by the import:", "jsii" in sys.modules)
import cdktf, cdktf_cdktf_provider_azuread
print("hints remembered:", cdktf._private.typing is not typing)
print("modules loaded:", any(name.startswith("cdktf_cdktf_provider_azuread.user") for name in sys.modules))
print("stacks of tokens:", len(cdktf.Op.not_(True).creation_stack) > 0)
print("collector's default:", gc.get_threshold() == (700, 10, 10))
"""


def run(tmp_path: Path, setting: str) -> tuple[subprocess.CompletedProcess[str], str]:
    """The program's end, and the NODE_OPTIONS that the kernel got with a line for each process of Node."""
    node, record, count = tmp_path / "node", tmp_path / "record", tmp_path / "count.cjs"
    node.write_text(RECORDING_NODE)
    node.chmod(0o755)
    count.write_text(COUNT)
    recording = {"JSII_NODE": str(node), "RECORD": str(record), "COUNT": str(count)}
    environment = {**os.environ, "PROVIDER_LOADING": setting, **recording}
    environment.pop("NODE_OPTIONS", None)
    command = [sys.executable, "-c", PROGRAM]
    ended = subprocess.run(command, cwd=PROJECT, env=environment, capture_output=True, text=True, check=False)  # noqa: S603
    return ended, record.read_text() if record.exists() else "never started"


@pytest.mark.parametrize("setting", ["lazy", ""])
def test_it_makes_everything_lazy(tmp_path: Path, setting: str) -> None:
    ended, started = run(tmp_path, setting)
    assert ended.stdout.splitlines() == [
        "Node started by the import: False",
        "hints remembered: True",
        "modules loaded: False",
        "stacks of tokens: False",
        "collector's default: False",
        "objects frozen at exit: True",
    ]
    assert started == f'--preserve-symlinks --require "{PRELOAD}"\na process\n'


def test_switched_off_it_changes_nothing(tmp_path: Path) -> None:
    ended, started = run(tmp_path, "eager")
    assert ended.stdout.splitlines() == [
        "Node started by the import: False",
        "hints remembered: False",
        "modules loaded: True",
        "stacks of tokens: True",
        "collector's default: True",
        "objects frozen at exit: False",
    ]
    assert started == "\na process\na process\n"


def test_a_setting_that_it_does_not_know_ends_the_program_in_one_line(tmp_path: Path) -> None:
    ended, started = run(tmp_path, "Eager")
    assert ended.returncode == 2
    assert ended.stderr == "PROVIDER_LOADING: 'Eager' is no way to load providers: give lazy, the default, or eager\n"
    assert started == "never started"
