"""The page of settings is what the models say."""

from pathlib import Path

from reference.settings import render

PAGE = Path(__file__).parents[2] / "docs" / "settings.md"


def test_the_page_is_up_to_date() -> None:
    assert PAGE.read_text(encoding="utf-8") == render(), "docs/settings.md is out of date; `make docs` renews it"


def test_a_row_gives_type_default_and_meaning_in_plain_words() -> None:
    page = render()

    assert "| `soft_delete_days` | Whole number, 7 to 365 | `30` | Days for which deleted state versions" in page
    assert (
        "| `workload` | Two to eight lower-case letters and digits, the first a letter | required | Short name" in page
    )
    assert "| `availability_zones` | List of at most 3, each: whole number, 1 to 3 | `[1, 2, 3]` | Zones over" in page
    assert '<br>`"ZRS"`: Three zones of the region.<br>`"GZRS"`: Three zones of the region and a copy' in page


def test_every_setting_has_a_meaning() -> None:
    assert [line for line in render().splitlines() if line.startswith("|") and line.endswith("|  |")] == []
