"""Says in one sentence what is wrong with a value: key, value, rule and mend."""

import json
from collections.abc import Mapping
from contextlib import suppress
from difflib import get_close_matches
from typing import Any, get_args

from pydantic_core import ErrorDetails

from config.environment import EnvironmentSettings
from config.refused_text import kind_of_secret
from config.types import Settings

# pydantic's kinds of error, in words that need no knowledge of Python or JSON.
RULES_IN_WORDS = {
    "bool_type": "must be true or false",
    "enum": "must be {expected}",
    "finite_number": "must be a finite number",
    "float_type": "must be a number without quotes",
    "greater_than_equal": "must be at least {ge}",
    "int_type": "must be a whole number without quotes",
    "less_than_equal": "must be at most {le}",
    "literal_error": "must be {expected}",
    "model_type": "must be a table of settings",
    "string_too_long": "must have at most {max_length} characters",
    "string_too_short": "must have at least {min_length} characters",
    "string_type": "must be text in quotes",
    "too_long": "must have at most {max_length} items",
    "too_short": "must have at least {min_length} items",
    "tuple_type": "must be a list in square brackets",
    "value_error": "{error}",
}


def sentence(error: ErrorDetails) -> str:
    """One error of pydantic's as `key: value rule (meaning of the key)`."""
    keys = tuple(str(key) for key in error["loc"])
    path, meaning = ".".join(keys), _meaning(keys)
    if error["type"] == "missing":
        return f"{path}: is missing; add it: {meaning}"
    if error["type"] == "extra_forbidden":
        # Never the value: a key that nobody expects may hold a secret.
        return f"{path}: is not a setting; {_known_instead(keys)}"
    words = RULES_IN_WORDS.get(error["type"])
    rule = words.format(**error.get("ctx", {})) if words else f"is refused: {error['msg']}"
    return f"{path}: {shown(error['input'])} {rule} ({meaning})"


def shown(value: Any) -> str:
    """The value as its file has it, unless it may hold a secret."""
    if isinstance(value, Mapping):
        return "a table"
    if isinstance(value, list) and not all(isinstance(item, int | float) for item in value):
        return "a list"
    text = json.dumps(value, default=str, ensure_ascii=False)
    if kind_of_secret(text):
        return "the text"
    return text if len(text) <= 60 else f"{text[:57]}..."


def nested_settings(model: type[Settings], key: str) -> type[Settings] | None:
    """The settings class of the table with this key; None if the key has a plain value, or is unknown."""
    field = model.model_fields.get(key)
    # A table that may be left out is `Table | None`.
    annotations = (get_args(field.annotation) or (field.annotation,)) if field else ()
    return next((one for one in annotations if isinstance(one, type) and issubclass(one, Settings)), None)


def _model_at(keys: tuple[str, ...]) -> type[Settings] | None:
    model: type[Settings] | None = EnvironmentSettings
    for key in keys:
        # A number is the place of a table in a list of tables.
        if not key.isdecimal():
            model = nested_settings(model, key) if model else None
    return model


def _known_instead(keys: tuple[str, ...]) -> str:
    model = _model_at(keys[:-1])
    known = [name for name in model.model_fields if (model, name) != (EnvironmentSettings, "name")] if model else []
    close = get_close_matches(keys[-1], known, n=1)
    return f"did you mean {close[0]!r}?" if close else f"known here: {', '.join(known)}"


def _meaning(keys: tuple[str, ...]) -> str:
    """First line of the docstring of the setting at this path, or of the list that holds it."""
    for end in range(len(keys), 0, -1):
        model = _model_at(keys[: end - 1])
        with suppress(KeyError):
            if model is not None:
                return (model.model_fields[keys[end - 1]].description or "").split("\n")[0].rstrip(".")
    return ""
