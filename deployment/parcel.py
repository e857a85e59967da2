"""Hands the folder of a stack from one stage to the next, through the environment's own state account.

    python3 -m deployment.parcel send cdktf.out/stacks/dev-network
    python3 -m deployment.parcel fetch <what sending it said> cdktf.out/stacks/dev-network

A saved plan holds secrets, as the state does: it lies where the state lies, in a container for each stack, and goes
after some days. Artifacts of Azure Pipelines lie in storage accounts that the firewall keeps closed. docs/adr/0009 says
why. Sending sets the output `parcel`; it names the parcel with its checksum, so that nobody changes it on the way.
"""

import argparse
import hashlib
import json
import subprocess
import tarfile
import tempfile
from pathlib import Path

from deployment.azure_pipelines import set_output
from deployment.terraform import PLAN_AS_JSON

_LEFT_BEHIND = {".terraform", PLAN_AS_JSON}


class ParcelError(Exception):
    """What was fetched is not what was sent."""


def container_of(program: Path) -> tuple[str, str]:
    """The account and the container in which the parcels of a stack lie: those of its plans, beside its state."""
    backend = json.loads(program.read_text(encoding="utf-8"))["terraform"]["backend"]["azurerm"]
    return backend["storage_account_name"], backend["container_name"].replace("tfstate", "tfplan", 1)


def send(stack: Path) -> str:
    """Pack a folder and upload it; returns where it lies and its checksum."""
    account, container = container_of(stack / "cdk.tf.json")
    with tempfile.TemporaryDirectory() as scratch:
        archive = Path(scratch, "parcel.tar.gz")
        with tarfile.open(archive, "w:gz") as tar:
            for path in sorted(stack.iterdir()):
                if path.name not in _LEFT_BEHIND:
                    tar.add(path, arcname=path.name)
        checksum = _sha256(archive)
        _blob("upload", account, container, f"{checksum}.tar.gz", archive, "--overwrite")
    return f"{account}/{container}/{checksum}"


def fetch(parcel: str, stack: Path) -> None:
    """Download a parcel into a folder.

    Raises:
        ParcelError: its content is another than when it was sent.

    """
    account, container, checksum = parcel.split("/")
    with tempfile.TemporaryDirectory() as scratch:
        archive = Path(scratch, "parcel.tar.gz")
        _blob("download", account, container, f"{checksum}.tar.gz", archive)
        if (found := _sha256(archive)) != checksum:
            raise ParcelError(f"{parcel}: holds {found}; somebody has changed it")
        stack.mkdir(parents=True, exist_ok=True)
        with tarfile.open(archive) as tar:
            tar.extractall(stack, filter="data")


def _sha256(file: Path) -> str:
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def _blob(verb: str, account: str, container: str, name: str, file: Path, *options: str) -> None:
    place = ["--auth-mode", "login", "--account-name", account, "--container-name", container, "--name", name]
    subprocess.run(  # noqa: S603 - the arguments are this module's own
        ["az", "storage", "blob", verb, *place, "--file", str(file), "--output", "none", *options],  # noqa: S607
        check=True,
    )


def main() -> None:
    """Send or fetch; fails if `az` does, or if the parcel is another."""
    parser = argparse.ArgumentParser(prog="python3 -m deployment.parcel", description="Hand a stack to the next stage.")
    verbs = parser.add_subparsers(dest="verb", required=True)
    verbs.add_parser("send").add_argument("stack", type=Path, help="folder of the stack")
    fetching = verbs.add_parser("fetch")
    fetching.add_argument("parcel", help="what sending it said")
    fetching.add_argument("stack", type=Path, help="folder to put it into")
    arguments = parser.parse_args()
    if arguments.verb == "fetch":
        fetch(arguments.parcel, arguments.stack)
        print(f"{arguments.stack}: is as it was sent, {arguments.parcel.rpartition('/')[2]}")
        return
    parcel = send(arguments.stack)
    print(f"{arguments.stack}: sent as {parcel}")
    set_output("parcel", parcel)


if __name__ == "__main__":
    main()
