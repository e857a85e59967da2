"""A person asks the gate as a pipeline does, with the real Terraform and stand-in providers."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from rehearsal.core import offline
from rehearsal.local_state import keep_state_in
from tests.product import CHECKOUT, copy_program


def test_a_stack_is_planned_and_judged_and_no_plan_is_left(synthesised: Path, tmp_path: Path) -> None:
    program = copy_program(tmp_path / "program")
    shutil.copytree(CHECKOUT / "deployment", program / "deployment")
    stack = program / "cdktf.out" / "stacks" / "dev-network"
    with offline(synthesised) as (terraform, _):
        asked = {**os.environ, **terraform.environment, "TERRAFORM_BINARY_NAME": terraform.executable}

        def run(*command: str, **variables: str) -> subprocess.CompletedProcess[str]:
            return subprocess.run(  # noqa: S603 - written here
                [sys.executable, *command],
                cwd=program,
                env={**asked, **variables},
                capture_output=True,
                text=True,
                check=False,
            )

        assert run("main.py").returncode == 0
        keep_state_in(tmp_path / "states", stack)
        diff = ("-m", "deployment.diff")
        first = run(*diff, ENV="dev", STACK="network")
        assert (first.returncode, first.stdout.splitlines()[-1]) == (0, "The plan may be applied."), first.stderr
        assert not [path.name for path in stack.iterdir() if "plan" in path.name]

        wrong = [run(*diff, ENV="dev", STACK="clutser"), run(*diff, ENV="nowhere", STACK="network")]
        assert [(one.returncode, one.stderr.splitlines()[-1].partition(":")[0]) for one in wrong] == [
            (2, "STACK"),
            (2, "ENV"),
        ]
