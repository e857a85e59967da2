"""Editors are told what the program accepts: never less, and not what no file may hold."""

import json
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator

from reference.schema import render
from tests.config.environment_file import write_environment

REPOSITORY = Path(__file__).parents[2]
SCHEMA = REPOSITORY / "environments" / "schema.json"
FILES = [
    *(pytest.param(file, marks=pytest.mark.deployed) for file in sorted(REPOSITORY.glob("environments/*.toml"))),
    *sorted(REPOSITORY.glob("tests/environments/*.toml")),
]
VALIDATOR = Draft7Validator(json.loads(render()))


@pytest.fixture
def settings(tmp_path: Path) -> dict[str, Any]:
    """A file, as a language server sees it."""
    return tomllib.loads(write_environment(tmp_path, "prod", {}).read_text(encoding="utf-8"))


def test_the_schema_is_up_to_date() -> None:
    Draft7Validator.check_schema(json.loads(SCHEMA.read_text(encoding="utf-8")))
    assert SCHEMA.read_text(encoding="utf-8") == render(), "environments/schema.json is out of date; run `make schema`"


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(REPOSITORY)))
def test_it_finds_no_fault_with_what_the_program_accepts(file: Path) -> None:
    text = file.read_text(encoding="utf-8-sig")

    assert [error.message for error in VALIDATOR.iter_errors(tomllib.loads(text))] == []
    # What the first line leads to, seen from the file: https://taplo.tamasfe.dev/configuration/directives.html
    for path in re.findall(r"^#:schema (.+)", text):
        assert (file.parent / path).is_file()


@pytest.mark.parametrize(
    ("table", "key", "value"),
    [
        ("", "name", "dev"),
        ("", "workload", "Shop"),
        ("", "tier", "prod"),
        ("", "regoin", "westeurope"),
        ("", "availability_zones", [1, 2, 4]),
        ("network", "egress", "internet"),
        ("network.spoke", "address_space", 10),
        ("cluster.kubernetes", "sku_tier", "Paid"),
        ("cluster.kubernetes.system_pool", "min_count", "1"),
        ("cluster.sql", "max_size_gb", 0),
        ("workloads.applications.0", "image_digest", "latest"),
    ],
)
def test_an_editor_marks_what_the_program_would_refuse(
    settings: dict[str, Any], table: str, key: str, value: Any
) -> None:
    place: Any = settings
    for part in filter(None, table.split(".")):
        place = place[int(part) if part.isdecimal() else part]
    place[key] = value

    assert not VALIDATOR.is_valid(settings)


def test_a_missing_setting_is_marked(settings: dict[str, Any]) -> None:
    del settings["network"]["spoke"]

    (error,) = VALIDATOR.iter_errors(settings)
    assert error.message == "'spoke' is a required property"


def test_every_value_of_a_list_of_choices_says_what_it_means() -> None:
    definitions = json.loads(render())["$defs"]
    egress = definitions["Egress"]

    assert egress["x-taplo"]["docs"]["enumValues"][egress["enum"].index("nva")].startswith(
        "A virtual appliance of your"
    )
    for definition in definitions.values():
        if "enum" in definition:
            assert len(definition["enum"]) == len(definition["x-taplo"]["docs"]["enumValues"])
