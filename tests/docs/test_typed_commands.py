"""Each command that README and docs show is one that its tool takes."""

import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from config.loading import load_environment
from reference.names import COMMANDS, UNSET, variables
from rehearsal.core import executable
from tests.config.environment_file import ABSENT, SSH_KEY, write_environment
from tests.docs.documented_syntax import AZ, AZ_TAKES_ALWAYS, OTHERS, Syntax
from tests.docs.typed_commands import FENCE, PAGES, REPOSITORY, SHELL, TOOLS, Command, commands, of_page, options
from tests.landing_zones import LANDING_ZONES
from tests.product import PURPOSES
from tests.template import Template

ENVIRONMENT_VARIABLES = {**os.environ, "CHECKPOINT_DISABLE": "1"}


@cache
def help_of(*arguments: str) -> str:
    """What a tool says of a command."""
    done = subprocess.run(  # noqa: S603 - what the docs show
        arguments, cwd=REPOSITORY, env=ENVIRONMENT_VARIABLES, capture_output=True, text=True, check=False
    )
    return done.stdout + done.stderr


@pytest.fixture(scope="module")
def terraform(tmp_path_factory: pytest.TempPathFactory) -> str:
    return executable(tmp_path_factory.mktemp("terraform"))


def takes(help_: str, option: str) -> bool:
    return re.search(rf"(?<![\w-]){re.escape(option)}(?![\w-])", help_) is not None


def test_no_command_is_of_a_tool_that_nobody_checks() -> None:
    assert {command.tool for page in PAGES for command in of_page(page)} <= {*TOOLS, *SHELL}


@pytest.mark.parametrize("command", commands("make"), ids=str)
def test_make_has_the_target(command: Command) -> None:
    makefile = (REPOSITORY / "Makefile").read_text(encoding="utf-8")

    for word in command.words[1:]:
        if word.startswith("--"):
            assert takes(help_of("make", "--help"), word)
        elif "=" in word:
            assert word.partition("=")[0] in ("ENV", "ENVIRONMENTS", "STACK")
        else:
            assert re.search(rf"^{word}:", makefile, re.MULTILINE), word


@pytest.mark.parametrize("command", [one for one in commands("npx", "cdktf") if len(one.words) > 2], ids=str)
def test_cdktf_takes_it(command: Command) -> None:
    name, *arguments = command.words[command.words.index("cdktf") + 1 :]
    said = help_of(str(REPOSITORY / "node_modules" / ".bin" / "cdktf"), name, "--help")

    assert re.search(rf"^cdktf {name}\b", said, re.MULTILINE), said
    assert [option for option in options(command) if not takes(said, option)] == []
    for stack in (word for word in arguments if not word.startswith("-")):
        assert stack.partition("-")[2] in PURPOSES


@pytest.mark.parametrize("command", commands("terraform"), ids=str)
def test_terraform_takes_it(command: Command, terraform: str) -> None:
    words = [word for word in command.words[1:] if not word.startswith("-")]
    said = help_of(terraform, words[0], "-help")

    assert f"terraform [global options] {words[0]}" in said
    # What an apply plans by is only said there.
    said += help_of(terraform, "plan", "-help") if words[0] == "apply" else ""
    said += help_of(terraform, *words[:2], "-help") if words[0] == "state" else ""
    assert [one for one in options(command) - {"-chdir"} if not takes(said, one)] == []


OWN = [command for command in commands("python3") if command.words[2:3] and command.words[2].startswith("deployment.")]


@pytest.mark.parametrize("command", OWN, ids=str)
def test_a_module_of_the_program_takes_it(command: Command) -> None:
    module, *given = command.words[2:]
    said = help_of(sys.executable, "-m", module, "--help")

    # Where the output goes is the shell's affair, and which stack is the reader's.
    to_it = given[: given.index(">")] if ">" in given else given
    for word in (one for one in to_it if not one.startswith("cdktf.out/")):
        assert takes(said, word)
        said = help_of(sys.executable, "-m", module, word, "--help")


@pytest.mark.parametrize("command", [one for one in commands("npm", "python3") if one not in OWN], ids=str)
def test_installers_take_it(command: Command) -> None:
    words = [sys.executable if word == "python3" else word for word in command.words]
    name = next(position for position, word in enumerate(words) if word in ("ci", "download"))
    # npm lists only what is special to a command; each of its settings is an option of every command.
    said = help_of(*words[: name + 1], "--help") + (
        help_of("npm", "config", "ls", "--long") if words[0] == "npm" else ""
    )

    assert [
        one for one in options(command) - {"-m"} if not (takes(said, one) or takes(said, one.removeprefix("--")))
    ] == []


def problems(command: Command, name: str, syntax: Syntax, always: str = "") -> list[str]:
    required, given = [set(names.split("|")) for names in syntax.required.split()], options(command)
    known = set().union(*required, syntax.optional.split(), always.split())
    missing = [names for names in required if command.is_whole and not names & given]
    return [f"{name} does not take {one}" for one in sorted(given - known)] + [
        f"{name} needs {' or '.join(names)}" for names in missing
    ]


@pytest.mark.parametrize("command", commands("az"), ids=str)
def test_the_azure_cli_takes_it(command: Command) -> None:
    end = next((at for at, word in enumerate(command.words) if word.startswith("-")), len(command.words))
    name = " ".join(command.words[1:end])

    # In a sentence a whole group of commands may be meant.
    if command.is_whole or name in AZ:
        assert problems(command, name, AZ[name], AZ_TAKES_ALWAYS) == []
    else:
        assert any(known.startswith(f"{name} ") for known in AZ)


@pytest.mark.parametrize("command", commands("curl", "docker", "kubectl", "kubelogin", "sqlcmd"), ids=str)
def test_other_tools_take_it(command: Command) -> None:
    named = [name for name in OTHERS if set(name.split()) <= set(command.words)]

    assert named, "tests/docs/documented_syntax.py does not know it"
    assert problems(command, named[0], OTHERS[named[0]]) == []


def test_a_wrong_command_would_be_noticed() -> None:
    def said(*words: str) -> list[str]:
        command = Command("page", ("az", *words), is_whole=True)
        return problems(command, "aks bastion tunnel", AZ["aks bastion tunnel"], AZ_TAKES_ALWAYS)

    # As the page had it once, before `az aks bastion` became a group.
    assert said("aks", "bastion", "tunnel", "--name", "a", "--bastion", "b") == [
        "aks bastion tunnel needs --resource-group"
    ]
    assert said("aks", "bastion", "tunnel", "--name", "a", "--resource-group", "g", "--bastions", "b") == [
        "aks bastion tunnel does not take --bastions"
    ]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_each_variable_is_set_by_make_names_or_on_the_page(page: Path, tmp_path: Path) -> None:
    text = page.read_text(encoding="utf-8")
    options = {"network.front_door": {}, "monitoring.prometheus": {"grafana": True}}
    everything = load_environment(write_environment(tmp_path, "prod", options))
    gateway = {"network.application_gateway": {"host_name": "shop.example.com", "certificate_name": "shop"}}
    behind_gateway = load_environment(write_environment(tmp_path, "prod", gateway))
    in_a_hub = load_environment(write_environment(tmp_path, *LANDING_ZONES["company-hub-and-zones"]))
    known = {"JUMP_BOX", "JUMP_BOX_ID"}.union(
        *(names for environment in (everything, behind_gateway, in_a_hub) for names in variables(environment).values())
    )
    own = set(re.findall(r"^ *(\w+)=\"", text, re.MULTILINE)) | set(re.findall(r"\bfor (\w+) in", text))

    assert set(re.findall(r"\$\{?(\w+)", text)) - own - known == set()
    assert known <= set(UNSET.split())


@pytest.mark.parametrize("command", COMMANDS.values())
def test_what_make_names_prints_stands_in_the_docs(command: str) -> None:
    shown = [" ".join(page.read_text(encoding="utf-8").replace("\\\n", " ").split()) for page in PAGES]

    assert any(command in text for text in shown), command


def test_the_identity_that_is_made_first_is_the_applications(synthesised: Path) -> None:
    text = (REPOSITORY / "docs" / "first-deployment.md").read_text(encoding="utf-8")
    (address,) = re.findall(r"-target=(\S+)", text)
    type_, name = address.split(".")
    stack = Template.read(synthesised / "stacks" / "dev-workloads")

    assert stack.resources(type_)[name]["name"] == "id-orders-shop-dev-weu"


def _settings(table: dict[str, Any], around: str = "") -> Iterator[tuple[str, Any]]:
    for key, value in table.items():
        if isinstance(value, dict):
            yield from _settings(value, f"{around}{key}.")
        elif around:
            yield f"{around}{key}", value


def test_settings_that_the_docs_show_are_taken(tmp_path: Path) -> None:
    blocks = [
        tomllib.loads(fence[3].replace("ssh-ed25519 AAAA…", SSH_KEY))
        for page in PAGES
        for fence in FENCE.finditer(page.read_text(encoding="utf-8"))
        if fence[2] == "toml"
    ]
    assert blocks

    for block in blocks:
        changes = dict(_settings(block))
        if changes.get("network.topology") == "spoke":
            changes["network.hub"] = ABSENT
        if listeners := changes.get("workloads.gateway.listeners"):
            # What an application says beside it is shown by itself.
            changes |= {
                "workloads.applications.0.ingress": "gateway",
                "workloads.applications.0.routes": [{"host": one["host_name"]} for one in listeners],
            }
        if "accept" in block:
            # What the page accepts is a region that is not known yet.
            changes = {"accept": block["accept"], "region": "taiwannorth"}
        load_environment(write_environment(tmp_path, "dev", changes))
