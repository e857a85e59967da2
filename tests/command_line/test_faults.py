"""What is wrong with the machine ends a command in one sentence, and with exit code 2."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from command_line.faults import faults_in_one_sentence

PROJECT = Path(__file__).parents[2]

OLD_NODE = """#!/bin/sh
case "$1" in
  --version) echo v18.20.8 ;;
  *) exit 1 ;;
esac
"""


def synth(**changes: str) -> tuple[int, str]:
    """Exit code and complaints of a synth in a changed environment, notices about the settings left out."""
    ended = subprocess.run(
        [sys.executable, "main.py"],
        cwd=PROJECT,
        env={**os.environ, **changes},
        capture_output=True,
        text=True,
        check=False,
    )
    lines = ended.stderr.splitlines(keepends=True)
    return ended.returncode, "".join(line for line in lines if not line.startswith("environments/"))


def test_without_node(tmp_path: Path) -> None:
    assert synth(PATH=str(tmp_path)) == (
        2,
        "node: is not found; install Node 22, which cdktf runs in, and put it on the path\n",
    )


def test_terraform_is_not_asked_for(tmp_path: Path) -> None:
    """Cdktf runs it at a synth where a resource moves by `move_from_id`, or is imported."""
    (tmp_path / "node").symlink_to(shutil.which("node") or "")

    # The shell, by which cdktf would run it.
    assert synth(PATH=f"{tmp_path}:/bin", TERRAFORM_BINARY_NAME="no-terraform", CDKTF_OUTDIR=str(tmp_path / "out")) == (
        0,
        "",
    )


def test_with_a_node_that_is_too_old(tmp_path: Path) -> None:
    node = tmp_path / "node"
    node.write_text(OLD_NODE)
    node.chmod(0o755)

    assert synth(JSII_NODE=str(node), CDKTF_OUTDIR=str(tmp_path / "out")) == (
        2,
        f"{node}: v18.20.8 is too old; install Node 22, which cdktf runs in, and put it on the path\n",
    )
    assert [path.name for path in (tmp_path / "out").iterdir()] == [".lock"]


def test_with_a_file_in_place_of_the_output(tmp_path: Path) -> None:
    file = tmp_path / "cdktf.out"
    file.touch()

    assert synth(CDKTF_OUTDIR=str(file)) == (
        2,
        f"{file}: file exists; mend that and try again, nothing was changed\n",
    )


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no disk that is always full")
def test_with_a_full_disk(capsys: pytest.CaptureFixture[str]) -> None:
    # jsii passes on what Node says, as the text of a RuntimeError.
    program = "try { fs.writeFileSync('/dev/full', 'x') } catch (error) { console.log(error.message) }"
    said = subprocess.run(["node", "--eval", program], capture_output=True, text=True, check=True).stdout  # noqa: S603, S607

    with pytest.raises(SystemExit) as exit_, faults_in_one_sentence():
        raise RuntimeError(said)

    assert exit_.value.code == 2
    assert (
        capsys.readouterr().err == "the output: no space left on device; mend that and try again, nothing was changed\n"
    )


def test_a_mistake_in_the_program_keeps_its_traceback() -> None:
    with pytest.raises(RuntimeError, match="a resource of that name"), faults_in_one_sentence():
        raise RuntimeError("There is already a resource of that name")
