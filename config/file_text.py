"""Reads a settings file as TOML, whatever stands in its place, and refuses values that no setting may have."""

import re
import stat
import tomllib
from collections.abc import Iterator, Mapping
from datetime import date, time
from pathlib import Path
from typing import Any

from config.refused_text import LONGEST_TEXT, holds_placeholder, kind_of_secret
from config.rules import Problem
from config.settings_tree import nested_settings
from config.shown_text import shown_key
from config.types import Settings

LARGEST_FILE = 128 * 1024
"""Bytes; an environment's settings need a hundredth of it."""

# tomllib takes time with the square of a key's parts: a minute for what fits into the largest file.
MOST_DOTS_IN_A_LINE = 64

# Of tables and lists in a value; no setting has more.
DEEPEST_VALUE = 4

MOST_ITEMS = 1000
"""Of a list."""

LARGEST_NUMBER = 2**63 - 1

REFUSED: dict[str, None] = {"refused": None}
"""No setting takes this, whatever its type."""

_PLACE = re.compile(r" \(at line (\d+), column \d+\)$")
# What tomllib says of a key or table that stands twice; it quotes the key, which may be anything.
_TWICE = ("Cannot overwrite", "Cannot declare", "Cannot mutate", "Duplicate inline")
_QUOTED = re.compile(r'"[^"]*"|\'[^\']*\'')
_BARE_KEYS = re.compile(r"[\w.-]{1,80}")


class UnreadableFileError(Exception):
    """Why the file has no settings: what is wrong with it, and how to mend it."""


def read_toml(path: Path) -> dict[str, Any]:
    """The tables of the file; raises UnreadableFileError."""
    text = _read_text(path)
    for number, line in enumerate(text.split("\n"), start=1):
        if line.count(".") > MOST_DOTS_IN_A_LINE and _QUOTED.sub("", line).count(".") > MOST_DOTS_IN_A_LINE:
            raise UnreadableFileError(f"line {number} has a key of many parts; no setting needs more than four")
    try:
        return tomllib.loads(text)
    except RecursionError:
        raise UnreadableFileError("is nested too deep; no setting needs more than four tables in each other") from None
    except ValueError as error:
        # Also a number of thousands of digits.
        raise UnreadableFileError(_toml_mistake(str(error), text)) from None


def _read_text(path: Path) -> str:
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise UnreadableFileError("is no file; make it a readable file, or give it another ending")
        with path.open("rb") as file:
            content = file.read(LARGEST_FILE + 1)
    except OSError as error:
        raise UnreadableFileError(f"cannot be read: {error.strerror}; make it a readable file") from None
    if len(content) > LARGEST_FILE:
        raise UnreadableFileError(f"is larger than {LARGEST_FILE // 1024} KiB; it needs to hold settings only")
    try:
        # Windows editors put a byte order mark first, which TOML does not know.
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UnreadableFileError(
            f"is not UTF-8 text: {error.reason} at byte {error.start}; save it as UTF-8"
        ) from None


def _toml_mistake(message: str, text: str) -> str:
    place = _PLACE.search(message)
    lines = text.splitlines()
    number = min(int(place[1]), len(lines)) if place else len(lines)
    line = lines[number - 1] if lines else ""
    key, _, value = (part.strip() for part in line.partition("="))
    if message.startswith(_TWICE):
        name = key.strip("[] ")
        what = f"{name!r} " if _BARE_KEYS.fullmatch(name) and not kind_of_secret(name) else "a key or table "
        return f"is not TOML: {what}stands a second time in line {number}; remove one of the two"
    mend = "text stands in quotes, and each setting in a line of its own"
    if value.lower() in ("true", "false"):
        mend = f"write {value.lower()} in lower case"
    elif value.lower() in ("none", "null", "nil"):
        mend = "leave the setting out instead"
    return f"is not TOML: {message}; {mend}"


def refuse_values(
    model: type[Settings], table: Mapping[str, Any], prefix: str = ""
) -> tuple[dict[str, Any], list[Problem]]:
    """The table with REFUSED for every value that no setting may have, and what is wrong with each.

    Values of unknown keys are left out, and never shown. What is returned is as deep as settings are.
    """
    clean: dict[str, Any] = {}
    problems: list[Problem] = []
    for key, value in table.items():
        path = f"{prefix}{shown_key(key)}"
        nested = nested_settings(model, key)
        if key not in model.model_fields:
            clean[key] = None
        elif nested and isinstance(value, Mapping):
            clean[key], found = refuse_values(nested, value, f"{path}.")
            problems += found
        elif isinstance(value, list) and len(value) > MOST_ITEMS:
            clean[key] = REFUSED
            problems.append(Problem(path, f"has {len(value)} items; no setting needs more than {MOST_ITEMS}"))
        elif nested and isinstance(value, list) and all(isinstance(item, Mapping) for item in value):
            pairs = [refuse_values(nested, item, f"{path}.{index}.") for index, item in enumerate(value)]
            clean[key] = [item for item, _ in pairs]
            problems += [problem for _, found in pairs for problem in found]
        else:
            found = list(_refused(path, value))
            clean[key] = REFUSED if found else _as_deep_as_settings(value)
            problems += found
    return clean, problems


def _refused(path: str, value: Any, depth: int = 0) -> Iterator[Problem]:
    if isinstance(value, list | Mapping) and depth < DEEPEST_VALUE:
        items = value.items() if isinstance(value, Mapping) else enumerate(value)
        for key, item in items:
            yield from _refused(f"{path}.{shown_key(str(key))}", item, depth + 1)
    elif why := _why_refused(value):
        yield Problem(path, why)


def _why_refused(value: Any) -> str | None:
    if isinstance(value, date | time):
        return f"{value} is a date or a time, which no setting is; put text in quotes"
    if isinstance(value, int) and abs(value) > LARGEST_NUMBER:
        return "the number is larger than any setting; it needs at most 19 digits"
    if not isinstance(value, str):
        return None
    if len(value) > LONGEST_TEXT:
        return f"the text of {len(value)} characters is too long; no setting needs more than {LONGEST_TEXT}"
    if kind := kind_of_secret(value):
        return f"the text looks like {kind}; keep secrets in Key Vault, and renew one that was ever committed"
    if holds_placeholder(value):
        return "the text holds a placeholder, which nothing fills in; write the value itself"
    return None


def _as_deep_as_settings(value: Any, depth: int = 0) -> Any:
    if depth == DEEPEST_VALUE:
        return None
    if isinstance(value, list):
        return [_as_deep_as_settings(item, depth + 1) for item in value]
    if isinstance(value, Mapping):
        return {key: _as_deep_as_settings(item, depth + 1) for key, item in value.items()}
    return value
