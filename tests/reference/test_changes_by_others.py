"""The page of what others may change is what is ignored."""

from pathlib import Path

from reference.changes_by_others import render

PAGE = Path(__file__).parents[2] / "docs" / "changes-by-others.md"


def test_the_page_is_up_to_date() -> None:
    page = PAGE.read_text(encoding="utf-8")

    assert page == render(), "docs/changes-by-others.md is out of date; `make docs` renews it"
