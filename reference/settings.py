"""Renders docs/settings.md from the models, so that the page cannot say what the program does not do.

`python -m reference.settings` prints it; `make docs` writes it.
"""

import inspect
import json
from collections.abc import Iterator
from enum import StrEnum
from types import NoneType
from typing import Any, Literal, get_args, get_origin

from annotated_types import Ge, Le, MaxLen
from pydantic import AfterValidator, PlainValidator
from pydantic.fields import FieldInfo

from config.environment import EnvironmentSettings
from config.meanings import docstrings_below, meaning_of
from config.regions import REGIONS
from config.rules import acceptable
from config.settings_tree import nested_settings
from config.types import Settings, Text

INTRODUCTION = """\
# Settings

Every setting of `environments/<name>.toml`; the name of the file, two to twelve lower-case letters and digits, the
first a letter, is that of the environment. A setting that is left out has its default. An unknown key, a value of
another type and two values that do not go together are errors: all of them are reported at once, and nothing is
written. What must hold between settings is in [`config/rules/`](../config/rules). Some of it you may know better, as
Azure grows and reasons differ: then say so.

```toml
[[accept]]
setting = "region"
because = "It opened in March, with three zones."
```

Generated from the models in `config/`; `make docs` renews it.
"""
ACCEPTED = """\
## What can be accepted

A value that the tables here do not know, or that caution refuses. Its form is checked, every synth names it, and an
entry that nothing needs is a mistake. Two environments are compared when both are loaded. These settings can be named:
"""
PLAIN_TYPES: dict[Any, str] = {bool: "true or false", int: "whole number", float: "number", str: "text"}


def render() -> str:
    """The page: one section for each table of the TOML file, and the regions."""
    regions = ", ".join(f"`{name}`" for name in REGIONS)
    accepted = ", ".join(f"`{path}`" for path in sorted(acceptable()))
    sections = _sections(EnvironmentSettings, "", "At the top of the file, before any table.")
    return "\n".join([INTRODUCTION, *sections, f"## Regions\n\n{regions}.\n", f"{ACCEPTED}{accepted}.\n"])


def _sections(model: type[Settings], table: str, meaning: str) -> Iterator[str]:
    fields = {key: field for key, field in model.model_fields.items() if (model, key) != (EnvironmentSettings, "name")}
    rows = [
        _row(key, field, meaning_of(model, key)) for key, field in fields.items() if not nested_settings(model, key)
    ]
    if not fields:
        yield f"## `{table}`\n\n{meaning}\n\nThe table alone chooses it; there is nothing in it to set.\n"
    if rows:
        yield f"## `{table}`\n" if table else "## Top level\n"
        yield f"{meaning}\n"
        yield "| Key | Type | Default | Meaning |\n|---|---|---|---|"
        yield from rows
        yield ""
    for key, field in fields.items():
        if nested := nested_settings(model, key):
            path = f"{table.strip('[]')}.{key}".lstrip(".")
            name = f"[[{path}]]" if get_origin(field.annotation) is tuple else f"[{path}]"
            yield from _sections(nested, name, meaning_of(model, key))


def _row(key: str, field: FieldInfo, meaning: str) -> str:
    type_ = _type_in_words(field)
    default = "required" if field.is_required() else "none" if field.default is None else f"`{_toml(field.default)}`"
    if isinstance(field.annotation, type) and issubclass(field.annotation, StrEnum):
        meaning += "".join(f"<br>`{_toml(value)}`: {text}" for value, text in choices(field.annotation).items())
    return f"| `{key}` | {type_[0].upper()}{type_[1:]} | {default} | {meaning} |"


def _type_in_words(field: FieldInfo) -> str:
    annotation, arguments = field.annotation, get_args(field.annotation)
    if NoneType in arguments:
        return _type_in_words(FieldInfo.from_annotation(arguments[0]))
    metadata: dict[type, Any] = {type(item): item for item in field.metadata}
    if get_origin(annotation) is tuple:
        most = f" of at most {metadata[MaxLen].max_length}" if MaxLen in metadata else ""
        return f"list{most}, each: {_type_in_words(FieldInfo.from_annotation(arguments[0]))}"
    if get_origin(annotation) is Literal:
        return " or ".join(f"`{_toml(choice)}`" for choice in arguments)
    if Text in metadata:
        return str(metadata[Text].words)
    for validator in (AfterValidator, PlainValidator):
        if validator in metadata:
            return (inspect.getdoc(metadata[validator].func) or "").rstrip(".")
    if isinstance(annotation, type) and issubclass(annotation, StrEnum):
        return " or ".join(f"`{_toml(member)}`" for member in annotation)
    words = PLAIN_TYPES[annotation]
    if Ge in metadata:
        words += f", {metadata[Ge].ge} to {metadata[Le].le}" if Le in metadata else f", at least {metadata[Ge].ge}"
    return words


def _toml(value: Any) -> str:
    return json.dumps(value, default=str)


def choices(enumeration: type[StrEnum]) -> dict[str, str]:
    """Each value of the enumeration with the docstring below it."""
    return {enumeration[name].value: meaning for name, meaning in docstrings_below(enumeration).items()}


if __name__ == "__main__":
    print(render(), end="")
