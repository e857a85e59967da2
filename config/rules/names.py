"""Names that Azure and Kubernetes keep to themselves, also where a name arises first when parts are joined."""

from collections.abc import Iterator

from config.cluster.namespace_access import NamespaceAccessSettings
from config.network.application_gateway import ApplicationGatewaySettings
from config.rules.registration import Problem, doubt, rule
from config.workloads.application import ApplicationSettings

# In names with a public address. https://learn.microsoft.com/azure/azure-resource-manager/troubleshooting/error-reserved-resource-name
# (2023-04-05), which does not say whether a part between hyphens is a word; it is taken for one.
_WORDS_ANYWHERE = ("microsoft", "windows")
_WORDS = frozenset(
    [
        "access",
        "azure",
        "bing",
        "bizspark",
        "biztalk",
        "cortana",
        "directx",
        "dotnet",
        "dynamics",
        "excel",
        "exchange",
        "forefront",
        "groove",
        "hololens",
        "hyperv",
        "kinect",
        "lync",
        "msdn",
        "o365",
        "office",
        "office365",
        "onedrive",
        "onenote",
        "outlook",
        "powerpoint",
        "sharepoint",
        "skype",
        "visio",
        "visualstudio",
        "xbox",
    ]
)

# Those of the cluster, of add-ons and of extensions: https://learn.microsoft.com/azure/aks/core-aks-concepts#namespaces
# and the add-ons' own pages (2026-08-21).
_NAMESPACES = frozenset(
    [
        "default",
        "azappconfig-system",
        "azure-alb-system",
        "azure-arc",
        "app-routing-system",
        "calico-apiserver",
        "calico-system",
        "dapr-system",
        "dataprotection-microsoft",
        "eraser-system",
        "fleet-system",
        "flux-system",
        "gatekeeper-system",
        "mdc",
        "osm-system",
        "tigera-operator",
    ]
)
# https://kubernetes.io/docs/concepts/overview/working-with-objects/namespaces/
_NAMESPACE_PREFIXES = ("kube-", "aks-")

# As Azure's refusal lists them: "not a typical system name ..., or a built-in database user or role".
_SQL_LOGINS = frozenset(
    [
        "admin",
        "administrator",
        "sa",
        "root",
        "dbmanager",
        "loginmanager",
        "dbo",
        "guest",
        "public",
        "sys",
        "information_schema",
        "db_owner",
        "db_datareader",
        "db_datawriter",
        "db_ddladmin",
        "db_accessadmin",
        "db_securityadmin",
        "db_backupoperator",
        "db_denydatareader",
        "db_denydatawriter",
    ]
)

_PLATFORM_IDENTITIES = frozenset({"aks", "kubelet", "disk-encryption"})


@doubt("workload", "name")
def _names_hold_no_word_of_azure(workload: str, environment: str) -> Iterator[str]:
    for word in _WORDS_ANYWHERE:
        if word in f"{workload}{environment}":
            yield f'"{workload}" makes names with "{word}" in them, which Azure refuses; choose another name'
            return
    for part in (workload, environment):
        if part in _WORDS:
            yield f'"{part}" is a word that Azure refuses in the names of vaults and servers; choose another name'


@rule("workloads.applications")
def _names_in_the_cluster_are_free(applications: tuple[ApplicationSettings, ...]) -> Iterator[Problem]:
    for index, one in enumerate(applications):
        path = f"workloads.applications.{index}"
        if one.name == "default":
            yield Problem(f"{path}.name", "default is the service account of every namespace; choose another name")
        if _belongs_to_the_cluster(one.namespace):
            yield Problem(f"{path}.namespace", f"{one.namespace} belongs to the cluster; choose another name")


@rule("cluster.namespace_access")
def _nobody_works_in_the_clusters_own_namespaces(entries: tuple[NamespaceAccessSettings, ...]) -> Iterator[Problem]:
    for index, entry in enumerate(entries):
        if _belongs_to_the_cluster(entry.namespace):
            yield Problem(
                f"cluster.namespace_access.{index}.namespace",
                f"{entry.namespace} belongs to the cluster, and whoever may write there may do everything; "
                "name one of your own",
            )


def _belongs_to_the_cluster(namespace: str) -> bool:
    return namespace in _NAMESPACES or namespace.startswith(_NAMESPACE_PREFIXES)


@rule("workloads.applications", "network.application_gateway")
def _identities_have_names_of_their_own(
    applications: tuple[ApplicationSettings, ...], gateway: ApplicationGatewaySettings | None
) -> Iterator[Problem]:
    taken = _PLATFORM_IDENTITIES | ({"application-gateway"} if gateway is not None else set())
    for index, one in enumerate(applications):
        if one.name in taken:
            yield Problem(
                f"workloads.applications.{index}.name",
                f"{one.name} names an identity of the platform; choose another name",
            )


@doubt("cluster.sql.administrator.login_name")
def _login_is_no_word_of_the_server(login: str) -> Iterator[str]:
    if login.lower() in _SQL_LOGINS:
        yield f"{login} is a name that the server keeps to itself; choose a principal with another name"
