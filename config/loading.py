"""Reads `environments/*.toml` into settings, or reports everything that is wrong with them at once."""

import json
import sys
import tomllib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, time
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from config import choice
from config.environment import EnvironmentSettings
from config.error_report import nested_settings, sentence, shown
from config.refused_text import holds_placeholder, kind_of_secret
from config.rules import Problem, problems
from config.types import Settings

ENVIRONMENTS_FOLDER = Path(__file__).parents[1] / "environments"

INVALID_SETTINGS = 2
"""With this a command ends whose settings are wrong."""


class ConfigurationError(Exception):
    """Everything wrong with the settings: one line each, naming file, key, value, rule and mend."""

    def __init__(self, lines: list[str]) -> None:
        super().__init__("\n".join(lines))
        self.lines = tuple(lines)


def load_or_exit(process_environment: Mapping[str, str]) -> tuple[EnvironmentSettings, ...]:
    """What a command starts with: the environments that `ENVIRONMENTS` names, or the report of mistakes and the end."""
    with _report_and_exit():
        return load_environments(ENVIRONMENTS_FOLDER, process_environment)


def load_one_or_exit(process_environment: Mapping[str, str]) -> EnvironmentSettings:
    """What a command for one environment starts with: the one that `ENV` names, or the report and the end."""
    with _report_and_exit():
        return load_single_environment(ENVIRONMENTS_FOLDER, process_environment)


@contextmanager
def _report_and_exit() -> Iterator[None]:
    try:
        yield
    except ConfigurationError as error:
        print(error, file=sys.stderr)
        sys.exit(INVALID_SETTINGS)


def load_environments(folder: Path, process_environment: Mapping[str, str]) -> tuple[EnvironmentSettings, ...]:
    """Read the environments that `ENVIRONMENTS` names, or all of them, in the order of their names.

    Raises ConfigurationError with every mistake in every file read.
    """
    known = _known_environments(folder)
    chosen, lines = choice.several(process_environment, known)
    loaded = []
    for name in sorted(chosen):
        try:
            loaded.append(load_environment(known[name]))
        except ConfigurationError as error:
            lines.extend(error.lines)
    if lines:
        raise ConfigurationError(lines)
    return tuple(loaded)


def load_single_environment(folder: Path, process_environment: Mapping[str, str]) -> EnvironmentSettings:
    """Read the environment that `ENV` names, and no other; raises ConfigurationError with every mistake in it."""
    known = _known_environments(folder)
    name, lines = choice.single(process_environment, known)
    if lines:
        raise ConfigurationError(lines)
    return load_environment(known[name])


def _known_environments(folder: Path) -> dict[str, Path]:
    known = {path.stem: path for path in sorted(folder.glob("*.toml"))}
    if not known:
        raise ConfigurationError([f"{folder.name}: holds no environment; add a file such as {folder.name}/dev.toml"])
    return known


def load_environment(path: Path) -> EnvironmentSettings:
    """Read one environment's file; raises ConfigurationError with every mistake in it."""
    file = f"{path.parent.name}/{path.name}"
    table = _read(path, file)
    lines = []
    if "name" in table:
        lines.append("name: is not a setting; an environment's name is its file's name")
    table = {**table, "name": path.stem}
    refused = list(_refused_values(EnvironmentSettings, table))
    lines.extend(f"{problem.path}: {problem.message}" for problem in refused)
    already_reported = {problem.path for problem in refused}
    try:
        # TOML has lists and strings where strict models want tuples, enums and networks; JSON input allows just those.
        settings = EnvironmentSettings.model_validate_json(_as_json(table))
    except ValidationError as error:
        lines.extend(
            sentence(detail)
            for detail in error.errors(include_url=False)
            if ".".join(map(str, detail["loc"])) not in already_reported
        )
        lookup = _lookup_in(_valid_parts(EnvironmentSettings, table))
    else:
        lookup = _lookup_in(settings)
    lines.extend(f"{problem.path}: {problem.message}" for problem in problems(lookup))
    if lines:
        raise ConfigurationError([f"{file}: {line}" for line in lines])
    return settings


def _read(path: Path, file: str) -> dict[str, Any]:
    try:
        # Windows editors put a byte order mark first, which TOML does not know.
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        fault = f"cannot be read: {error.strerror}; make it a readable file"
    except UnicodeDecodeError as error:
        fault = f"is not UTF-8 text: {error.reason} at byte {error.start}; save it as UTF-8"
    except (ValueError, RecursionError) as error:
        # Also a number of thousands of digits, or brackets nested as deep.
        fault = f"is not TOML: {error}; text stands in quotes, and a key stands once"
    raise ConfigurationError([f"{file}: {fault}"])


def _refused_values(model: type[Settings], table: Mapping[str, Any], prefix: str = "") -> Iterator[Problem]:
    """Values that no setting may have, whatever its type; those of unknown keys are left alone, and never shown."""
    for key, value in table.items():
        if key not in model.model_fields:
            continue
        nested = nested_settings(model, key)
        items = {f"{prefix}{key}.{index}": item for index, item in enumerate(value)} if isinstance(value, list) else {}
        for path, item in (items or {f"{prefix}{key}": value}).items():
            if nested is not None and isinstance(item, Mapping):
                yield from _refused_values(nested, item, f"{path}.")
            if why := _why_refused(item):
                yield Problem(path, why)


def _why_refused(value: Any) -> str | None:
    if isinstance(value, date | time):
        return f"{value} is a date or a time, which no setting is; put text in quotes"
    if not isinstance(value, str):
        return None
    if kind := kind_of_secret(value):
        return f"the text looks like {kind}; keep secrets in Key Vault, and renew one that was ever committed"
    if holds_placeholder(value):
        return f"{shown(value)} holds a placeholder, which nothing fills in; write the value itself"
    return None


def _as_json(value: Any) -> str:
    # Only dates and times have no JSON form; they are refused wherever they stand.
    return json.dumps(value, default=str)


def _valid_parts(model: type[Settings], table: Mapping[str, Any]) -> dict[str, Any]:
    """Every value that is valid in itself, nested like the model; a table with a mistake in it stays a dict."""
    parts: dict[str, Any] = {}
    for key, field in model.model_fields.items():
        nested = nested_settings(model, key)
        if key not in table:
            if not field.is_required():
                parts[key] = field.get_default()
            continue
        try:
            parts[key] = TypeAdapter(field.rebuild_annotation()).validate_json(_as_json(table[key]), strict=True)
        except ValidationError:
            if nested is not None and isinstance(table[key], Mapping):
                parts[key] = _valid_parts(nested, table[key])
    return parts


def _lookup_in(settings: Settings | dict[str, Any]) -> Callable[[str], Any]:
    def lookup(path: str) -> Any:
        value: Any = settings
        for key in path.split("."):
            if value is None:
                # A table that was left out: nothing in it can be wrong.
                raise KeyError(path)
            value = value[key] if isinstance(value, dict) else getattr(value, key)
        if isinstance(value, dict):
            raise KeyError(path)
        return value

    return lookup
