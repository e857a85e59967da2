"""An environment that leaves out `[cluster.sql]` has nothing that is there for a database alone."""

import pytest
from cdktf import App

from config.environment import EnvironmentSettings
from config.loading import load_environment
from reference.names import variables
from stacks.environments import build
from tests.config.environment_file import ABSENT, ORDERS, WITH_JUMP_BOX, write_environment
from tests.template import Template


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> EnvironmentSettings:
    folder = tmp_path_factory.mktemp("without-a-database")
    return load_environment(
        write_environment(
            folder,
            "dev",
            {**WITH_JUMP_BOX, "cluster.sql": ABSENT, "workloads.applications": [ORDERS | {"database": False}]},
        )
    )


@pytest.fixture(scope="module")
def stacks(environment: EnvironmentSettings, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Template]:
    folder = tmp_path_factory.mktemp("cdktf.out")
    app = App(outdir=str(folder))
    build(app, [environment])
    app.synth()
    return {stack.name.removeprefix("dev-"): Template.read(stack) for stack in (folder / "stacks").iterdir()}


def test_there_is_neither_server_nor_account_for_its_audit(stacks: dict[str, Template]) -> None:
    types = {type_ for stack in stacks.values() for type_ in stack.document["resource"]}

    assert not [type_ for type_ in types if type_.startswith("azurerm_mssql_")]
    # The one of the state backend is left.
    assert [name for name, stack in stacks.items() if stack.resources("azurerm_storage_account")] == ["state-backend"]


@pytest.mark.parametrize("stack", ["network", "cluster", "workloads"])
def test_nothing_leads_to_it(stack: str, stacks: dict[str, Template], environment: EnvironmentSettings) -> None:
    """Neither endpoint nor zone, neither record nor rule, nor the host that no proxy is to be asked for."""
    written = str(stacks[stack].document)

    assert "sqlServer" not in written
    assert "database.windows.net" not in written
    assert "1433" not in written
    assert "database_users" not in written
    assert not [name for names in variables(environment).values() for name in names if "SQL" in name]
