"""`npx cdktf` from a plain shell: it finds the project's Python, is quiet without a terminal, and works alone."""

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from command_line.faults import FaultError
from command_line.launcher import CDKTF, output_of, quiet
from command_line.output_folder import HELD, hold

PROJECT = Path(__file__).parents[2]
PATH = os.pathsep.join(
    [str(Path(sys.executable).parent), os.environ["PATH"]]
)  # there is no .venv in a temporary folder

# In the place of cdktf: starts a process that outlives it, tells of its environment, and works until it is killed.
WORKING_CDKTF = """
const { spawn } = require("node:child_process");
spawn("sleep", ["3"], { stdio: "ignore", detached: true }).unref();
console.log(JSON.stringify({ arguments: process.argv.slice(2), environment: process.env }));
setInterval(() => {}, 1000);
"""


@pytest.mark.parametrize(
    ("terminal", "added"),
    [(True, {"CHECKPOINT_DISABLE"}), (False, {"CHECKPOINT_DISABLE", "CI", "FORCE_COLOR"})],
)
def test_what_is_silenced(terminal: bool, added: set[str]) -> None:  # noqa: FBT001
    assert quiet({"PATH": "/bin"}, terminal=terminal).keys() - {"PATH"} == added


def test_what_is_set_already_stays() -> None:
    assert quiet({"FORCE_COLOR": "1"}, terminal=False)["FORCE_COLOR"] == "1"


@pytest.mark.parametrize(
    ("typed", "folder"),
    [
        ("synth", "cdktf.out"),
        ("deploy dev-network --auto-approve", "cdktf.out"),
        ("diff dev-network --output elsewhere", "elsewhere"),
        ("synth -o elsewhere", "elsewhere"),
        ("destroy --output=elsewhere dev-network", "elsewhere"),
        ("deploy --help", None),
        ("--version", None),
        ("", None),
    ],
)
def test_the_folder_that_a_command_works_in(typed: str, folder: str | None) -> None:
    assert output_of(typed.split(), "cdktf.out") == (folder and Path(folder))


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout in which cdktf is a stand-in."""
    for package in ("command_line", "config"):
        shutil.copytree(PROJECT / package, tmp_path / package)
    shutil.copy(PROJECT / "cdktf.json", tmp_path)
    (tmp_path / CDKTF).parent.mkdir(parents=True)
    (tmp_path / CDKTF).write_text(WORKING_CDKTF)
    return tmp_path


@pytest.fixture
def at_work(checkout: Path) -> Iterator[subprocess.Popen[str]]:
    """A command that works in the output."""
    process = subprocess.Popen(  # noqa: S603
        [checkout / "command_line" / "cdktf", "deploy", "dev-network", "--skip-synth"],
        cwd=checkout,
        env={"PATH": PATH},
        stdout=subprocess.PIPE,
        text=True,
    )
    with process:
        yield process
        process.kill()


def test_a_command_holds_the_output_until_it_ends(checkout: Path, at_work: subprocess.Popen[str]) -> None:
    assert at_work.stdout
    told = json.loads(at_work.stdout.readline())
    output = checkout / "cdktf.out"

    assert told["arguments"] == ["deploy", "dev-network", "--skip-synth"]
    assert told["environment"]["CI"] == "1"
    assert told["environment"][HELD] == str(output)
    with pytest.raises(FaultError):
        hold(output, patience=0.1)
    at_work.send_signal(signal.SIGKILL)
    at_work.wait()
    os.close(hold(output, patience=0.1))


def test_settings_are_checked_before_cdktf_starts(checkout: Path) -> None:
    (checkout / "environments").mkdir()
    (checkout / "environments" / "dev.toml").write_text("workload = 4")

    ended = subprocess.run(  # noqa: S603
        [checkout / "command_line" / "cdktf", "diff", "dev-network"],
        cwd=checkout,
        env={"PATH": PATH},
        capture_output=True,
        text=True,
        check=False,
    )

    assert (ended.returncode, ended.stdout) == (2, "")
    assert ended.stderr.splitlines()
    assert {line.partition(": ")[0] for line in ended.stderr.splitlines()} == {"environments/dev.toml"}
    assert not (checkout / "cdktf.out").exists()


def test_elsewhere_it_says_where_it_works(tmp_path: Path) -> None:
    launcher = PROJECT / "command_line" / "cdktf"
    ended = subprocess.run([launcher], cwd=tmp_path, capture_output=True, text=True, check=False)  # noqa: S603

    assert ended.returncode == 2
    assert ended.stderr == "cdktf works in the folder that holds cdktf.json; change to it first\n"


def test_the_program_finds_the_projects_python_by_itself(tmp_path: Path) -> None:
    python = tmp_path / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text('#!/bin/sh\necho "$0 $* ${PYTHONDONTWRITEBYTECODE:-with byte code}"\n')
    python.chmod(0o755)
    program = json.loads((PROJECT / "cdktf.json").read_text())["app"]

    said = subprocess.run(  # noqa: S603
        ["sh", "-c", program],  # noqa: S607 - as cdktf does
        cwd=tmp_path,
        env={"PATH": os.environ["PATH"], "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=True,
    )

    assert said.stdout == ".venv/bin/python main.py with byte code\n"


def test_setup_puts_the_launcher_in_place() -> None:
    said = subprocess.run(
        ["make", "--dry-run", "--always-make", "setup"],  # noqa: S607
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=True,
    )

    assert "ln -sf ../../command_line/cdktf node_modules/.bin/cdktf\n" in said.stdout
