"""The pipeline may give the roles that its stacks give, and no others."""

import json
import re
from pathlib import Path

import pytest

from config.network.jump_box import JumpBoxSettings
from reference.role_assignment_condition import ROLES_ASSIGNED, render
from tests.config.environment_file import SSH_KEY
from tests.product import ENVIRONMENTS

PAGE = Path(__file__).parents[2] / "docs" / "role-assignment-condition.txt"
DEPLOYED_BY_A_PIPELINE = ("network", "cluster", "workloads")


@pytest.fixture(scope="module")
def everything(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A production with a jump box, and with secrets: the stacks of an environment that assigns every role."""
    from cdktf import App

    from main import build

    prod = ENVIRONMENTS["prod"]
    network = prod.network.model_copy(update={"jump_box": JumpBoxSettings(ssh_public_key=SSH_KEY)})
    folder = tmp_path_factory.mktemp("everything")
    app = App(outdir=str(folder))
    build(app, [prod.model_copy(update={"network": network})])
    app.synth()
    return folder / "stacks"


def test_the_file_is_up_to_date() -> None:
    assert PAGE.read_text(encoding="utf-8") == render(), "the condition is out of date; `make docs` renews it"


def test_it_names_the_roles_that_the_stacks_assign_and_no_others(everything: Path) -> None:
    assigned = set[str]()
    for purpose in DEPLOYED_BY_A_PIPELINE:
        resources = json.loads((everything / f"prod-{purpose}" / "cdk.tf.json").read_text())["resource"]
        assigned |= {one["role_definition_name"] for one in resources.get("azurerm_role_assignment", {}).values()}

    assert assigned == set(ROLES_ASSIGNED)


def test_it_holds_for_giving_and_for_taking_away() -> None:
    condition = render()

    # The form that Azure documents, with its two roles in place of ours:
    # https://learn.microsoft.com/azure/role-based-access-control/delegate-role-assignments-examples#example-constrain-roles
    example = (
        "((!(ActionMatches{'Microsoft.Authorization/roleAssignments/write'})) OR (@Request[Microsoft.Authorization/"
        "roleAssignments:RoleDefinitionId] ForAnyOfAnyValues:GuidEquals {ROLES})) AND ((!(ActionMatches{'Microsoft."
        "Authorization/roleAssignments/delete'})) OR (@Resource[Microsoft.Authorization/roleAssignments:"
        "RoleDefinitionId] ForAnyOfAnyValues:GuidEquals {ROLES}))\n"
    )
    assert re.sub(r"\{[0-9a-f-]{36}(, [0-9a-f-]{36})*\}", "{ROLES}", condition) == example
    # Owner, User Access Administrator and Role Based Access Control Administrator stay out of reach.
    for powerful in ("8e3af657", "18d7d88d", "f58310d9"):
        assert powerful not in condition
