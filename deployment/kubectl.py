"""kubectl at the API server of a deployed environment, signed in as the step's connection or as whoever uses `az`."""

import os
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from deployment.terraform import signed_in

_PROGRAM = "kubectl"


class KubectlError(Exception):
    """A command that had to succeed did not; it has said why itself."""


class Kubectl:
    """The command, with a configuration of its own."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._environment = dict(environment)

    def run(self, *arguments: str, given: str | None = None) -> str:
        """What a command prints.

        Raises:
            KubectlError: it failed.

        """
        done = subprocess.run(  # noqa: S603 - the arguments are this package's own
            [_PROGRAM, *arguments], env=self._environment, input=given, stdout=subprocess.PIPE, text=True, check=False
        )
        if done.returncode:
            raise KubectlError(f"`kubectl {' '.join(arguments[:2])}` failed")
        return done.stdout

    def start(self, *arguments: str, connection: Any) -> "subprocess.Popen[bytes]":
        """A command whose input and output are a connection."""
        return subprocess.Popen(  # noqa: S603 - the same
            [_PROGRAM, *arguments], env=self._environment, stdin=connection, stdout=connection
        )


@contextmanager
def signed_in_kubectl(workloads: Mapping[str, Any]) -> Iterator[Kubectl]:
    """Kubectl at the cluster of a synthesised workloads stack; nothing of it is left on the machine.

    Raises:
        KubectlError: nobody is signed in, or may use the cluster.

    """
    (cluster,) = workloads["data"]["azurerm_kubernetes_cluster"].values()
    with tempfile.TemporaryDirectory() as scratch:
        kubeconfig = str(Path(scratch, "kubeconfig"))
        environment = {**signed_in(os.environ), "KUBECONFIG": kubeconfig}
        login = environment.get("AAD_LOGIN_METHOD", "azurecli")
        place = ["--resource-group", cluster["resource_group_name"], "--name", cluster["name"]]
        for command in (
            ["az", "aks", "get-credentials", *place, "--file", kubeconfig, "--output", "none"],
            ["kubelogin", "convert-kubeconfig", "--kubeconfig", kubeconfig, "--login", login],
        ):
            if subprocess.run(command, env=environment, check=False).returncode:  # noqa: S603
                raise KubectlError(f"`{' '.join(command[:3])}` failed")
        yield Kubectl(environment)
