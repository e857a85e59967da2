"""What it takes to let the users of an application sign in."""

from collections.abc import Iterator

from config.network.application_gateway import ApplicationGatewaySettings
from config.network.egress import Egress
from config.network.front_door import FrontDoorSettings
from config.rules.registration import Problem, rule
from config.types import Tier
from config.workloads.application import ApplicationSettings, Ingress
from config.workloads.sign_in import PROXY_SUFFIX, SignInSettings

APPLICATIONS = "workloads.applications"
Applications = tuple[ApplicationSettings, ...]

# A name in Kubernetes has at most 40 characters here.
_LONGEST_NAME = 40 - len(PROXY_SUFFIX)


def _signed_in(applications: Applications) -> Iterator[tuple[str, ApplicationSettings, SignInSettings]]:
    for index, one in enumerate(applications):
        if one.sign_in is not None:
            yield f"{APPLICATIONS}.{index}", one, one.sign_in


@rule(APPLICATIONS)
def _users_come_through_an_ingress(applications: Applications) -> Iterator[Problem]:
    for path, one, _ in _signed_in(applications):
        if one.ingress is Ingress.NONE:
            yield Problem(f"{path}.ingress", "none lets nobody in who could sign in; choose one, or remove sign_in")


@rule(APPLICATIONS, "network.application_gateway", "network.front_door")
def _browsers_come_by_https(
    applications: Applications, gateway: ApplicationGatewaySettings | None, front_door: FrontDoorSettings | None
) -> Iterator[Problem]:
    for path, one, sign_in in _signed_in(applications):
        if one.ingress is not Ingress.LOAD_BALANCER:
            continue
        if gateway is None and front_door is None:
            yield Problem(
                f"{path}.sign_in",
                "needs HTTPS, as browsers send its cookies, and Entra its users, through nothing else; put "
                "a network.application_gateway or a network.front_door in front, or choose ingress gateway",
            )
        if gateway is not None and sign_in.host_name != gateway.host_name:
            yield Problem(
                f"{path}.sign_in.host_name",
                f"{sign_in.host_name} is not the name by which network.application_gateway is reached; write "
                f"{gateway.host_name}",
            )
        if front_door is not None and not sign_in.host_name.endswith(".azurefd.net"):
            yield Problem(
                f"{path}.sign_in.host_name",
                f"{sign_in.host_name} is no name of network.front_door's; deploy it first, without sign_in, and write "
                "what its output application_host_name says",
            )


@rule(APPLICATIONS)
def _all_of_a_host_leads_to_the_proxy(applications: Applications) -> Iterator[Problem]:
    for path, one, sign_in in _signed_in(applications):
        if one.ingress is not Ingress.GATEWAY or not one.routes:
            continue
        # Who signs in comes back to a path of the proxy's own, at the one name that Entra knows.
        if any(route.host != sign_in.host_name for route in one.routes):
            yield Problem(
                f"{path}.sign_in.host_name",
                f"{sign_in.host_name} is not the host of every route; users sign in at one name, so route that alone",
            )
        elif all(route.path != "/" for route in one.routes):
            yield Problem(
                f"{path}.routes",
                f'lack one of {sign_in.host_name} with path "/", where users come back from Entra; add it',
            )


@rule(APPLICATIONS, "network.egress")
def _entra_is_reached(applications: Applications, egress: Egress) -> Iterator[Problem]:
    for path, _, _ in _signed_in(applications):
        if egress.nature.isolates_the_cluster:
            yield Problem(f"{path}.sign_in", f"asks Entra, which egress {egress} does not reach; choose another egress")


@rule(APPLICATIONS)
def _the_proxy_finds_names(applications: Applications) -> Iterator[Problem]:
    names = {one.name for one in applications}
    namespaces = {one.namespace for one in applications}
    for path, one, _ in _signed_in(applications):
        for key, name, taken in (("name", one.name, names), ("namespace", one.namespace, namespaces)):
            if len(name) > _LONGEST_NAME:
                yield Problem(
                    f"{path}.{key}",
                    f"{name} has more than {_LONGEST_NAME} characters, and {name}{PROXY_SUFFIX}, that of its proxy, "
                    "more than 40; shorten it",
                )
            if f"{name}{PROXY_SUFFIX}" in taken:
                yield Problem(
                    f"{path}.{key}",
                    f"{name}{PROXY_SUFFIX}, that of its proxy, is that of another application; rename one",
                )


@rule(APPLICATIONS)
def _a_cookie_secret_is_the_proxys_own(applications: Applications) -> Iterator[Problem]:
    read = {name.lower() for one in applications for name in one.vault_secrets}
    for path, _, sign_in in _signed_in(applications):
        if sign_in.cookie_secret.lower() in read:
            yield Problem(
                f"{path}.sign_in.cookie_secret",
                f"{sign_in.cookie_secret} is read by an application, which could sign anybody in; name another",
            )


@rule(APPLICATIONS, "tier")
def _proxies_have_pods(applications: Applications, tier: Tier) -> Iterator[Problem]:
    for path, _, sign_in in _signed_in(applications):
        if sign_in.min_replicas > sign_in.max_replicas:
            yield Problem(
                f"{path}.sign_in.min_replicas",
                f"{sign_in.min_replicas} is more than max_replicas, {sign_in.max_replicas}; lower it",
            )
        if tier is Tier.PRODUCTION and sign_in.min_replicas < 2:
            yield Problem(f"{path}.sign_in.min_replicas", "1 survives no node's upgrade; production needs at least 2")
