"""Settings of how the users of an application sign in."""

from typing import Annotated

from pydantic import Field

from config.types import Guid, HostName, Settings, Text, VaultObjectName
from config.workloads.image import ImageDigest, ImageRepository

PROXY_SUFFIX = "-sign-in"
"""What the names of an application's proxy and of the proxy's namespace end in."""


class SignInSettings(Settings):
    """Only users of the tenant who signed in to Entra reach the application: docs/sign-in.md."""

    host_name: HostName
    """Name under which browsers reach the application, through HTTPS. Entra sends users back to nothing else."""

    display_name: (
        Annotated[
            str,
            Text(
                r"[A-Za-z0-9](?:[A-Za-z0-9 ._-]{0,98}[A-Za-z0-9])?",
                "1 to 100 letters, digits, spaces and . _ -, with a letter or a digit first and last",
            ),
        ]
        | None
    ) = None
    """Name that users see while they sign in. None: those of the workload, the application and the environment."""

    assignment_required: bool = True
    """Whether an administrator of Entra has to assign a user, or a group that they are in, before they sign in. If not,
    all users of the tenant may, and its guests."""

    allowed_group_ids: Annotated[tuple[Guid, ...], Field(max_length=50)] = ()
    """Object ids of the groups whose members may use the application; none: all who may sign in. Entra names only
    groups that are assigned to the application, and no groups within them."""

    owner_ids: Annotated[tuple[Guid, ...], Field(max_length=50)] = ()
    """Object ids of people who own the registration in Entra beside the deployment, such as to assign users."""

    cookie_secret: VaultObjectName = "oauth2-proxy-cookie-secret"  # noqa: S105 - the secret's name
    """Name of the vault's secret that encrypts the cookies of those who signed in. A new value signs everybody out."""

    session_hours: Annotated[int, Field(ge=1, le=168)] = 12
    """Hours after which users sign in again, which they seldom notice while they are signed in to Entra."""

    refresh_minutes: Annotated[int, Field(ge=5, le=59)] = 30
    """Minutes after which Entra is asked again whether the user may still sign in, and is in which groups."""

    image_repository: ImageRepository = "oauth2-proxy/oauth2-proxy"
    """Repository of OAuth2 Proxy in the environment's registry."""

    image_digest: ImageDigest = "sha256:8498b0d0ef0a7b29686414000a08aee467f02d0299c9ed1e006a8f33fc017916"
    """Digest of its image; the default is that of `quay.io/oauth2-proxy/oauth2-proxy:v7.15.5`."""

    min_replicas: Annotated[int, Field(ge=1, le=20)] = 2
    """Fewest pods of the proxy. It keeps nothing: any of them serves any user."""

    max_replicas: Annotated[int, Field(ge=1, le=20)] = 4
    """Most pods of the proxy."""
