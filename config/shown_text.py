"""How a report may show a key or a value of a file: nothing that may be a secret, and nothing that a terminal obeys."""

import json
from collections.abc import Mapping
from typing import Any

from config.refused_text import kind_of_secret


def shown(value: Any, *, is_free: bool = False) -> str:
    """The value as its file has it, unless it may hold a secret: a table, a list, free text, what looks like one."""
    if isinstance(value, Mapping):
        return "a table"
    if isinstance(value, list) and not all(isinstance(item, int | float) for item in value):
        return "a list"
    if isinstance(value, str) and (is_free or kind_of_secret(value)):
        return "the text"
    text = printable(json.dumps(value[:60] if isinstance(value, str | list) else value, ensure_ascii=False))
    return text if len(text) <= 60 else f"{text[:57]}..."


def shown_key(key: str) -> str:
    """A key as a line of a report may name it: in quotes where it is no plain word, and no secret, ever."""
    if len(key) > 60 or kind_of_secret(key):
        return f"(a key of {len(key)} characters)"
    return key if key.replace("_", "").replace("-", "").isalnum() and key.isascii() else printable(json.dumps(key))


def printable(text: str) -> str:
    """The text without anything that a terminal obeys instead of showing it."""
    return "".join(letter if letter.isprintable() else ascii(letter)[1:-1] for letter in text)
