"""The settings as a tree of keys."""

from collections.abc import Iterator
from functools import cache
from typing import Any, get_args, get_origin

from pydantic.fields import FieldInfo

from config.environment import EnvironmentSettings
from config.meanings import meaning_of
from config.types import Settings, Text


def nested_settings(model: type[Settings], key: str) -> type[Settings] | None:
    """The settings class of the table with this key; None if the key has a plain value, or is unknown."""
    field = model.model_fields.get(key)
    # A table that may be left out is `Table | None`, a list of tables is `tuple[Table, ...]`.
    annotations = (get_args(field.annotation) or (field.annotation,)) if field else ()
    return next((one for one in annotations if isinstance(one, type) and issubclass(one, Settings)), None)


def model_at(keys: tuple[str, ...]) -> type[Settings] | None:
    """The settings class of the table at this path; a number in it is the place in a list of tables."""
    model: type[Settings] | None = EnvironmentSettings
    for key in keys:
        if not key.isdecimal():
            model = nested_settings(model, key) if model else None
    return model


def field_at(keys: tuple[str, ...]) -> FieldInfo | None:
    """The setting at this path, or the one whose value holds what is at it."""
    owner = _owner_at(keys)
    return owner[0].model_fields[owner[1]] if owner else None


def meaning_at(keys: tuple[str, ...]) -> str:
    """What the setting at this path means; empty where there is none."""
    owner = _owner_at(keys)
    return meaning_of(*owner) if owner else ""


def _owner_at(keys: tuple[str, ...]) -> tuple[type[Settings], str] | None:
    """The settings class, and the key in it, of `field_at`."""
    for end in range(len(keys), 0, -1):
        model = model_at(keys[: end - 1])
        if model is not None and keys[end - 1] in model.model_fields:
            return model, keys[end - 1]
    return None


@cache
def setting_paths() -> tuple[str, ...]:
    """Every key of the file, tables included, such as `cluster.sql` and `cluster.sql.max_size_gb`."""

    def paths(model: type[Settings], prefix: str) -> Iterator[str]:
        for key in model.model_fields:
            yield f"{prefix}{key}"
            if nested := nested_settings(model, key):
                yield from paths(nested, f"{prefix}{key}.")

    return tuple(path for path in paths(EnvironmentSettings, "") if path != "name")


def takes_list(keys: tuple[str, ...]) -> bool:
    """Whether the setting at this path is a list; what stands in a list is none."""
    field = field_at(keys)
    return field is not None and not keys[-1].isdecimal() and get_origin(field.annotation) is tuple


def is_free(field: FieldInfo | None) -> bool:
    """Whether people write what they like into this setting."""
    if field is None:
        return False
    of_items = (one for item in get_args(field.annotation) for one in getattr(item, "__metadata__", ()))
    return any(isinstance(one, Text) and one.is_free for one in (*field.metadata, *of_items))


def value_under(value: Any, key: str) -> Any:
    """What a table says under a key; of a list of tables, what each of them says."""
    return tuple(getattr(one, key) for one in value) if isinstance(value, tuple) else getattr(value, key)
