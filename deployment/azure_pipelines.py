"""What a step tells Azure Pipelines, through its standard output; on a person's machine it says nothing.

https://learn.microsoft.com/azure/devops/pipelines/scripts/logging-commands
"""

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path


def set_output(name: str, value: str) -> None:
    """Let later steps, jobs and stages read a value as `<step>.<name>`."""
    _command(f"task.setvariable variable={name};isOutput=true", value)


def report_error(message: str) -> None:
    """Show a message among the run's errors; the step fails by its exit code, and not by this."""
    _command("task.logissue type=error", message)


def show_summary(page: Path) -> None:
    """Show a Markdown file among the run's extensions."""
    _command("task.uploadsummary", str(page.resolve()))


def relay(*command: str, folder: Path | None = None, environment: Mapping[str, str] | None = None) -> int:
    """Run a tool that prints what others wrote, and return its exit code: nothing of that is a command to the agent.

    The agent takes commands from anywhere in a line: those of a Dockerfile, of an image, of a tag in Azure.
    https://github.com/microsoft/azure-pipelines-agent/blob/master/src/Microsoft.VisualStudio.Services.Agent/Command.cs
    """
    if not os.environ.get("TF_BUILD"):
        return subprocess.run(command, cwd=folder, env=environment, check=False).returncode  # noqa: S603 - the caller's
    with subprocess.Popen(  # noqa: S603 - the caller's
        command,
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    ) as tool:
        while True:
            try:
                for line in tool.stdout or ():
                    print(line.replace("##vso[", "## vso["), end="", flush=True)
                break
            except KeyboardInterrupt:
                # A cancelled job. The tool was told as well, and ends by itself: Terraform writes its state first, and
                # would die of a pipe that nobody reads.
                continue
    return tool.returncode


def _command(command: str, value: str) -> None:
    if os.environ.get("TF_BUILD"):
        # A line break would end the command, and what follows could be another one.
        print(
            f"##vso[{command}]{value.replace('%', '%AZP25').replace(chr(13), '%0D').replace(chr(10), '%0A')}",
            flush=True,
        )
