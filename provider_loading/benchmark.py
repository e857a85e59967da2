"""Measures what a synth costs, with this package and without, and renews the figures in docs/performance.md.

Every program runs once unmeasured, so that byte code and the kernel's package cache exist, and then in turns: what else
the machine does meets all of them alike. Linux only: memory is read from /proc.
"""

import argparse
import json
import os
import platform
import select
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from statistics import median

PROJECT = Path(__file__).parents[1]
PAGE = PROJECT / "docs" / "performance.md"
BEGIN, END = "<!-- written by `make bench` -->", "<!-- end of what `make bench` writes -->"

PRODUCT_SOURCES = ("cdktf.json", "main.py", "command_line", "config", "constructs_lib", "provider_loading", "stacks")
ADDED_ENVIRONMENTS = (1, 4, 16)
BARE_STACK = 'from cdktf import App, TerraformStack; app = App(); TerraformStack(app, "bare"); app.synth()'

PACKAGES = (
    "cdktf",
    "cdktf-cdktf-provider-azurerm",
    "cdktf-cdktf-provider-azuread",
    "cdktf-cdktf-provider-kubernetes",
    "constructs",
    "jsii",
)

SAMPLING_MS = 20


@dataclass(frozen=True)
class Run:
    """What one run cost: seconds, and the peaks of resident memory in MB, summed over the processes of a kind."""

    wall: float
    cpu: float
    python: float
    node: float


@dataclass
class Program:
    """A row of the table, and the row of the same program without this package."""

    title: str
    command: list[str]
    folder: Path
    environment: dict[str, str]
    eager: "Program | None" = None
    runs: list[Run] = field(default_factory=list)
    resources: int = 0

    def run(self) -> Run:
        """Run it once, and count what it synthesised."""
        with tempfile.TemporaryDirectory() as output:
            command = [argument.format(output=output) for argument in self.command]
            run = measure(command, self.folder, {**self.environment, "CDKTF_OUTDIR": output})
            self.resources = sum(
                len(instances)
                for stack in Path(output).glob("stacks/*/cdk.tf.json")
                for instances in json.loads(stack.read_bytes()).get("resource", {}).values()
            )
        return run

    @property
    def typical(self) -> Run:
        """The median of each figure."""
        figures = zip(*((run.wall, run.cpu, run.python, run.node) for run in self.runs), strict=True)
        return Run(*map(median, figures))


def measure(command: list[str], folder: Path, environment: dict[str, str]) -> Run:
    """Run a command, and watch its processes until it ends."""
    with tempfile.TemporaryFile() as errors:
        started = time.perf_counter()
        process = subprocess.Popen(  # noqa: S603 - written in this file
            command, cwd=folder, env={**os.environ, **environment}, stdout=subprocess.DEVNULL, stderr=errors
        )
        peaks: dict[int, tuple[str, float]] = {}
        exited = select.poll()
        descriptor = os.pidfd_open(process.pid)
        exited.register(descriptor, select.POLLIN)
        while not exited.poll(SAMPLING_MS):
            peaks.update(_memory_peaks(process.pid))
        wall = time.perf_counter() - started
        os.close(descriptor)
        # Unlike Popen.wait, this gives the time of the process and of all that it waited for.
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode != 0:
            errors.seek(0)
            sys.exit(f"{' '.join(command)} failed:\n{errors.read().decode()}")
    python, node = (sum(peak for kind, peak in peaks.values() if kind.startswith(name)) for name in ("python", "node"))
    return Run(wall, usage.ru_utime + usage.ru_stime, python, node)


def _memory_peaks(pid: int) -> Iterator[tuple[int, tuple[str, float]]]:
    """The program and the peak of resident memory of a process and its descendants; a process may end meanwhile."""
    with suppress(OSError):
        process = Path("/proc", str(pid))
        program = (process / "exe").readlink().name
        for line in (process / "status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                yield pid, (program, int(line.split()[1]) / 1024)
        for children in process.glob("task/*/children"):
            for child in children.read_text().split():
                yield from _memory_peaks(int(child))


def programs(workshop: Path) -> list[Program]:
    """Everything to measure; generated environments go into the workshop."""
    synth = [sys.executable, "main.py"]

    name = _first_environment().stem
    one, every = {"ENVIRONMENTS": name}, {"ENVIRONMENTS": ""}
    eager, lazy = {"PROVIDER_LOADING": "eager"}, {"PROVIDER_LOADING": "lazy"}
    one_eager = Program(f"`{name}`, eager", synth, PROJECT, one | eager)
    every_eager = Program("all environments, eager", synth, PROJECT, every | eager)
    cli = ["npx", "--no-install", "cdktf", "synth", "--output", "{output}"]
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    # Terraform, which the command line asks for its version, would otherwise ask for news of itself.
    offline = {"PATH": path, "CHECKPOINT_DISABLE": "1"}
    return [
        one_eager,
        Program(f"`{name}`", synth, PROJECT, one | lazy, one_eager),
        Program(f"`{name}` through `npx cdktf synth`", cli, PROJECT, one | lazy | offline),
        every_eager,
        Program("all environments", synth, PROJECT, every | lazy, every_eager),
        *(
            Program(f"generated environments: {count}", synth, _product_with(count, workshop), every | lazy)
            for count in ADDED_ENVIRONMENTS
        ),
        Program("floor: a bare stack, no provider", [sys.executable, "-c", BARE_STACK], workshop, {}),
    ]


def _first_environment() -> Path:
    """The file of the environment to measure: `dev` in this repository, and whatever comes first in another."""
    return min((PROJECT / "environments").glob("*.toml"))


def _product_with(environments: int, workshop: Path) -> Path:
    """A copy of the product with so many environments, all like the first."""
    folder = workshop / f"{environments}-environments"
    (folder / "environments").mkdir(parents=True)
    for name in PRODUCT_SOURCES:
        copy = shutil.copytree if (PROJECT / name).is_dir() else shutil.copy2
        copy(PROJECT / name, folder / name)
    for number in range(environments):
        shutil.copy(_first_environment(), folder / "environments" / f"env{number:02}.toml")
    return folder


def report(measured: list[Program]) -> str:
    """The generated section of the page."""
    lines = [
        "| Program | Resources | Wall s | CPU s | Python MB | Node MB | Wall, CPU, memory: part of eager |",
        "|---|--:|--:|--:|--:|--:|---|",
    ]
    for program in measured:
        run, part = program.typical, ""
        if program.eager:
            eager = program.eager.typical
            memory = (eager.python + eager.node) / (run.python + run.node)
            part = f"1/{eager.wall / run.wall:.1f}, 1/{eager.cpu / run.cpu:.1f}, 1/{memory:.1f}"
        figures = f"{run.wall:.2f} | {run.cpu:.2f} | {run.python:.0f} | {run.node:.0f}"
        lines.append(f"| {program.title} | {program.resources} | {figures} | {part} |")
    few, *_, many = (program for program in measured if program.title.startswith("generated"))
    added = many.resources - few.resources
    node = subprocess.run(["node", "--version"], capture_output=True, text=True, check=True)  # noqa: S607
    packages = ", ".join(f"{package} {version(package)}" for package in PACKAGES)
    return "\n".join(
        [
            *lines,
            "",
            f"From {ADDED_ENVIRONMENTS[0]} to {ADDED_ENVIRONMENTS[-1]} environments each added resource takes "
            f"**{1000 * (many.typical.wall - few.typical.wall) / added:.2f} ms** wall and "
            f"{1000 * (many.typical.cpu - few.typical.cpu) / added:.2f} ms CPU.",
            "",
            f"Medians of {len(measured[0].runs)} runs in turns; Python {platform.python_version()}, "
            f"Node {node.stdout.strip().removeprefix('v')}, {os.cpu_count()} cores, {platform.system()}; {packages}.",
        ]
    )


def renewed(page: str, section: str) -> str:
    """The page with the section in the place of the former one."""
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n\n{section}\n\n{END}{after}"


def main() -> None:
    """Measure, print, and renew the page."""
    parser = argparse.ArgumentParser(prog="python -m provider_loading.benchmark", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5, help="measured runs of each program; default: %(default)s")
    rounds = parser.parse_args().rounds
    with tempfile.TemporaryDirectory() as workshop:
        measured = programs(Path(workshop))
        for turn in range(rounds + 1):
            for program in measured:
                run = program.run()
                print(f"{turn}/{rounds} {program.title}: {run.wall:.2f} s", file=sys.stderr)
                if turn > 0:
                    program.runs.append(run)
    section = report(measured)
    print(section)
    PAGE.write_text(renewed(PAGE.read_text(), section))


if __name__ == "__main__":
    main()
