"""Nothing that holds secrets, or that a machine makes, is committed by mistake."""

import shutil
import subprocess
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[2]
STACK = "cdktf.out/stacks/prod-cluster"


def _is_ignored(path: str, checkout: Path) -> bool:
    found = subprocess.run(["git", "check-ignore", "--quiet", path], cwd=checkout, check=False)  # noqa: S603, S607 - git itself
    assert found.returncode in (0, 1)
    return found.returncode == 0


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("checkout")
    subprocess.run(["git", "init", "--quiet"], cwd=folder, check=True)  # noqa: S607 - git itself
    shutil.copyfile(REPOSITORY / ".gitignore", folder / ".gitignore")
    return folder


@pytest.mark.req(21)
@pytest.mark.parametrize(
    "path",
    [
        # A state holds every value in clear: https://developer.hashicorp.com/terraform/language/state/sensitive-data
        "terraform.tfstate",
        "terraform.tfstate.backup",
        "terraform.tfstate.d/dev/terraform.tfstate",
        "bootstrap/prod-state-backend.tfstate",
        f"{STACK}/terraform.prod-cluster.tfstate",
        # So does a plan.
        "prod-cluster.tfplan",
        f"{STACK}/plan",
        # Values of variables.
        "terraform.tfvars",
        "prod.auto.tfvars",
        "secrets.tfvars.json",
        # What `terraform init` writes where it runs; the folders of the stacks are generated, so that a lock file in
        # one would be gone with the next synth.
        ".terraform/providers/registry.terraform.io/hashicorp/azurerm",
        ".terraform.lock.hcl",
        f"{STACK}/.terraform.lock.hcl",
        f"{STACK}/cdk.tf.json",
        "crash.log",
    ],
)
def test_what_terraform_leaves_behind_is_not_committed(path: str, checkout: Path) -> None:
    assert _is_ignored(path, checkout)


@pytest.mark.parametrize(
    "path", ["environments/prod.toml", "package-lock.json", "requirements.txt", "stacks/cluster.py", "docs/changes.md"]
)
def test_what_makes_an_environment_is_committed(path: str, checkout: Path) -> None:
    assert not _is_ignored(path, checkout)
