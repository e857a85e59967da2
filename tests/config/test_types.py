"""Patterns: however long a text is, and whatever it repeats, each finds its way without going back."""

import re
import time
from collections.abc import Iterator

import pytest

from config.refused_text import LONGEST_TEXT, holds_placeholder, kind_of_secret
from config.settings_tree import field_at, setting_paths
from config.types import Text

REPEATED = [
    "a",
    "a-",
    "a.",
    "a/",
    "-",
    "1",
    "A",
    "aA1",
    " ",
    "a a",
    "<",
    "${",
    "password ",
    "x://",
    "eyJ",
    "ssh-rsa AAAA",
    "10.",
]


def patterns() -> Iterator[str]:
    for path in setting_paths():
        field = field_at(tuple(path.split(".")))
        yield from (item.pattern for item in field.metadata if isinstance(item, Text)) if field else ()


@pytest.mark.parametrize("repeated", REPEATED)
def test_no_text_takes_long(repeated: str) -> None:
    text = (repeated * LONGEST_TEXT)[: LONGEST_TEXT - 1] + "!"
    began = time.process_time()

    for pattern in sorted(set(patterns())):
        re.fullmatch(pattern, text)
        assert time.process_time() - began < 0.1, pattern
    kind_of_secret(text)
    holds_placeholder(text)

    assert time.process_time() - began < 0.2
