"""A package in jsii's layout loads lazily; a package in any other layout loads as it stands."""

import inspect
import sys
import typing
from collections.abc import Sequence
from importlib import import_module
from importlib.machinery import PathFinder, SourceFileLoader
from importlib.metadata import version
from pathlib import Path

import pytest
from cdktf import App, TerraformStack
from cdktf_cdktf_provider_azurerm.subnet import Subnet

from provider_loading.generated_modules import (
    EAGER_IMPORTS,
    VERSION_OF_TYPEGUARD,
    GeneratedModuleFinder,
    version_asked_once,
)

NAME = "cdktf_cdktf_provider_fake"

GENERATED_PACKAGE = """
import publication

__all__ = ["lake", "river"]

publication.publish()

# Loading modules to ensure their types are registered with the jsii runtime library
from . import lake
from . import river
"""

GENERATED_MODULE = """
import typing
import publication
import typeguard

checked = []

def check_type(argname, value, expected_type):
    checked.append(value)
    typeguard.check_type(argname=argname, value=value, expected_type=expected_type)

class Water:
    checked = checked

    def check(self, value, expected_type):
        check_type(argname="value", value=value, expected_type=expected_type)

    def hints(self):
        return typing.get_type_hints(_typecheckingstub__42)

    def depth_type(self):
        return typing.Optional[typing.Union[int, typing.List[typing.Mapping[str, typing.Dict[str, float]]]]]

__all__ = ["Water"]

publication.publish()

def _typecheckingstub__42(source: typing.Optional["Water"]) -> None:
    pass
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> typing.Iterator[Path]:
    """A folder of Python's path with the package in it; imports go through the finder, however the session loads."""
    package = tmp_path / NAME
    for module in ("lake", "river"):
        (package / module).mkdir(parents=True)
        (package / module / "__init__.py").write_text(GENERATED_MODULE)
    (package / "__init__.py").write_text(GENERATED_PACKAGE)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(sys, "meta_path", [GeneratedModuleFinder(), *sys.meta_path])
    yield package
    for name in loaded():
        del sys.modules[name]


def loaded() -> set[str]:
    return {name for name in sys.modules if name.startswith(NAME) and not name.endswith("._private")}


def test_a_module_is_imported_when_it_is_used(folder: Path) -> None:
    package = import_module(folder.name)
    assert loaded() == {NAME}
    assert package.lake.Water
    assert loaded() == {NAME, f"{NAME}.lake"}
    assert {"lake", "river", "__all__"} <= set(dir(package))
    with pytest.raises(AttributeError, match=f"module '{NAME}' has no attribute 'ocean'"):
        _ = package.ocean


@pytest.mark.parametrize(
    "doctored",
    [
        GENERATED_PACKAGE + "from .river import Water\n",
        GENERATED_PACKAGE + "from . import lake as pond\n",
        GENERATED_PACKAGE.replace("# Loading modules", "# Loading the modules"),
        GENERATED_PACKAGE.replace("publication.publish()\n\n#", "publication.publish()\nimport json\n\n#"),
    ],
    ids=["more imports", "an alias", "another comment", "code before the imports"],
)
def test_a_package_in_another_layout_is_loaded_whole(folder: Path, doctored: str) -> None:
    (folder / "__init__.py").write_text(doctored)
    import_module(folder.name)
    assert loaded() == {NAME, f"{NAME}.lake", f"{NAME}.river"}


@pytest.mark.usefixtures("folder")
def test_type_hints_are_resolved_once_for_each_function() -> None:
    water = import_module(f"{NAME}.lake").Water
    assert water().hints() == {"source": water | None, "return": type(None)}
    assert water().hints() is water().hints()


def byte_code(folder: Path) -> list[str]:
    return sorted(path.name.split(".", 2)[2] for path in (folder / "lake" / "__pycache__").glob("*"))


@pytest.fixture
def keeps_byte_code(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", False)


@pytest.mark.usefixtures("keeps_byte_code")
def test_annotations_are_evaluated_when_they_are_asked_for(folder: Path) -> None:
    (folder / "lake" / "__init__.py").write_text(GENERATED_MODULE + "\ndef drain(to: Ocean) -> None:\n    pass\n")
    lake = import_module(f"{NAME}.lake")
    assert byte_code(folder) == ["opt-postponed2.pyc"]
    assert lake.Water().hints()["source"] == lake.Water | None


ASKS_FOR_TYPEGUARD = """
from importlib.metadata import version as _metadata_package_version
TYPEGUARD_MAJOR_VERSION = int(_metadata_package_version('typeguard').split('.')[0])
"""


@pytest.mark.usefixtures("keeps_byte_code")
def test_the_version_of_typeguard_is_asked_for_once(folder: Path) -> None:
    for module in ("lake", "river"):
        (folder / module / "__init__.py").write_text(ASKS_FOR_TYPEGUARD + GENERATED_MODULE)
    asked = version_asked_once.cache_info().misses
    hits = version_asked_once.cache_info().hits

    lake, river = import_module(f"{NAME}.lake"), import_module(f"{NAME}.river")

    assert version_asked_once.cache_info().misses <= asked + 1
    assert version_asked_once.cache_info().hits >= hits + 1
    installed = int(version("typeguard").split(".")[0])
    assert [module._private.TYPEGUARD_MAJOR_VERSION for module in (lake, river)] == [installed, installed]


def test_installed_modules_ask_for_typeguard_in_the_words_that_are_known() -> None:
    assert VERSION_OF_TYPEGUARD.decode() in (Path(inspect.getfile(Subnet)).parent / "__init__.py").read_text()


@pytest.mark.usefixtures("keeps_byte_code")
def test_byte_code_is_used_until_its_source_changes(folder: Path) -> None:
    lake = folder / "lake" / "__init__.py"
    import_module(f"{NAME}.lake")
    written = (folder / "lake" / "__pycache__").stat().st_mtime_ns
    del sys.modules[f"{NAME}.lake"]
    import_module(f"{NAME}.lake")
    assert (folder / "lake" / "__pycache__").stat().st_mtime_ns == written
    del sys.modules[f"{NAME}.lake"]
    lake.write_text(GENERATED_MODULE.replace("class Water:", "class Water:\n    salt = 35\n"))
    assert import_module(f"{NAME}.lake").Water.salt == 35


def test_a_session_that_keeps_no_byte_code_leaves_none(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    import_module(f"{NAME}.lake")
    assert byte_code(folder) == []


@pytest.mark.usefixtures("folder")
def test_a_name_means_what_it_means_in_its_own_module() -> None:
    lake, river = import_module(f"{NAME}.lake").Water, import_module(f"{NAME}.river").Water
    assert lake().hints()["source"] == lake | None
    assert river().hints()["source"] == river | None


@pytest.mark.usefixtures("folder")
def test_types_are_built_once() -> None:
    water = import_module(f"{NAME}.lake").Water
    depth_type = water().depth_type()
    assert depth_type == typing.Optional[typing.Union[int, typing.List[typing.Mapping[str, typing.Dict[str, float]]]]]  # noqa: UP006, UP007, UP045
    for number in range(200):  # more than `typing` itself remembers
        _ = typing.Optional[type(f"Type{number}", (), {})]  # type: ignore[valid-type]  # noqa: UP045
    assert water().depth_type() is depth_type


@pytest.mark.usefixtures("folder")
def test_a_plain_value_of_a_type_that_was_accepted_is_not_checked_again() -> None:
    water = import_module(f"{NAME}.lake").Water()
    expected_type = typing.Union[str, int, None]  # noqa: UP007
    for value in ("a", "b", 4, 5, None, None):
        water.check(value, expected_type)
    assert water.checked == ["a", 4, None]
    water.check("a", str)
    assert water.checked == ["a", 4, None, "a"]


@pytest.mark.usefixtures("folder")
def test_what_was_refused_or_holds_other_values_is_checked_each_time() -> None:
    water = import_module(f"{NAME}.lake").Water()
    water.check("a", str)
    for _ in range(2):
        with pytest.raises(TypeError):
            water.check(4, str)
        water.check(["a"], list)
    assert water.checked == ["a", 4, ["a"], 4, ["a"]]


@pytest.mark.usefixtures("folder")
def test_a_verdict_on_a_type_says_nothing_of_a_related_one() -> None:
    water = import_module(f"{NAME}.lake").Water()
    water.check(value=True, expected_type=bool)
    with pytest.raises(TypeError):
        water.check(4, bool)


@pytest.mark.usefixtures("folder")
def test_an_empty_string_says_nothing_of_others() -> None:
    water, expected_type = import_module(f"{NAME}.lake").Water(), Sequence[int]
    water.check("", expected_type)
    with pytest.raises(TypeError):
        water.check("4", expected_type)


@pytest.mark.usefixtures("folder")
def test_a_type_that_is_gone_lends_its_verdict_to_no_other() -> None:
    water = import_module(f"{NAME}.lake").Water()
    for number in range(50):
        water.check(number, typing.Union[type("Number", (int,), {}), int])  # noqa: UP007
    assert len(water.checked) == 50


def test_arguments_are_still_checked(tmp_path: Path) -> None:
    stack = TerraformStack(App(outdir=str(tmp_path)), "stack")
    Subnet(stack, "right", name="a", resource_group_name="b", virtual_network_name="c", address_prefixes=["d"])
    with pytest.raises(TypeError, match="type of argument address_prefixes must be"):
        Subnet(stack, "subnet", name="a", resource_group_name="b", virtual_network_name="c", address_prefixes=[4])  # type: ignore[list-item]
    with pytest.raises(TypeError, match="type of argument name must be"):
        Subnet(stack, "subnet", name=4, resource_group_name="b", virtual_network_name="c", address_prefixes=["d"])  # type: ignore[arg-type]


@pytest.mark.parametrize("provider", ["azurerm", "azuread", "kubernetes"])
def test_the_installed_packages_have_the_layout(provider: str) -> None:
    spec = PathFinder.find_spec(f"cdktf_cdktf_provider_{provider}")
    assert spec is not None
    assert isinstance(spec.loader, SourceFileLoader)
    assert EAGER_IMPORTS.search(spec.loader.get_source(spec.name) or "")
