"""Settings of the private container registry."""

from typing import Annotated

from pydantic import Field

from config.types import Settings


class ContainerRegistrySettings(Settings):
    """What an environment chooses of its registry."""

    untagged_retention_in_days: Annotated[int, Field(ge=1, le=365)] | None = None
    """Days after which manifests without a tag are deleted. None: never. Choose days only where tags never move: an
    image that runs by its digest, as the application does, loses its tag to the next one, and could start no more."""
