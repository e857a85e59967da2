"""Applies the plan that was saved beside a stack.

    python3 -m deployment.apply_plan cdktf.out/stacks/dev-network

A plan can be applied once, and only to the state that it was made for. If an apply fails half-way, plan again: the new
plan goes on where it stopped.
"""

import argparse
from pathlib import Path

from deployment.terraform import SAVED_PLAN, apply_saved_plan, init


def main() -> None:
    """Apply; exits as Terraform does if it fails, and with 2 if no plan was saved."""
    parser = argparse.ArgumentParser(
        prog="python3 -m deployment.apply_plan", description="Apply the saved plan of a stack."
    )
    parser.add_argument("stack", type=Path, help="folder of the stack, with the saved plan in it")
    stack: Path = parser.parse_args().stack
    if not (stack / SAVED_PLAN).is_file():
        parser.error(f"{stack / SAVED_PLAN}: is not there; without a plan that was read, nothing is applied")
    init(stack)
    apply_saved_plan(stack)


if __name__ == "__main__":
    main()
