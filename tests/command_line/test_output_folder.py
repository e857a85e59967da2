"""The output is the former one or the new one, whoever dies when, and has one writer at a time."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from command_line.faults import FaultError
from command_line.output_folder import hold, renewed
from tests.product import copy_program

PROJECT = Path(__file__).parents[2]
FORMER = {"dev-network": "former", "test-network": "former"}
NEW = {"dev-network": "new", "prod-network": "new"}

# Renews the output, and dies as by `kill -9` at the change of a folder whose number is the last argument.
DIES = """
import os, sys
from pathlib import Path
from command_line.output_folder import renewed
from tests.command_line.test_output_folder import NEW, write

changes = 0
def count(event, arguments):
    global changes
    if event in ("os.mkdir", "os.rename", "os.remove", "os.rmdir", "shutil.rmtree"):
        changes += 1
        if changes == int(sys.argv[2]):
            os._exit(9)

with renewed(Path(sys.argv[1])) as folder:
    write(folder, NEW)
    sys.addaudithook(count)
"""


def write(folder: Path, programs: dict[str, str]) -> None:
    """What cdktf writes, as far as it matters here."""
    for stack, program in programs.items():
        (folder / "stacks" / stack).mkdir(parents=True)
        (folder / "stacks" / stack / "cdk.tf.json").write_text(program)
    (folder / "manifest.json").write_text(json.dumps({"stacks": {stack: {} for stack in programs}}))


def programs_in(output: Path) -> dict[str, str]:
    return {path.parent.name: path.read_text() for path in output.glob("stacks/*/cdk.tf.json")}


def listed_in(output: Path) -> set[str]:
    return set(json.loads((output / "manifest.json").read_text())["stacks"])


@pytest.fixture
def output(tmp_path: Path) -> Path:
    """The folder with its former output, one stack of which Terraform has worked in."""
    folder = tmp_path / "cdktf.out"
    with renewed(folder) as empty:
        write(empty, FORMER)
    (folder / "stacks" / "dev-network" / ".terraform").mkdir()
    return folder


def test_whenever_a_synth_dies_the_output_is_the_former_or_the_new_one(output: Path, tmp_path: Path) -> None:
    outcomes, number, status = [], 0, 9
    while status == 9:
        number += 1
        target = tmp_path / str(number)
        shutil.copytree(output, target)
        command = [sys.executable, "-c", DIES, str(target), str(number)]
        status = subprocess.run(command, cwd=PROJECT, check=False).returncode  # noqa: S603
        # cdktf reads nothing without a manifest.
        if (target / "manifest.json").exists():
            assert programs_in(target) in (FORMER, NEW)
            assert programs_in(target).keys() == listed_in(target)
        os.close(hold(target))
        outcomes.append(programs_in(target))
        assert outcomes[-1].keys() == listed_in(target)
        assert {path.name for path in target.iterdir()} == {".lock", "manifest.json", "stacks"}
        assert (target / "stacks" / "dev-network" / ".terraform").exists()

    # Former ones, up to a point, and from there on new ones.
    assert status == 0
    assert len(outcomes) > 8
    assert outcomes == sorted(outcomes, key=lambda programs: programs == NEW)
    assert (outcomes[0], outcomes[-1]) == (FORMER, NEW)


def test_a_synth_that_fails_leaves_the_former_output(output: Path) -> None:
    with pytest.raises(ZeroDivisionError), renewed(output) as folder:  # noqa: PT012
        write(folder, NEW)
        raise ZeroDivisionError

    assert (programs_in(output), listed_in(output)) == (FORMER, set(FORMER))
    assert {path.name for path in output.iterdir()} == {".lock", "manifest.json", "stacks"}


def test_a_stack_that_cannot_be_written_leaves_all_others(output: Path) -> None:
    (output / "stacks" / "prod-network").write_text("no folder")

    with pytest.raises(FileExistsError), renewed(output) as folder:
        write(folder, NEW)

    assert (programs_in(output), listed_in(output)) == (FORMER, set(FORMER))


def test_a_file_among_the_stacks_is_let_be(output: Path) -> None:
    (output / "stacks" / ".DS_Store").write_text("a file browser's")

    with renewed(output) as folder:
        write(folder, NEW)

    assert (programs_in(output), listed_in(output)) == (NEW, set(NEW))
    assert (output / "stacks" / ".DS_Store").exists()


def test_what_cannot_take_its_place_is_said_and_follows_later(output: Path) -> None:
    in_the_way = output / "stacks" / "dev-network" / "cdk.tf.json"
    in_the_way.unlink()
    in_the_way.mkdir()

    with (
        pytest.raises(FaultError, match=rf"^{in_the_way}: Is a directory; the new output is whole"),
        renewed(output) as folder,
    ):
        write(folder, NEW)

    assert not (output / "manifest.json").exists()
    in_the_way.rmdir()
    os.close(hold(output))
    assert (programs_in(output), listed_in(output)) == (NEW, set(NEW))


@pytest.mark.parametrize(
    ("files", "says"),
    [
        (["cdktf.json", ".lock"], "is the checkout itself; name an empty folder"),
        (["application.md"], "holds application.md, which is no output of a synth; name an empty folder"),
    ],
)
def test_a_folder_that_is_no_output_is_left_alone(files: list[str], says: str, tmp_path: Path) -> None:
    for name in files:
        (tmp_path / name).touch()

    with pytest.raises(FaultError, match=f"^{tmp_path}: {says}"):
        hold(tmp_path)

    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(files)


def test_a_folder_with_providers_in_it_becomes_an_output(tmp_path: Path) -> None:
    (tmp_path / "stacks" / "dev-network" / ".terraform").mkdir(parents=True)
    (tmp_path / ".DS_Store").touch()

    os.close(hold(tmp_path))


def test_a_second_writer_waits_and_then_gives_up(output: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with renewed(output) as folder:
        write(folder, NEW)
        with pytest.raises(FaultError, match="is still in use"):
            hold(output, patience=0.1)
    assert capsys.readouterr().err == f"{output}: another command works in this folder; waiting for its end\n"

    os.close(hold(output, patience=0.1))


def test_two_synths_at_once_leave_what_one_of_them_wrote(tmp_path: Path) -> None:
    program, output = copy_program(tmp_path / "program"), tmp_path / "cdktf.out"
    running = [
        subprocess.Popen(
            [sys.executable, "main.py"],
            cwd=program,
            env={**os.environ, "ENVIRONMENTS": environment, "CDKTF_OUTDIR": str(output)},
        )
        for environment in ("dev", "prod")
    ]

    assert [process.wait() for process in running] == [0, 0]
    assert len({stack.partition("-")[0] for stack in listed_in(output)}) == 1
    assert programs_in(output).keys() == listed_in(output)
