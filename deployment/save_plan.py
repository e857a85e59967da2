"""Plans a stack and saves the plan beside it, for the gate to read and for an apply.

    python3 -m deployment.save_plan cdktf.out/stacks/dev-network [--destroy]

Sets the output `changes` to `true` or `false`. Ends with 0 whether anything would change or not.
"""

import argparse
from pathlib import Path

from deployment.azure_pipelines import set_output
from deployment.terraform import init, save_plan


def main() -> None:
    """Plan; exits as Terraform does if it fails."""
    parser = argparse.ArgumentParser(prog="python3 -m deployment.save_plan", description="Save a plan of a stack.")
    parser.add_argument("stack", type=Path, help="folder of the stack")
    parser.add_argument("--destroy", action="store_true", help="plan to destroy all of it")
    arguments = parser.parse_args()
    init(arguments.stack)
    changes = save_plan(arguments.stack, *(["-destroy"] if arguments.destroy else []))
    set_output("changes", str(changes).lower())


if __name__ == "__main__":
    main()
