"""Settings of the pods of an application."""

from typing import Annotated

from pydantic import Field

from config.types import Settings, Text, VariableName, VariableText

PodPort = Annotated[int, Field(ge=1024, le=65535)]
"""Port that needs no privilege to be opened."""

UrlPath = Annotated[
    str, Text(r"/[A-Za-z0-9._~/-]{0,200}", "a path that begins with / and has letters, digits and . _ ~ - / only")
]
"""What follows the host in an address, without a query."""

WritableFolder = Annotated[
    str,
    Text(
        r"/(?!mnt/secrets-store(?:/|$)|(?:proc|sys|dev|etc)(?:/|$))\.?[A-Za-z0-9][A-Za-z0-9._-]{0,60}(?:/\.?[A-Za-z0-9][A-Za-z0-9._-]{0,60}){0,8}",
        "an absolute path outside /mnt/secrets-store, /proc, /sys, /dev and /etc, without a / at its end",
    ),
]
"""Folder in the file system of a container."""


class PodResources(Settings):
    """What each pod of an application gets of its node."""

    cpu_millicores: Annotated[int, Field(ge=10, le=4000)] = 250
    """Thousandths of a core that each pod is promised."""

    cpu_limit_millicores: Annotated[int, Field(ge=10, le=16000)] | None = None
    """Thousandths of a core that a pod may use while nobody else wants them. None: four times what it is promised."""

    memory_mib: Annotated[int, Field(ge=32, le=16384)] = 1024
    """Mebibytes of memory that each pod is promised."""

    memory_limit_mib: Annotated[int, Field(ge=32, le=16384)] | None = None
    """Mebibytes of memory at which a pod is killed. None: as many as it is promised."""

    @property
    def most_millicores(self) -> int:
        """Thousandths of a core that a pod may use: a JVM compiles while it starts, and idle cores cost the same."""
        return self.cpu_limit_millicores or 4 * self.cpu_millicores

    @property
    def most_memory_mib(self) -> int:
        """Mebibytes that a pod may use."""
        return self.memory_limit_mib or self.memory_mib


class ProbeSettings(Settings):
    """The paths that are those of Spring Boot in Kubernetes; any image may have others."""

    liveness: UrlPath = "/actuator/health/liveness"
    """Answers 200 while the pod lives; if not, it is restarted."""

    readiness: UrlPath = "/actuator/health/readiness"
    """Answers 200 while the pod can serve; if not, it gets no requests."""

    startup_seconds: Annotated[int, Field(ge=5, le=1800)] = 180
    """Seconds that a pod may take until it lives; then it is restarted. In steps of five."""

    outside: UrlPath | None = None
    """What a web application firewall in front asks at `port`. None: `readiness`, which only answers there where there
    is no `management_port`."""


class EnvironmentVariable(Settings):
    """A variable that every pod of the application gets."""

    name: VariableName
    """Name of the variable."""

    value: VariableText
    """Its value; a secret belongs in the vault, and `vault_secrets` makes a file of it."""
