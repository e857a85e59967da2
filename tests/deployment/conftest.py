"""Tools that the modules call, as programs on the path that only write down how they are called."""

import json
import sys
from pathlib import Path

import pytest

_PROGRAM = f"""#!{sys.executable}
import json, pathlib, sys
here, said = pathlib.Path(__file__).parent, " ".join(sys.argv[1:])
name = pathlib.Path(__file__).name
with (here / "calls").open("a") as calls:
    calls.write(name + " " + said + "\\n")
if name == "sqlcmd":
    (here / "sql").write_text(pathlib.Path(sys.argv[-1]).read_text())
if said.endswith("--filename -"):
    (here / "applied.json").write_text(sys.stdin.read())
for words, answer in json.loads((here / "answers.json").read_text()).items():
    if words in said:
        print(answer)
sys.exit((here / "fails").read_text() in name + " " + said)
"""


class Tools:
    """What they were asked, and what they answer."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        for name in ("az", "kubelogin", "kubectl", "sqlcmd"):
            (folder / name).write_text(_PROGRAM)
            (folder / name).chmod(0o755)
        self.answer({})
        self.fail("nothing that anybody asks")

    def answer(self, by_words: dict[str, str]) -> None:
        """Print an answer to each call that has these words."""
        (self._folder / "answers.json").write_text(json.dumps(by_words))

    def fail(self, words: str) -> None:
        """End calls that have these words with 1."""
        (self._folder / "fails").write_text(words)

    def left(self, name: str) -> str:
        """What they wrote down."""
        return (self._folder / name).read_text()

    @property
    def calls(self) -> list[str]:
        """Every call."""
        return self.left("calls").splitlines()


@pytest.fixture
def tools(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Tools:
    """The only tools on the path."""
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    return Tools(tmp_path)
