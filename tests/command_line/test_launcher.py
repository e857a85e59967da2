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

from command_line.faults import OLDEST_TERRAFORM, FaultError, require_terraform
from command_line.launcher import CDKTF, output_of, quiet
from command_line.output_folder import HELD, hold
from stacks.versions import TERRAFORM_VERSION
from tests.config.environment_file import write_environment

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


def terraform_in(folder: Path, version: str) -> str:
    """A stand-in that says a version."""
    program = folder / f"terraform-{version}"
    program.write_text(f"""#!/bin/sh\necho '{{"terraform_version": "{version}"}}'\n""")
    program.chmod(0o755)
    return str(program)


@pytest.fixture
def at_work(checkout: Path) -> Iterator[subprocess.Popen[str]]:
    """A command that works in the output."""
    process = subprocess.Popen(  # noqa: S603
        [checkout / "command_line" / "cdktf", "deploy", "dev-network", "--skip-synth"],
        cwd=checkout,
        env={"PATH": PATH, "TERRAFORM_BINARY_NAME": terraform_in(checkout, "1.11.0")},
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


@pytest.mark.parametrize("command", ["diff", "plan", "deploy", "apply", "destroy", "output", "outputs", "watch"])
def test_without_terraform(command: str, checkout: Path) -> None:
    ended = subprocess.run(  # noqa: S603
        [checkout / "command_line" / "cdktf", command, "--skip-synth"],
        cwd=checkout,
        env={"PATH": PATH, "TERRAFORM_BINARY_NAME": "terraform-of-ours"},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )

    assert (ended.returncode, ended.stdout, ended.stderr) == (
        2,
        "",
        "terraform-of-ours: is not found; install 1.11 or later, and put it on the path\n",
    )
    assert not (checkout / "cdktf.out").exists()


def test_with_a_terraform_that_is_too_old(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    old = terraform_in(tmp_path, "1.9.8")
    monkeypatch.setenv("TERRAFORM_BINARY_NAME", old)

    with pytest.raises(FaultError, match=f"^{old}: 1.9.8 is too old; install 1.11 or later, and put it on the path$"):
        require_terraform()


def test_the_stacks_ask_for_the_same_terraform() -> None:
    assert f">= {'.'.join(map(str, OLDEST_TERRAFORM))}.0" == TERRAFORM_VERSION


@pytest.mark.parametrize("command", ["synth", "list"])
def test_notices_are_told_once_and_without_terraform(command: str, checkout: Path) -> None:
    write_environment(checkout, "dev", {"state_backend.bootstrap": True})
    # In the place of cdktf: what it calls the program for.
    (checkout / CDKTF).write_text(
        'require("node:child_process").spawnSync("python", ["-c", process.env.PROGRAM], { stdio: "inherit" });'
    )

    ended = subprocess.run(  # noqa: S603
        [checkout / "command_line" / "cdktf", command],
        cwd=checkout,
        env={
            "PATH": PATH,
            "TERRAFORM_BINARY_NAME": "not-there",
            "PROGRAM": "import os; from config.loading import load_or_exit; print(len(load_or_exit(os.environ)))",
        },
        capture_output=True,
        text=True,
        check=False,
    )

    assert (ended.returncode, ended.stdout) == (0, "1\n")
    assert ended.stderr.count("environments/dev.toml: state_backend.bootstrap: true keeps the state") == 1


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
