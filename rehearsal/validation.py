"""Every stack against the real providers, as far as that goes without a cloud: what `make validate` runs.

    python -m rehearsal.validation

The real providers check what their schemas do not hold: enumerations, name patterns, the form of ids, arguments that
exclude one another. It needs a registry to install them from, and no Azure login: the promises are tested with mocks.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from pathlib import Path

from config.environment import EnvironmentSettings
from config.loading import NOTICES_TOLD, load_or_exit
from constructs_lib.naming import Naming
from rehearsal.core import CHECKOUT, Terraform, TerraformError, executable, used_schemas
from rehearsal.mocks import mocked_copy
from rehearsal.provider_schema import ProviderSchema

CANNOT = 3


def validate(
    terraform: Terraform,
    synthesised: Path,
    environments: Iterable[EnvironmentSettings],
    directory: Path,
    say: Callable[[str], None],
) -> int:
    """Check every stack and tell of each: 0 if nothing was objected to, 1 if something was, 3 without providers."""
    stacks = sorted((synthesised / "stacks").iterdir())
    probe = directory / "probe"
    shutil.copytree(stacks[-1], probe)
    try:
        terraform.run(probe, "init", "-backend=false", "-no-color")
    except TerraformError as error:
        say(f"{error}\n\nThe real providers cannot be installed here: NOTHING WAS CHECKED against them.")
        return CANNOT
    objections, schemas = 0, used_schemas(synthesised)
    naming = {environment.name: Naming.of(environment) for environment in environments}
    for stack in stacks:
        try:
            check(terraform, stack, directory / stack.name, schemas, naming[stack.name.partition("-")[0]])
            say(f"{stack.name:<20} accepted by the real providers")
        except TerraformError as error:
            objections += 1
            say(str(error))
    return min(objections, 1)


def check(
    terraform: Terraform, stack: Path, target: Path, schemas: Mapping[str, ProviderSchema], naming: Naming
) -> None:
    """Test the promises of a stack with mocks, which includes all that `terraform validate` does.

    Raises:
        TerraformError: with what Terraform and the providers object to.

    """
    copy = mocked_copy(stack, target, schemas, naming)
    terraform.run(copy, "init", "-backend=false", "-no-color")
    terraform.run(copy, "test", "-no-color")


def main() -> int:
    """Synthesise, and validate with the providers that `terraform init` installs."""
    environments = load_or_exit(os.environ)
    with tempfile.TemporaryDirectory(prefix="validation-") as scratch:
        synthesised, installed = Path(scratch, "cdktf.out"), Path(scratch, "providers")
        installed.mkdir()
        variables = {
            "TF_PLUGIN_CACHE_DIR": str(installed),
            **os.environ,
            NOTICES_TOLD: "1",
            "CDKTF_OUTDIR": str(synthesised),
        }
        if synth := subprocess.run([sys.executable, "main.py"], cwd=CHECKOUT, env=variables, check=False).returncode:
            return synth
        terraform = Terraform(executable(Path(scratch)), variables)
        return validate(terraform, synthesised, environments, Path(scratch), partial(print, flush=True))


if __name__ == "__main__":
    sys.exit(main())
