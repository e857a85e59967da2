"""What a step tells Azure Pipelines, through its standard output; on a person's machine it says nothing.

https://learn.microsoft.com/azure/devops/pipelines/scripts/logging-commands
"""

import os
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


def _command(command: str, value: str) -> None:
    if os.environ.get("TF_BUILD"):
        # A line break would end the command, and what follows could be another one.
        print(
            f"##vso[{command}]{value.replace('%', '%AZP25').replace(chr(13), '%0D').replace(chr(10), '%0A')}",
            flush=True,
        )
