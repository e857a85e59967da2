"""Reads `environments/*.toml` into settings, or reports everything that is wrong with them at once."""

import json
import tomllib
from collections.abc import Callable, Mapping
from contextlib import suppress
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from config.models import EnvironmentSettings
from config.rules import problems
from config.types import Settings

ENVIRONMENTS_VARIABLE = "ENVIRONMENTS"


class ConfigurationError(Exception):
    """Everything wrong with the settings: one line each, naming file, key, value, rule and mend."""

    def __init__(self, lines: list[str]) -> None:
        super().__init__("\n".join(lines))
        self.lines = tuple(lines)


def load_environments(folder: Path, process_environment: Mapping[str, str]) -> tuple[EnvironmentSettings, ...]:
    """Read the environments that `ENVIRONMENTS` names, or all of them, in the order of their names.

    Raises ConfigurationError with every mistake in every file read.
    """
    known = {path.stem: path for path in sorted(folder.glob("*.toml"))}
    if not known:
        raise ConfigurationError([f"{folder.name}: holds no environment; add a file such as {folder.name}/dev.toml"])
    chosen = {name.strip() for name in process_environment.get(ENVIRONMENTS_VARIABLE, "").split(",")} - {""} or set(
        known
    )
    lines = [
        f"{ENVIRONMENTS_VARIABLE}: {name!r} is no environment; known: {', '.join(known)}"
        for name in sorted(chosen - set(known))
    ]
    loaded = []
    for name in sorted(chosen & set(known)):
        try:
            loaded.append(load_environment(known[name]))
        except ConfigurationError as error:
            lines.extend(error.lines)
    if lines:
        raise ConfigurationError(lines)
    return tuple(loaded)


def load_environment(path: Path) -> EnvironmentSettings:
    """Read one environment's file; raises ConfigurationError with every mistake in it."""
    shown = f"{path.parent.name}/{path.name}"
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except UnicodeDecodeError as error:
        raise ConfigurationError(
            [f"{shown}: is not UTF-8 text: {error.reason} at byte {error.start}; save it as UTF-8"]
        ) from None
    except tomllib.TOMLDecodeError as error:
        raise ConfigurationError([f"{shown}: is not TOML: {error}"]) from None
    if "name" in table:
        raise ConfigurationError([f"{shown}: name: is not a setting; an environment's name is its file's name"])
    table = {"name": path.stem, **table}
    try:
        # TOML has lists and strings where strict models want tuples, enums and networks; JSON input allows just those.
        settings = EnvironmentSettings.model_validate_json(_as_json(table))
    except ValidationError as error:
        lines = [_sentence(detail) for detail in error.errors(include_url=False)]
        lookup = _lookup_in(_valid_parts(EnvironmentSettings, table))
    else:
        lines, lookup = [], _lookup_in(settings)
    lines.extend(f"{problem.path}: {problem.message}" for problem in problems(lookup))
    if lines:
        raise ConfigurationError([f"{shown}: {line}" for line in lines])
    return settings


def _as_json(value: Any) -> str:
    # TOML also has dates, which no setting takes: as text they are reported like any other wrong value.
    return json.dumps(value, default=str)


def _valid_parts(model: type[Settings], table: Mapping[str, Any]) -> dict[str, Any]:
    """Every value that is valid in itself, nested like the model; a table with a mistake in it stays a dict."""
    parts: dict[str, Any] = {}
    for key, field in model.model_fields.items():
        annotation = field.annotation
        nested = annotation if isinstance(annotation, type) and issubclass(annotation, Settings) else None
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
            value = value[key] if isinstance(value, dict) else getattr(value, key)
        if isinstance(value, dict):
            raise KeyError(path)
        return value

    return lookup


def _sentence(detail: ErrorDetails) -> str:
    path = ".".join(str(key) for key in detail["loc"])
    kind, given = detail["type"], detail["input"]
    if kind == "missing":
        description = _field_description(detail["loc"])
        return f"{path}: is missing; {description}" if description else f"{path}: is missing"
    if kind == "extra_forbidden":
        # Never the value: a key that nobody expects may hold a secret.
        siblings = _settings_at(detail["loc"][:-1])
        close = get_close_matches(str(detail["loc"][-1]), siblings, n=1)
        mend = f"did you mean {close[0]!r}?" if close else f"known here: {', '.join(siblings)}"
        return f"{path}: is not a setting; {mend}"
    rule = detail["msg"].removeprefix("Value error, ")
    description = _field_description(detail["loc"])
    return f"{path}: {_shown(given)} {_joined(rule)}" + (f" ({description})" if description else "")


def _joined(rule: str) -> str:
    return rule if rule.startswith(("is ", "must ", "the ", "give ")) else f"is refused: {rule[0].lower()}{rule[1:]}"


def _shown(value: Any) -> str:
    text = json.dumps(value, default=str)
    return text if len(text) <= 60 else f"{text[:57]}..."


def _model_at(keys: tuple[int | str, ...]) -> type[Settings] | None:
    model: type[Settings] = EnvironmentSettings
    for key in keys:
        field = model.model_fields.get(str(key))
        annotation = field.annotation if field else None
        if not (isinstance(annotation, type) and issubclass(annotation, Settings)):
            return None
        model = annotation
    return model


def _settings_at(keys: tuple[int | str, ...]) -> list[str]:
    model = _model_at(keys)
    return [name for name in model.model_fields if (model, name) != (EnvironmentSettings, "name")] if model else []


def _field_description(keys: tuple[int | str, ...]) -> str:
    """The docstring of the setting at this path, or of the list that holds it."""
    for end in range(len(keys), 0, -1):
        with suppress(KeyError):
            model = _model_at(keys[: end - 1])
            if model is not None:
                return (model.model_fields[str(keys[end - 1])].description or "").split("\n")[0].rstrip(".")
    return ""
