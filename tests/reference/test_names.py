"""`make names` gives the names that the stacks use, in a form that a shell takes."""

import json
import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from config.environment import EnvironmentSettings
from config.network.bastion import BastionTier
from config.network.front_door import FrontDoorSettings
from reference.names import UNSET, render, variables
from tests.product import ENVIRONMENTS, PURPOSES

REPOSITORY = Path(__file__).parents[2]
GIVEN = {
    "SUBSCRIPTION", "TENANT", "ENVIRONMENT", "REGION", "PROVIDERS", "PIPELINE", "ADMINISTRATORS", "OPERATORS",
    "SQL_ADMINISTRATORS", "APPLICATION_ADDRESS", "DNS_ZONES",
}  # fmt: skip


def texts(value: Any) -> set[str]:
    """Every text in a synthesised stack."""
    if isinstance(value, dict):
        return set().union(*map(texts, value.values()))
    return set().union(*map(texts, value)) if isinstance(value, list) else {str(value)}


def names_of(environment: EnvironmentSettings) -> dict[str, str]:
    return {name: value for names in variables(environment).values() for name, value in names.items()}


@pytest.mark.req(20)
@pytest.mark.parametrize("environment", ENVIRONMENTS.values(), ids=ENVIRONMENTS)
def test_every_name_is_one_that_a_stack_gives(environment: EnvironmentSettings, synthesised: Path) -> None:
    given = set[str]()
    for purpose in PURPOSES:
        stack = synthesised / "stacks" / f"{environment.name}-{purpose}" / "cdk.tf.json"
        given |= texts(json.loads(stack.read_text())["resource"])

    for name, value in names_of(environment).items():
        # A host's name is a name with something of Azure's behind it; of an id the last part is a name.
        short = value.split(".")[0] if name.endswith("_HOST") else value.rpartition("/")[2]
        assert name in GIVEN or short in given, name


def test_a_shell_takes_what_is_printed() -> None:
    environment = ENVIRONMENTS["dev"]
    program = render(environment) + 'printf "%s\\n" "$VAULT" "$PROVIDERS" "$BASTION_ID"'
    done = subprocess.run(["sh", "-euc", program], capture_output=True, text=True, check=True)  # noqa: S603, S607 - what is under test

    names = names_of(environment)
    assert done.stdout.splitlines() == [names["VAULT"], names["PROVIDERS"], names["BASTION_ID"]]


def test_every_command_that_is_shown_can_be_run() -> None:
    dev = ENVIRONMENTS["dev"]
    network = dev.network.model_copy(update={"bastion": BastionTier.NONE, "front_door": FrontDoorSettings()})
    lines = render(dev.model_copy(update={"network": network})).splitlines()
    commands = [shlex.split(line.removeprefix("#   ")) for line in lines if line.startswith("#   az ")]

    assert not [command for command in commands if "bastion" in command]
    (published,) = [command for command in commands if command[1] == "afd"]
    assert published[5:9] == ["rg-workloads-shop-dev-weu", "--profile-name", "afd-shop-dev-weu", "--endpoint-name"]
    assert "Microsoft.Cdn" in names_of(dev.model_copy(update={"network": network}))["PROVIDERS"].split()


def test_a_wrong_name_ends_with_the_report() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "reference.names"],
        cwd=REPOSITORY,
        env={**os.environ, "ENV": "nowhere"},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 2
    assert "'nowhere' is no environment" in done.stderr
    assert sourced(done.stdout) == ["1", "gone", "gone"]


def sourced(text: str) -> list[str]:
    """How a shell that holds another environment's variables ends up: status, and two of the variables."""
    program = (
        f'VAULT=old GATEWAY_ADDRESS=old\n{text}\nprintf "%s\\n" "$?" "${{VAULT-gone}}" "${{GATEWAY_ADDRESS-gone}}"'
    )
    done = subprocess.run(["sh", "-c", program], capture_output=True, text=True, check=True)  # noqa: S603, S607 - what is under test
    return done.stdout.splitlines()


@pytest.mark.parametrize("environment", ENVIRONMENTS.values(), ids=ENVIRONMENTS)
def test_every_name_is_unset_first(environment: EnvironmentSettings) -> None:
    assert names_of(environment).keys() <= set(UNSET.split())


def test_without_node_a_shell_notices_too(tmp_path: Path) -> None:
    shutil.copy(REPOSITORY / "Makefile", tmp_path)
    (tmp_path / "reference").mkdir()
    shutil.copy(REPOSITORY / "reference" / "names.py", tmp_path / "reference")
    for tool in ("grep", "make", "sh"):
        (tmp_path / tool).symlink_to(shutil.which(tool) or "missing")

    done = subprocess.run(
        ["make", "--silent", "names", "ENV=dev"],  # noqa: S607 - what is under test
        cwd=tmp_path,
        env={"PATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 2
    assert sourced(done.stdout) == ["1", "gone", "gone"]
    assert done.stderr.startswith("node: is not found; install Node 22, or 20, and put it on the path\n")


def test_printing_starts_no_node() -> None:
    program = "import sys, reference.names; sys.exit('jsii' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], cwd=REPOSITORY, check=False)  # noqa: S603 - our own program

    assert done.returncode == 0
