"""Terraform in the folder of a stack, as a pipeline runs it: without questions, signed in as the step's connection."""

import os
import subprocess
import sys
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import IO

from deployment.azure_pipelines import relay

SAVED_PLAN = "stack.tfplan"
"""The plan that was saved, beside the stack. It holds secrets, as the state does."""

PLAN_AS_JSON = "plan.json"
"""The same for the gate to read; it stays on the agent that made it."""

# Long enough for a plan that reads the same state. Whoever applies has the environment's lock already.
_LOCK = "-lock-timeout=5m"


def signed_in(environment: Mapping[str, str]) -> dict[str, str]:
    """The environment of Terraform and, below it, of kubelogin.

    In a pipeline both ask Azure DevOps for a new token whenever one expires: the token that a step begins with would
    end within minutes, and an apply takes an hour. Elsewhere whoever is signed in to the Azure CLI acts.

    https://registry.terraform.io/providers/hashicorp/azurerm/4.81.0/docs/guides/service_principal_oidc
    https://azure.github.io/kubelogin/concepts/login-modes/azurepipelines.html
    """
    quiet = {"CHECKPOINT_DISABLE": "1", "TF_IN_AUTOMATION": "1", "TF_INPUT": "0", **environment}
    # AzureCLI@2 says which connection it was given; the step hands over the other two, which are not there by default.
    if "AZURESUBSCRIPTION_SERVICE_CONNECTION_ID" not in environment:
        return quiet
    return quiet | {
        "ARM_USE_OIDC": "true",
        "ARM_USE_CLI": "false",
        "ARM_ADO_PIPELINE_SERVICE_CONNECTION_ID": environment["AZURESUBSCRIPTION_SERVICE_CONNECTION_ID"],
        "ARM_CLIENT_ID": environment["AZURESUBSCRIPTION_CLIENT_ID"],
        "ARM_TENANT_ID": environment["AZURESUBSCRIPTION_TENANT_ID"],
        "ARM_OIDC_REQUEST_TOKEN": environment["SYSTEM_ACCESSTOKEN"],
        "ARM_OIDC_REQUEST_URL": environment["SYSTEM_OIDCREQUESTURI"],
        "AAD_LOGIN_METHOD": "azurepipelines",
    }


def terraform(stack: Path, *arguments: str, accepted: Collection[int] = (0,), output: IO[bytes] | None = None) -> int:
    """Run a command in a stack's folder, and return its exit code if it is an accepted one.

    Raises:
        SystemExit: with any other exit code; Terraform has said why.

    """
    sys.stdout.flush()
    command = (os.environ.get("TERRAFORM_BINARY_NAME") or "terraform", *arguments)
    if output is None:
        status = relay(*command, folder=stack, environment=signed_in(os.environ))
    else:
        status = subprocess.run(  # noqa: S603 - the arguments are this package's own
            command, cwd=stack, env=signed_in(os.environ), stdout=output, check=False
        ).returncode
    if status not in accepted:
        raise SystemExit(status)
    return status


def init(stack: Path) -> None:
    """Make the folder ready: its state is found, and those releases of its providers are there that were reviewed."""
    terraform(stack, "init", "-input=false", "-lockfile=readonly")


def save_plan(stack: Path, *options: str) -> bool:
    """Save what would change beside the stack, as plan and as JSON; returns whether anything would.

    The state is not locked: who only plans may not, and a plan of a state that has changed since is refused.
    """
    status = terraform(
        stack, "plan", "-detailed-exitcode", "-lock=false", f"-out={SAVED_PLAN}", *options, accepted=(0, 2)
    )
    with (stack / PLAN_AS_JSON).open("wb") as file:
        terraform(stack, "show", "-json", SAVED_PLAN, output=file)
    return status == 2


def apply_saved_plan(stack: Path) -> None:
    """Do what the saved plan says, and nothing else."""
    terraform(stack, "apply", _LOCK, SAVED_PLAN)
