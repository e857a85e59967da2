"""Settings of the private container registry."""

from typing import Annotated

from pydantic import Field

from config.types import Settings


class ContainerRegistrySettings(Settings):
    """What an environment chooses of its registry."""

    retention_in_days: Annotated[int, Field(ge=1, le=365)] = 30
    """Days after which manifests without a tag are deleted."""
