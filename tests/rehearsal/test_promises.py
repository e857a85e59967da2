"""What each stack promises holds in Terraform, with every provider mocked; `make validate` runs the same files."""

import json
import shutil
from pathlib import Path

import pytest

from constructs_lib.naming import Naming
from rehearsal.core import Terraform, TerraformError, used_schemas
from rehearsal.provider_schema import ProviderSchema
from rehearsal.validation import CANNOT, check, validate
from tests.deployed import DEPLOYED_ENVIRONMENTS, DEPLOYED_STACKS
from tests.product import ENVIRONMENTS, STACKS


@pytest.mark.parametrize("stack", STACKS)
def test_a_stack_keeps_its_promises(
    stack: str, synthesised: Path, terraform: Terraform, schemas: dict[str, ProviderSchema], tmp_path: Path
) -> None:
    naming = Naming.of(ENVIRONMENTS[stack.partition("-")[0]])
    check(terraform, synthesised / "stacks" / stack, tmp_path / stack, schemas, naming)


@pytest.mark.deployed
@pytest.mark.parametrize("stack", DEPLOYED_STACKS)
def test_what_is_deployed_keeps_its_promises(
    stack: str, deployed: Path, terraform_for_deployed: Terraform, tmp_path: Path
) -> None:
    naming = Naming.of(DEPLOYED_ENVIRONMENTS[stack.partition("-")[0]])
    check(terraform_for_deployed, deployed / "stacks" / stack, tmp_path / stack, used_schemas(deployed), naming)


@pytest.mark.req(38)
def test_a_record_that_takes_the_address_of_another_endpoint_is_found(
    synthesised: Path, terraform: Terraform, schemas: dict[str, ProviderSchema], tmp_path: Path
) -> None:
    wrong = tmp_path / "prod-cluster"
    shutil.copytree(synthesised / "stacks" / "prod-cluster", wrong)
    program = json.loads((wrong / "cdk.tf.json").read_text())
    by_zone = {record["zone_name"]: record for record in program["resource"]["azurerm_private_dns_a_record"].values()}
    by_zone["privatelink.vaultcore.azure.net"]["records"] = by_zone["privatelink.database.windows.net"]["records"]
    (wrong / "cdk.tf.json").write_text(json.dumps(program))
    with pytest.raises(TerraformError, match="Every record leads to the endpoint of its own service"):
        check(terraform, wrong, tmp_path / "copy", schemas, Naming.of(ENVIRONMENTS["prod"]))


def test_what_is_made_in_another_subscription_is_mocked_too(
    synthesised: Path, terraform: Terraform, schemas: dict[str, ProviderSchema], tmp_path: Path
) -> None:
    elsewhere = tmp_path / "prod-cluster"
    shutil.copytree(synthesised / "stacks" / "prod-cluster", elsewhere)
    program = json.loads((elsewhere / "cdk.tf.json").read_text())
    (own,) = program["provider"]["azurerm"]
    program["provider"]["azurerm"].append({**own, "alias": "theirs"})
    for record in program["resource"]["azurerm_private_dns_a_record"].values():
        record["provider"] = "azurerm.theirs"
    (elsewhere / "cdk.tf.json").write_text(json.dumps(program))

    check(terraform, elsewhere, tmp_path / "copy", schemas, Naming.of(ENVIRONMENTS["prod"]))


def test_validation_says_clearly_that_it_had_no_providers(
    synthesised: Path, terraform: Terraform, tmp_path: Path
) -> None:
    without = {name: value for name, value in terraform.environment.items() if name != "TF_REATTACH_PROVIDERS"}
    said: list[str] = []
    done = validate(Terraform(terraform.executable, without), synthesised, ENVIRONMENTS.values(), tmp_path, said.append)
    assert done == CANNOT
    assert "NOTHING WAS CHECKED" in said[-1]
