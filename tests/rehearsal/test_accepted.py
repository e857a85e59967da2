"""Terraform takes every stack as it was synthesised."""

import json
from pathlib import Path

import pytest

from rehearsal.core import Terraform, TerraformError
from tests.product import STACKS


@pytest.mark.parametrize("stack", STACKS)
def test_terraform_finds_nothing_to_object_to(stack: str, synthesised: Path, terraform: Terraform) -> None:
    assert terraform.diagnostics(synthesised / "stacks" / stack) == []


@pytest.mark.parametrize("stack", STACKS)
def test_terraform_takes_the_backend_and_then_wants_to_sign_in(
    stack: str, synthesised: Path, terraform: Terraform, tmp_path: Path
) -> None:
    # `validate` does not read the backend; `init` does, before it looks for an Azure login, of which there is none.
    program = (synthesised / "stacks" / stack / "cdk.tf.json").read_text()
    if "local" in json.loads(program)["terraform"]["backend"]:
        pytest.skip("on its first deployment, a state backend keeps its own state in a file")
    (tmp_path / "cdk.tf.json").write_text(program)
    signed_out = Terraform(terraform.executable, {**terraform.environment, "PATH": ""})
    with pytest.raises(TerraformError, match="unable to build authorizer"):
        signed_out.run(tmp_path, "init", "-no-color")
