"""The tools that steps call and that no package brings, each in one version and with the checksum of what is installed.

    python3 -m deployment.tools install terraform
    python3 -m deployment.tools check

Installing is for hosted agents, and for whoever builds the image of the agents inside the network, from where none of
these can be downloaded.
"""

import argparse
import hashlib
import io
import re
import shutil
import subprocess
import tarfile
import urllib.request
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from deployment.azure_pipelines import report_error


@dataclass(frozen=True)
class Tool:
    """A program in one version, for Linux on x86-64."""

    version: str
    url: str
    sha256: str
    """Of what the URL gives, as the maker published it with the release."""

    version_command: tuple[str, ...]
    """What makes the program say its version."""

    member: str = ""
    """Where the program is in the archive; empty: it is no archive."""


TOOLS = {
    "terraform": Tool(
        "1.15.5",
        "https://releases.hashicorp.com/terraform/1.15.5/terraform_1.15.5_linux_amd64.zip",
        "702b2136af6728c8ff037f843dd2dbce2b7ad88786b7381d1d72aefa250f601c",
        ("terraform", "version"),
        "terraform",
    ),
    # The first with AZURESUBSCRIPTION_SERVICE_CONNECTION_ID is 0.2.12.
    "kubelogin": Tool(
        "0.2.19",
        "https://github.com/Azure/kubelogin/releases/download/v0.2.19/kubelogin-linux-amd64.zip",
        "ebaeff02aa899c5cae6a2b954b64fc02738185319df2570f7dc053451efa4b2f",
        ("kubelogin", "--version"),
        "bin/linux_amd64/kubelogin",
    ),
    # One minor version apart from the cluster is supported: https://kubernetes.io/releases/version-skew-policy/#kubectl
    "kubectl": Tool(
        "1.35.1",
        "https://dl.k8s.io/release/v1.35.1/bin/linux/amd64/kubectl",
        "36e2f4ac66259232341dd7866952d64a958846470f6a9a6a813b9117bd965207",
        ("kubectl", "version", "--client"),
    ),
    # The first that reaches a server through a tunnel (`--server-name`).
    "sqlcmd": Tool(
        "1.10.0",
        "https://github.com/microsoft/go-sqlcmd/releases/download/v1.10.0/sqlcmd-linux-amd64.tar.bz2",
        "92516d98c63d99b0994de5b61350c91f6915f9b76f139a59039fbcb225c2e987",
        ("sqlcmd", "--version"),
        "sqlcmd",
    ),
    "trivy": Tool(
        "0.70.0",
        "https://github.com/aquasecurity/trivy/releases/download/v0.70.0/trivy_0.70.0_Linux-64bit.tar.gz",
        "8b4376d5d6befe5c24d503f10ff136d9e0c49f9127a4279fd110b727929a5aa9",
        ("trivy", "--version"),
        "trivy",
    ),
}


class ToolError(Exception):
    """What was downloaded is not what was reviewed."""


def program_in(tool: Tool, downloaded: bytes) -> bytes:
    """The program in what was downloaded.

    Raises:
        ToolError: it has another checksum.

    """
    if (found := hashlib.sha256(downloaded).hexdigest()) != tool.sha256:
        raise ToolError(f"{tool.url}: has the checksum {found}, and should have {tool.sha256}")
    if not tool.member:
        return downloaded
    if tool.url.endswith(".zip"):
        return zipfile.ZipFile(io.BytesIO(downloaded)).read(tool.member)
    with tarfile.open(fileobj=io.BytesIO(downloaded)) as archive:
        content = archive.extractfile(tool.member)
        if content is None:
            raise ToolError(f"{tool.url}: {tool.member} is no file")
        return content.read()


def install(name: str, folder: Path) -> None:
    """Download a tool, compare it with its checksum, and put it into a folder."""
    with urllib.request.urlopen(TOOLS[name].url) as answer:  # noqa: S310 - the table's own, all https
        program = program_in(TOOLS[name], answer.read())
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(program)
    (folder / name).chmod(0o755)


def differing(names: Iterable[str]) -> list[str]:
    """A sentence for each tool that is not on the path, or is there in another version."""
    return [sentence for name in names if (sentence := _difference(name))]


def _difference(name: str) -> str:
    tool = TOOLS[name]
    found = shutil.which(name)
    if found is None:
        return f"{name}: is not on the path; version {tool.version} should be"
    said = subprocess.run([found, *tool.version_command[1:]], capture_output=True, text=True, check=False)  # noqa: S603
    if not re.search(rf"\bv?{re.escape(tool.version)}\b(?!\.)", said.stdout):
        return f"{name}: should be version {tool.version}, and says {said.stdout.strip()!r}"
    return ""


def main() -> None:
    """Install one tool, or look at all; exits with 2 if one differs."""
    parser = argparse.ArgumentParser(prog="python3 -m deployment.tools", description="Install or check pinned tools.")
    verbs = parser.add_subparsers(dest="verb", required=True)
    installing = verbs.add_parser("install")
    installing.add_argument("tool", choices=TOOLS)
    installing.add_argument("--into", type=Path, default=Path("/usr/local/bin"), help="folder, on the path")
    verbs.add_parser("check").add_argument("tools", nargs="*", choices=TOOLS, help="if not all")
    arguments = parser.parse_args()
    if arguments.verb == "install":
        install(arguments.tool, arguments.into)
        return
    found = differing(arguments.tools or TOOLS)
    for sentence in found:
        print(sentence)
        report_error(sentence)
    if found:
        raise SystemExit(2)


if __name__ == "__main__":
    main()
