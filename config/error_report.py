"""Says in one sentence what is wrong with a value: key, value, rule and mend."""

import re
from difflib import get_close_matches

from pydantic_core import ErrorDetails

from config.environment import EnvironmentSettings
from config.refused_text import names_a_secret
from config.settings_tree import field_at, is_free, meaning_at, model_at, nested_settings, setting_paths, takes_list
from config.shown_text import shown, shown_key

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
    path, field = path_of(error), field_at(keys)
    meaning = _first_sentence(meaning_at(keys))
    if error["type"] == "missing":
        return f"{path}: is missing; add it: {meaning}"
    if error["type"] == "extra_forbidden":
        # Never the value: a key that nobody expects may hold a secret.
        return f"{path}: is not a setting; {_known_instead(keys)}"
    words = _brackets(keys, error) or RULES_IN_WORDS.get(error["type"])
    rule = words.format(**error.get("ctx", {})) if words else f"is refused: {error['msg']}"
    value = shown(error["input"], is_free=is_free(field))
    if value in ("a list", "a table"):
        value = "the list" if value == "a list" and takes_list(keys) else f"is {value}; it"
    return f"{path}: {value} {rule} ({meaning})"


def path_of(error: ErrorDetails) -> str:
    """Where in the file the error is, as a report may show it."""
    return ".".join(shown_key(str(key)) for key in error["loc"])


def _brackets(keys: tuple[str, ...], error: ErrorDetails) -> str | None:
    """What to say of one table where several may stand, and of several where there is one."""
    model = model_at(keys[:-1])
    if model is None or nested_settings(model, keys[-1]) is None:
        return None
    # TOML has no number in a table's name: it belongs to the entry that stands before it.
    path = ".".join(key for key in keys if not key.isdecimal())
    if error["type"] == "tuple_type":
        return f"must be a list of tables; write [[{path}]] with double brackets"
    if error["type"] == "model_type" and isinstance(error["input"], list):
        return f"must be one table; write [{path}] with single brackets"
    if error["type"] == "model_type":
        return f"must be a table of settings; write [{path}]"
    return None


def _known_instead(keys: tuple[str, ...]) -> str:
    model = model_at(keys[:-1])
    known = [name for name in model.model_fields if (model, name) != (EnvironmentSettings, "name")] if model else []
    key = keys[-1][:60].lower().replace("-", "_")
    if close := get_close_matches(key, known, n=1, cutoff=0.8):
        return f"did you mean {close[0]!r}?"
    elsewhere = [path for path in setting_paths() if path.rpartition(".")[2] == key]
    if elsewhere:
        return f"did you mean {' or '.join(map(repr, elsewhere[:3]))}?"
    if names_a_secret(key):
        return "keep secrets in Key Vault, and renew one that was ever committed"
    return f"known here: {', '.join(known)}" if known else "this table needs no settings"


def _first_sentence(text: str) -> str:
    return re.split(r"(?<=\.) (?=[A-Z])", text, maxsplit=1)[0].rstrip(".")
