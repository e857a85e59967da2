"""Every command that README and docs show, as the simple commands that a shell makes of it."""

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

REPOSITORY = Path(__file__).parents[2]
PAGES = [REPOSITORY / "README.md", REPOSITORY / "CONTRIBUTING.md", *sorted((REPOSITORY / "docs").rglob("*.md"))]

TOOLS = (
    "az",
    "cdktf",
    "curl",
    "docker",
    "git",
    "kubectl",
    "kubelogin",
    "make",
    "npm",
    "npx",
    "python3",
    "sqlcmd",
    "terraform",
)
# What the shell itself takes, and what every system has.
SHELL = {"[", "do", "done", "for", "nslookup", "openssl", "rm", "source", "tr"}

FENCE = re.compile(r"^( *)```(\w*)\n(.*?)^\1```", re.MULTILINE | re.DOTALL)
SPAN = re.compile(r"(?<!`)`([^`]+)`(?!`)")
# `$(…)` and `<(…)` are commands of their own.
INNER = re.compile(r"[$<]\(([^()]*)\)")
# What only the reader knows, such as `<digest>`.
PLACEHOLDER = re.compile(r"<[^<>()|&\n]+>")


@dataclass(frozen=True)
class Command:
    """A simple command, and where it stands."""

    page: str
    words: tuple[str, ...]
    is_whole: bool
    """Whether it stands in a block to be typed, and not only mentioned in a sentence."""

    def __str__(self) -> str:
        return f"{self.page}: {' '.join(self.words)}"

    @property
    def tool(self) -> str:
        """The program that runs it."""
        return self.words[0]


def commands(*tools: str) -> list[Command]:
    """Every command of these tools, each once."""
    found = (command for page in PAGES for command in of_page(page) if command.tool in tools)
    return list(dict.fromkeys(found))


def of_page(page: Path) -> Iterator[Command]:
    """Every command of a page: those in blocks marked `console`, and those mentioned in sentences."""
    text, name = page.read_text(encoding="utf-8"), page.name
    for fence in FENCE.finditer(text):
        if fence[2] == "console":
            yield from (Command(name, words, is_whole=True) for words in simple_commands(fence[3]))
    for span in SPAN.finditer(FENCE.sub("", text)):
        if re.match(rf"([A-Z]+=\S+ )?({'|'.join(TOOLS)})\s", span[1]):
            yield from (Command(name, words, is_whole=False) for words in simple_commands(" ".join(span[1].split())))


def simple_commands(text: str) -> Iterator[tuple[str, ...]]:
    """The words of each simple command of a script, without variables that are set before it, and without `sudo`."""
    text = text.replace("\\\n", " ")
    while inner := INNER.search(text):
        yield from simple_commands(inner[1])
        text = text[: inner.start()] + "INNER" + text[inner.end() :]
    for line in PLACEHOLDER.sub("PLACEHOLDER", text).splitlines():
        lexer = shlex.shlex(line, posix=True, punctuation_chars=";&|")
        lexer.whitespace_split = True
        words: list[str] = []
        for word in [*lexer, ";"]:
            if set(word) <= set(";&|"):
                if words:
                    yield tuple(words)
                words = []
            elif words or not (re.match(r"\w+=", word) or word in ("sudo", "do")):
                words.append(word)


def options(command: Command) -> set[str]:
    """The names of its options, without their values."""
    return {word.partition("=")[0] for word in command.words[1:] if re.match(r"--?[A-Za-z]", word)}
