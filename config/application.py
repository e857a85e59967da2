"""Settings of the application that the platform runs."""

from typing import Annotated

from pydantic import Field, StringConstraints

from config.types import KubernetesName, Settings


class ApplicationSettings(Settings):
    """One Spring Boot service."""

    name: KubernetesName
    """Name of the deployment, its service and its service account."""

    namespace: KubernetesName
    """Namespace that the application has to itself."""

    image_repository: Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+([._/-][a-z0-9]+)*$")]
    """Repository in the environment's own registry, without the registry's name."""

    image_digest: Annotated[str, StringConstraints(pattern=r"^sha256:[0-9a-f]{64}$")]
    """Digest of the image; a tag can be moved to other content, a digest cannot."""

    min_replicas: Annotated[int, Field(ge=1, le=100)] = 2
    """Fewest pods that the autoscaler keeps."""

    max_replicas: Annotated[int, Field(ge=1, le=100)] = 6
    """Most pods that the autoscaler starts."""
