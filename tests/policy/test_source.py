"""Mistakes that Python and jsii let pass, found in the source before they become wrong Terraform."""

import ast
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[2]
PROGRAM = [
    REPOSITORY / "main.py",
    *(
        path
        for folder in (
            "command_line",
            "config",
            "constructs_lib",
            "deployment",
            "provider_loading",
            "reference",
            "rehearsal",
            "stacks",
        )
        for path in (REPOSITORY / folder).rglob("*.py")
    ),
]
EVERYTHING = [*PROGRAM, *(REPOSITORY / "tests").rglob("*.py")]
CONSTRUCTS = REPOSITORY / "constructs_lib"
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
    arguments = [
        keyword.value
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        for keyword in node.keywords
    ]

    assert [element.lineno for argument in arguments for element in _dicts_in_lists(argument)] == []


def _dicts_in_lists(value: ast.expr) -> Iterator[ast.Dict]:
    """Dicts that stand directly in the list that an expression makes; what is inside a dict of its own is free."""
    match value:
        case ast.List(elts=elements) | ast.Tuple(elts=elements):
            items = elements
        case ast.ListComp(elt=element) | ast.GeneratorExp(elt=element):
            items = [element]
        case ast.Starred(value=inner):
            items = [inner]
        case ast.Call(func=ast.Name(id="list" | "tuple" | "sorted"), args=inner):
            items = inner
        case ast.BinOp(left=left, right=right):
            items = [left, right]
        case _:
            return
    for item in items:
        if isinstance(item, ast.Dict):
            yield item
        yield from _dicts_in_lists(item)


@pytest.mark.parametrize("path", EVERYTHING, ids=_name)
def test_no_provider_package_is_imported_whole(path: Path) -> None:
    """The root of a provider package stands for 1,500 modules; a submodule is loaded in milliseconds."""
    imported = set(_imported_modules(ast.parse(path.read_text(encoding="utf-8"))))

    assert imported & PROVIDER_PACKAGES == set()


# What each folder must not know: settings are checked without starting Node, and everything else points downwards.
NODE = {"cdktf", "constructs", "jsii", *PROVIDER_PACKAGES}
LOOK_AT_ALL = {"deployment", "main", "provider_loading", "reference", "rehearsal"}
FORBIDDEN_IMPORTS = {
    "command_line": {"constructs_lib", "stacks", *LOOK_AT_ALL, *NODE},
    "config": {"command_line", "constructs_lib", "stacks", *LOOK_AT_ALL, *NODE},
    "constructs_lib": {"command_line", "stacks", *LOOK_AT_ALL},
    "deployment": {"config", "constructs_lib", "main", "provider_loading", "reference", "stacks", "tests", *NODE},
    # It changes how jsii waits for Node; jsii alone starts nothing.
    "provider_loading": {"command_line", "config", "constructs_lib", "stacks", *LOOK_AT_ALL, *NODE - {"jsii"}},
    "reference": {"deployment", "main", "rehearsal", "stacks", "tests"},
    "rehearsal": {"deployment", "main", "reference", "stacks", "tests"},
    "stacks": {"command_line", *LOOK_AT_ALL},
}

# Beside its own modules and those that stand in no wing, what a wing of constructs_lib builds on; never in a circle.
WINGS = {
    "access": {"network"},
    "cluster": {"services"},
    "egress": {"network"},
    "ingress": {"network", "workloads"},
    "monitoring": set(),
    "network": set(),
    "policy": set(),
    "services": {"monitoring", "network"},
    "workloads": {"network"},
}


@pytest.mark.parametrize("path", [path for path in PROGRAM if path.parent != REPOSITORY], ids=_name)
def test_what_is_below_knows_nothing_of_what_is_above(path: Path) -> None:
    folder = path.relative_to(REPOSITORY).parts[0]
    imported = {name.partition(".")[0] for name in _imported_modules(ast.parse(path.read_text(encoding="utf-8")))}

    assert imported & FORBIDDEN_IMPORTS[folder] <= {folder}


@pytest.mark.parametrize("wing", sorted(path.parent.name for path in CONSTRUCTS.glob("*/__init__.py")))
def test_a_wing_imports_only_what_it_builds_on(wing: str) -> None:
    imported = [
        module.split(".")
        for path in (CONSTRUCTS / wing).glob("*.py")
        for module in _imported_modules(ast.parse(path.read_text(encoding="utf-8")))
    ]
    wings = {names[1] for names in imported if names[0] == "constructs_lib" and len(names) > 2}

    assert wings - {wing} == WINGS[wing]


def test_no_wings_build_on_each_other() -> None:
    assert len(list(TopologicalSorter(WINGS).static_order())) == len(WINGS)


def test_what_is_deployed_is_read_in_one_place() -> None:
    """All other tests have environments of their own, so an adopter's edit cannot turn them red."""
    readers = {
        _name(path)
        for path in (REPOSITORY / "tests").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if _reads_what_is_deployed(node)
    }

    # The second runs synths that fail whatever the settings are.
    assert readers == {"tests/deployed.py", "tests/command_line/test_faults.py"}


def _reads_what_is_deployed(node: ast.AST) -> bool:
    """Whether something imports what reads `environments/`, or runs a synth in this checkout instead of a copy."""
    match node:
        case ast.ImportFrom(names=names):
            return bool({"ENVIRONMENTS_FOLDER", "load_or_exit"} & {alias.name for alias in names})
        case ast.Call(keywords=keywords):
            here = any(keyword.arg == "cwd" and ast.unparse(keyword.value).isupper() for keyword in keywords)
            return here and "'main.py'" in ast.unparse(node)
    return False
