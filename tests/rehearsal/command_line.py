"""What a user types, from `cdktf synth` to `cdktf destroy`, with stand-in providers."""

import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from rehearsal.core import Terraform, offline
from rehearsal.local_state import keep_state_in
from rehearsal.rehearsal import Rehearsal
from tests.product import CHECKOUT, ENVIRONMENTS, copy_program

CDKTF = CHECKOUT / "command_line" / "cdktf"
# With its state in files, which another synth would undo; and without a registry to ask for the providers' checksums.
AS_SYNTHESISED = ("--skip-synth", "--skip-provider-lock")
DEPLOYED = ("dev-network", "dev-cluster", "dev-workloads")


class CommandLine:
    """The pinned cdktf, run as a user runs it, on an environment whose state backend stands."""

    def __init__(self, terraform: Terraform, program: Path, output: Path) -> None:
        self._program, self._output = program, output
        self._environment = {
            **terraform.environment,
            "CDKTF_DISABLE_PLUGIN_CACHE_ENV": "1",  # else it makes a folder in the user's home
            "ENVIRONMENTS": "dev",
            "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]),
            "TERRAFORM_BINARY_NAME": terraform.executable,
        }

    def run(self, *arguments: str) -> str:
        """Run cdktf on the program that cdktf.json names, and return what it printed."""
        done = subprocess.run(  # noqa: S603 - the arguments are this file's own
            [str(CDKTF), *arguments, "--output", str(self._output)],
            cwd=self._program,
            env=self._environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout


def declared_resources(stack: Path) -> int:
    program = json.loads((stack / "cdk.tf.json").read_text())
    return sum(map(len, program["resource"].values()))


def synth_diff_deploy_and_destroy(synthesised: Path, directory: Path) -> None:
    """Take the development environment from nothing to nothing, and assert that each command did what it says."""
    with offline(synthesised) as (terraform, cloud):
        by_hand = Rehearsal(terraform, cloud, synthesised, ENVIRONMENTS["dev"], directory / "by-hand", print)
        output = directory / "cdktf.out"
        program = copy_program(directory / "program")
        (program / "node_modules").symlink_to(CHECKOUT / "node_modules")
        cdktf = CommandLine(terraform, program, output)

        with ThreadPoolExecutor() as meanwhile:
            # A person deploys the state backend, once, before there is anything to deploy with a state in it.
            state_backend = meanwhile.submit(by_hand.deploy, "dev-state-backend")
            cdktf.run("synth")
            state_backend.result()
        before = len(cloud)
        assert {stack.name for stack in (output / "stacks").iterdir()} == {*DEPLOYED, "dev-state-backend"}
        for stack in DEPLOYED:
            keep_state_in(directory / "states", output / "stacks" / stack)

        assert "to add, 0 to change, 0 to destroy" in cdktf.run("diff", DEPLOYED[0], *AS_SYNTHESISED)

        cdktf.run("deploy", *DEPLOYED, "--auto-approve", *AS_SYNTHESISED)
        assert len(cloud) - before >= sum(declared_resources(output / "stacks" / stack) for stack in DEPLOYED)

        by_hand.lift_locks()
        cdktf.run("destroy", *DEPLOYED, "--auto-approve", *AS_SYNTHESISED)
        assert len(cloud) == before - 1  # the lock
