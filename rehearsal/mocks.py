"""`terraform test` files: a stack whose providers are mocked, what the mocks answer, and its promises.

They run over the stand-in providers here, and unchanged over the real ones where a registry can be reached: those check
every argument that the stack gives them, with ids from the mocks that they can parse, and touch nothing.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from constructs_lib.naming import Naming
from rehearsal.answers import IDS, VALUES, Answers, ExampleArguments, guid
from rehearsal.local_state import local_copy
from rehearsal.promises import PROMISES, Program
from rehearsal.provider_schema import Block, ProviderSchema


def mocked_copy(stack: Path, target: Path, schemas: Mapping[str, ProviderSchema], naming: Naming) -> Path:
    """Copy a stack of the environment that has these names; write its test and its providers' mocks beside it."""
    local_copy(stack, target, target / "states", unprotected=True)  # for a test takes down what it has set up
    program: Program = json.loads((stack / "cdk.tf.json").read_text())
    (target / "mocks").mkdir()
    (target / "mocks" / "answers.tfmock.json").write_text(json.dumps(_mocks(program, schemas), indent=2))
    _, purpose = stack.name.split("-", 1)
    overrides, promises = PROMISES[purpose](program, naming)
    test = {
        "mock_provider": {
            provider: [{"source": "./mocks", **_alias(configuration)} for configuration in configurations]
            for provider, configurations in program["provider"].items()
        },
        **overrides,
        "variables": dict.fromkeys(program.get("variable", {}), "a value"),
        "run": {
            "applied": {
                # Not a plan: what a data source waits for would be unknown in it, mocked or not.
                "command": "apply",
                "assert": [
                    {"condition": f"${{{must}}}", "error_message": f"{words}."} for words, must in promises.items()
                ],
            }
        },
    }
    (target / f"{purpose}.tftest.json").write_text(json.dumps(test, indent=2))
    return target


def _alias(configuration: Mapping[str, Any]) -> dict[str, str]:
    """What tells a provider in another subscription from the environment's own."""
    return {"alias": configuration["alias"]} if "alias" in configuration else {}


def _mocks(program: Program, schemas: Mapping[str, ProviderSchema]) -> dict[str, Any]:
    mocks: dict[str, Any] = {}
    for schema in schemas.values():
        for section, blocks, mock in (
            ("resource", schema["resources"], "mock_resource"),
            ("data", schema["data_sources"], "mock_data"),
        ):
            for type_name in program.get(section, {}).keys() & blocks.keys():
                mocks.setdefault(mock, {})[type_name] = {"defaults": _defaults(type_name, blocks[type_name])}
    return mocks


def _defaults(type_name: str, block: Block) -> dict[str, Any]:
    """An answer for the id, and for what only the cloud sets and one can tell without knowing the resource."""
    answers = Answers(type_name, ExampleArguments(), guid("a subscription"))
    defaults = {
        name: answers.value(name, attribute["type"])
        for name, attribute in block["attributes"].items()
        if not attribute.keys() & {"optional", "required"} and not callable(VALUES.get(f"{type_name}.{name}"))
    }
    if type_name in IDS:
        defaults["id"] = answers.id(ExampleArguments())
    return {name: value for name, value in defaults.items() if value is not None}
