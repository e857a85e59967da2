"""What Terraform would destroy or replace for another program, from the programs alone.

It knows what the provider cannot change in place from `rehearsal/dropped_facts.py`. What a provider decides from the
values of before and after, and what Azure refuses, only a plan shows.
"""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from rehearsal.dropped_facts import DROPPED_FACTS, Facts

Values = dict[str, Any]
"""Those of an instance that cannot be changed in place, by their paths with dots and no indexes. None is absent."""

_NONE = Facts("")
_PROVIDER = "provider"
_REFERENCE = re.compile(r"\$\{(?:\w+\()*(\w+)\.([\w-]+)(?:\[[^\]]*\])?\.(\w+)")


def instances(program: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """The arguments of each resource of a program, by the address of each instance."""
    return {
        f"{type_}.{name}{key}": arguments
        for type_, resources in program.get("resource", {}).items()
        for name, arguments in resources.items()
        for key in _keys(arguments)
    }


def _keys(arguments: Mapping[str, Any]) -> list[str]:
    if "count" in arguments:
        count = arguments["count"]
        return [f"[{index}]" for index in range(count)] if isinstance(count, int) else ["[...]"]
    if "for_each" not in arguments:
        return [""]
    each = arguments["for_each"]
    if listed := isinstance(each, str) and re.fullmatch(r"\$\{toset\((\[.*\])\)\}", each):
        each = json.loads(listed[1])
    return ["[...]"] if isinstance(each, str) else [f"[{json.dumps(key)}]" for key in each]


def fixed_values(address: str, arguments: Mapping[str, Any]) -> Values:
    """Those of an instance's arguments that cannot be changed in place."""
    found: Values = {}
    for path in DROPPED_FACTS.get(address.partition(".")[0], _NONE).replaced_by:
        values = list(_at(arguments, path.split(".")))
        found[path] = values if len(values) > 1 else next(iter(values), None)
    # By a provider for another subscription it is looked for in vain.
    return found | ({_PROVIDER: arguments[_PROVIDER]} if _PROVIDER in arguments else {})


def _at(value: Any, path: list[str]) -> Iterator[Any]:
    """Every value at the path, through blocks that stand several times."""
    if not path:
        yield value
    elif isinstance(value, Mapping):
        if path[0] in value:
            yield from _at(value[path[0]], path[1:])
    elif isinstance(value, list):
        for item in value:
            yield from _at(item, path)


def replaced(before: Mapping[str, Values], after: Mapping[str, Mapping[str, Any]]) -> dict[str, tuple[str, ...]]:
    """What stands in both and cannot become what it should be: addresses, and with each the paths that force it.

    `before` has the fixed values of each instance, `after` its arguments. No path: what triggers it is replaced.
    """
    found: dict[str, tuple[str, ...]] = {}
    while True:
        more = {
            address: forced
            for address in before.keys() & after.keys() - found.keys()
            if (forced := _forced(address, before, after, found)) is not None
        }
        if not more:
            return found
        found |= more


def _forced(
    address: str,
    before: Mapping[str, Values],
    after: Mapping[str, Mapping[str, Any]],
    found: Mapping[str, tuple[str, ...]],
) -> tuple[str, ...] | None:
    """The paths that force an instance to be replaced, given what else is; None if nothing does."""
    lifecycle = after[address].get("lifecycle", {})
    gone = {one.partition("[")[0]: one for one in found}
    # Of a resource that is replaced every attribute may be another; its id is.
    triggers = {".".join(one.partition("[")[0].split(".")[:2]) for one in lifecycle.get("replace_triggered_by", ())}
    if gone.keys() & triggers:
        return ()
    old, new = before[address], fixed_values(address, after[address])
    # Of what was not known to be fixed, nobody kept the value.
    paths = (old.keys() | {_PROVIDER}) - set(lifecycle.get("ignore_changes", ()))
    forced = tuple(
        path for path in sorted(paths) if old.get(path) != new.get(path) or _follows(new.get(path), before, after, gone)
    )
    return forced or None


def _follows(
    value: Any,
    before: Mapping[str, Values],
    after: Mapping[str, Mapping[str, Any]],
    gone: Mapping[str, str],
) -> bool:
    """Whether a value is an attribute of what is replaced, and another one afterwards."""
    return any(
        # What Azure sets is new, and what the program sets where it says something else.
        (source := gone.get(f"{type_}.{name}")) is not None
        and before[source].get(attribute) != after[source].get(attribute, object())
        for type_, name, attribute in _REFERENCE.findall(json.dumps(value))
    )
