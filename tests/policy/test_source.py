"""Mistakes that Python and jsii let pass, found in the source before they become wrong Terraform."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[2]
PROGRAM = [
    REPOSITORY / "main.py",
    *(
        path
        for folder in ("config", "constructs_lib", "provider_loading", "stacks")
        for path in (REPOSITORY / folder).rglob("*.py")
    ),
]
EVERYTHING = [*PROGRAM, *(REPOSITORY / "tests").rglob("*.py")]
PROVIDER_PACKAGES = {f"cdktf_cdktf_provider_{name}" for name in ("azurerm", "azuread", "kubernetes")}


def _name(path: Path) -> str:
    return str(path.relative_to(REPOSITORY))


def _imported_modules(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or ""


@pytest.mark.parametrize("path", PROGRAM, ids=_name)
def test_blocks_in_lists_are_classes(path: Path) -> None:
    """Of a dict in a list block, jsii keeps only keys of one word: `source_address_prefix` would be lost."""
    lists = [
        keyword.value
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        for keyword in node.keywords
        if isinstance(keyword.value, ast.List | ast.ListComp)
    ]
    elements = [element for found in lists for element in (found.elts if isinstance(found, ast.List) else [found.elt])]

    assert [element.lineno for element in elements if isinstance(element, ast.Dict)] == []


@pytest.mark.parametrize("path", EVERYTHING, ids=_name)
def test_no_provider_package_is_imported_whole(path: Path) -> None:
    """The root of a provider package stands for 1,500 modules; a submodule is loaded in milliseconds."""
    imported = set(_imported_modules(ast.parse(path.read_text(encoding="utf-8"))))

    assert imported & PROVIDER_PACKAGES == set()


@pytest.mark.parametrize("path", sorted((REPOSITORY / "config").rglob("*.py")), ids=_name)
def test_settings_are_checked_without_starting_node(path: Path) -> None:
    imported = {name.partition(".")[0] for name in _imported_modules(ast.parse(path.read_text(encoding="utf-8")))}

    assert imported & {"cdktf", "constructs", "constructs_lib", "jsii", "stacks", *PROVIDER_PACKAGES} == set()
