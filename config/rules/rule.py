"""A rule between settings: which of them it reads, and what it finds wrong with them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Problem:
    """What is wrong with the setting at a path, and how to mend it."""

    path: str
    message: str


@dataclass(frozen=True)
class Rule:
    """A check over the settings at `paths`, in that order."""

    paths: tuple[str, ...]
    check: Callable[..., Iterator[Problem]]


RULES: list[Rule] = []


def rule(*paths: str) -> Callable[[Callable[..., Iterator[Problem]]], Callable[..., Iterator[Problem]]]:
    """Make a rule of the function below: it is given the values at these paths."""

    def register(check: Callable[..., Iterator[Problem]]) -> Callable[..., Iterator[Problem]]:
        RULES.append(Rule(paths, check))
        return check

    return register


def problems(lookup: Callable[[str], Any]) -> Iterator[Problem]:
    """Run every rule whose settings are all valid in themselves.

    `lookup` gives the value at a path, and raises LookupError where there is no valid one.
    """
    for one in RULES:
        try:
            values = [lookup(path) for path in one.paths]
        except LookupError:
            continue
        yield from one.check(*values)
