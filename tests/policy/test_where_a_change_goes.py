"""The table of CONTRIBUTING.md leads to what it names."""

import re
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[2]
PAGE = (REPOSITORY / "CONTRIBUTING.md").read_text(encoding="utf-8")
ROWS = re.findall(r"^\| ((?:what|which|who|how) .+?) \| (`.+?) \|(.*?) ?\|$", PAGE, re.MULTILINE)


def test_the_table_is_read() -> None:
    assert len(ROWS) >= 12


@pytest.mark.parametrize(("what", "where", "there"), ROWS, ids=[what for what, *_ in ROWS])
def test_a_change_goes_where_the_table_says(what: str, where: str, there: str) -> None:
    for place in re.findall("`(.+?)`", where):
        path = REPOSITORY / place
        files = sorted(path.glob("*.py")) if path.is_dir() else [path]
        assert path.exists()
        for name in re.findall("`(.+?)`", there):
            assert any(re.search(rf"{re.escape(name)}\b", file.read_text(encoding="utf-8")) for file in files), what
