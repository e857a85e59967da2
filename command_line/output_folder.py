"""The folder that a synth writes: one writer at a time, and at every moment the former output or the new one.

A synth writes into a folder of its own, inside the output's; what is complete takes the former output's place. Stacks
keep their folders, and whatever else is in them: Terraform may be at work there, with its providers, its lock file and
what it knows of the backend. To swap whole folders would take these away, so files are replaced, one after the other,
and this order makes one step of it:

1. What was made gets the name `.complete`. A process that dies before this leaves the former output as it was.
2. The manifest goes. cdktf refuses an output without one, so that nobody reads half of each.
3. File after file takes its place, and the new manifest comes last.

A process that dies after the first step leaves `.complete` behind, and whoever takes the lock next ends what it began.
"""

import json
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from command_line.faults import FaultError

HELD = "CDKTF_OUTPUT_HELD"
"""Names the folder, if a process that outlives this one holds its lock already: the cdktf that started it."""

PATIENCE = 60.0
"""Seconds after which a command does not wait any longer for another one. A synth takes a few."""

_MANIFEST, _STACKS, _PROGRAM = "manifest.json", "stacks", "cdk.tf.json"
_COMPLETE, _UNFINISHED, _LOCK = ".complete", ".unfinished-", ".lock"


def hold(output: Path, patience: float = PATIENCE) -> int:
    """Lock the folder, which is made if need be, until the descriptor that this returns is closed or the process dies.

    Raises:
        FaultError: it holds what no synth wrote, or somebody else holds it for longer than `patience`.
        OSError: it cannot be made or written.

    """
    _refuse_what_is_no_output(output)
    from filelock import lock_descriptor  # takes some milliseconds, which are spared where cdktf holds the lock

    output.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(output / _LOCK, os.O_RDWR | os.O_CREAT, 0o666)
    if not lock_descriptor(descriptor, blocking=False):
        print(f"{output}: another command works in this folder; waiting for its end", file=sys.stderr)
        last_try = time.monotonic() + patience
        while not lock_descriptor(descriptor, blocking=False):
            if time.monotonic() > last_try:
                raise FaultError(f"{output}: is still in use; wait longer, or name another folder with --output")
            time.sleep(0.05)
    _finish(output)
    return descriptor


@contextmanager
def renewed(output: Path) -> Iterator[Path]:
    """Give an empty folder to write the output in; it becomes the output if the context ends well.

    Raises:
        FaultError: somebody else works in the output for too long.
        OSError: it cannot be written.

    """
    descriptor = None if os.environ.get(HELD) == str(output.resolve()) else hold(output)
    try:
        unfinished = Path(tempfile.mkdtemp(prefix=_UNFINISHED, dir=output))
        try:
            yield unfinished
            for stack in (unfinished / _STACKS).iterdir():
                (output / _STACKS / stack.name).mkdir(parents=True, exist_ok=True)
            unfinished.rename(output / _COMPLETE)
        finally:
            shutil.rmtree(unfinished, ignore_errors=True)
        _finish(output)
    finally:
        if descriptor is not None:
            os.close(descriptor)


def _refuse_what_is_no_output(output: Path) -> None:
    """Refuse the checkout, and a folder with things in it that no synth has worked in; nothing is written there."""
    if (output / "cdktf.json").exists():
        raise FaultError(f"{output}: is the checkout itself; name an empty folder, or one that is not there yet")
    if not output.is_dir() or (output / _LOCK).exists():
        return
    # What is hidden may be a file browser's or a cache's.
    known = (_MANIFEST, _STACKS)
    for entry in sorted(output.iterdir()):
        if not entry.name.startswith(".") and entry.name not in known:
            raise FaultError(
                f"{output}: holds {entry.name}, which is no output of a synth; "
                "name an empty folder, or one that is not there yet"
            )


def _finish(output: Path) -> None:
    """Put what is complete in its place, and remove what will never be; only the lock's holder may."""
    complete = output / _COMPLETE
    if (complete / _MANIFEST).exists():
        try:
            (output / _MANIFEST).unlink(missing_ok=True)
            _replace_programs(complete, output)
            (complete / _MANIFEST).replace(output / _MANIFEST)
        except OSError as error:
            # Some files may have taken their places, so the sentence that speaks of the former output would be wrong.
            raise FaultError(
                f"{error.filename2 or error.filename}: {error.strerror}; the new output is whole, but not all of it "
                "is in its place yet; mend that and try again, then the rest follows"
            ) from error
    for leftover in (complete, *output.glob(f"{_UNFINISHED}*")):
        shutil.rmtree(leftover, ignore_errors=True)


def _replace_programs(complete: Path, output: Path) -> None:
    stacks = json.loads((complete / _MANIFEST).read_text(encoding="utf-8"))["stacks"]
    for folder in (output / _STACKS).iterdir():
        # A file among the folders is none of ours, such as `.DS_Store`.
        if folder.name not in stacks and folder.is_dir():
            # cdktf, if it started this, expects to find the folder, and removes it.
            (folder / _PROGRAM).unlink(missing_ok=True)
    for stack in stacks:
        for made in (complete / _STACKS / stack).iterdir():
            made.replace(output / _STACKS / stack / made.name)
