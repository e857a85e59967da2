"""Asks questions of one synthesised stack."""

import json
from pathlib import Path
from typing import Any, Self

from cdktf import TerraformStack, Testing

Arguments = dict[str, Any]


class Template:
    """The Terraform JSON of a stack, queried by resource type."""

    def __init__(self, document: Arguments) -> None:
        self.document = document

    @classmethod
    def of(cls, stack: TerraformStack) -> Self:
        """A throw-away stack; a stack that reads another's outputs must be read from what `app.synth()` wrote."""
        return cls(json.loads(Testing.synth(stack)))

    @classmethod
    def read(cls, stack_folder: Path) -> Self:
        """A stack that `app.synth()` wrote."""
        return cls(json.loads((stack_folder / "cdk.tf.json").read_text(encoding="utf-8")))

    def resources(self, type_: str) -> dict[str, Arguments]:
        """Every resource of the type, by its name in the stack."""
        found: dict[str, Arguments] = self.document.get("resource", {}).get(type_, {})
        return found

    def data(self, type_: str) -> dict[str, Arguments]:
        """Every data source of the type, by its name in the stack."""
        found: dict[str, Arguments] = self.document.get("data", {}).get(type_, {})
        return found

    def resource(self, type_: str, **arguments: Any) -> Arguments:
        """The only resource of the type whose arguments have these values."""
        return self._only(type_, self.resources(type_), arguments)

    def data_source(self, type_: str, **arguments: Any) -> Arguments:
        """The only data source of the type whose arguments have these values."""
        return self._only(type_, self.data(type_), arguments)

    def behind(self, reference: str) -> str:
        """What a reference such as `${local.endpoint-name_D711A266}` stands for; another text is itself."""
        name = reference.removeprefix("${local.").removesuffix("}")
        return str(self.document.get("locals", {}).get(name, reference))

    def _only(self, type_: str, candidates: dict[str, Arguments], arguments: Arguments) -> Arguments:
        matching = [
            candidate
            for candidate in candidates.values()
            if all(candidate.get(name) == value for name, value in arguments.items())
        ]
        assert len(matching) == 1, f"{len(matching)} of {len(candidates)} {type_} have {arguments}"
        return matching[0]
