"""Plans one stack as a pipeline would, lets the gate read the plan, and leaves neither behind: both hold secrets.

    ENV=dev STACK=network python -m deployment.diff

Ends as the gate does: with 0 if the plan may be applied, and with 2 if not. Whoever is signed in to the Azure CLI must
be able to read the stack and its state.
"""

import os
import subprocess
import sys
from pathlib import Path

from command_line.faults import FAULT, FaultError, require_terraform
from command_line.output_folder import hold
from deployment import gate
from deployment.allowed import STACKS
from deployment.terraform import PLAN_AS_JSON, SAVED_PLAN, init, save_plan

CHECKOUT = Path(__file__).parents[1]
OUTPUT = CHECKOUT / "cdktf.out"


def diff(stack: Path) -> int:
    """Plan a synthesised stack and judge the plan."""
    init(stack)
    try:
        save_plan(stack)
        return gate.judged(stack / PLAN_AS_JSON, stack.name)
    finally:
        for secret in (SAVED_PLAN, PLAN_AS_JSON):
            (stack / secret).unlink(missing_ok=True)


def main() -> int:
    """Synthesise, and plan the stack that `ENV` and `STACK` name."""
    environment, purpose = (os.environ.get(name, "").strip() for name in ("ENV", "STACK"))
    stack = OUTPUT / "stacks" / f"{environment}-{purpose}"
    try:
        if purpose not in STACKS:
            raise FaultError(f"STACK: must be one of {', '.join(STACKS)}")
        require_terraform()
        # Of all environments, as a synth of one removes what is there of the others.
        others = {name: value for name, value in os.environ.items() if name not in ("ENV", "ENVIRONMENTS")}
        if synth := subprocess.run([sys.executable, "main.py"], cwd=CHECKOUT, env=others, check=False).returncode:
            return synth
        if not stack.is_dir():
            raise FaultError("ENV: must be an environment; each has its file in environments/")
        hold(OUTPUT)
        return diff(stack)
    except FaultError as fault:
        print(fault, file=sys.stderr)
        return FAULT


if __name__ == "__main__":
    sys.exit(main())
