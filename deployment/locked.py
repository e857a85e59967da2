"""What the lock of an environment keeps of a stack, and what of it would go if another program was deployed."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from deployment.allowed import EVERYTHING
from deployment.plan import Action, Change
from deployment.replacements import Values, fixed_values, instances, replaced

Program = Mapping[str, Any]
"""A stack, as Terraform reads it."""

# What of a backend says where the state lies.
_LOCATION = ("subscription_id", "resource_group_name", "storage_account_name", "container_name", "key")


class Locked:
    """What the lock keeps of a stack: where its state lies, and the fixed values of each instance by its address."""

    def __init__(self, state: dict[str, str], resources: dict[str, Values]) -> None:
        self.state, self.resources = state, resources

    @classmethod
    def of(cls, program: Program) -> "Locked":
        """What is to be kept of a program."""
        # The state backend's first state is a file. It moves once, into the account, and nothing is lost by that.
        backend = program["terraform"]["backend"].get("azurerm", {})
        found = instances(program)
        return cls(
            {key: backend[key] for key in _LOCATION if key in backend},
            {address: fixed_values(address, found[address]) for address in sorted(found)},
        )

    def moved_as(self, program: Program) -> "Locked":
        """The same after the program's `moved` blocks, in the values that refer to what moved too."""
        goes = {_quoted(block["from"]): _quoted(block["to"]) for block in program.get("moved", ())}
        if not goes:
            return self
        old = re.compile(rf"(?<![\w.-])({'|'.join(map(re.escape, goes))})(?![\w-])")
        text = json.dumps(self.resources)
        for _ in goes:  # one may lead to another
            text = old.sub(lambda found: goes[found[1]], text)
        return Locked(self.state, json.loads(text))

    def changes(self, program: Program) -> Iterator[Change]:
        """What Terraform would destroy, replace or forget of what stands, if the program was deployed."""
        now = Locked.of(program)
        if self.state and (elsewhere := [key for key in _LOCATION if self.state[key] != now.state.get(key)]):
            because = f"its state is looked for elsewhere ({', '.join(elsewhere)}); all of it would be made once more"
            yield Change(Action.FORGET, EVERYTHING, "", reason=because)
            return
        kept = {
            block["from"] for block in program.get("removed", ()) if not block.get("lifecycle", {}).get("destroy", True)
        }
        for address in self.resources.keys() - now.resources.keys():
            action = Action.FORGET if address.partition("[")[0] in kept else Action.DESTROY
            yield Change(
                action, address, _type(address), reason="it is gone from the program, or has another name there"
            )
        for address, forced_by in replaced(self.resources, instances(program)).items():
            yield Change(
                Action.REPLACE, address, _type(address), forced_by=forced_by, reason="what triggers it is replaced"
            )


def _quoted(address: str) -> str:
    """An address as JSON has it within a string."""
    return json.dumps(address)[1:-1]


def _type(address: str) -> str:
    return address.partition(".")[0]
