"""The Python half: modules that jsii generated load lazily and check arguments faster."""

import __future__

import functools
import marshal
import os
import re
import sys
import typing
from collections.abc import Callable, Sequence
from contextlib import suppress
from importlib import import_module
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from importlib.metadata import version
from importlib.util import MAGIC_NUMBER, cache_from_source
from pathlib import Path
from types import CodeType, FunctionType, ModuleType, SimpleNamespace
from typing import Any

from provider_loading.node_kernel import KernelStartLoader

PROVIDER_PACKAGE = re.compile(r"cdktf_cdktf_provider_[a-z0-9_]+")
PROVIDER_MODULE = re.compile(PROVIDER_PACKAGE.pattern + r"\.[a-z][a-z0-9_]*")

# How jsii ends the package of an assembly that consists of submodules.
EAGER_IMPORTS = re.compile(
    r"(?<=\npublication\.publish\(\)\n)\n"
    r"# Loading modules to ensure their types are registered with the jsii runtime library\n"
    r"((?:from \. import \w+\n)+)\Z"
)


# Another one for each way to compile, so that no version of this package takes the byte code of another.
BYTE_CODE = "postponed2"

# Each module asks for it anew, which takes as long as a resource.
VERSION_OF_TYPEGUARD = b"\nfrom importlib.metadata import version as _metadata_package_version\n"
VERSION_OF_TYPEGUARD_ASKED_ONCE = (
    b"\nfrom provider_loading.generated_modules import version_asked_once as _metadata_package_version\n"
)


version_asked_once = functools.cache(version)
"""`importlib.metadata.version`, which reads a file and walks through the path for it."""


class GeneratedModuleFinder(MetaPathFinder):
    """Finds generated modules where Python does, and has them loaded by the loaders of this package."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Leave to the other finders what is not a generated module, or does not lie in a source file."""
        chosen = _loader_of(fullname)
        if chosen is None:
            return None
        spec = PathFinder.find_spec(fullname, path, target)
        if spec is not None and type(spec.loader) is SourceFileLoader:
            spec.loader = chosen(spec.loader.name, spec.loader.path)
        return spec


def _loader_of(fullname: str) -> type[SourceFileLoader] | None:
    if PROVIDER_PACKAGE.fullmatch(fullname):
        return LazyPackageLoader
    if PROVIDER_MODULE.fullmatch(fullname) or fullname == "cdktf":
        return RememberingLoader
    # Every CDKTF program loads this assembly first, and the first assembly starts the kernel.
    if fullname == "constructs._jsii":
        return KernelStartLoader
    return None


class LazyPackageLoader(SourceFileLoader):
    """Loads a provider's package without its modules; they are imported on first use."""

    def exec_module(self, module: ModuleType) -> None:
        """Run the package's code up to the imports of its modules; all of it, where it does not end in them."""
        source = self.get_source(module.__name__) or ""
        eager = EAGER_IMPORTS.search(source)
        if eager is None:
            super().exec_module(module)
            return
        exec(self.source_to_code(source[: eager.start()], self.path), vars(module))  # noqa: S102 - the package itself
        modules = frozenset(re.findall(r"import (\w+)", eager[1]))
        # Generated modules end in `publication.publish()`, which puts another module in their place.
        published = vars(sys.modules[module.__name__])
        published["__getattr__"] = _import_on_first_use(module.__name__, modules)
        published["__dir__"] = lambda: sorted(published.keys() | modules)


def _import_on_first_use(package: str, modules: frozenset[str]) -> Callable[[str], ModuleType]:
    def module_attribute(name: str) -> ModuleType:
        if name in modules:
            return import_module(f"{package}.{name}")
        raise AttributeError(f"module {package!r} has no attribute {name!r}")

    return module_attribute


class PostponingLoader(SourceFileLoader):
    """Loads a generated module without evaluating its annotations, which are two thirds of its import.

    As if it began with `from __future__ import annotations`: https://peps.python.org/pep-0563. Its byte code lies
    beside Python's own, under a name that says so.
    """

    def get_code(self, fullname: str) -> CodeType | None:
        """The module's byte code; Python's own, which evaluates annotations, where byte code cannot be kept."""
        code: CodeType
        cached = cache_from_source(self.path, optimization=BYTE_CODE)
        source = self.path_stats(self.path)
        made_from = MAGIC_NUMBER + f"{source['mtime']} {source['size']} ".encode()
        with suppress(OSError):
            kept = self.get_data(cached)
            if kept.startswith(made_from):
                code = marshal.loads(kept[len(made_from) :])  # noqa: S302 - what this loader kept
                return code
        folder = next(folder for folder in Path(cached).parents if folder.exists())
        if sys.dont_write_bytecode or not os.access(folder, os.W_OK):
            return super().get_code(fullname)
        text = self.get_data(self.path).replace(VERSION_OF_TYPEGUARD, VERSION_OF_TYPEGUARD_ASKED_ONCE)
        code = compile(text, self.path, "exec", flags=__future__.annotations.compiler_flag, dont_inherit=True)
        self.set_data(cached, made_from + marshal.dumps(code))
        return code


class RememberingLoader(PostponingLoader):
    """Loads a generated module such that its functions remember the types that they name, and what these let pass.

    Each constructor, method and setter resolves the type hints of a stub, whose annotations never change, and each
    getter of a struct builds the type that it casts to; typeguard then walks through each type for each argument, also
    for the dozens that are left at `None`. Together this is more than half of Python's share of a resource.
    """

    def exec_module(self, module: ModuleType) -> None:
        """Load the module, and give its functions a `typing` and a `check_type` that remember."""
        super().exec_module(module)
        # Also after `publication.publish()` these are the globals of the module's functions.
        names = vars(module)
        if names.get("typing") is typing and "check_type" in names:
            names.update(typing=_remembering_typing(), check_type=_remembering_check(names["check_type"]))


class _RememberingForm(dict[Any, Any]):
    """`typing.Union` and its like, building each type once."""

    def __init__(self, form: Any) -> None:
        super().__init__()
        self._form = form

    def __missing__(self, parameters: Any) -> Any:
        self[parameters] = self._form[parameters]
        return self[parameters]


@functools.cache
def _remembering_typing() -> ModuleType:
    remembering = ModuleType(typing.__name__, typing.__doc__)
    forms = {name: _RememberingForm(getattr(typing, name)) for name in ("Dict", "List", "Mapping", "Optional", "Union")}
    vars(remembering).update(vars(typing) | forms, get_type_hints=functools.cache(_type_hints))
    return remembering


def _type_hints(function: FunctionType) -> dict[str, Any]:
    """`typing.get_type_hints`, evaluating once what many functions of a module name, such as `Optional[str]`."""
    names = function.__globals__
    types = names.setdefault("__types__", {})
    unknown = {text: text for text in function.__annotations__.values() if text not in types}
    # With names of its own to look into: otherwise `typing`, which remembers `Optional["Timeouts"]` for all modules,
    # takes it for the type that it was in another one.
    types |= typing.get_type_hints(SimpleNamespace(__annotations__=unknown), names, {})
    return {name: types[text] for name, text in function.__annotations__.items()}


# What the check says of these depends on their type alone, as the generator writes no `typing.Literal`; except for the
# empty string, which is a sequence of anything.
PLAIN_TYPES = frozenset({type(None), bool, int, float, str})


def _remembering_check(check_type: Callable[..., object]) -> Callable[[str, object, Any], None]:
    """The check, not asked again for a plain value of a type that it accepted where the same type is expected."""
    accepted: dict[tuple[type, int], Any] = {}

    def check_once(argname: str, value: object, expected_type: Any) -> None:
        # By identity, since a union's hash costs as much as a check; and kept, so that no other type gets its identity.
        verdict = type(value), id(expected_type)
        if verdict not in accepted:
            check_type(argname=argname, value=value, expected_type=expected_type)
            if type(value) in PLAIN_TYPES and value != "":
                accepted[verdict] = expected_type

    return check_once
