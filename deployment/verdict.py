"""What of a plan is allowed: its changes, held against the environment's reviewed file."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from deployment.allowed import GUARDED, Allowance
from deployment.azure_locks import held
from deployment.kinds import kind_of
from deployment.plan import Action, Change, Plan


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


def judge(
    stack: str,
    plan: Plan,
    allowances: Sequence[Allowance],
    today: date,
    *,
    locked: bool = True,
    production: bool = False,
) -> Verdict:
    """Hold a stack's plan against what its environment allows; `locked` is whether that has an address lock."""
    purpose = stack.partition("-")[2]
    judged = tuple(_judge(change, purpose, allowances, today) for change in plan.changes)
    notes = [*held(plan, production=production), *_notes(plan, purpose, allowances, today)]
    if plan.stands and not locked:
        notes.append(f"It stands, and its addresses are not locked: ENVIRONMENTS={stack.partition('-')[0]} make lock")
    return Verdict(stack, plan, judged, tuple(notes))


def _judge(change: Change, purpose: str, allowances: Sequence[Allowance], today: date) -> Judged:
    loss = loss_of(change)
    # What failed half-way is cleared away without being asked for again: nothing uses it yet, or any more.
    if change.action not in GUARDED or ((change.tainted or change.deposed) and not loss):
        return Judged(change)
    covering = [one for one in allowances if one.covers(purpose, change.address, change.allowed_as)]
    in_time = [one for one in covering if one.until >= today]
    enough = [one for one in in_time if one.loses_data or not loss]
    if enough:
        return Judged(change, allowed_because=enough[0].because)
    if in_time:
        return Judged(change, "allowed, but not to lose anything: its entry needs `loses_data = true`")
    if covering:
        return Judged(change, f"was allowed until {max(one.until for one in covering)}, which is over")
    return Judged(change, "is not allowed")


def loss_of(change: Change) -> str:
    """What of a resource cannot be made again; what is forgotten stands on."""
    return "" if change.action is Action.FORGET else kind_of(change.type).loss


def _notes(plan: Plan, purpose: str, allowances: Sequence[Allowance], today: date) -> Iterator[str]:
    if not plan.whole:
        yield "The plan is not whole: it was narrowed by -target, or must be followed by another."
    if plan.removed_outputs:
        yield f"Outputs that go, and that a later stack may read: {', '.join(plan.removed_outputs)}"
    yield from (f"Changed outside Terraform: {drift}" for drift in plan.drift)
    done = {(change.address, change.allowed_as) for change in plan.changes}
    for one in allowances:
        if one.stack != purpose:
            continue
        unused = sorted(
            address for address in one.addresses if not any(one.covers(purpose, *change) for change in done)
        )
        if one.until < today:
            yield f"Allowed until {one.until}, which is over; delete the entry: {one.action} {listed(one.addresses)}"
        elif unused:
            yield f"Allowed, and not in this plan; delete the entry once it is deployed: {one.action} {listed(unused)}"


def listed(addresses: Collection[str]) -> str:
    """The first of some addresses, and how many more there are."""
    first, *more = sorted(addresses)
    return f"{first} and {len(more)} more" if more else first
