"""Terraform takes every stack that is deployed as it was synthesised."""

import json
from pathlib import Path

import pytest

from rehearsal.core import Terraform, TerraformError
from tests.deployed import DEPLOYED_STACKS

pytestmark = pytest.mark.deployed


@pytest.mark.parametrize("stack", DEPLOYED_STACKS)
def test_terraform_finds_nothing_to_object_to(stack: str, deployed: Path, terraform_for_deployed: Terraform) -> None:
    assert terraform_for_deployed.diagnostics(deployed / "stacks" / stack) == []


@pytest.mark.parametrize("stack", DEPLOYED_STACKS)
def test_terraform_takes_the_backend(
    stack: str, deployed: Path, terraform_for_deployed: Terraform, tmp_path: Path
) -> None:
    # `validate` does not read the backend; `init` does, before it looks for an Azure login, of which there is none.
    program = (deployed / "stacks" / stack / "cdk.tf.json").read_text()
    if "local" in json.loads(program)["terraform"]["backend"]:
        pytest.skip("on its first deployment, a state backend keeps its own state in a file")
    (tmp_path / "cdk.tf.json").write_text(program)
    signed_out = Terraform(terraform_for_deployed.executable, {**terraform_for_deployed.environment, "PATH": ""})
    with pytest.raises(TerraformError, match="unable to build authorizer"):
        signed_out.run(tmp_path, "init", "-no-color")
