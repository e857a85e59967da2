"""A real Kubernetes API server with its etcd, on loopback, for as long as a context lasts.

`KUBEBUILDER_ASSETS` names the folder of the two executables, as the ecosystem's own tools do:
https://book.kubebuilder.io/reference/envtest
"""

import json
import socket
import ssl
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, Self

TOKEN = "administrator"  # noqa: S105 - of a server that lives for one test run, on loopback
_PATIENCE = 60.0


class RefusedError(Exception):
    """The API server did not take an object; the message is its reason."""


class ApiServer:
    """What a client with every right can do."""

    def __init__(self, port: int) -> None:
        self.address = f"https://127.0.0.1:{port}"
        self._plurals: dict[tuple[str, str], tuple[str, bool]] = {}

    def apply(self, manifest: dict[str, Any], *, keep: bool = True) -> dict[str, Any]:
        """Apply an object as its only owner, refusing fields that the server does not know; or judge it alone.

        Raises:
            RefusedError: with what the server said.

        """
        how = f"fieldManager=tests&fieldValidation=Strict&force=true{'' if keep else '&dryRun=All'}"
        return self.ask("PATCH", f"{self.place(manifest)}?{how}", manifest)

    def place(self, manifest: dict[str, Any]) -> str:
        """Where an object is, or would be."""
        metadata = manifest["metadata"]
        plural, in_namespace = self._resource(manifest["apiVersion"], manifest["kind"])
        namespace = f"/namespaces/{metadata['namespace']}" if in_namespace else ""
        return f"{_group(manifest['apiVersion'])}{namespace}/{plural}/{metadata['name']}"

    def knows(self, api_version: str, kind: str) -> bool:
        """Whether it takes objects of this kind."""
        try:
            self._resource(api_version, kind)
        except RefusedError:
            return False
        return True

    def define(self, api_version: str, kind: str, schema: dict[str, Any] | None = None) -> None:
        """Make the server take objects of a kind that an add-on brings; without a schema, whatever is in them."""
        group, version = api_version.split("/")
        plural = (
            f"{kind.lower().removesuffix('y')}{'ies' if kind.endswith('y') else 'es' if kind.endswith('s') else 's'}"
        )
        schema = schema or {"type": "object", "x-kubernetes-preserve-unknown-fields": True}
        self.apply(
            {
                "apiVersion": "apiextensions.k8s.io/v1",
                "kind": "CustomResourceDefinition",
                "metadata": {"name": f"{plural}.{group}"},
                "spec": {
                    "group": group,
                    "scope": "Namespaced",
                    "names": {"kind": kind, "plural": plural, "singular": kind.lower()},
                    "versions": [
                        {"name": version, "served": True, "storage": True, "schema": {"openAPIV3Schema": schema}}
                    ],
                },
            }
        )
        self._wait(lambda: self._resource(api_version, kind))

    def ask(self, method: str, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        """Send one request.

        Raises:
            RefusedError: with what the server said.

        """
        request = urllib.request.Request(  # noqa: S310 - always the server of this process, by https
            self.address + path,
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={
                "Authorization": f"Bearer {TOKEN}",
                "Content-Type": "application/apply-patch+yaml" if method == "PATCH" else "application/json",
            },
        )
        # Its certificate is one that the server made for itself.
        context = ssl._create_unverified_context()  # noqa: S323
        try:
            with urllib.request.urlopen(request, context=context, timeout=30) as response:  # noqa: S310
                answer: dict[str, Any] = json.loads(response.read())
                return answer
        except urllib.error.HTTPError as error:
            said = error.read().decode()
            raise RefusedError(json.loads(said)["message"] if said.startswith("{") else said) from None

    def wait_until_ready(self) -> Self:
        """Return when the server answers, and what it makes for itself is there."""
        self._wait(lambda: self.ask("GET", "/api/v1/namespaces/kube-system"))
        return self

    def _resource(self, api_version: str, kind: str) -> tuple[str, bool]:
        key = api_version, kind
        if key not in self._plurals:
            for one in self.ask("GET", _group(api_version))["resources"]:
                if "/" not in one["name"]:
                    self._plurals[api_version, one["kind"]] = one["name"], one["namespaced"]
        if key not in self._plurals:
            raise RefusedError(f"{api_version} has no {kind}")
        return self._plurals[key]

    def _wait(self, asked: Any) -> None:
        last = time.monotonic() + _PATIENCE
        while True:
            try:
                asked()
            except (RefusedError, OSError):
                if time.monotonic() > last:
                    raise
                time.sleep(0.1)
            else:
                return


@contextmanager
def control_plane(assets: Path, scratch: Path) -> Iterator[ApiServer]:
    """Start `etcd` and `kube-apiserver` of this folder, and stop them at the end; they write into `scratch`."""
    etcd_port, peer_port, port = (_free_port() for _ in range(3))
    key, tokens = scratch / "service-accounts.key", scratch / "tokens.csv"
    subprocess.run(["openssl", "genrsa", "-out", key, "2048"], check=True, capture_output=True)  # noqa: S603, S607
    tokens.write_text(f"{TOKEN},administrator,administrator,system:masters\n")
    etcd = [
        assets / "etcd",
        f"--data-dir={scratch / 'etcd'}",
        f"--listen-client-urls=http://127.0.0.1:{etcd_port}",
        f"--advertise-client-urls=http://127.0.0.1:{etcd_port}",
        f"--listen-peer-urls=http://127.0.0.1:{peer_port}",
        "--unsafe-no-fsync",
    ]
    api_server = [
        assets / "kube-apiserver",
        f"--etcd-servers=http://127.0.0.1:{etcd_port}",
        f"--cert-dir={scratch / 'certificates'}",
        "--bind-address=127.0.0.1",
        f"--secure-port={port}",
        f"--token-auth-file={tokens}",
        "--service-account-issuer=https://kubernetes.default.svc",
        f"--service-account-key-file={key}",
        f"--service-account-signing-key-file={key}",
        "--service-cluster-ip-range=10.0.0.0/16",
        "--allow-privileged",  # as that of AKS: only the standard of a namespace stands in the way
        # What a quota has room for is counted by a controller, and there is none.
        "--disable-admission-plugins=ResourceQuota",
    ]
    with (scratch / "control-plane.log").open("wb") as log, _started(etcd, log), _started(api_server, log):
        yield ApiServer(port).wait_until_ready()


@contextmanager
def _started(command: list[Any], log: IO[bytes]) -> Iterator[None]:
    with subprocess.Popen(command, stdout=log, stderr=log) as process:  # noqa: S603 - the caller's executable
        try:
            yield
        finally:
            process.terminate()


def _group(api_version: str) -> str:
    return f"/apis/{api_version}" if "/" in api_version else f"/api/{api_version}"


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
