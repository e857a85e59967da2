"""What outside judges are given, and what the page says of their verdict."""

import re

import pytest

from deployment.kinds import KINDS
from reference.for_judges import without_what_cannot_be_parsed
from tests.product import CHECKOUT

ROW = re.compile(r"^\| (CKV2?_AZURE_\d+) \| (\d+) \| `(azurerm_\w+)` \| (.+) \|$", re.MULTILINE)


@pytest.fixture(scope="module")
def page() -> str:
    return (CHECKOUT / "docs" / "outside-judges.md").read_text(encoding="utf-8")


def test_each_failure_has_a_reason_and_the_numbers_add_up(page: str) -> None:
    rows = ROW.findall(page)
    passed, all_checks = map(int, re.findall(r"\*\*(\d+) of (\d+) checks pass", page)[0])

    assert len({check for check, *_ in rows}) == len(rows) == page.count("| CKV")
    assert sum(int(number) for _, number, *_ in rows) == all_checks - passed
    assert passed / all_checks >= 0.92
    assert not [type_ for _, _, type_, _ in rows if "kubernetes" in type_]


def test_what_fails_is_of_a_type_that_is_made(page: str) -> None:
    assert [type_ for _, _, type_, _ in ROW.findall(page) if type_ not in KINDS] == []


def test_a_checklists_point_is_on_a_type_that_is_made_and_has_a_reason(page: str) -> None:
    rows = page.partition("| Asked for |")[2].splitlines()[2:]
    points = [re.fullmatch(r"\| ([^|]+) \| `(\w+)` \| ([^|]+\.) \|", row) for row in rows]

    assert rows
    assert [row for row, point in zip(rows, points, strict=True) if not (point and point[2] in KINDS)] == []


def test_a_copy_lacks_what_cannot_be_parsed_and_nothing_else() -> None:
    program = {"moved": [{}], "resource": {"a": {}}, "terraform": {"required_version": "1", "backend": {}}}

    assert without_what_cannot_be_parsed(program) == {"resource": {"a": {}}, "terraform": {"backend": {}}}
