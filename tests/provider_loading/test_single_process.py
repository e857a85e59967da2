"""The kernel in the process of jsii's entry point: when it runs there, and what becomes of all that it writes."""

import json
import os
import subprocess
from base64 import b64decode, b64encode
from pathlib import Path
from typing import Any

import pytest

from provider_loading.node_kernel import PRELOAD

# Like jsii's own: it tells of the version of Node, starts the kernel with these options, and copies what comes.
ENTRY_POINT = """
console.error("about Node");
const { spawn } = require("child_process");
const kernel = require("path").resolve(__dirname, "..", "lib", "program.js");
const child = spawn(process.execPath, ["--preserve-symlinks", kernel], { stdio: ["ignore", "pipe", "pipe", "pipe"] });
process.stdin.pipe(child.stdio[3]).pipe(process.stdout);
child.stdout.pipe(process.stderr);
"""

KERNEL = """
const fs = require("fs");
const channel = {readFD:3,writeFD:3};
const received = Buffer.alloc("hello".length);
const message = received.toString("utf8", 0, fs.readSync(channel.readFD, received));
const linking = process.execArgv.includes("--preserve-symlinks");
console.log("printed");
console.log("printed next");
process.stdin.on("data", () => console.log("took a message"));
fs.writeSync(channel.writeFD, JSON.stringify({ message, parent: process.ppid, linking, folder: __dirname }) + "\\n");
setTimeout(() => process.exit(), 50);
"""


def run(
    folder: Path,
    *,
    entry_point: str = ENTRY_POINT,
    kernel: str = KERNEL,
    messages: str = "hello",
    status: int = 0,
) -> tuple[dict[str, Any], str]:
    """What the kernel answers to the first message, and what stands on standard error."""
    for name, text in (("bin/jsii-runtime.js", entry_point), ("lib/program.js", kernel), ("lib/other.js", kernel)):
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
    command = ["node", "--require", str(PRELOAD), str(folder / "bin" / "jsii-runtime.js")]
    with subprocess.Popen(command, stdin=-1, stdout=-1, stderr=-1, text=True) as process:  # noqa: S603 - written here
        answer, errors = process.communicate(messages)
    assert process.returncode == status
    return json.loads(answer), errors


def framed(stream: str, text: str) -> str:
    return f'{{"{stream}":"{b64encode(text.encode()).decode()}"}}\n'


def test_the_kernel_runs_in_the_process_of_the_entry_point(tmp_path: Path) -> None:
    answer, errors = run(tmp_path, messages="hello and goodbye")
    assert answer == {"message": "hello", "parent": os.getpid(), "linking": True, "folder": str(tmp_path / "lib")}
    assert errors == "about Node\n" + framed("stdout", "printed\n") + framed("stdout", "printed next\n")


def test_what_libraries_print_as_errors_is_framed_too(tmp_path: Path) -> None:
    _, errors = run(tmp_path, kernel=KERNEL.replace("console.log", "console.error"))
    assert errors == "about Node\n" + framed("stderr", "printed\n") + framed("stderr", "printed next\n")


def test_nothing_that_was_printed_is_lost_at_the_end(tmp_path: Path) -> None:
    much = "x" * 300_000
    kernel = KERNEL.replace("setTimeout(", f'console.log("{much}"); console.error("last words"); process.exit();\n//')
    _, errors = run(tmp_path, kernel=kernel)
    assert errors.endswith(framed("stdout", f"{much}\n") + framed("stderr", "last words\n"))


def test_an_error_that_ends_the_kernel_is_framed(tmp_path: Path) -> None:
    kernel = KERNEL.replace("setTimeout(", 'setImmediate(() => { throw new Error("broken"); });\n//')
    _, errors = run(tmp_path, kernel=kernel, status=1)
    last = json.loads(errors.splitlines()[-1])
    assert b64decode(last["stderr"]).startswith(b"Error: broken\n    at ")


def test_what_the_kernel_starts_later_is_started_as_it_is(tmp_path: Path) -> None:
    start = 'require("child_process").spawn("true", ["--preserve-symlinks", __filename]).on("close", process.exit);\n//'
    answer, _ = run(tmp_path, kernel=KERNEL.replace("setTimeout(", start))
    assert answer["message"] == "hello"


@pytest.mark.parametrize(
    "other",
    [
        {"entry_point": ENTRY_POINT.replace("program.js", "other.js")},
        {"entry_point": ENTRY_POINT.replace("--preserve-symlinks", "--preserve-symlinks-main")},
        {"kernel": KERNEL.replace("readFD:3,writeFD:3", "writeFD:3,readFD:3")},
    ],
    ids=["another program", "without the option", "other descriptors"],
)
def test_an_entry_point_that_is_not_as_known_runs_as_it_is(tmp_path: Path, other: dict[str, Any]) -> None:
    answer, errors = run(tmp_path, **other)
    assert answer["message"] == "hello"
    assert answer["parent"] != os.getpid()
    assert errors == "about Node\nprinted\nprinted next\n"


def test_whoever_debugs_jsii_gets_jsii_as_it_comes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JSII_DEBUG", "1")
    answer, _ = run(tmp_path)
    assert answer["parent"] != os.getpid()


def test_an_error_of_the_entry_point_is_not_lost(tmp_path: Path) -> None:
    entry_point = tmp_path / "bin" / "jsii-runtime.js"
    entry_point.parent.mkdir()
    entry_point.write_text("throw new Error('broken');")
    command = ["node", "--require", str(PRELOAD), str(entry_point)]
    ended = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - written here
    assert ended.returncode == 1
    assert "Error: broken" in ended.stderr
