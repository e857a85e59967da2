"""Says whether a stack stands as its program says, and names what does not.

    python3 -m deployment.drift cdktf.out/stacks/dev-network [--destroy]

Ends with 0 if a deployment would change nothing, with 2 if it would.
"""

import argparse
from pathlib import Path

from deployment.azure_pipelines import report_error
from deployment.plan import Change, Plan, read_plan
from deployment.terraform import PLAN_AS_JSON, init, save_plan

DRIFTED = 2


def differences(plan: Plan) -> list[str]:
    """What a plan would do, a line for each resource: what happens to it, and which arguments, without values."""
    return [f"{one.address}: {one.action}{_arguments(one)}" for one in plan.changes] or ["outputs alone"]


def _arguments(change: Change) -> str:
    return f" ({', '.join(change.changed)})" if change.changed else ""


def main() -> None:
    """Plan and compare; exits with 2 if anything differs, and as Terraform does if it fails."""
    parser = argparse.ArgumentParser(prog="python3 -m deployment.drift", description="Name what differs in a stack.")
    parser.add_argument("stack", type=Path, help="folder of the stack")
    parser.add_argument("--destroy", action="store_true", help="nothing of it shall stand any more")
    arguments = parser.parse_args()
    stack: Path = arguments.stack
    init(stack)
    if not save_plan(stack, *(["-destroy"] if arguments.destroy else [])):
        print(f"{stack.name}: {'is gone' if arguments.destroy else 'stands as its program says'}")
        return
    found = differences(read_plan((stack / PLAN_AS_JSON).read_text(encoding="utf-8")))
    for line in found:
        print(f"{stack.name}: {line}")
    report_error(f"{stack.name}: {len(found)} differ from the program: {'; '.join(found)}")
    raise SystemExit(DRIFTED)


if __name__ == "__main__":
    main()
