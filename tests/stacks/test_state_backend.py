"""Where the state lies, and that nobody loses it by mistake."""

import json
from operator import attrgetter
from pathlib import Path

import pytest
from cdktf import App

from config.azure_devops import AzureDevopsSettings
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

    places = {(one["azurerm"]["storage_account_name"], one["azurerm"]["container_name"]) for one in backends}
    assert len(places) == len(STACKS)


@pytest.mark.req(2)
@pytest.mark.req(6)
def test_no_key_opens_a_state(synthesised: Path) -> None:
    backends = [Template.read(synthesised / "stacks" / stack).document["terraform"]["backend"] for stack in STACKS]

    assert all(backend["azurerm"]["use_azuread_auth"] for backend in backends)
    assert not any({"access_key", "sas_token", "client_secret"} & backend["azurerm"].keys() for backend in backends)


# Who may do what with which state, by the name of the setting that names them.
IN_PRODUCTION = {
    ("state_backend.operators_group_id", "Contributor", "tfstate"),
    ("state_backend.operators_group_id", "Contributor", "tfstate-network"),
    ("state_backend.operators_group_id", "Contributor", "tfstate-cluster"),
    ("state_backend.operators_group_id", "Contributor", "tfstate-workloads"),
    ("identities.network", "Contributor", "tfstate-network"),
    ("identities.network_plan", "Reader", "tfstate-network"),
    ("identities.cluster", "Contributor", "tfstate-cluster"),
    ("identities.cluster_plan", "Reader", "tfstate-cluster"),
    ("identities.workloads", "Contributor", "tfstate-workloads"),
    ("identities.workloads", "Reader", "tfstate-cluster"),
    ("identities.network", "Contributor", "tfplan-network"),
    ("identities.network_plan", "Contributor", "tfplan-network"),
    ("identities.cluster", "Contributor", "tfplan-cluster"),
    ("identities.cluster_plan", "Contributor", "tfplan-cluster"),
    ("identities.workloads", "Contributor", "tfplan-workloads"),
}
# What the setting that is there for all stands for.
IN_DEVELOPMENT = {
    *(row for row in IN_PRODUCTION if row[0].startswith("state_backend")),
    *(
        ("pipeline_principal_id", "Contributor", f"{kind}-{stack}")
        for kind in ("tfstate", "tfplan")
        for stack in ("network", "cluster", "workloads")
    ),
}


# As Azure DevOps shows the subject of this connection in this tenant.
TENANT, ORGANIZATION = "16b3c013-d300-468d-ac64-7eda0820b6d3", "cc675aa2-a9f1-4091-9600-8fd083925744"
CONNECTION = "259270a3-61be-4f9c-aee0-14478327844e"
SUBJECT = f"/eid1/c/pub/t/E8CzFgDTjUasZH7aCCC20w/a/rISbSSETf0KqFyZ8ppdXmA/sc/{ORGANIZATION}/{CONNECTION}"


@pytest.mark.req(9)
@pytest.mark.req(17)
def test_the_pipelines_identities_are_made_and_trust_one_service_connection_each(tmp_path: Path) -> None:
    made = AzureDevopsSettings(organization_id=ORGANIZATION, deploy_connection_id=CONNECTION)
    settings = ENVIRONMENTS["dev"].model_copy(update={"azure_devops": made, "tenant_id": TENANT})
    template = _synthesise(settings, tmp_path)

    identities = {one["name"]: id_ for id_, one in template.resources("azurerm_user_assigned_identity").items()}
    assert identities.keys() == {"id-deploy-shop-dev-weu", "id-plan-shop-dev-weu"}
    # https://learn.microsoft.com/azure/devops/pipelines/release/configure-workload-identity
    trust = template.resource("azurerm_federated_identity_credential")
    assert trust["parent_id"] == f"${{azurerm_user_assigned_identity.{identities['id-deploy-shop-dev-weu']}.id}}"
    assert (trust["issuer"], trust["subject"], trust["audience"]) == (
        f"https://login.microsoftonline.com/{TENANT}/v2.0",
        SUBJECT,
        ["api://AzureADTokenExchange"],
    )
    # The file's ids are not known yet when these roles are given for the first time.
    assert settings.pipeline_principal_id not in json.dumps(template.document)
    who = {role["principal_id"] for role in template.resources("azurerm_role_assignment").values()}
    assert who == {
        settings.state_backend.operators_group_id,
        *(f"${{azurerm_user_assigned_identity.{id_}.principal_id}}" for id_ in identities.values()),
    }


def test_others_identities_are_not_made_again(tmp_path: Path) -> None:
    template = _synthesise(ENVIRONMENTS["dev"], tmp_path)

    assert not template.resources("azurerm_user_assigned_identity")
    assert not template.resources("azurerm_federated_identity_credential")


@pytest.mark.req(3)
@pytest.mark.parametrize(
    ("environment", "expected"), [("dev", IN_DEVELOPMENT), ("prod", IN_PRODUCTION)], ids=["dev", "prod"]
)
def test_who_deploys_or_plans_a_stack_has_its_state_and_its_plans_and_no_other(
    environment: str, expected: set[tuple[str, str, str]], synthesised: Path
) -> None:
    template = Template.read(synthesised / "stacks" / f"{environment}-state-backend")
    containers = {
        f"${{azurerm_storage_container.{id_}.id}}": container["name"]
        for id_, container in template.resources("azurerm_storage_container").items()
    }
    granted = [
        (role["principal_id"], role["role_definition_name"], containers[role["scope"]])
        for role in template.resources("azurerm_role_assignment").values()
    ]

    assert sorted(granted) == sorted(
        (attrgetter(path)(ENVIRONMENTS[environment]), f"Storage Blob Data {role}", container)
        for path, role, container in expected
    )


def test_a_stack_reads_the_state_where_its_owner_keeps_it(synthesised: Path) -> None:
    for environment in ENVIRONMENTS:
        stacks = synthesised / "stacks"
        (read,) = Template.read(stacks / f"{environment}-workloads").data("terraform_remote_state").values()
        kept = Template.read(stacks / f"{environment}-cluster").document["terraform"]["backend"]["azurerm"]

        assert read["config"] == kept


@pytest.mark.req(4)
@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_the_application_has_other_storage_than_the_state(environment: str, synthesised: Path) -> None:
    state = Template.read(synthesised / "stacks" / f"{environment}-state-backend")
    cluster = Template.read(synthesised / "stacks" / f"{environment}-cluster")

    def names(template: Template, type_: str) -> set[str]:
        return {resource["name"] for resource in template.resources(type_).values()}

    for type_ in ("azurerm_resource_group", "azurerm_storage_account"):
        assert names(state, type_) & names(cluster, type_) == set()
