"""What others do to a deployed resource: rows of `constructs_lib/changes_by_others.py`, acted out in the cloud."""

import copy
import json
import re
from typing import Any

from rehearsal.cloud import Object
from rehearsal.provider_schema import Block, Type


def steps(argument: str) -> list[str]:
    """The names in a path as `ignore_changes` takes it, the key of a map last."""
    return [key or name for key, name in re.findall(r'\["(.+?)"\]|([a-z]\w*)', argument)]


def is_written(argument: str, arguments: Object) -> bool:
    """Whether a program says anything there."""
    return value_at(argument, arguments) is not None


def value_at(argument: str, value: Any) -> Any:
    """What a program says there, or what the cloud has; None for nothing, be it null or no block."""
    for name in steps(argument):
        if isinstance(value, list):
            value = value[0] if value else None
        value = (value or {}).get(name)
    return None if value == [] else copy.deepcopy(value)


def same(one: Any, other: Any) -> bool:
    """Whether two values differ at most in the order of what stands in lists: sets have none."""
    return _sorted(one) == _sorted(other)


def act_out(argument: str, block: Block, value: Object) -> bool:
    """Give the argument another value of its type; False where a block on the way to it is absent.

    Raises:
        KeyError: the schema has no such argument.

    """
    return _change(steps(argument), block, value)


def _change(path: list[str], block: Block, value: Object) -> bool:
    name, *rest = path
    if name not in block["block_types"]:
        type_ = block["attributes"][name]["type"]
        value[name] = {**(value[name] or {}), rest[0]: "changed"} if rest else _other(type_, value[name])
        return True
    nested, there = block["block_types"][name], value[name]
    if rest:
        return bool(there) and _change(rest, nested["block"], there[0])
    if there and nested.get("max_items") == 1:
        return _change([next(iter(nested["block"]["attributes"]))], nested["block"], there[0])
    there.append(_block(nested["block"]))
    return True


def _other(type_: Type, old: Any) -> Any:
    match type_:
        case "bool":
            return not old
        case "number":
            return (old or 0) + 1
        case "string":  # what begins as before: a version with a patch, such as 1.35.1
            return f"{old or 'changed'}.1"
        case ["list" | "set", element]:
            return [*(old or ()), _other(element, None)]
        case ["map", element]:
            return {**(old or {}), "changed": _other(element, None)}
        case ["object", fields]:
            return {name: _other(field, None) for name, field in fields.items()}
    raise TypeError(type_)


def _block(block: Block) -> Object:
    value: Object = {
        name: _other(attribute["type"], None) if attribute.get("required") else None
        for name, attribute in block["attributes"].items()
    }
    for name, nested in block["block_types"].items():
        value[name] = [_block(nested["block"])] * nested.get("min_items", 0)
    return value


def _sorted(value: Any) -> str:
    if isinstance(value, dict):
        return json.dumps({name: _sorted(inner) for name, inner in value.items()}, sort_keys=True)
    return json.dumps(sorted(map(_sorted, value)) if isinstance(value, list) else value)
