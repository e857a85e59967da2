"""A secret that a deployment writes is in the vault, and nowhere else."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from cdktf import App

from config.environment import EnvironmentSettings
from config.loading import load_environment
from constructs_lib.naming import Naming
from rehearsal.core import Terraform, TerraformError, offline, used_schemas
from rehearsal.rehearsal import Rehearsal
from rehearsal.validation import check
from stacks.environments import build
from tests.config.environment_file import write_environment

CANARY = "correct-horse-battery-staple"
VARIABLE = "TF_VAR_vault_secret_payment_api_key"


@dataclass(frozen=True)
class Deployed:
    """An environment whose network stands, with a secret that the cluster stack is to write."""

    folder: Path
    environment: EnvironmentSettings
    terraform: Terraform
    rehearsal: Rehearsal


@pytest.fixture(scope="module")
def deployed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployed]:
    folder = tmp_path_factory.mktemp("secret")
    changes = {"cluster.vault_secrets": [{"name": "payment-API-key"}]}
    environment = load_environment(write_environment(folder, "dev", changes))
    app = App(outdir=str(folder / "cdktf.out"))
    build(app, [environment])
    app.synth()
    with offline(folder / "cdktf.out") as (terraform, cloud):
        rehearsal = Rehearsal(terraform, cloud, folder / "cdktf.out", environment, folder / "rehearsed", print)
        for stack in ("dev-state-backend", "dev-network"):
            rehearsal.deploy(stack)
        yield Deployed(folder, environment, terraform, rehearsal)


@pytest.mark.parametrize(("value", "says"), [(None, "No value for required variable"), ("", "is empty")])
def test_without_its_value_nothing_is_deployed(value: str | None, says: str, deployed: Deployed) -> None:
    deployed.terraform.environment.pop(VARIABLE, None)
    if value is not None:
        deployed.terraform.environment[VARIABLE] = value
    with pytest.raises(TerraformError, match=says):
        deployed.rehearsal.deploy("dev-cluster")


@pytest.mark.req(14)
def test_its_value_is_in_no_plan_no_state_and_no_other_file(deployed: Deployed) -> None:
    # The last here: the cluster stack stands after it.
    terraform = deployed.terraform
    terraform.environment[VARIABLE] = CANARY
    deployed.rehearsal.deploy("dev-cluster")
    copy = deployed.folder / "rehearsed" / "dev-cluster"
    terraform.run(copy, "plan", "-out=kept.tfplan")
    shown = terraform.run(copy, "show", "-json", "kept.tfplan") + terraform.run(copy, "show", "-json")
    files = [path for path in deployed.folder.rglob("*") if path.is_file()]

    assert copy / "kept.tfplan" in files
    assert any("payment-API-key" in path.read_text() for path in files if path.suffix == ".tfstate")
    assert CANARY not in shown
    assert [path for path in files if CANARY.encode() in path.read_bytes()] == []


@pytest.mark.req(14)
def test_the_secret_is_written_by_whoever_deploys_and_when_the_version_grows(
    deployed: Deployed, tmp_path: Path
) -> None:
    stack = deployed.folder / "cdktf.out" / "stacks" / "dev-cluster"
    program = json.loads((stack / "cdk.tf.json").read_text())
    (secret,) = program["resource"]["azurerm_key_vault_secret"].values()
    (variable,) = program["variable"].values()
    roles = {
        (role["role_definition_name"], role["principal_id"])
        for name, role in program["resource"]["azurerm_role_assignment"].items()
        if f"azurerm_role_assignment.{name}" in secret["depends_on"]
    }

    assert (secret["value_wo"], secret["value_wo_version"], secret.get("value")) == (
        "${var.vault_secret_payment_api_key}",
        1,
        None,
    )
    assert (variable["sensitive"], variable["ephemeral"], variable.get("default")) == (True, True, None)
    assert roles == {("Key Vault Secrets Officer", deployed.environment.deployer_of("cluster"))}
    assert any(awaited.startswith("azurerm_private_dns_a_record.") for awaited in secret["depends_on"])
    # The mocks give it a value, too.
    schemas = used_schemas(deployed.folder / "cdktf.out")
    check(deployed.terraform, stack, tmp_path / "mocked", schemas, Naming.of(deployed.environment))
