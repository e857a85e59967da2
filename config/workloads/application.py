"""Settings of one of the applications that the platform runs."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Annotated

from pydantic import Field

from config.types import HostName, KubernetesName, Settings, Text, VariableName, VariableText, VaultObjectName
from config.workloads.image import ImageDigest, ImageRepository
from config.workloads.pod import EnvironmentVariable, PodPort, PodResources, ProbeSettings, WritableFolder
from config.workloads.sign_in import SignInSettings


class Ingress(StrEnum):
    """What leads to an application from outside the cluster."""

    NONE = "none"
    """Nothing: it is reached by the applications that call it."""

    LOAD_BALANCER = "load_balancer"
    """The environment's internal load balancer, at port 80, and what stands in front of that; for one application."""

    GATEWAY = "gateway"
    """The environment's gateway, `workloads.gateway`, by HTTPS, and what stands in front of that; by `routes`."""


class RouteSettings(Settings):
    """Requests that the gateway hands to an application, with the path that they have."""

    host: HostName
    """Name that was called; one of `workloads.gateway.listeners`."""

    path: Annotated[
        str,
        Text(
            r"/(?=.{0,200}$)(?:[A-Za-z0-9_~-][A-Za-z0-9._~-]*/)*(?:[A-Za-z0-9_~-][A-Za-z0-9._~-]*)?",
            "a path that begins with / and has letters, digits and . _ ~ - / only, no part of it empty or hidden",
        ),
    ] = "/"
    """What the path begins with, whole parts of it; of several routes the longest that fits is taken."""


class DatabaseRole(StrEnum):
    """What the application may do in the database; roles that every database has.

    https://learn.microsoft.com/sql/relational-databases/security/authentication-access/database-level-roles
    """

    READER = "db_datareader"
    """Reads every table."""

    WRITER = "db_datawriter"
    """Adds, changes and deletes rows of every table."""

    DEFINER = "db_ddladmin"
    """Makes and changes tables, as a program does that brings its own schema."""


class ApplicationSettings(Settings):
    """One microservice. Whoever may not call it by name, or by an ingress, does not reach it."""

    name: KubernetesName
    """Name of the deployment, its service, its service account and its identity. A change makes another application in
    the place of this one, which goes: give it another `namespace` with it, and its identity a database user."""

    namespace: KubernetesName
    """Namespace that the application has to itself. A change replaces it with all that is in it: the application is
    away for minutes."""

    image_repository: ImageRepository
    """Repository in the environment's own registry, without the registry's name."""

    image_digest: ImageDigest
    """Digest of the image; a tag can be moved to other content, a digest cannot."""

    arguments: Annotated[tuple[VariableText, ...], Field(max_length=50)] = ()
    """Arguments of the image's command; none: those that the image has."""

    # No more than Azure's policy of restricted pods takes for a group.
    # https://github.com/Azure/azure-policy/blob/master/built-in-policies/policySetDefinitions/Kubernetes/PSPRestrictedStandard.json
    user_id: Annotated[int, Field(ge=10000, le=65535)] = 10001
    """Number of the user and the group that the image runs as, whatever it says itself; below 10000, a number may be
    somebody's on the node."""

    writable_folders: Annotated[tuple[WritableFolder, ...], Field(max_length=10)] = ("/tmp",)  # noqa: S108 - the pod's own
    """Folders that the pods may write to, 256 MiB in each; what is in them goes with the pod. All else is read-only."""

    port: PodPort = 8080
    """Port at which the pods answer HTTP. Within the cluster the application is called at port 80 of
    `<name>.<namespace>.svc.cluster.local`."""

    management_port: PodPort | None = None
    """Port of the probes, and of what else is nobody's but the platform's: no service and no policy leads to it. None:
    the probes ask `port`."""

    probes: ProbeSettings = ProbeSettings()
    """How Kubernetes learns whether a pod lives, and whether it can serve."""

    stop_seconds: Annotated[int, Field(ge=1, le=600)] = 45
    """Seconds in which a pod finishes its requests once it is asked to end; then it is killed."""

    environment: Annotated[tuple[EnvironmentVariable, ...], Field(max_length=100)] = ()
    """Environment variables, for all to read."""

    database: bool = False
    """Whether the application uses the environment's database: as its own identity, without a password."""

    database_roles: tuple[DatabaseRole, ...] = (DatabaseRole.READER, DatabaseRole.WRITER)
    """Roles that the application's user has in the database, where it uses one; none: it may do what a database
    administrator grants it. A change takes effect when `deployment.database_user` is run again."""

    database_url_variable: VariableName = "SPRING_DATASOURCE_URL"
    """Environment variable that holds the JDBC address of the database, where there is one."""

    identity: bool = False
    """Whether the pods can sign in to Azure though they use neither database nor vault, which they sign in to anyway. A
    change replaces the pods one by one."""

    vault_secrets: tuple[VaultObjectName, ...] = ()
    """Secrets of the key vault that the pods see as files; each must be in the vault before the application starts. One
    with the name of a certificate is that certificate's private key."""

    vault_certificates: tuple[VaultObjectName, ...] = ()
    """Certificates of the key vault that the pods see as files, without their private keys."""

    vault_keys: tuple[VaultObjectName, ...] = ()
    """Keys of the key vault whose public halves the pods see as files."""

    min_replicas: Annotated[int, Field(ge=1, le=100)] = 2
    """Fewest pods that the autoscaler keeps."""

    max_replicas: Annotated[int, Field(ge=1, le=100)] = 6
    """Most pods that the autoscaler starts."""

    resources: PodResources = PodResources()
    """What each pod gets of its node."""

    calls: tuple[KubernetesName, ...] = ()
    """Names of the applications that this one calls."""

    reached_hosts: tuple[HostName, ...] = ()
    """Public names that the pods call through HTTPS, besides Entra's, where `cluster.kubernetes.advanced_networking` is
    on; one that begins with `*.` stands for the names directly below it. A firewall needs a rule for each too."""

    ingress: Ingress = Ingress.NONE
    """What leads to the application from outside the cluster. A change interrupts those who call from there."""

    routes: Annotated[tuple[RouteSettings, ...], Field(max_length=16)] = ()
    """What the gateway hands to the application; only with ingress `gateway`, which needs one."""

    sign_in: SignInSettings | None = None
    """Who may use the application; left out, everybody whom the network lets through. A change interrupts them, as that
    of `ingress` does."""

    @property
    def vault_objects(self) -> tuple[str, ...]:
        """All that the pods see of the vault."""
        return (*self.vault_secrets, *self.vault_certificates, *self.vault_keys)

    @property
    def path_from_outside(self) -> str:
        """What a web application firewall in front asks at `port`; the management port is the platform's alone."""
        return self.probes.outside or self.probes.readiness

    @property
    def has_identity(self) -> bool:
        """Whether the pods can sign in to Azure."""
        return self.identity or self.database or bool(self.vault_objects)


def routes_to(
    host: str, applications: Sequence[ApplicationSettings]
) -> list[tuple[RouteSettings, ApplicationSettings]]:
    """The routes of a host, with the applications that they lead to."""
    return [(route, one) for one in applications for route in one.routes if route.host == host]


def probed_from_outside(host: str, applications: Sequence[ApplicationSettings]) -> str | None:
    """A path of the host at which an application says whether it can serve; None: no route leads to one."""
    for route, one in routes_to(host, applications):
        prefix = route.path.rstrip("/")
        if one.path_from_outside == prefix or one.path_from_outside.startswith(f"{prefix}/"):
            return one.path_from_outside
    return None
