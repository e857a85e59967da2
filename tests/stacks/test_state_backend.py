"""Where the state lies, and that nobody loses it by mistake."""

from pathlib import Path

import pytest
from cdktf import App

from config.environment import EnvironmentSettings
from stacks.state_backend import StateBackendStack
from tests.product import ENVIRONMENTS, STACKS
from tests.template import Template


def _bootstrapping(environment: EnvironmentSettings, *, bootstrap: bool) -> EnvironmentSettings:
    state_backend = environment.state_backend.model_copy(update={"bootstrap": bootstrap})
    return environment.model_copy(update={"state_backend": state_backend})


def _synthesise(environment: EnvironmentSettings, folder: Path) -> Template:
    app = App(outdir=str(folder))
    stack = StateBackendStack(app, environment)
    app.synth()
    return Template.read(folder / "stacks" / stack.node.id)


def test_bootstrapping_changes_where_the_state_lies_and_nothing_else(tmp_path: Path) -> None:
    first = _synthesise(_bootstrapping(ENVIRONMENTS["dev"], bootstrap=True), tmp_path / "first")
    then = _synthesise(_bootstrapping(ENVIRONMENTS["dev"], bootstrap=False), tmp_path / "then")

    assert first.document["terraform"].pop("backend") == {
        "local": {"path": "../../../bootstrap/dev-state-backend.tfstate"}
    }
    assert then.document["terraform"].pop("backend")["azurerm"]["key"] == "dev/state-backend.tfstate"
    assert first.document["resource"] == then.document["resource"]


@pytest.mark.req(2)
def test_every_stack_keeps_its_own_state(synthesised: Path) -> None:
    backends = [Template.read(synthesised / "stacks" / stack).document["terraform"]["backend"] for stack in STACKS]

    assert len(
        {(backend["azurerm"]["storage_account_name"], backend["azurerm"]["key"]) for backend in backends}
    ) == len(STACKS)


@pytest.mark.req(2)
@pytest.mark.req(6)
def test_no_key_opens_a_state(synthesised: Path) -> None:
    backends = [Template.read(synthesised / "stacks" / stack).document["terraform"]["backend"] for stack in STACKS]

    assert all(backend["azurerm"]["use_azuread_auth"] for backend in backends)
    assert not any({"access_key", "sas_token", "client_secret"} & backend["azurerm"].keys() for backend in backends)


@pytest.mark.req(4)
@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_the_application_has_other_storage_than_the_state(environment: str, synthesised: Path) -> None:
    state = Template.read(synthesised / "stacks" / f"{environment}-state-backend")
    cluster = Template.read(synthesised / "stacks" / f"{environment}-cluster")

    def names(template: Template, type_: str) -> set[str]:
        return {resource["name"] for resource in template.resources(type_).values()}

    for type_ in ("azurerm_resource_group", "azurerm_storage_account"):
        assert names(state, type_) & names(cluster, type_) == set()
