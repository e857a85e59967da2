"""A rule between settings: which of them it reads, and what it finds wrong with them."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from config.accept import AcceptSettings


@dataclass(frozen=True)
class Problem:
    """What is wrong with the setting at a path, and how to mend it."""

    path: str
    message: str


class LeftOutError(LookupError):
    """The setting is in a table that the file leaves out: nothing in it can be wrong."""


@dataclass(frozen=True)
class Rule:
    """A check over the settings at `paths`, in that order."""

    paths: tuple[str, ...]
    check: Callable[..., Iterator[Problem]]
    doubted: str | None = None
    """The setting whose value an environment's owner may know to be right; None: there is nothing to know better."""


RULES: list[Rule] = []

DOUBTED_BETWEEN_ENVIRONMENTS: set[str] = set()
"""Settings of one environment whose value is doubted because of another's."""

Check = Callable[..., Iterator[Problem]]


def rule(*paths: str) -> Callable[[Check], Check]:
    """Make a rule of the function below: it is given the values at these paths."""

    def register(check: Check) -> Check:
        RULES.append(Rule(paths, check))
        return check

    return register


def doubt(doubted: str, *others: str) -> Callable[[Callable[..., Iterator[str]]], Callable[..., Iterator[str]]]:
    """Make a rule of the function below that `[[accept]]` can silence: it is given the values at these paths.

    It says what is wrong with the first.
    """

    def register(check: Callable[..., Iterator[str]]) -> Callable[..., Iterator[str]]:
        def problems(*values: Any) -> Iterator[Problem]:
            for message in check(*values):
                yield Problem(doubted, accepted_by(message))

        RULES.append(Rule((doubted, *others), problems, doubted))
        return check

    return register


def accepted_by(message: str) -> str:
    """The message, and how to answer it."""
    return f"{message}{' Or' if message.endswith('?') else '; or'}, where you know better, say why under [[accept]]"


def problems(lookup: Callable[[str], Any]) -> Iterator[Problem]:
    """Run every rule whose settings are all valid in themselves.

    `lookup` gives the value at a path, and raises LookupError where there is no valid one, LeftOutError where there
    need be none.
    """
    accepted = _accepted(lookup)
    unneeded: set[str | None] = {one.doubted for one in RULES}
    unneeded.intersection_update(entry.setting for entry in accepted)
    for one in RULES:
        try:
            values = [lookup(path) for path in one.paths]
        except LeftOutError:
            continue
        except LookupError:
            # Whether there would be a doubt is not known.
            unneeded.discard(one.doubted)
            continue
        found = list(one.check(*values))
        if one.doubted in {entry.setting for entry in accepted}:
            unneeded -= {one.doubted} if found else set()
        else:
            yield from found
    yield from _wrongly_accepted(accepted, unneeded)


def _accepted(lookup: Callable[[str], Any]) -> Sequence[AcceptSettings]:
    try:
        accepted: Sequence[AcceptSettings] = lookup("accept")
    except LookupError:
        return ()
    return accepted


def acceptable() -> set[str]:
    """The settings that an entry under `[[accept]]` may name."""
    return {one.doubted for one in RULES if one.doubted} | DOUBTED_BETWEEN_ENVIRONMENTS


def _wrongly_accepted(accepted: Sequence[AcceptSettings], unneeded: set[str | None]) -> Iterator[Problem]:
    known = acceptable()
    for index, entry in enumerate(accepted):
        path = f"accept.{index}.setting"
        if entry.setting not in known:
            yield Problem(path, f'"{entry.setting}" cannot be accepted; see in docs/settings.md what can be')
        elif entry.setting in {earlier.setting for earlier in accepted[:index]}:
            yield Problem(path, f'"{entry.setting}" is accepted already; remove one of the two')
        elif entry.setting in unneeded:
            yield Problem(path, f'"{entry.setting}" needs no acceptance; remove the entry')
