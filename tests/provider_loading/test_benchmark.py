"""The benchmark measures what it says, and leaves the page's prose alone."""

import sys
from pathlib import Path

import pytest

from provider_loading.benchmark import BEGIN, END, measure, renewed

NODE = "const held = Buffer.alloc(200 * 2 ** 20, 1); setTimeout(() => held, 300);"
PYTHON = f"import subprocess; held = bytearray(100 * 2 ** 20); subprocess.run(['node', '-e', {NODE!r}])"


@pytest.mark.skipif(sys.platform != "linux", reason="memory is read from /proc")
def test_a_run_is_told_apart_by_program(tmp_path: Path) -> None:
    run = measure([sys.executable, "-c", PYTHON], tmp_path, {})
    assert 100 < run.python < 150
    assert 200 < run.node < 300
    assert run.wall > 0.3
    assert run.cpu > 0


def test_a_program_that_fails_ends_the_benchmark(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match=r"failed:\nno such thing"):
        measure([sys.executable, "-c", "import sys; sys.exit('no such thing')"], tmp_path, {})


def test_the_prose_of_the_page_stays() -> None:
    page = f"before\n{BEGIN}\n\nold\n\n{END}\nafter\n"
    assert renewed(page, "new") == page.replace("old", "new")
