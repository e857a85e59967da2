"""Renders environments/schema.json, by which editors complete and check the settings while a person types them.

`python -m reference.schema` prints it; `make schema` writes it. The files in `environments/` name it in their first
line, which Taplo, the language server behind the editors' TOML extensions, understands:
https://taplo.tamasfe.dev/configuration/directives.html#the-schema-directive
"""

import json
from collections.abc import Iterator
from typing import Any

from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core.core_schema import EnumSchema, NullableSchema

from config.environment import EnvironmentSettings
from config.meanings import meaning_of
from config.regions import REGIONS
from config.settings_tree import nested_settings
from config.types import Settings
from reference.settings import choices

# The newest that Taplo validates by; it takes a newer one for this.
DIALECT = "http://json-schema.org/draft-07/schema#"


class _TomlSchema(GenerateJsonSchema):
    """pydantic's schema, as far as a TOML file can follow it."""

    def nullable_schema(self, schema: NullableSchema) -> JsonSchemaValue:
        # TOML has no null: a setting is there, or is left out.
        return self.generate_inner(schema["schema"])

    def enum_schema(self, schema: EnumSchema) -> JsonSchemaValue:
        meanings = [*choices(schema["cls"]).values()]
        # https://taplo.tamasfe.dev/configuration/developing-schemas.html#the-x-taplo-object
        return {**super().enum_schema(schema), "x-taplo": {"docs": {"enumValues": meanings}}}


def render() -> str:
    """The schema of one environment's file, as JSON."""
    schema = EnvironmentSettings.model_json_schema(schema_generator=_TomlSchema)
    for title, model in _models(EnvironmentSettings):
        properties = (schema if model is EnvironmentSettings else schema["$defs"][title])["properties"]
        for key in model.model_fields:
            properties[key] = {"description": meaning_of(model, key), **properties[key]}
    # The environment's name is that of its file.
    del schema["properties"]["name"]
    schema["required"].remove("name")
    # Known regions are offered; whether another one may stand, the program decides.
    region = schema["properties"]["region"]
    region["anyOf"] = [{"enum": [*REGIONS]}, {"type": region.pop("type")}]
    schema = {"$schema": DIALECT, **_without_noise(schema), "title": "Settings of one environment"}
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


def _models(model: type[Settings]) -> Iterator[tuple[str, type[Settings]]]:
    yield model.__name__, model
    for key in model.model_fields:
        if nested := nested_settings(model, key):
            yield from _models(nested)


def _without_noise(schema: Any) -> Any:
    """Without titles, which repeat the keys, line breaks in descriptions, and defaults that nobody would type."""
    if isinstance(schema, list):
        return [_without_noise(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    kept = {key: _without_noise(value) for key, value in schema.items()}
    if isinstance(kept.get("title"), str):
        del kept["title"]
    if isinstance(kept.get("description"), str):
        kept["description"] = " ".join(kept["description"].split())
    if isinstance(kept.get("default", ...), dict | None):
        del kept["default"]
    return kept


if __name__ == "__main__":
    print(render(), end="")
