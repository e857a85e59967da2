"""Reads `environments/*.toml` into settings, or reports everything that is wrong with them at once."""

import json
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from config import choice
from config.cluster.company_certificate import FOLDER
from config.environment import EnvironmentSettings
from config.error_report import path_of, sentence
from config.file_text import REFUSED, UnreadableFileError, read_toml, refuse_values
from config.notices import notices
from config.rules import LeftOutError, problems, problems_between_environments
from config.settings_tree import nested_settings, value_under
from config.shown_text import printable
from config.types import Settings

ENVIRONMENTS_FOLDER = Path(__file__).parents[1] / "environments"

INVALID_SETTINGS = 2
"""With this a command ends whose settings are wrong."""

NOTICES_TOLD = "SETTINGS_NOTICES_TOLD"
"""Set for a command by the one that started it, if that has told already what is right and worth a word."""

MOST_MISTAKES = 50
"""Of one file, that a report tells; of more, it gives the number."""

# An environment by its name, but for the ending.
_LIKE_AN_ENVIRONMENT = re.compile(r"[a-z][a-z0-9]{1,11}(\.(yaml|yml|json|tfvars))?", re.IGNORECASE)
_NO_ENVIRONMENTS = {"schema.json", "readme", "license", "codeowners"}

# Beside the file that they are copies of, these are an editor's.
_COPIES = ("~", ".bak", ".orig", ".old", ".tmp", ".swp", ".rej")


class ConfigurationError(Exception):
    """Everything wrong with the settings: one line each, naming file, key, value, rule and mend."""

    def __init__(self, lines: list[str]) -> None:
        super().__init__("\n".join(lines))
        self.lines = tuple(lines)


def load_or_exit(process_environment: Mapping[str, str]) -> tuple[EnvironmentSettings, ...]:
    """What a command starts with: the environments that `ENVIRONMENTS` names, or the report of mistakes and the end.

    What is right and still worth a word goes to the standard error stream.
    """
    with _report_and_exit():
        environments = load_environments(ENVIRONMENTS_FOLDER, process_environment)
    if not process_environment.get(NOTICES_TOLD):
        _tell_notices(environments)
    return environments


def load_one_or_exit(process_environment: Mapping[str, str]) -> EnvironmentSettings:
    """What a command for one environment starts with: the one that `ENV` names, or the report and the end."""
    with _report_and_exit():
        environment = load_single_environment(ENVIRONMENTS_FOLDER, process_environment)
    _tell_notices([environment])
    return environment


@contextmanager
def _report_and_exit() -> Iterator[None]:
    try:
        yield
    except ConfigurationError as error:
        print(error, file=sys.stderr)
        sys.exit(INVALID_SETTINGS)


def _tell_notices(environments: Iterable[EnvironmentSettings]) -> None:
    today = datetime.now(UTC).date()
    for environment in environments:
        for notice in notices(environment, today):
            print(f"{_file(ENVIRONMENTS_FOLDER / environment.name)}.toml: {notice}", file=sys.stderr)


def load_environments(folder: Path, process_environment: Mapping[str, str]) -> tuple[EnvironmentSettings, ...]:
    """Read the environments that `ENVIRONMENTS` names, or all of them, in the order of their names.

    Raises ConfigurationError with every mistake in every file read, and between them.
    """
    known = _known_environments(folder)
    chosen, lines = choice.several(process_environment, known)
    if lines or not process_environment.get(choice.SEVERAL, "").strip():
        lines += _left_out(folder)
    loaded = []
    for name in sorted(chosen):
        try:
            loaded.append(load_environment(known[name]))
        except ConfigurationError as error:
            lines.extend(error.lines)
    lines += [f"{_file(known[name])}: {one.path}: {one.message}" for name, one in problems_between_environments(loaded)]
    if lines:
        raise ConfigurationError(lines)
    return tuple(loaded)


def load_single_environment(folder: Path, process_environment: Mapping[str, str]) -> EnvironmentSettings:
    """Read the environment that `ENV` names, and no other; raises ConfigurationError with every mistake in it."""
    known = _known_environments(folder)
    name, lines = choice.single(process_environment, known)
    if lines:
        raise ConfigurationError([*lines, *_left_out(folder)])
    return load_environment(known[name])


def _known_environments(folder: Path) -> dict[str, Path]:
    # What begins with a dot belongs to an editor.
    known = {path.stem: path for path in sorted(folder.glob("*.toml")) if not path.name.startswith(".")}
    if not known:
        missing = f"{folder.name}: holds no environment; add a file such as {folder.name}/dev.toml"
        raise ConfigurationError([*_left_out(folder)] or [missing])
    return known


def _left_out(folder: Path) -> Iterator[str]:
    """Files that were surely meant to be environments, and are none by their names."""
    for path in sorted(folder.glob("*")):
        name = path.name
        is_copy = any(name.endswith(end) and path.with_name(name.removesuffix(end)).exists() for end in _COPIES)
        like_toml = ".toml" in name.lower() and not name.endswith(".toml") and not name.startswith((".", "#"))
        like_a_name = _LIKE_AN_ENVIRONMENT.fullmatch(name) and name.lower() not in _NO_ENVIRONMENTS and path.is_file()
        if (like_toml or like_a_name) and not is_copy:
            yield f"{_file(path)}: is left out, for its name does not end in .toml; rename it, or move it elsewhere"


def load_environment(path: Path) -> EnvironmentSettings:
    """Read one environment's file; raises ConfigurationError with its mistakes, or the first of very many."""
    file = _file(path)
    try:
        table = read_toml(path)
    except UnreadableFileError as error:
        raise ConfigurationError([f"{file}: {error}"]) from None
    found: list[EnvironmentSettings] = []
    lines = _first_of(_mistakes(table, path, found.append))
    if lines:
        raise ConfigurationError([f"{file}: {line}" for line in lines])
    return found[0]


def _mistakes(
    table: dict[str, Any], file: Path, valid: Callable[[EnvironmentSettings], None]
) -> Iterator[str | ErrorDetails]:
    """What is wrong with a file, pydantic's part still to be worded; gives the settings to `valid` if they are."""
    if "name" in table:
        yield "name: is not a setting; an environment's name is its file's name"
    clean, refused = refuse_values(EnvironmentSettings, {**table, "name": file.stem})
    yield from (f"{problem.path}: {problem.message}" for problem in refused)
    reported = {problem.path for problem in refused}
    context = {FOLDER: file.parent}
    around = {parent for path in reported for parent in _parents(path)}
    try:
        # TOML has lists and strings where strict models want tuples, enums and networks; JSON input allows just those.
        settings = EnvironmentSettings.model_validate_json(json.dumps(clean), context=context)
    except ValidationError as error:
        for detail in error.errors(include_url=False):
            path = path_of(detail)
            if path not in around and reported.isdisjoint(_parents(path)):
                yield detail
        lookup = _lookup_in(_valid_parts(EnvironmentSettings, clean, context))
    else:
        valid(settings)
        lookup = _lookup_in(settings)
    yield from (f"{problem.path}: {problem.message}" for problem in problems(lookup))


def _parents(path: str) -> Iterator[str]:
    """The path, and every table that it leads through."""
    keys = path.split(".")
    return (".".join(keys[:end]) for end in range(1, len(keys) + 1))


def _first_of(mistakes: Iterable[str | ErrorDetails]) -> list[str]:
    """The first mistakes in words, and how many more there are."""
    rest = iter(mistakes)
    first = [one if isinstance(one, str) else sentence(one) for one in islice(rest, MOST_MISTAKES)]
    more = sum(1 for _ in rest)
    return [*first, f"and {more} more mistakes like these; mend the first ones, and look again"] if more else first


def _file(path: Path) -> str:
    return printable(f"{path.parent.name}/{path.name}")


@cache
def _adapter(model: type[Settings], key: str) -> TypeAdapter[Any]:
    return TypeAdapter(model.model_fields[key].rebuild_annotation())


def _valid_parts(model: type[Settings], table: Mapping[str, Any], context: dict[str, Path]) -> dict[str, Any]:
    """Every value that is valid in itself, nested like the model; a table with a mistake in it stays a dict."""
    parts: dict[str, Any] = {}
    for key, field in model.model_fields.items():
        nested = nested_settings(model, key)
        if key not in table:
            if not field.is_required():
                parts[key] = field.get_default()
            continue
        try:
            parts[key] = _adapter(model, key).validate_json(json.dumps(table[key]), strict=True, context=context)
        except ValidationError:
            # Of a table that was refused as a whole nothing is known, its defaults neither.
            if nested is not None and isinstance(table[key], Mapping) and table[key] != REFUSED:
                parts[key] = _valid_parts(nested, table[key], context)
    return parts


def _lookup_in(settings: Settings | dict[str, Any]) -> Callable[[str], Any]:
    def lookup(path: str) -> Any:
        value: Any = settings
        for key in path.split("."):
            if value is None:
                raise LeftOutError(path)
            value = value[key] if isinstance(value, dict) else value_under(value, key)
        if isinstance(value, dict):
            raise KeyError(path)
        return value

    return lookup
