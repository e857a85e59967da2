"""Looks whether a deployed environment works.

    python3 -m deployment.smoke inside cdktf.out/stacks/dev-cluster cdktf.out/stacks/dev-workloads
    python3 -m deployment.smoke outside shop.example.com [--sign-in]

Inside, on an agent in the network: the services' names lead to private addresses, there and in a pod, the API server
answers, and every deployment has the pods that it should have, which its probes call ready. Outside, where users are:
the application's name answers with a certificate that holds, and where users must sign in, it sends them to Entra
first.

Inside sets the outputs `host` and `signIn`, for the job outside. Ends with 1 if anything does not work.
"""

import argparse
import ipaddress
import json
import socket
import tempfile
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from deployment import names_in_pods
from deployment.azure_pipelines import report_error, set_output
from deployment.kubectl import KubectlError, signed_in_kubectl
from deployment.services import private_hosts
from deployment.terraform import init, terraform

ENTRA = "https://login.microsoftonline.com/"

_UNTIL_AVAILABLE = ("wait", "deployment", "--all", "--for=condition=Available", "--timeout=5m")
_PATIENCE = 20  # seconds for an answer


def unresolved(host: str) -> str:
    """Why a name does not lead where it should; empty if it does."""
    try:
        found = {str(entry[4][0]) for entry in socket.getaddrinfo(host, 443, type=socket.SOCK_STREAM)}
    except socket.gaierror as error:
        return f"{host}: is not found ({error.strerror})"
    public = sorted(address for address in found if not ipaddress.ip_address(address).is_private)
    return f"{host}: leads to {', '.join(public)}, which is public" if public else ""


def kubernetes_faults(cluster: dict[str, Any], workloads: dict[str, Any]) -> Iterator[str]:
    """What does not work of API server, deployments and the names that pods use, asked as the step's connection."""
    try:
        with signed_in_kubectl(workloads) as kubectl:
            kubectl.run("get", "--raw", "/readyz")
            for namespace in workloads["resource"].get("kubernetes_namespace_v1", {}).values():
                name = namespace["metadata"]["name"]
                try:
                    print(kubectl.run(*_UNTIL_AVAILABLE, "--namespace", name), end="", flush=True)
                except KubectlError:
                    yield f"{name}: a deployment has fewer pods ready than it should have"
            if "kubernetes_deployment_v1" in workloads["resource"]:
                yield from names_in_pods.faults(cluster, workloads, kubectl)
    except KubectlError as error:
        yield str(error)


def public_host(workloads: Path, program: dict[str, Any]) -> str:
    """The name under which users reach the application; empty if it is not public."""
    for gateway in program["resource"].get("azurerm_application_gateway", {}).values():
        return next(str(one["host_name"]) for one in gateway["http_listener"] if one["protocol"] == "Https")
    if "application_host_name" not in program.get("output", {}):
        return ""
    init(workloads)
    with tempfile.TemporaryFile() as said:
        terraform(workloads, "output", "-raw", "application_host_name", output=said)
        said.seek(0)
        return said.read().decode()


class _Stay(urllib.request.HTTPRedirectHandler):
    """Follows no redirection."""

    def redirect_request(self, *_: object) -> None:
        return None


def answer(url: str) -> tuple[int, str]:
    """The status and, for a redirection, where it leads.

    Raises:
        URLError: nobody answers, or the certificate does not hold.

    """
    try:
        with urllib.request.build_opener(_Stay).open(url, timeout=_PATIENCE) as answered:
            return answered.status, ""
    except urllib.error.HTTPError as refused:
        return refused.code, refused.headers.get("Location", "")


def outside_fault(url: str, *, sign_in: bool) -> str:
    """What is wrong with the application's answer to a user who has not signed in; empty if nothing is."""
    try:
        status, location = answer(url)
    except urllib.error.URLError as error:
        return f"{url}: {error.reason}"
    if sign_in and not location.startswith(ENTRA):
        return f"{url}: answers {status} {location}, where it should send users to {ENTRA}"
    return f"{url}: answers {status}" if status >= 500 else ""


def _inside(cluster: Path, workloads: Path) -> list[str]:
    programs = [json.loads((stack / "cdk.tf.json").read_bytes()) for stack in (cluster, workloads)]
    set_output("host", public_host(workloads, programs[1]))
    set_output("signIn", "--sign-in" if "azuread_application" in programs[1]["resource"] else "")
    names = private_hosts(programs[0])
    print(f"Names that must be private: {', '.join(names)}", flush=True)
    return [*filter(None, map(unresolved, names)), *kubernetes_faults(*programs)]


def main() -> None:
    """Look, and name everything that does not work."""
    parser = argparse.ArgumentParser(prog="python3 -m deployment.smoke", description="Look whether it works.")
    places = parser.add_subparsers(dest="place", required=True)
    inside = places.add_parser("inside")
    inside.add_argument("cluster", type=Path, help="folder of the cluster stack")
    inside.add_argument("workloads", type=Path, help="folder of the workloads stack")
    outside = places.add_parser("outside")
    outside.add_argument("host", help="name of the application")
    outside.add_argument("--sign-in", action="store_true", help="users must sign in")
    arguments = parser.parse_args()
    if arguments.place == "inside":
        faults = _inside(arguments.cluster, arguments.workloads)
    else:
        faults = [*filter(None, [outside_fault(f"https://{arguments.host}/", sign_in=arguments.sign_in)])]
    for fault in faults:
        print(fault)
        report_error(fault)
    if faults:
        raise SystemExit(1)
    print("Works.")


if __name__ == "__main__":
    main()
