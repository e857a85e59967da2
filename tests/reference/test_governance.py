"""The page of policies is what is assigned."""

from pathlib import Path

from reference.governance import render

PAGE = Path(__file__).parents[2] / "docs" / "governance.md"


def test_the_page_is_up_to_date() -> None:
    assert PAGE.read_text(encoding="utf-8") == render(), "docs/governance.md is out of date; `make docs` renews it"
