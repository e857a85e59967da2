"""The lock of an environment: under which addresses, names and other fixed values its resources stand.

    ENVIRONMENTS=dev python -m deployment.address_lock

`environments/locks/dev.json` is for an environment that is deployed. `make test` holds the program against it: where an
address vanishes, or a value that cannot be changed in place is another, Terraform would destroy what stands. A person
renews it with `make lock`, as far as `environments/allowed/dev.toml` allows for that; what the program says was `moved`
goes along by itself. An environment gets its lock once `ENVIRONMENTS` names it.
"""

import json
import os
import sys
from datetime import UTC, date, datetime
from pathlib import Path

from deployment.allowed import ENVIRONMENTS, STACKS, InvalidAllowancesError, read_allowances
from deployment.gate import REFUSED
from deployment.locked import Locked, Program
from deployment.plan import Plan
from deployment.summary import as_text
from deployment.synthesis import synthesised
from deployment.verdict import judge

_HOW = (
    "Where a resource has only got another address in the program, let the program say so with `moved`, from the old "
    "one to the new one. Else `make lock` renews the lock once the change is allowed."
)


class InvalidLockError(Exception):
    """A lock cannot be read; the message is the whole sentence."""


def read_lock(file: Path) -> dict[str, Locked]:
    """The locked stacks of an environment, by their purpose; none if it has no lock.

    Raises:
        InvalidLockError: it is not what `written` writes.

    """
    if not file.exists():
        return {}
    try:
        return {purpose: Locked(**stack) for purpose, stack in json.loads(file.read_text(encoding="utf-8")).items()}
    except (ValueError, TypeError, AttributeError):
        raise InvalidLockError(f"{_shown(file)}: is damaged; take it back from git, and run `make lock`") from None


def written(environment: str, output: Path) -> str:
    """The lock as it would be now: a line for each resource, so that a difference can be reviewed."""
    stacks = []
    for purpose in STACKS:
        locked = Locked.of(_program(environment, purpose, output))
        lines = ",\n".join(f"   {json.dumps(one)}: {json.dumps(values)}" for one, values in locked.resources.items())
        state = json.dumps(locked.state)
        stacks.append(f' "{purpose}": {{\n  "state": {state},\n  "resources": {{\n{lines}\n  }}\n }}')
    return "{\n" + ",\n".join(stacks) + "\n}\n"


def _program(environment: str, purpose: str, output: Path) -> Program:
    file = output / "stacks" / f"{environment}-{purpose}" / "cdk.tf.json"
    program: Program = json.loads(file.read_text(encoding="utf-8"))
    return program


def refusal(environment: str, output: Path, folder: Path, today: date) -> str:
    """What would go and is not allowed to, in the words of the gate; empty if nothing.

    `output` is what a synth wrote, `folder` that of the environments.

    Raises:
        InvalidLockError: the lock cannot be read.
        InvalidAllowancesError: what is allowed cannot be read.

    """
    allowances = read_allowances(folder / "allowed" / f"{environment}.toml", today)
    told = []
    for purpose, locked in read_lock(folder / "locks" / f"{environment}.json").items():
        program = _program(environment, purpose, output)
        gone = sorted(locked.moved_as(program).changes(program), key=lambda change: change.address)
        verdict = judge(f"{environment}-{purpose}", Plan(tuple(gone)), allowances, today)
        if verdict.refused:
            told.append(as_text(verdict))
    return "\n\n".join([*told, _HOW]) if told else ""


def fault(environment: str, output: Path, folder: Path, today: date) -> str:
    """What is wrong with an environment's lock: what would go, or that it must be renewed; empty if nothing."""
    file = folder / "locks" / f"{environment}.json"
    if not file.exists():
        return ""
    if not (folder / f"{environment}.toml").exists():
        return (
            f"{_shown(file)}: is there, and environments/{environment}.toml is gone. Take the environment down by that "
            "(docs/first-deployment.md), then delete the lock."
        )
    if told := refusal(environment, output, folder, today):
        return told
    if file.read_text(encoding="utf-8") != written(environment, output):
        return f"{_shown(file)}: is not what the program says; `make lock` renews it, and you commit it with the change"
    return ""


def _shown(file: Path) -> str:
    return "/".join(file.parts[-3:])


def main() -> int:
    """Renew the lock of every environment that has one, or that `ENVIRONMENTS` names; ends with 2 if it may not be."""
    with synthesised() as output:
        named = bool(os.environ.get("ENVIRONMENTS", "").strip())
        there = sorted({path.name.partition("-")[0] for path in (output / "stacks").iterdir()})
        chosen = [one for one in there if named or (ENVIRONMENTS / "locks" / f"{one}.json").exists()]
        if not chosen:
            print("no environment has a lock; ENVIRONMENTS=<name> gives one to what is deployed", file=sys.stderr)
            return REFUSED
        return max(_renew(environment, output) for environment in chosen)


def _renew(environment: str, output: Path) -> int:
    file = ENVIRONMENTS / "locks" / f"{environment}.json"
    try:
        told = refusal(environment, output, ENVIRONMENTS, datetime.now(UTC).date())
    except (InvalidLockError, InvalidAllowancesError) as error:
        told = str(error)
    if told:
        print(told, file=sys.stderr)
        return REFUSED
    file.parent.mkdir(exist_ok=True)
    file.write_text(written(environment, output), encoding="utf-8")
    print(f"{_shown(file)}: read the difference, and commit it with the change")
    return 0


if __name__ == "__main__":
    sys.exit(main())
