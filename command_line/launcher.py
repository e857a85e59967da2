"""Starts the pinned cdktf, quiet, alone and sure of the settings: what the script beside this module comes to.

- Quiet: without a terminal cdktf would print each frame of its spinner, and colours. HashiCorp's service for news and
  telemetry, which it calls at each command, is an error in red for whoever cannot reach it.
- Alone: a command works in the folder of the output from its synth to the end of Terraform's work, and nobody else may
  change it meanwhile. The lock is a file that stays open in the process that becomes cdktf, and ends with it.
- Sure: what is wrong with the settings is reported here. cdktf would print it twice, between lines of its own, and end
  with 1. What is right and worth a word is said here too: cdktf would call it an error. And a Terraform that is not
  there is named; cdktf would print `execvp(3) failed`.
"""

import argparse
import json
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from command_line.faults import FaultError, faults_in_one_sentence, require_node, require_terraform
from command_line.output_folder import HELD, hold
from config.loading import NOTICES_TOLD, load_or_exit

CDKTF = "node_modules/cdktf-cli/bundle/bin/cdktf"
NODE_VERSION = "./command_line/node_version.cjs"

# Those that read or write the output, https://developer.hashicorp.com/terraform/cdktf/cli-reference/commands
WITH_TERRAFORM = {"diff", "plan", "deploy", "apply", "destroy", "output", "outputs", "watch"}
WORKING = {"synth", "synthesize", "list"} | WITH_TERRAFORM


def quiet(process_environment: Mapping[str, str], *, terminal: bool) -> dict[str, str]:
    """The environment that cdktf gets: what is set already stays."""
    without_terminal = {} if terminal else {"CI": "1", "FORCE_COLOR": "0"}
    return {"CHECKPOINT_DISABLE": "1", **without_terminal, **process_environment}


def output_of(arguments: Sequence[str], configured: str) -> Path | None:
    """The folder that a command works in; None if it works in none."""
    parser = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    parser.add_argument("--output", "-o", nargs="?")
    parser.add_argument("--help", "-h", action="store_true")
    known, others = parser.parse_known_args(arguments)
    if known.help or not WORKING.intersection(others[:1]):
        return None
    return Path(known.output or configured)


def main() -> None:
    """Become cdktf.

    Exits with 2 if it cannot start, if the settings are wrong, or if another command works in the folder for too long.
    """
    with faults_in_one_sentence():
        require_node()
        if not Path(CDKTF).exists():
            raise FaultError("node_modules: holds no cdktf-cli; run `make setup`")
        environment = quiet(os.environ, terminal=sys.stdout.isatty())
        configured = json.loads(Path("cdktf.json").read_text(encoding="utf-8")).get("output", "cdktf.out")
        if output := output_of(sys.argv[1:], configured):
            if "--skip-synth" not in sys.argv:
                load_or_exit(os.environ)
                environment[NOTICES_TOLD] = "1"
            if WITH_TERRAFORM.intersection(sys.argv[1:2]):
                require_terraform()
            os.set_inheritable(hold(output), True)  # noqa: FBT003 - its only argument
            environment[HELD] = str(output.resolve())
        os.execvpe("node", ["node", "--require", NODE_VERSION, CDKTF, *sys.argv[1:]], environment)  # noqa: S606, S607


if __name__ == "__main__":
    main()
