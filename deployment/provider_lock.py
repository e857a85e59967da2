"""Renews `stacks/providers.lock.hcl`: the releases of the providers that run, and their checksums, from the registry.

    python -m deployment.provider_lock [-net-mirror=<URL>]

What follows is handed to `terraform providers lock`, such as a mirror for whoever cannot reach the registry. A release
that is locked stays as long as `stacks/versions.py` and the bindings admit it. Read the difference: of a release that
stays, no checksum goes.
"""

import json
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

from deployment.synthesis import CHECKOUT, synthesised
from deployment.terraform import terraform

LOCK = CHECKOUT / "stacks" / "providers.lock.hcl"

# Agents, and people's machines.
PLATFORMS = ("linux_amd64", "linux_arm64", "darwin_amd64", "darwin_arm64")


def required_providers(output: Path) -> dict[str, Any]:
    """What any of the synthesised stacks requires."""
    programs = [json.loads(program.read_text(encoding="utf-8")) for program in output.glob("stacks/*/cdk.tf.json")]
    return {
        name: required for program in programs for name, required in program["terraform"]["required_providers"].items()
    }


def renew(required: dict[str, Any], lock: Path, *options: str) -> None:
    """Let Terraform lock these providers.

    Raises:
        SystemExit: Terraform could not, and has said why.

    """
    with tempfile.TemporaryDirectory(prefix="providers-") as scratch:
        folder = Path(scratch)
        (folder / "providers.tf.json").write_text(json.dumps({"terraform": {"required_providers": required}}))
        beside = folder / ".terraform.lock.hcl"
        if lock.exists():
            shutil.copyfile(lock, beside)
        terraform(folder, "providers", "lock", *(f"-platform={platform}" for platform in PLATFORMS), *options)
        shutil.copyfile(beside, lock)


def main() -> None:
    """Renew the lock for what the stacks require now."""
    with synthesised() as output:
        renew(required_providers(output), LOCK, *sys.argv[1:])


if __name__ == "__main__":
    main()
