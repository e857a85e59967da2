"""Reads a saved plan, tells people what it will do, and lets it pass only if nothing is lost that nobody allowed.

    terraform show -json <plan> | python -m deployment.gate --stack dev-cluster -

What is destroyed, replaced or forgotten must be allowed for in `environments/allowed/<environment>.toml`; what cannot
be made again must be allowed to be lost besides. Names of attributes are told and no values, which may be secrets.
Ends with 0 if the plan may be applied, and with 2 if it may not, or cannot be judged.
"""

import argparse
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from deployment.allowed import (
    FOLDER,
    GUARDED,
    STACKS,
    Allowance,
    InvalidAllowancesError,
    read_allowances,
)
from deployment.kinds import interruptions, kind_of
from deployment.plan import Action, Change, Plan, UnusablePlanError, read_plan

REFUSED = 2
_MOST_ATTRIBUTES = 8


@dataclass(frozen=True)
class Judged:
    """A change, and why it may not be made; empty if it may."""

    change: Change
    refusal: str = ""
    allowed_because: str = ""


@dataclass(frozen=True)
class Verdict:
    """What the gate says of a plan."""

    stack: str
    plan: Plan
    changes: tuple[Judged, ...]
    notes: tuple[str, ...]

    @property
    def refused(self) -> tuple[Judged, ...]:
        """Those for which the plan may not be applied."""
        return tuple(judged for judged in self.changes if judged.refusal)


def judge(stack: str, plan: Plan, allowances: Sequence[Allowance], today: date) -> Verdict:
    """Hold a stack's plan against what its environment allows."""
    purpose = stack.partition("-")[2]
    judged = tuple(_judge(change, purpose, allowances, today) for change in plan.changes)
    return Verdict(stack, plan, judged, tuple(_notes(plan, purpose, allowances, today)))


def _judge(change: Change, purpose: str, allowances: Sequence[Allowance], today: date) -> Judged:
    loss = kind_of(change.type).loss
    # What failed half-way is cleared away without being asked for again: nothing uses it yet, or any more.
    if change.action not in GUARDED or ((change.tainted or change.deposed) and not loss):
        return Judged(change)
    action = Action.REPLACE if change.deposed else change.action
    covering = [one for one in allowances if one.covers(purpose, change.address, action)]
    in_time = [one for one in covering if one.until >= today]
    enough = [one for one in in_time if one.loses_data or not loss]
    if enough:
        return Judged(change, allowed_because=enough[0].because)
    if in_time:
        return Judged(change, "allowed, but not to lose anything: its entry needs `loses_data = true`")
    if covering:
        return Judged(change, f"was allowed until {max(one.until for one in covering)}, which is over")
    return Judged(change, "is not allowed")


def _notes(plan: Plan, purpose: str, allowances: Sequence[Allowance], today: date) -> Iterator[str]:
    if not plan.whole:
        yield "The plan is not whole: it was narrowed by -target, or must be followed by another."
    if plan.removed_outputs:
        yield f"Outputs that go, and that a later stack may read: {', '.join(plan.removed_outputs)}"
    yield from (f"Changed outside Terraform: {drift}" for drift in plan.drift)
    done = {(change.address, Action.REPLACE if change.deposed else change.action) for change in plan.changes}
    for one in allowances:
        if one.stack != purpose:
            continue
        unused = sorted(
            address for address in one.addresses if not any(one.covers(purpose, *change) for change in done)
        )
        if one.until < today:
            yield f"Allowed until {one.until}, which is over; delete the entry: {one.action} {_list(one.addresses)}"
        elif unused:
            yield f"Allowed, and not in this plan; delete the entry once it is deployed: {one.action} {_list(unused)}"


def _list(addresses: Sequence[str] | frozenset[str]) -> str:
    first, *more = sorted(addresses)
    return f"{first} and {len(more)} more" if more else first


def _details(judged: Judged, plan: Plan) -> Iterator[str]:
    """What a person must know of a change, a sentence each."""
    change, kind = judged.change, kind_of(judged.change.type)
    if change.moved_from:
        yield f"moved from {change.moved_from}"
    if change.deposed:
        yield "what a replacement that failed half-way has left behind"
    twins = [one.address for one in plan.changes if (one.action, one.type) == (Action.CREATE, change.type)]
    if change.action is Action.DESTROY and twins:
        yield f"If {_list(twins)}, which is created, is the same under another name: the program needs a `moved`."
    if change.forced_by:
        yield f"forced by {_attributes(change.forced_by)}"
    elif change.reason:
        yield f"because {change.reason}"
    if change.action is Action.UPDATE:
        yield f"changes {_attributes(change.changed)}"
        yield from interruptions(change.type, change.changed)
    if change.action in GUARDED and not change.deposed:
        if kind.loss and change.action is not Action.FORGET:
            yield f"Lost: {kind.loss}."
        if change.action is Action.FORGET:
            yield "It stands on, is charged, and is no longer known here."
        elif kind.interruption:
            yield kind.interruption
    if judged.allowed_because:
        yield f"Allowed: {judged.allowed_because}"
    if judged.refusal:
        yield f"REFUSED: {judged.refusal}"


def _attributes(paths: tuple[str, ...]) -> str:
    shown = ", ".join(paths[:_MOST_ATTRIBUTES])
    more = len(paths) - _MOST_ATTRIBUTES
    return f"{shown} and {more} more" if more > 0 else shown or "nothing that Terraform shows"


def headline(verdict: Verdict) -> str:
    """How many of each, in one line."""
    counts = {action: sum(one.change.action is action for one in verdict.changes) for action in Action}
    told = [f"{count} to {action}" for action, count in counts.items() if count]
    return f"{verdict.stack}: {', '.join(told) or 'no changes'}"


def as_text(verdict: Verdict) -> str:
    """The summary for a terminal."""
    lines = [headline(verdict)]
    for judged in verdict.changes:
        lines += ["", f"{judged.change.action:<8} {judged.change.address}"]
        lines += [f"{'':<8} {detail}" for detail in _details(judged, verdict.plan)]
    if verdict.notes:
        lines += ["", *verdict.notes]
    return _tame([*lines, "", *_ending(verdict)])


def as_markdown(verdict: Verdict) -> str:
    """The summary for a page of a pipeline's run, or a comment."""
    lines = [f"### {headline(verdict)}"]
    if verdict.changes:
        lines += ["", "| | Resource | |", "|---|---|---|"]
    for judged in verdict.changes:
        action = f"**{judged.change.action}**" if judged.change.action in GUARDED else judged.change.action
        details = "<br>".join(_cell(detail) for detail in _details(judged, verdict.plan))
        lines.append(f"| {action} | `{judged.change.address}` | {details} |")
    if verdict.notes:
        lines += ["", *(f"- {note}" for note in verdict.notes)]
    told, *entries = _ending(verdict)
    lines += ["", told, *(["", "```toml", *entries, "```"] if entries else [])]
    return _tame(lines)


def _cell(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace("|", "\\|")


def _tame(lines: Sequence[str]) -> str:
    """Lines that nobody's tag or annotation can make a command of, for the terminal or for the agent.

    Azure Pipelines obeys `##vso[...]` wherever it stands in what a step prints.
    https://learn.microsoft.com/azure/devops/pipelines/scripts/logging-commands
    """
    printable = ("".join(letter if letter.isprintable() else " " for letter in line) for line in lines)
    return "\n".join(re.sub(r"#(?=#+(vso)?\[)", "# ", line) for line in printable)


def _ending(verdict: Verdict) -> Iterator[str]:
    """The verdict in a sentence and, if something was refused, the entries that would allow it."""
    if not verdict.refused:
        yield "The plan may be applied."
        return
    environment, _, purpose = verdict.stack.partition("-")
    yield (
        f"REFUSED: {len(verdict.refused)} of these changes. Whoever means them adds to environments/allowed/"
        f"{environment}.toml what follows, with a reason and a last day, and has it reviewed."
    )
    for loses_data in (False, True):
        for action in GUARDED:
            addresses = [
                judged.change.address
                for judged in verdict.refused
                if (Action.REPLACE if judged.change.deposed else judged.change.action) is action
                and bool(kind_of(judged.change.type).loss) is loses_data
            ]
            if addresses:
                yield from entry(purpose, action, addresses, loses_data=loses_data)


def entry(purpose: str, action: Action, addresses: Sequence[str], *, loses_data: bool) -> Iterator[str]:
    """The lines of an entry that would allow something, as the file takes them once reason and day are filled in."""
    yield "[[allow]]"
    yield f'stack = "{purpose}"'
    yield "addresses = ["
    for address in addresses:
        quoted = address.replace("\\", "\\\\").replace('"', '\\"')
        yield f'  "{quoted}",'
    yield "]"
    yield f'action = "{action}"'
    if loses_data:
        yield "loses_data = true"
    yield 'because = ""'
    yield "until ="


def main() -> int:
    """Judge the plan that the arguments name."""
    parser = argparse.ArgumentParser(prog="python -m deployment.gate", description=__doc__.partition("\n")[0])
    parser.add_argument("plan", help="what `terraform show -json` printed; - for the standard input")
    parser.add_argument("--stack", required=True, help="such as dev-cluster")
    parser.add_argument("--markdown", type=Path, help="write the summary there, too, for a page or a comment")
    parser.add_argument("--allowed", type=Path, default=FOLDER, help="folder of the reviewed files")
    arguments = parser.parse_args()
    environment, _, purpose = arguments.stack.partition("-")
    if purpose not in STACKS:
        parser.error(f"argument --stack: must be <environment>-<purpose>, the purpose one of {', '.join(STACKS)}")
    today = datetime.now(UTC).date()
    try:
        text = sys.stdin.read() if arguments.plan == "-" else Path(arguments.plan).read_text(encoding="utf-8")
        plan = read_plan(text)
        allowances = read_allowances(arguments.allowed / f"{environment}.toml", today)
    except (UnusablePlanError, OSError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        print(f"{arguments.plan}: {reason}", file=sys.stderr)
        return REFUSED
    except InvalidAllowancesError as error:
        print(error, file=sys.stderr)
        return REFUSED
    verdict = judge(arguments.stack, plan, allowances, today)
    if arguments.markdown:
        arguments.markdown.write_text(f"{as_markdown(verdict)}\n", encoding="utf-8")
    print(as_text(verdict))
    return REFUSED if verdict.refused else 0


if __name__ == "__main__":
    sys.exit(main())
