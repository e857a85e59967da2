"""What a reviewed file allows for a while: the destructions, replacements and losses that somebody has thought about.

# environments/allowed/dev.toml
[[allow]]
stack = "cluster"
addresses = ["azurerm_kubernetes_cluster.kubernetes_cluster_0F1E2D3C"]
action = "replace"
loses_data = true
because = "The cluster moves to another range for its services; the workloads are deployed right after it."
until = 2027-03-31
"""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from deployment.plan import Action

ENVIRONMENTS = Path(__file__).parents[1] / "environments"

STACKS = ("state-backend", "network", "cluster", "workloads")
"""The purposes of an environment's stacks."""

EVERYTHING = "*"
"""In the place of addresses: whatever the plan does it to, as in a stack that is taken down."""

GUARDED = (Action.DESTROY, Action.REPLACE, Action.FORGET)
"""What is done only if it is allowed."""

LONGEST = timedelta(days=92)
"""An allowance is for a change that is being deployed; what lies longer is forgotten, and allows what nobody meant."""

_SHORTEST_REASON = 20


class InvalidAllowancesError(Exception):
    """Everything wrong with a file of allowances: one line each, with file, key, rule and mend."""


@dataclass(frozen=True)
class Allowance:
    """One entry."""

    stack: str
    addresses: frozenset[str]
    action: Action
    because: str
    until: date
    """The last day on which it holds, in UTC."""
    loses_data: bool = False
    """Whether it is for what cannot be made again, too."""

    def covers(self, stack: str, address: str, action: Action) -> bool:
        """Whether it is about this change, be it over or not."""
        return (self.stack, self.action) == (stack, action) and not self.addresses.isdisjoint({address, EVERYTHING})


def read_allowances(file: Path, today: date) -> tuple[Allowance, ...]:
    """Read an environment's file; there need be none.

    Raises:
        InvalidAllowancesError: with every mistake in it.

    """
    name = f"{file.parent.parent.name}/{file.parent.name}/{file.name}"
    try:
        document = tomllib.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return ()
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidAllowancesError(f"{name}: cannot be read as UTF-8 text ({type(error).__name__})") from None
    except tomllib.TOMLDecodeError as error:
        raise InvalidAllowancesError(f"{name}: is not TOML: {error}") from None
    entries = document.get("allow", ())
    if document.keys() != {"allow"} or not _is_list_of(dict, entries):
        raise InvalidAllowancesError(f"{name}: must hold entries [[allow]], and nothing else")
    lines = [f"{name}: allow[{at}].{line}" for at, entry in enumerate(entries, 1) for line in _mistakes(entry, today)]
    if lines:
        raise InvalidAllowancesError("\n".join(lines))
    return tuple(
        Allowance(**{**entry, "addresses": frozenset(entry["addresses"]), "action": Action(entry["action"])})
        for entry in entries
    )


def _mistakes(entry: dict[str, Any], today: date) -> Iterator[str]:
    allowed = ("stack", "addresses", "action", "because", "until", "loses_data")
    for key in entry.keys() - set(allowed):
        yield f"{key[:40]}: is not a key; known: {', '.join(allowed)}"
    for key in allowed[:-1]:
        if key not in entry:
            yield f"{key}: is missing"
    if "stack" in entry and entry["stack"] not in STACKS:
        yield f"stack: must be one of {', '.join(STACKS)}"
    addresses = entry.get("addresses", [EVERYTHING])
    if not addresses or not _is_list_of(str, addresses):
        yield f'addresses: must be a list of addresses as Terraform prints them, or ["{EVERYTHING}"]'
    elif len(set(addresses)) < len(addresses) or (EVERYTHING in addresses and len(addresses) > 1):
        yield f'addresses: must name each once, or be ["{EVERYTHING}"] alone'
    if "action" in entry and entry["action"] not in GUARDED:
        yield f"action: must be one of {', '.join(GUARDED)}"
    because = entry.get("because", "." * _SHORTEST_REASON)
    if not isinstance(because, str) or len(because.strip()) < _SHORTEST_REASON:
        yield f"because: must say why, in at least {_SHORTEST_REASON} letters"
    until = entry.get("until", today)
    if not isinstance(until, date) or isinstance(until, datetime):
        yield "until: must be a date without quotes, such as 2027-03-31"
    elif until - today > LONGEST:
        yield f"until: is more than {LONGEST.days} days ahead; allow it when it is about to be deployed"
    if not isinstance(entry.get("loses_data", False), bool):
        yield "loses_data: must be true or false"


def _is_list_of(type_: type, value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(item, type_) for item in value)
