"""The releases of the providers that were reviewed are those that run, byte for byte."""

import base64
import hashlib
import json
import os
import platform
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from deployment.provider_lock import renew, required_providers
from rehearsal.core import executable
from stacks.provider_lock import LAID_AS, LOCK, lay_beside
from tests.product import CHECKOUT, STACKS, copy_program

MACHINES = {"x86_64": "amd64", "aarch64": "arm64"}
PLATFORM = f"{platform.system().lower()}_{MACHINES.get(platform.machine(), platform.machine())}"
INIT = "import sys; from pathlib import Path; from deployment.terraform import init; init(Path(sys.argv[1]))"


@pytest.fixture(scope="module")
def laid(synthesised: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A synth with the locks beside its stacks."""
    folder = shutil.copytree(synthesised, tmp_path_factory.mktemp("laid") / "cdktf.out")
    lay_beside(folder)
    return folder


def blocks(lock: str) -> dict[str, tuple[str, str]]:
    """Of each provider, the constraint that was locked and the release."""
    found = re.findall(r'provider "\S+/(\w+)" {\n +version += "(.*)"\n +constraints = "(.*)"\n', lock)
    return {name: (constraint, release) for name, release, constraint in found}


@pytest.mark.req(21)
@pytest.mark.parametrize("stack", STACKS)
def test_every_provider_of_a_stack_is_locked_and_no_other(stack: str, laid: Path) -> None:
    """Cdktf would lock what is not, and upgrade what was locked for another constraint."""
    program = json.loads((laid / "stacks" / stack / "cdk.tf.json").read_text())
    required = {name: one["version"] for name, one in program["terraform"]["required_providers"].items()}
    locked = blocks((laid / "stacks" / stack / LAID_AS).read_text())
    assert {name: constraint for name, (constraint, _) in locked.items()} == required, "`make provider-lock`"


def test_what_is_synthesised_has_its_lock_beside(tmp_path: Path) -> None:
    program = copy_program(tmp_path / "program")
    environment = {**os.environ, "ENVIRONMENTS": "dev", "CDKTF_OUTDIR": str(tmp_path / "cdktf.out")}
    subprocess.run([sys.executable, "main.py"], cwd=program, env=environment, check=True)
    laid = tmp_path / "cdktf.out" / "stacks" / "dev-workloads" / LAID_AS
    assert blocks(laid.read_text()).keys() == {"azurerm", "kubernetes"}


def mirror(folder: Path, provider: str, release: str, content: str) -> str:
    """Put a release where Terraform may take it from, and return its checksum.

    The checksum is Go's `dirhash.Hash1`: https://pkg.go.dev/golang.org/x/mod/sumdb/dirhash
    """
    name = f"terraform-provider-{provider}_v{release}"
    there = folder / "registry.terraform.io" / "hashicorp" / provider / release / PLATFORM
    there.mkdir(parents=True)
    (there / name).write_text(content)
    (there / name).chmod(0o755)
    line = f"{hashlib.sha256(content.encode()).hexdigest()}  {name}\n"
    return f"h1:{base64.b64encode(hashlib.sha256(line.encode()).digest()).decode()}"


class Registry:
    """Terraform, with a folder for its only registry."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.executable = folder / "mirror", executable(folder)
        settings = folder / "cli-configuration"
        settings.write_text(f'provider_installation {{ filesystem_mirror {{ path = "{self.folder}" }} }}')
        self._environment = {**os.environ, "TF_CLI_CONFIG_FILE": str(settings)}

    def init(self, stack: Path) -> subprocess.CompletedProcess[str]:
        """Do what a pipeline's steps do first."""
        environment = {**self._environment, "TERRAFORM_BINARY_NAME": self.executable}
        return subprocess.run(  # noqa: S603 - ours
            [sys.executable, "-c", INIT, str(stack)],
            cwd=CHECKOUT,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )


def stack_of(folder: Path, lock: str | None) -> Path:
    """A stack that requires azurerm as ours do, without a state elsewhere."""
    folder.mkdir()
    required: dict[str, Any] = {"azurerm": {"source": "azurerm", "version": "~> 4.81"}}
    (folder / "cdk.tf.json").write_text(json.dumps({"terraform": {"required_providers": required}}))
    if lock is not None:
        (folder / LAID_AS).write_text(lock)
    return folder


def test_a_provider_that_is_not_the_reviewed_one_is_refused(tmp_path: Path, laid: Path) -> None:
    registry = Registry(tmp_path)
    checksum = mirror(registry.folder, "azurerm", "4.81.0", "somebody else's")
    reviewed = (laid / "stacks" / "dev-network" / LAID_AS).read_text()
    refused = registry.init(stack_of(tmp_path / "ours", reviewed))
    assert refused.returncode != 0
    assert "checksums" in refused.stderr

    # The same is taken where just that was reviewed, so that it is the checksum that decides.
    theirs = re.sub(r'"(h1|zh):.*",\n', "", reviewed).replace("hashes = [\n", f'hashes = [\n    "{checksum}",\n')
    done = registry.init(stack_of(tmp_path / "theirs", theirs))
    assert done.returncode == 0, done.stderr


def test_a_later_release_does_not_run_by_itself(tmp_path: Path, laid: Path) -> None:
    registry = Registry(tmp_path)
    mirror(registry.folder, "azurerm", "4.82.0", "a later release")
    reviewed = (laid / "stacks" / "dev-network" / LAID_AS).read_text()
    assert registry.init(stack_of(tmp_path / "stack", reviewed)).returncode != 0
    # Nor does what nobody has locked at all.
    assert registry.init(stack_of(tmp_path / "unlocked", None)).returncode != 0


def test_a_lock_is_renewed_for_what_the_stacks_require(
    tmp_path: Path, synthesised: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    registry = Registry(tmp_path)
    monkeypatch.setattr("deployment.provider_lock.PLATFORMS", (PLATFORM,))
    monkeypatch.setenv("TERRAFORM_BINARY_NAME", registry.executable)
    releases = {"azurerm": "4.82.0", "kubernetes": "2.38.0"}
    checksums = {mirror(registry.folder, provider, release, "a release") for provider, release in releases.items()}

    lock = tmp_path / "providers.lock.hcl"
    renew(required_providers(synthesised), lock, f"-fs-mirror={registry.folder}")
    assert blocks(lock.read_text()) == {"azurerm": ("~> 4.81", "4.82.0"), "kubernetes": ("2.38.0", "2.38.0")}
    assert set(re.findall(r'"(h1:.*)"', lock.read_text())) == checksums


def test_the_reviewed_releases_are_these() -> None:
    """What the comparison of lock files and providers' sources was made for; a change of it is a review."""
    reviewed = {"azuread": ("3.7.0", "3.7.0"), "azurerm": ("~> 4.81", "4.81.0"), "kubernetes": ("2.38.0", "2.38.0")}
    assert blocks(LOCK.read_text()) == reviewed
