"""What is wrong with the machine, and not with the program, ends a command in one sentence and with exit code 2."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

FAULT = 2
"""With this a command ends when a person must mend something first; wrong settings end it with the same."""

OLDEST_NODE = 20

OLDEST_TERRAFORM = (1, 11)
"""The first with write-only arguments; the stacks ask for it too."""

# How Node words what the system refused: `ENOSPC: no space left on device, write`, perhaps with a path at the end.
_REFUSED_IN_NODE = re.compile(r"\bE[A-Z0-9]{2,}: ([^,]+), \w+(?: '([^']+)')?")


class FaultError(Exception):
    """Something that the person at the machine must mend; the message is the whole sentence."""


@contextmanager
def faults_in_one_sentence() -> Iterator[None]:
    """End the program with a sentence where a traceback would hide what is wrong, such as a full disk."""
    try:
        yield
    except Exception as error:
        if sentence := _sentence(error):
            print(sentence, file=sys.stderr)
            sys.exit(FAULT)
        if sentence := _about_node():
            print(sentence, file=sys.stderr, flush=True)
            # The kernel is dead. At an ordinary exit jsii would send it a farewell, and fail.
            os._exit(FAULT)
        raise


def require_node() -> None:
    """Look for Node where jsii will.

    Raises:
        FaultError: there is none.

    """
    if shutil.which(_node()) is None:
        raise FaultError(f"{_node()}: is not found; install Node 22, which cdktf runs in, and put it on the path")


def require_terraform() -> None:
    """Look for Terraform where cdktf will, and ask it for its version.

    Raises:
        FaultError: there is none, or it is too old.

    """
    terraform = os.environ.get("TERRAFORM_BINARY_NAME") or "terraform"
    mend = f"install {'.'.join(map(str, OLDEST_TERRAFORM))} or later, and put it on the path"
    found = shutil.which(terraform)
    if found is None:
        raise FaultError(f"{terraform}: is not found; {mend}")
    version = terraform_version(found)
    if version < OLDEST_TERRAFORM:
        raise FaultError(f"{terraform}: {'.'.join(map(str, version))} is too old; {mend}")


def terraform_version(path: str) -> tuple[int, ...]:
    """Version of a Terraform, pre-release left out; takes a tenth of a second.

    Raises:
        FaultError: it does not say.

    """
    asked = subprocess.run([path, "version", "-json"], capture_output=True, text=True, check=False)  # noqa: S603
    said = re.search(r'"terraform_version": *"(\d+)\.(\d+)\.(\d+)', asked.stdout)
    if said is None:
        raise FaultError(f"{path}: does not say its version; look at what `{path} version -json` prints")
    return tuple(int(part) for part in said.groups())


def _node() -> str:
    return os.environ.get("JSII_NODE", "node")


def _sentence(error: Exception) -> str | None:
    if isinstance(error, FaultError):
        return str(error)
    if isinstance(error, OSError) and error.strerror:
        return _refused(error.strerror, error.filename)
    if isinstance(error, RuntimeError) and (words := _REFUSED_IN_NODE.search(str(error))):
        return _refused(words[1], words[2])
    return None


def _refused(why: str, path: str | None) -> str:
    return f"{path or 'the output'}: {why[0].lower()}{why[1:]}; mend that and try again, nothing was changed"


def _about_node() -> str | None:
    """A look at the version costs as much as the start of Node, so it is taken when something has failed already."""
    asked = subprocess.run([_node(), "--version"], capture_output=True, text=True, check=False)  # noqa: S603
    found = asked.stdout.strip()
    if int(found.removeprefix("v").partition(".")[0]) >= OLDEST_NODE:
        return None
    return f"{_node()}: {found} is too old; install Node 22, which cdktf runs in, and put it on the path"
