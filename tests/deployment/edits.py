"""What people do to a program: as Terraform JSON, with every reference in it kept right, as an editor would."""

import json
import re
from collections.abc import Callable
from typing import Any

Program = dict[str, Any]
Edit = Callable[[Program], Program]


def address_of(program: Program, type_: str, part: str = "") -> str:
    """The one resource of this type, or that whose name has a part."""
    (name,) = [name for name in program["resource"][type_] if part in name]
    return f"{type_}.{name}"


def renamed(type_: str, new: str, part: str = "", *, moved: bool = False) -> Edit:
    """The resource has another address: its construct another id, or another scope. `moved` says so."""

    def edit(program: Program) -> Program:
        old = address_of(program, type_, part)
        text = re.sub(rf"{re.escape(old)}(?![\w-])", f"{type_}.{new}", json.dumps(program))
        edited: Program = json.loads(text)
        edited["resource"][type_][new] = edited["resource"][type_].pop(old.partition(".")[2])
        if moved:
            edited.setdefault("moved", []).append({"from": old, "to": f"{type_}.{new}"})
        return edited

    return edit


def with_argument(type_: str, path: str, value: Any, part: str = "") -> Edit:
    """An argument has another value, in the first of blocks that stand several times."""

    def edit(program: Program) -> Program:
        target = program["resource"][type_][address_of(program, type_, part).partition(".")[2]]
        *outer, name = path.split(".")
        for step in outer:
            target = target[step]
            target = target[0] if isinstance(target, list) else target
        target[name] = value
        return program

    return edit


def without(type_: str, part: str = "", *, forgotten: bool = False) -> Edit:
    """The resource is gone; `forgotten` lets it stand on."""

    def edit(program: Program) -> Program:
        address = address_of(program, type_, part)
        del program["resource"][type_][address.partition(".")[2]]
        if not program["resource"][type_]:
            del program["resource"][type_]  # Terraform takes no empty table
        if forgotten:
            program["removed"] = [{"from": address, "lifecycle": {"destroy": False}}]
        return program

    return edit


def with_another(type_: str, part: str, **different: Any) -> Edit:
    """There is a resource more: like one that is there, but for some arguments."""

    def edit(program: Program) -> Program:
        there = program["resource"][type_]
        there["another"] = there[address_of(program, type_, part).partition(".")[2]] | different
        return program

    return edit
