"""Pipelines as Azure DevOps sees them once their templates are put in: parameters given, conditions decided."""

import re
from pathlib import Path
from typing import Any

import yaml

from tests.pipelines.expressions import evaluate
from tests.product import CHECKOUT

PIPELINES = CHECKOUT / "pipelines"

_EXPRESSION = re.compile(r"\$\{\{ *(.+?) *\}\}")
_LISTS = ("stages", "jobs", "steps", "variables")


def read(file: Path) -> Any:
    """A file as it stands."""
    return yaml.safe_load(file.read_text(encoding="utf-8"))


def of_dev(file: Path) -> Any:
    """A pipeline for the tests' own environment `dev`, whatever the environments are that it offers."""
    document = read(file)
    parameters = {one["name"]: one["default"] for one in document.pop("parameters")} | {"environment": "dev"}
    return _expanded(document, {"parameters": parameters}, file.parent)


def expand(file: Path, given: dict[str, Any] | None = None) -> Any:
    """A pipeline or template with everything put in.

    Raises:
        ValueError: a parameter is given that is not declared, or the other way round, or has a value it may not have.

    """
    document, given = read(file), given or {}
    declared = {one["name"]: one for one in document.pop("parameters", [])}
    if given.keys() - declared.keys():
        raise ValueError(f"{file.name} has no parameters {given.keys() - declared.keys()}")
    if missing := [name for name, one in declared.items() if name not in given and "default" not in one]:
        raise ValueError(f"{file.name} is not given {missing}")
    parameters = {name: given.get(name, one.get("default")) for name, one in declared.items()}
    for name, one in declared.items():
        if "values" in one and parameters[name] not in one["values"]:
            raise ValueError(f"{file.name}: {name} may not be {parameters[name]}")
    return _expanded(document, {"parameters": parameters}, file.parent)


def _expanded(node: Any, values: dict[str, Any], folder: Path) -> Any:
    match node:
        case dict():
            return _expanded_mapping(node, values, folder)
        case list():
            return [inner for item in node for inner in _expanded_item(item, values, folder)]
        case str():
            return _filled_in(node, values)
    return node


def _expanded_item(item: Any, values: dict[str, Any], folder: Path) -> list[Any]:
    if isinstance(item, dict) and "template" in item:
        given = _expanded(item.get("parameters", {}), values, folder)
        name, _, repository = item["template"].partition("@")
        content = expand((CHECKOUT if repository else folder) / name, given)
        (kind,) = content.keys() & set(_LISTS)
        return list(content[kind])
    if isinstance(item, dict) and all(_EXPRESSION.fullmatch(key) for key in item):
        chosen = _chosen(item, values)
        return [inner for branch in chosen for inner in _expanded(branch, values, folder)]
    return [_expanded(item, values, folder)]


def _expanded_mapping(node: dict[str, Any], values: dict[str, Any], folder: Path) -> dict[str, Any]:
    expanded: dict[str, Any] = {}
    conditional: dict[str, Any] = {}
    for key, value in node.items():
        if not _EXPRESSION.fullmatch(key):
            expanded[key] = _expanded(value, values, folder)
        elif key == "${{ insert }}":
            expanded |= _expanded(value, values, folder)
        else:
            conditional[key] = value
    for branch in _chosen(conditional, values):
        expanded |= _expanded(branch, values, folder)
    return expanded


def _chosen(branches: dict[str, Any], values: dict[str, Any]) -> list[Any]:
    """The branch that holds of an `if` and perhaps an `else`, which stand in one mapping or are the only ones there."""
    for key, branch in branches.items():
        words = _EXPRESSION.fullmatch(key)
        assert words
        if words[1] == "else":
            return [branch]
        assert words[1].startswith("if "), key
        if evaluate(words[1].removeprefix("if "), values):
            return [branch]
    return []


def _filled_in(text: str, values: dict[str, Any]) -> Any:
    if whole := _EXPRESSION.fullmatch(text):
        return evaluate(whole[1], values)
    return _EXPRESSION.sub(lambda found: str(evaluate(found[1], values)), text)
