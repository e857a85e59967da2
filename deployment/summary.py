"""What the gate tells people of a plan: for a terminal, and for a page or a comment.

Names of attributes are told and no values, which may be secrets.
"""

import re
from collections.abc import Iterator, Sequence

from deployment.allowed import GUARDED
from deployment.kinds import interruptions, kind_of
from deployment.plan import Action, Plan
from deployment.verdict import Judged, Verdict, listed, loss_of

_MOST_ATTRIBUTES = 8


def _details(judged: Judged, plan: Plan) -> Iterator[str]:
    """What a person must know of a change, a sentence each."""
    change, kind = judged.change, kind_of(judged.change.type)
    if change.moved_from:
        yield f"moved from {change.moved_from}"
    if change.deposed:
        yield "what a replacement that failed half-way has left behind"
    twins = [one.address for one in plan.changes if (one.action, one.type) == (Action.CREATE, change.type)]
    if change.action is Action.DESTROY and twins:
        yield f"If {listed(twins)}, which is created, is the same under another name: the program needs a `moved`."
    if change.forced_by:
        yield f"forced by {_attributes(change.forced_by)}"
    elif change.reason:
        yield f"because {change.reason}"
    if change.action is Action.UPDATE:
        yield f"changes {_attributes(change.changed)}"
        yield from interruptions(change.type, change.changed)
    if change.action in GUARDED and not change.deposed:
        if loss := loss_of(change):
            yield f"Lost: {loss}."
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
                if judged.change.allowed_as is action and bool(loss_of(judged.change)) is loses_data
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
