"""A saved plan as `terraform show -json` prints it, down to what a person must know of it; values are left out.

https://developer.hashicorp.com/terraform/internals/json-format
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class UnusablePlanError(Exception):
    """The text is no plan that can be judged; the message is the whole sentence."""


class Action(StrEnum):
    """What Terraform will do to a resource, in the order in which a summary tells of it."""

    DESTROY = "destroy"
    REPLACE = "replace"
    FORGET = "forget"
    """It leaves the state, and stands on, charged and unknown."""
    UPDATE = "update"
    CREATE = "create"
    IMPORT = "import"
    MOVE = "move"


_ACTIONS = {
    ("delete",): Action.DESTROY,
    ("delete", "create"): Action.REPLACE,
    ("create", "delete"): Action.REPLACE,
    ("create", "forget"): Action.FORGET,
    ("forget",): Action.FORGET,
    ("update",): Action.UPDATE,
    ("create",): Action.CREATE,
}
_NOTHING = {("no-op",), ("read",)}

_REASONS = {
    "delete_because_no_resource_config": "it is gone from the program, or has another name there and no `moved`",
    "delete_because_no_module": "its module is gone from the program",
    "delete_because_no_move_target": "it was moved to where the program has nothing",
    "delete_because_wrong_repetition": "it has another kind of index in the program",
    "delete_because_count_index": "its number is gone from the program",
    "delete_because_each_key": "its key is gone from the program",
    "replace_because_cannot_update": "Azure or Kubernetes cannot change this in place",
    "replace_because_tainted": "its creation failed, or somebody tainted it",
    "replace_by_request": "whoever planned asked for it with -replace",
    "replace_by_triggers": "what it depends on is replaced or changed",
}
_TAINTED = "replace_because_tainted"

# Where a resource says below what it lies.
_LIES_BELOW: dict[str, tuple[str | int, ...]] = {
    "azurerm_management_lock": ("scope",),
    "azurerm_monitor_diagnostic_setting": ("target_resource_id",),
    "azurerm_private_endpoint": ("private_service_connection", 0, "private_connection_resource_id"),
    "azurerm_role_assignment": ("scope",),
}


@dataclass(frozen=True)
class Change:
    """What happens to one resource. Attributes are paths with dots, without indexes."""

    action: Action
    address: str
    type: str
    changed: tuple[str, ...] = ()
    forced_by: tuple[str, ...] = ()
    reason: str = ""
    tainted: bool = False
    deposed: bool = False
    """What a replacement has left behind that failed half-way; its successor stands at the address."""
    moved_from: str = ""
    lies_below: str = ""
    """Id of the resource below which Azure has it, where a lock may stand on that; no secret."""

    @property
    def allowed_as(self) -> Action:
        """The action by which it is allowed; what a replacement has left behind goes with that."""
        return Action.REPLACE if self.deposed else self.action


@dataclass(frozen=True)
class Plan:
    """All that a plan will do."""

    changes: tuple[Change, ...]
    drift: tuple[str, ...] = ()
    """Who or what changed outside Terraform since the last run: an address, and the attributes."""
    removed_outputs: tuple[str, ...] = ()
    whole: bool = True
    """False for a plan that was narrowed by `-target`, or must be followed by another."""
    stands: bool = False
    """Whether anything was deployed before."""


def read_plan(text: str) -> Plan:
    """Read what `terraform show -json` printed.

    Raises:
        UnusablePlanError: it is something else, of a format that is not known here, or Terraform did not finish it.

    """
    try:
        document = json.loads(text)
    except ValueError:
        raise UnusablePlanError("is not JSON; give what `terraform show -json <plan>` prints") from None
    if not isinstance(document, dict) or "format_version" not in document:
        raise UnusablePlanError("is no plan; give what `terraform show -json <plan>` prints")
    if document["format_version"].partition(".")[0] != "1":
        raise UnusablePlanError("has a format that is newer than this gate; read it in a checkout that knows it")
    if "terraform_version" in document and "resource_changes" not in document and "planned_values" not in document:
        raise UnusablePlanError("is a state and no plan; give what `terraform show -json <plan>` prints")
    if document.get("errored"):
        raise UnusablePlanError("is of a run that ended with errors; mend them and plan again")
    changes = [change for entry in document.get("resource_changes", ()) if (change := _change(entry))]
    order = list(Action)
    return Plan(
        changes=tuple(sorted(changes, key=lambda change: (order.index(change.action), change.address))),
        drift=tuple(_drift(entry) for entry in document.get("resource_drift", ())),
        removed_outputs=tuple(
            name for name, change in document.get("output_changes", {}).items() if change["actions"] == ["delete"]
        ),
        whole=document.get("complete", True),
        stands=_anything(document.get("prior_state", {}).get("values", {}).get("root_module", {})),
    )


def _change(entry: Mapping[str, Any]) -> Change | None:
    change = entry["change"]
    actions = tuple(change["actions"])
    action: Action | None
    if actions in _NOTHING:
        action = Action.IMPORT if "importing" in change else Action.MOVE if "previous_address" in entry else None
        if action is None:
            return None
    elif actions in _ACTIONS:
        action = _ACTIONS[actions]
    else:
        raise UnusablePlanError(f"does {'-'.join(actions)} to {entry['address']}, which this gate does not know")
    reason = entry.get("action_reason", "")
    return Change(
        action,
        entry["address"],
        entry["type"],
        changed=tuple(_changed(change)) if action in (Action.UPDATE, Action.REPLACE) else (),
        forced_by=tuple(sorted({_path(steps) for steps in change.get("replace_paths", ())})),
        reason=_REASONS.get(reason, reason),
        tainted=reason == _TAINTED,
        deposed="deposed" in entry,
        moved_from=entry.get("previous_address", ""),
        lies_below=_lies_below(entry["type"], change.get("before") or {}),
    )


def _lies_below(type_: str, before: Any) -> str:
    for step in _LIES_BELOW.get(type_, ()):
        before = _at(before, step)
    return before if isinstance(before, str) else ""


def _path(steps: list[str | int]) -> str:
    return ".".join(step for step in steps if isinstance(step, str))


def _changed(change: Mapping[str, Any]) -> list[str]:
    hidden = (change.get("before_sensitive"), change.get("after_sensitive"))
    found = set(_differences(change.get("before"), change.get("after"), change.get("after_unknown"), hidden, ()))
    return sorted(found - {""})


def _differences(
    before: Any, after: Any, unknown: Any, hidden: tuple[Any, Any], path: tuple[str, ...]
) -> Iterator[str]:
    """Paths at which the two differ. A secret is not looked into: the keys of a map may be secrets too."""
    if unknown is True:
        yield ".".join(path)
    elif True in hidden or not _alike(before, after):
        if before != after:
            yield ".".join(path)
    elif isinstance(before, dict):
        for key in before.keys() | after.keys():
            inner = (_at(hidden[0], key), _at(hidden[1], key))
            yield from _differences(before.get(key), after.get(key), _at(unknown, key), inner, (*path, key))
    elif isinstance(before, list):
        for index, (one, other) in enumerate(zip(before, after, strict=True)):
            inner = (_at(hidden[0], index), _at(hidden[1], index))
            yield from _differences(one, other, _at(unknown, index), inner, path)
    elif before != after:
        yield ".".join(path)


def _alike(one: Any, other: Any) -> bool:
    if isinstance(one, dict):
        return isinstance(other, dict)
    if isinstance(one, list):
        return isinstance(other, list) and len(one) == len(other)
    return not isinstance(other, dict | list)


def _at(mask: Any, key: str | int) -> Any:
    if isinstance(mask, dict):
        return mask.get(key)
    if isinstance(mask, list) and isinstance(key, int):
        return mask[key] if key < len(mask) else None
    return None


def _drift(entry: Mapping[str, Any]) -> str:
    if entry["change"]["actions"] == ["delete"]:
        return f"{entry['address']}: is no longer there"
    return f"{entry['address']}: {', '.join(_changed(entry['change'])) or 'changed'}"


def _anything(module: Mapping[str, Any]) -> bool:
    return any(resource["mode"] == "managed" for resource in module.get("resources", ())) or any(
        map(_anything, module.get("child_modules", ()))
    )
