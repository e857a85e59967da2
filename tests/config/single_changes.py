"""Every setting changed to many values, one at a time: what a person, or a script, might write by mistake."""

import tomllib
from collections.abc import Iterator
from datetime import date
from typing import Any

from tests.config.environment_file import ABSENT, PROXY, WITH_GATEWAY, WITH_JUMP_BOX, WITH_PROXY
from tests.product import ENVIRONMENTS_OF_THE_TESTS

NOTHING_GIVEN = object()

WHATEVER: list[Any] = [
    ABSENT,
    "",
    "default",
    "\x1b[31m",
    "%{ if true }",
    "a" * 5000,
    "\N{GREEK SMALL LETTER ALPHA}\N{COMBINING ACUTE ACCENT}",
    "10.0.0.0/8",
    "00000000-0000-0000-0000-000000000000",
    -1,
    1,
    65536,
    2**70,
    0.5,
    float("nan"),
    True,
    date(2026, 11, 26),
    [],
    ["x"],
    [1, 1],
    [[[]]],
    {"x": {"y": 1}},
]


def values_near(value: Any) -> Iterator[Any]:
    """What differs from a good value by a slip."""
    if isinstance(value, bool):
        yield from (not value, str(value), str(value).lower())
    elif isinstance(value, int | float):
        yield from (value - 1, value + 1, value * 10, -value, str(value), value + 0.5)
    elif isinstance(value, str):
        yield from (value[:-1], value[1:], value + value[-1], f" {value}", f"{value}\n", value.upper(), value * 2)
        yield from (value.replace("-", "_"), value.replace(".", ",", 1), f"<{value}>", value[::-1], [value])
    elif isinstance(value, list):
        yield from (value * 2, value * 20, value[:1], *value)


# Tables that must be there before something in them can be changed.
DEV = tomllib.loads((ENVIRONMENTS_OF_THE_TESTS / "dev.toml").read_text(encoding="utf-8"))
AROUND = {"network.jump_box": WITH_JUMP_BOX, "network.application_gateway": WITH_GATEWAY, PROXY: WITH_PROXY}


def single_changes(path: str) -> Iterator[dict[str, Any]]:
    """Changes to dev.toml, each of which gives the setting at this path another value."""
    around = next((changes for table, changes in AROUND.items() if path.startswith(f"{table}.")), {})
    good = around.get(path, _at(DEV, path))
    for value in [*WHATEVER, *values_near(good)]:
        if value is not ABSENT or (path not in around and good is not NOTHING_GIVEN):
            yield around | {path: value}


def _at(table: Any, path: str) -> Any:
    for key in path.split("."):
        table = table[0] if isinstance(table, list) else table
        table = table.get(key, NOTHING_GIVEN) if isinstance(table, dict) else NOTHING_GIVEN
    return table
