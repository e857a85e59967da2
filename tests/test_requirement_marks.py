"""The marks `@pytest.mark.req(...)` and the pages of requirements name the same rows.

Marks are read from the source, not collected: so they are complete even when only some of the tests run.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

TESTS = Path(__file__).parent
DOCS = TESTS.parent / "docs"


def _rows(page: str) -> set[int]:
    text = (DOCS / page).read_text(encoding="utf-8")
    numbers = [int(number) for number in re.findall(r"^\| (\d+) \|", text, re.MULTILINE)]
    assert len(numbers) == len(set(numbers)), f"docs/{page} has a number twice"
    return set(numbers)


def _marked() -> Iterator[tuple[int, str]]:
    """Every row that a test says it shows, with the place of the mark."""
    for file in sorted(TESTS.rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "pytest.mark.req":
                yield from ((ast.literal_eval(row), f"{file.relative_to(TESTS)}:{node.lineno}") for row in node.args)


def test_the_list_of_requirements_is_complete() -> None:
    assert _rows("requirements.md") == set(range(1, 118))


def test_every_mark_names_a_requirement() -> None:
    requirements = _rows("requirements.md")

    assert [(row, place) for row, place in _marked() if row not in requirements] == []


def test_what_is_not_built_is_a_requirement() -> None:
    assert _rows("not-built.md") <= _rows("requirements.md")


def test_every_requirement_is_shown_or_not_built() -> None:
    shown = {row for row, _ in _marked()}

    assert _rows("requirements.md") - shown - _rows("not-built.md") == set()


def test_what_is_not_built_carries_no_mark() -> None:
    not_built = _rows("not-built.md")

    assert [(row, place) for row, place in _marked() if row in not_built] == []
