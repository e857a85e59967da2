"""Nobody waits for the kernel before it is asked for something, and what is wrong with it is told then."""

import os
import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).parents[2]

# Starts when the file exists for which it waits, or gives up.
WAITING_NODE = """#!/bin/sh
for _ in $(seq 300); do
  [ -e "$AWAITED" ] && exec node "$@"
  sleep 0.1
done
exit 1
"""

PROGRAM = """
import os, pathlib
import provider_loading
from cdktf import App
from cdktf_cdktf_provider_azurerm.subnet import Subnet
pathlib.Path(os.environ["AWAITED"]).touch()
print("imported", flush=True)
print(App().node.path == "")
"""

ASKING_NOTHING = """
import provider_loading, cdktf
print("imported")
"""

BROKEN_PACKAGE = """
import os
import provider_loading, cdktf
from jsii._runtime import kernel
kernel.load("broken", "1.0.0", os.environ["PACKAGE"])
print("imported", flush=True)
cdktf.App()
"""


def run(program: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603 - written here
        [sys.executable, "-c", program],
        cwd=PROJECT,
        env={**os.environ, "PROVIDER_LOADING": "lazy", **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def node_of(folder: Path, text: str) -> dict[str, str]:
    """Variables by which jsii starts this in the place of Node."""
    node = folder / "node"
    node.write_text(text)
    node.chmod(0o755)
    return {"JSII_NODE": str(node), "AWAITED": str(folder / "awaited")}


def test_packages_are_imported_before_the_kernel_has_started(tmp_path: Path) -> None:
    ended = run(PROGRAM, **node_of(tmp_path, WAITING_NODE))
    assert ended.stdout == "imported\nTrue\n", ended.stderr


def test_a_program_that_asks_nothing_ends_in_peace() -> None:
    ended = run(ASKING_NOTHING)
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "imported\n", "")


def test_a_kernel_that_does_not_start_is_told_of_when_it_is_asked(tmp_path: Path) -> None:
    ended = run(PROGRAM, **node_of(tmp_path, "#!/bin/sh\nexit 1\n"))
    assert ended.stdout == "imported\n"
    assert ended.returncode == 1
    assert "JSONDecodeError" in ended.stderr


def test_a_package_that_cannot_be_loaded_is_told_of_when_the_kernel_is_asked(tmp_path: Path) -> None:
    package = tmp_path / "broken.tgz"
    package.write_text("no archive")
    ended = run(BROKEN_PACKAGE, PACKAGE=str(package))
    assert ended.stdout == "imported\n"
    assert ended.stderr.endswith("\nRuntimeError: TAR_BAD_ARCHIVE: Unrecognized archive format\n")
