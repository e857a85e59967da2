"""The order in which stacks are deployed, and what they tell each other."""

import json
import re
from pathlib import Path

import pytest

from tests.product import ENVIRONMENTS, STACKS
from tests.template import Template

PAGES = sorted((Path(__file__).parents[2] / "docs").glob("*.md"))
COMMAND = re.compile(r"npx cdktf (deploy|destroy) ([^`\n]+)")


@pytest.fixture(scope="module")
def dependencies(synthesised: Path) -> dict[str, list[str]]:
    manifest = json.loads((synthesised / "manifest.json").read_text(encoding="utf-8"))
    return {name: stack["dependencies"] for name, stack in manifest["stacks"].items()}


@pytest.mark.req(1)
def test_every_environment_has_just_its_four_stacks(dependencies: dict[str, list[str]]) -> None:
    assert sorted(dependencies) == sorted(STACKS)
    of_production = {name for name in dependencies if name.startswith("prod-")}
    assert of_production == {"prod-state-backend", "prod-network", "prod-cluster", "prod-workloads"}


@pytest.mark.req(80)
@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_a_cluster_waits_for_its_network_and_workloads_for_their_cluster(
    environment: str, dependencies: dict[str, list[str]]
) -> None:
    assert dependencies[f"{environment}-cluster"] == [f"{environment}-network"]
    assert dependencies[f"{environment}-workloads"] == [f"{environment}-cluster"]


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_an_ordinary_deployment_never_touches_the_state_backend(
    environment: str, dependencies: dict[str, list[str]]
) -> None:
    assert dependencies[f"{environment}-state-backend"] == []
    assert dependencies[f"{environment}-network"] == []


@pytest.mark.parametrize("stack", STACKS)
def test_outputs_read_from_another_stack_exist_there(stack: str, synthesised: Path) -> None:
    consumer = Template.read(synthesised / "stacks" / stack)
    environment = stack.split("-")[0]
    for name, state in consumer.data("terraform_remote_state").items():
        producer = state["config"]["key"].removeprefix(f"{environment}/").removesuffix(".tfstate")
        offered = Template.read(synthesised / "stacks" / f"{environment}-{producer}").document.get("output", {})
        wanted = set(re.findall(rf"terraform_remote_state\.{name}\.outputs\.(\w+)", json.dumps(consumer.document)))
        assert wanted, f"{stack} reads the state of {producer} for nothing"
        assert wanted <= set(offered)


def test_no_documented_command_is_refused_for_the_stacks_around_it(dependencies: dict[str, list[str]]) -> None:
    """The command line wants a stack's dependencies deployed with it, and what depends on it destroyed with it."""
    commands = [match for page in PAGES for match in COMMAND.findall(page.read_text(encoding="utf-8"))]
    assert {verb for verb, _ in commands} == {"deploy", "destroy"}
    for verb, arguments in commands:
        stacks = {argument for argument in arguments.split() if not argument.startswith("--")}
        assert stacks <= dependencies.keys(), arguments
        wanted = {
            other for name, needed in dependencies.items() for other in needed if name in stacks and verb == "deploy"
        } | {name for name, needed in dependencies.items() if verb == "destroy" and stacks & set(needed)}
        assert wanted <= stacks or "--ignore-missing-stack-dependencies" in arguments, f"{verb} {arguments}"
