"""How a gateway, what it leads to and what stands in front of it go together."""

from collections import Counter
from collections.abc import Iterator, Sequence
from ipaddress import IPv4Network

from config.cluster.vault_secrets import VaultSecretSettings
from config.network.application_gateway import ApplicationGatewaySettings
from config.network.egress import Egress
from config.network.front_door import FrontDoorSettings
from config.rules.registration import Problem, rule
from config.workloads.application import ApplicationSettings, Ingress, probed_from_outside, routes_to
from config.workloads.gateway import GATEWAY_NAMESPACE, GatewayClass, GatewaySettings

APPLICATIONS, GATEWAY, LISTENERS = "workloads.applications", "workloads.gateway", "workloads.gateway.listeners"
Applications = tuple[ApplicationSettings, ...]


def _twice(names: Sequence[str]) -> list[str]:
    return sorted(name for name, number in Counter(names).items() if number > 1)


@rule(GATEWAY, APPLICATIONS)
def _a_gateway_leads_to_applications(gateway: GatewaySettings | None, applications: Applications) -> Iterator[Problem]:
    for index, one in enumerate(applications):
        path = f"{APPLICATIONS}.{index}"
        if gateway is None and one.ingress is Ingress.GATEWAY:
            yield Problem(f"{path}.ingress", f"gateway needs the table {GATEWAY}; add it, or choose another ingress")
        if gateway is not None and one.ingress is Ingress.LOAD_BALANCER:
            yield Problem(
                f"{path}.ingress", f"load_balancer would take the address of {GATEWAY}; choose gateway, or none"
            )
        if one.ingress is Ingress.GATEWAY and not one.routes:
            yield Problem(f"{path}.routes", "is missing; ingress gateway needs a host, such as that of a listener")
        if one.ingress is not Ingress.GATEWAY and one.routes:
            yield Problem(f"{path}.routes", f"is not used by ingress {one.ingress}; remove it, or choose gateway")
    if gateway is not None and not any(one.ingress is Ingress.GATEWAY for one in applications):
        yield Problem(GATEWAY, "leads to no application; remove it, or give one ingress gateway")


@rule(GATEWAY)
def _listeners_are_told_apart(gateway: GatewaySettings | None) -> Iterator[Problem]:
    listeners = gateway.listeners if gateway is not None else ()
    if gateway is not None and not listeners:
        yield Problem(LISTENERS, "is empty; name the hosts that the gateway answers to, each with its certificate")
    for name in _twice([one.host_name for one in listeners]):
        yield Problem(LISTENERS, f"{name} stands in the list twice; name each host once")
    for index, one in enumerate(listeners):
        if one.host_name.startswith("*."):
            yield Problem(f"{LISTENERS}.{index}.host_name", f"{one.host_name} is no name of one host; name each host")


@rule(GATEWAY, APPLICATIONS)
def _routes_lead_from_listeners(gateway: GatewaySettings | None, applications: Applications) -> Iterator[Problem]:
    if gateway is None or not gateway.listeners:
        return
    hosts = {one.host_name for one in gateway.listeners}
    routes = [
        (f"{APPLICATIONS}.{index}.routes.{number}", one.name, route)
        for index, one in enumerate(applications)
        for number, route in enumerate(one.routes)
    ]
    taken: dict[tuple[str, str], str] = {}
    for path, name, route in routes:
        if route.host not in hosts:
            yield Problem(f"{path}.host", f"{route.host} is no host_name of {LISTENERS}; name one that is, or add it")
        # Parts of a path are compared, so that a / at its end says nothing.
        key = (route.host, route.path.rstrip("/"))
        if key in taken:
            yield Problem(path, f"{route.host}{route.path} leads to {taken[key]} already; choose another path")
        taken.setdefault(key, name)
    # Where nothing is routed at all, another rule says so.
    for index, listener in enumerate(gateway.listeners if routes else ()):
        if listener.host_name not in {route.host for _, _, route in routes}:
            yield Problem(
                f"{LISTENERS}.{index}.host_name",
                f"{listener.host_name} leads to no application; remove it, or give one a route with it",
            )


@rule(GATEWAY)
def _revisions_go_with_the_mesh(gateway: GatewaySettings | None) -> Iterator[Problem]:
    if gateway is None:
        return
    path, is_mesh = f"{GATEWAY}.mesh_revisions", gateway.gateway_class is GatewayClass.ISTIO
    if is_mesh and not gateway.mesh_revisions:
        yield Problem(path, "is missing; class istio needs a revision, such as 'asm-1-28'")
    if not is_mesh and gateway.mesh_revisions:
        yield Problem(path, f"is not used by class {gateway.gateway_class}, which has none; remove it, or choose istio")
    for revision in _twice(gateway.mesh_revisions):
        yield Problem(path, f"{revision} stands in the list twice; name each revision once")


@rule(GATEWAY, "network.egress")
def _certificates_need_entra(gateway: GatewaySettings | None, egress: Egress) -> Iterator[Problem]:
    if gateway is not None and egress.nature.isolates_the_cluster:
        yield Problem(
            GATEWAY,
            f"fetches its certificates with a token of Entra, which egress {egress} does not reach; choose ingress "
            "load_balancer, or another egress",
        )


@rule(GATEWAY, "network.firewall.published_port")
def _no_port_leads_to_a_gateway(gateway: GatewaySettings | None, published_port: int | None) -> Iterator[Problem]:
    if gateway is not None and published_port is not None:
        yield Problem(
            "network.firewall.published_port",
            f"{published_port} leads to port 80, at which {GATEWAY} does not answer; remove it, for "
            "network.application_gateway or network.front_door",
        )


@rule(GATEWAY, "network.application_gateway", "network.front_door", "network.callers.application")
def _nothing_goes_past_what_stands_in_front(
    gateway: GatewaySettings | None,
    firewall: ApplicationGatewaySettings | None,
    front_door: FrontDoorSettings | None,
    callers: tuple[IPv4Network, ...],
) -> Iterator[Problem]:
    in_front = "network.application_gateway" if firewall else "network.front_door" if front_door else None
    if gateway is not None and in_front is not None and callers:
        yield Problem("network.callers.application", f"would lead past {in_front}; remove one of the two")


@rule(GATEWAY, "network.application_gateway", "network.front_door")
def _what_stands_in_front_has_the_gateways_names(
    gateway: GatewaySettings | None, firewall: ApplicationGatewaySettings | None, front_door: FrontDoorSettings | None
) -> Iterator[Problem]:
    if gateway is None:
        return
    certificates = {one.host_name: one.certificate_name for one in gateway.listeners}
    if firewall is not None and certificates.get(firewall.host_name) != firewall.certificate_name:
        yield Problem(
            "network.application_gateway.host_name",
            f"{firewall.host_name} with certificate {firewall.certificate_name} is none of {LISTENERS}; the firewall "
            "answers to those, so name one of them in both",
        )
    if front_door is not None and len(gateway.listeners) > 1:
        yield Problem(
            LISTENERS,
            "are more than one, and network.front_door has one public name; remove all but one, and route by path",
        )


@rule(GATEWAY, APPLICATIONS, "network.application_gateway", "network.front_door")
def _what_stands_in_front_finds_a_path(
    gateway: GatewaySettings | None,
    applications: Applications,
    firewall: ApplicationGatewaySettings | None,
    front_door: FrontDoorSettings | None,
) -> Iterator[Problem]:
    if gateway is None or (firewall is None and front_door is None):
        return
    for index, listener in enumerate(gateway.listeners):
        if (
            routes_to(listener.host_name, applications)
            and probed_from_outside(listener.host_name, applications) is None
        ):
            yield Problem(
                f"{LISTENERS}.{index}.host_name",
                f"{listener.host_name} has no route to the path that says whether an application can serve; route it, "
                "or name another path in its probes.outside",
            )


@rule(GATEWAY, APPLICATIONS)
def _the_gateway_has_names_of_its_own(gateway: GatewaySettings | None, applications: Applications) -> Iterator[Problem]:
    for index, one in enumerate(applications if gateway is not None else ()):
        for key in ("name", "namespace"):
            if getattr(one, key) == GATEWAY_NAMESPACE:
                yield Problem(
                    f"{APPLICATIONS}.{index}.{key}", f"{GATEWAY_NAMESPACE} is that of {GATEWAY}; choose another"
                )


@rule(GATEWAY, APPLICATIONS, "cluster.vault_secrets")
def _nobody_else_has_the_certificates(
    gateway: GatewaySettings | None, applications: Applications, written: tuple[VaultSecretSettings, ...]
) -> Iterator[Problem]:
    # A certificate's private key is the vault's secret of the same name; and a vault tells no case apart.
    keys = {one.certificate_name.lower() for one in gateway.listeners} if gateway is not None else set()
    for index, application in enumerate(applications):
        for name in application.vault_secrets:
            if name.lower() in keys:
                yield Problem(
                    f"{APPLICATIONS}.{index}.vault_secrets", f"{name} is the private key of a listener; remove it"
                )
    for index, secret in enumerate(written):
        if secret.name.lower() in keys:
            yield Problem(
                f"cluster.vault_secrets.{index}.name",
                f"{secret.name} cannot be its name: the certificate of a listener has it; choose another",
            )
