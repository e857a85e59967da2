"""Settings of the application that the platform runs."""

from typing import Annotated

from pydantic import AfterValidator, Field

from config.types import HostName, KubernetesName, Settings, Text, VaultObjectName


class PodResources(Settings):
    """What each pod of the application gets of its node."""

    cpu_millicores: Annotated[int, Field(ge=100, le=4000)] = 250
    """Thousandths of a core that each pod is promised; it may use four times as many while nobody else wants them."""

    memory_mib: Annotated[int, Field(ge=512, le=16384)] = 1024
    """Mebibytes of memory that each pod has, never more and never less."""


def _is_of_an_image(digest: str) -> str:
    if len(set(digest.removeprefix("sha256:"))) == 1:
        raise ValueError("is one digit 64 times, which is the digest of no image; give that of the image")
    return digest


class ApplicationSettings(Settings):
    """One Spring Boot service."""

    name: KubernetesName
    """Name of the deployment, its service, its service account and its identity. A change replaces them all: the
    application is away for minutes, and the new identity needs a database user of its own."""

    namespace: KubernetesName
    """Namespace that the application has to itself. A change replaces it with all that is in it: the application is
    away for minutes."""

    image_repository: Annotated[
        str,
        Text(
            # No registry's name, which the part before the first slash would be if it were that of a host.
            r"(?=.{1,200}$)(?!localhost/|[0-9.]*/|[^/]*\.(?:io|com|net|org|dev|us|cn|de|aws|local|internal)/)"
            r"[a-z0-9]+(?:(?:\.|__?|-+)[a-z0-9]+)*(?:/[a-z0-9]+(?:(?:\.|__?|-+)[a-z0-9]+)*)*",
            "at most 200 lower-case letters and digits, parted by . _ __ - or /, without the name of a registry",
        ),
    ]
    """Repository in the environment's own registry, without the registry's name."""

    image_digest: Annotated[
        str,
        Text(r"sha256:[0-9a-f]{64}", "'sha256:' and 64 lower-case hexadecimal digits"),
        AfterValidator(_is_of_an_image),
    ]
    """Digest of the image; a tag can be moved to other content, a digest cannot."""

    min_replicas: Annotated[int, Field(ge=1, le=100)] = 2
    """Fewest pods that the autoscaler keeps."""

    max_replicas: Annotated[int, Field(ge=1, le=100)] = 6
    """Most pods that the autoscaler starts."""

    resources: PodResources = PodResources()
    """What each pod gets of its node."""

    vault_secrets: tuple[VaultObjectName, ...] = ()
    """Secrets of the key vault that the pods see as files; each must be in the vault before the application starts."""

    reached_hosts: tuple[HostName, ...] = ()
    """Public names that the pods call through HTTPS, besides Entra's, where `cluster.kubernetes.advanced_networking` is
    on; one that begins with `*.` stands for the names directly below it. A firewall needs a rule for each too."""
