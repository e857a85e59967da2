"""The script preloaded into the kernel: what it defers, what it leaves alone, and how Node comes to load it."""

import json
import os
import subprocess
import tarfile
from base64 import b64encode
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

import pytest

from provider_loading.node_kernel import PRELOAD, preloading

INDEX = Path("node_modules/@cdktf/provider-fake/lib/index.js")

# Tells what each line of the index gives, and when its folder was loaded.
READ_INDEX = """
globalThis.loaded = [];
const index = require(process.argv[1]);
const atStart = [...loaded];
const values = Object.fromEntries(Object.keys(index).map((key) => [key, index[key].value ?? index[key]]));
console.log(JSON.stringify({ atStart, values }));
"""


def node(*arguments: str, preload: Path | None = PRELOAD) -> str:
    command = ["node", *(["--require", str(preload)] if preload else []), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout  # noqa: S603 - written here


def write_library(folder: Path, index: Path, lines: list[str]) -> Path:
    path = folder / index
    for name in ("lake", "river", "sea"):
        (path.parent / name).mkdir(parents=True)
        (path.parent / name / "index.js").write_text(f'loaded.push("{name}"); exports.value = "{name}";')
    path.write_text("\n".join(['"use strict";', *lines, ""]))
    return path


def test_a_folder_is_loaded_when_it_is_used(tmp_path: Path) -> None:
    lines = ['exports.lake = require("./lake");', "exports.river = require('./river');"]
    index = write_library(tmp_path, INDEX, ["exports.river = exports.lake = void 0;", *lines])
    answer = json.loads(node("-e", READ_INDEX, str(index)))
    assert answer == {"atStart": [], "values": {"river": "river", "lake": "lake"}}


@pytest.mark.parametrize(
    "line",
    [
        'exports.lake = __importStar(require("./lake"));',
        'exports.lake = require("./lake"), exports.depth = 4;',
        'exports.lake = require("./lake").value;',
        '  exports.lake = require("./lake");',
        'exports.lake = require("./sub/../lake");',
    ],
)
def test_a_line_of_another_form_stays_as_it_is(tmp_path: Path, line: str) -> None:
    lines = ["const __importStar = (module) => ({ ...module });", line, 'exports.river = require("./river");']
    index = write_library(tmp_path, INDEX, lines)
    answer = json.loads(node("-e", READ_INDEX, str(index)))
    stock = json.loads(node("-e", READ_INDEX, str(index), preload=None))
    assert answer["atStart"] == ["lake"]
    assert answer["values"] == stock["values"]


def test_a_library_that_is_no_provider_stays_as_it_is(tmp_path: Path) -> None:
    index = write_library(tmp_path, Path("node_modules/cdktf/lib/index.js"), ['exports.lake = require("./lake");'])
    assert json.loads(node("-e", READ_INDEX, str(index)))["atStart"] == ["lake"]


@pytest.mark.parametrize("provider", ["azurerm", "azuread", "kubernetes"])
def test_every_folder_of_the_installed_libraries_is_deferred(tmp_path: Path, provider: str) -> None:
    package = f"cdktf_cdktf_provider_{provider}"
    library = f"provider-{provider}"
    index = tmp_path / "node_modules" / "@cdktf" / library / "lib" / "index.js"
    spec = find_spec(f"{package}._jsii")
    assert spec is not None
    assert spec.origin is not None
    with tarfile.open(Path(spec.origin).with_name(f"{library}@{version(package)}.jsii.tgz")) as archive:
        member = archive.extractfile("package/lib/index.js")
        assert member is not None
        index.parent.mkdir(parents=True)
        index.write_bytes(member.read())
    # None of the folders exists here, so that this fails if one of them is asked for.
    assert int(node("-p", "Object.keys(require(process.argv[1])).length", str(index))) > 0


def test_what_zips_folders_is_loaded_when_a_folder_is_zipped(tmp_path: Path) -> None:
    library = tmp_path / "node_modules" / "cdktf" / "lib" / "private" / "fs.js"
    library.parent.mkdir(parents=True)
    archiver = tmp_path / "node_modules" / "archiver.js"
    archiver.write_text("globalThis.isLoaded = true; module.exports = (...options) => options;")
    # As the installed cdktf has it, up to what it requires next.
    spec = find_spec("cdktf._jsii")
    assert spec is not None
    assert spec.origin is not None
    with tarfile.open(next(Path(spec.origin).parent.glob("cdktf@*.jsii.tgz"))) as archive:
        member = archive.extractfile("package/lib/private/fs.js")
        assert member is not None
        head = member.read().decode().partition("const errors_1")[0]
    library.write_text(
        head.replace("exports.", "// exports.")
        + 'exports.isLoaded = globalThis.isLoaded;\nexports.zip = archiver("zip", 9);'
    )
    assert json.loads(node("-p", "JSON.stringify(require(process.argv[1]))", str(library))) == {"zip": ["zip", 9]}
    stock = node("-p", "JSON.stringify(require(process.argv[1]))", str(library), preload=None)
    assert json.loads(stock) == {"isLoaded": True, "zip": ["zip", 9]}


def test_only_a_source_map_at_the_end_is_left_out(tmp_path: Path) -> None:
    empty = b64encode(b'{"version": 3, "sources": [], "mappings": ""}').decode()
    source_map = f"//# sourceMappingURL=data:application/json;base64,{empty}"
    module = tmp_path / "module.js"
    module.write_text(f"exports.text = `\n{source_map}\n`;\nexports.source = () => 4;\n{source_map}\n")
    # Node tells of the source map that it read.
    program = """
    const { text, source } = require(process.argv[1]);
    console.log(JSON.stringify([text.trim(), source(), !!require("module").findSourceMap(process.argv[1])]));
    """
    assert json.loads(node("--enable-source-maps", "-e", program, str(module))) == [source_map, 4, False]


def test_errors_keep_their_stacks() -> None:
    program = """
    function captureStackTrace() { const seen = {}; Error.captureStackTrace(seen, captureStackTrace); return seen; }
    function below() { const seen = {}; Error.captureStackTrace(seen, below); return seen; }
    function here() { const seen = {}; Error.captureStackTrace(seen); return seen; }
    const limited = captureStackTrace();
    Error.stackTraceLimit = Number.MAX_SAFE_INTEGER;
    const stacks = [limited, below(), here(), new Error()].map((seen) => seen.stack.split("\\n")[1]);
    console.log(stacks.every((frame, number) => frame.startsWith(number === 2 ? "    at here" : "    at [eval]")));
    """
    assert node("-e", program) == "true\n"


def test_the_kernel_exits_when_its_workers_have_ended(tmp_path: Path) -> None:
    program = """
    const { Worker } = require("worker_threads");
    const work = 'setTimeout(() => require("fs").writeFileSync(require("worker_threads").workerData, ""), 200)';
    new Worker(work, { eval: true, workerData: process.argv[1] });
    process.exit(3);
    """
    done = tmp_path / "done"
    with pytest.raises(subprocess.CalledProcessError) as raised:
        node("-e", program, str(done))
    assert raised.value.returncode == 3
    assert done.exists()


@pytest.mark.parametrize("name", ["a b", 'quo"te', "back\\slash"])
@pytest.mark.parametrize("before", [None, "--no-warnings"])
def test_node_loads_the_script_from_any_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, before: str | None
) -> None:
    script = tmp_path / name / "script.cjs"
    script.parent.mkdir()
    script.write_text("globalThis.preloaded = true;")
    if before is None:
        monkeypatch.delenv("NODE_OPTIONS", raising=False)
    else:
        monkeypatch.setenv("NODE_OPTIONS", before)
    with preloading(script):
        # Node ends with an error where it does not understand NODE_OPTIONS.
        assert node("-p", "preloaded", preload=None) == "true\n"
        assert os.environ["NODE_OPTIONS"].startswith(before or "--preserve-symlinks")
    assert os.environ.get("NODE_OPTIONS") == before
