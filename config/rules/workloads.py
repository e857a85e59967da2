"""What the settings of applications demand of each other."""

from collections import Counter
from collections.abc import Iterator, Sequence

from config.cluster.kubernetes import KubernetesClusterSettings
from config.network.application_gateway import ApplicationGatewaySettings
from config.network.egress import Egress
from config.network.firewall import EgressRuleSettings
from config.network.front_door import FrontDoorSettings
from config.network.subnets import SubnetKey
from config.refused_text import names_a_secret
from config.rules.registration import Problem, rule
from config.types import Tier
from config.workloads.application import ApplicationSettings, Ingress

APPLICATIONS = "workloads.applications"
Applications = tuple[ApplicationSettings, ...]


def _each(applications: Applications) -> Iterator[tuple[str, ApplicationSettings]]:
    """Every application with the path of its table."""
    return ((f"{APPLICATIONS}.{index}", one) for index, one in enumerate(applications))


def _twice(names: Sequence[str]) -> list[str]:
    return sorted(name for name, number in Counter(names).items() if number > 1)


@rule(APPLICATIONS)
def _applications_are_told_apart(applications: Applications) -> Iterator[Problem]:
    for name in _twice([one.name for one in applications]):
        yield Problem(APPLICATIONS, f"{name} names two applications; give each a name of its own")
    for namespace in _twice([one.namespace for one in applications]):
        yield Problem(APPLICATIONS, f"{namespace} is the namespace of two applications; give each one of its own")


@rule(APPLICATIONS)
def _calls_lead_somewhere(applications: Applications) -> Iterator[Problem]:
    names = {one.name for one in applications}
    for path, one in _each(applications):
        for called in one.calls:
            if called not in names:
                yield Problem(
                    f"{path}.calls", f"{called} is no application of this file; name one that is, or remove it"
                )
        if one.name in one.calls:
            yield Problem(f"{path}.calls", f"{one.name} is the application itself; remove it")
        for called in _twice(one.calls):
            yield Problem(f"{path}.calls", f"{called} stands in the list twice; name it once")


@rule(APPLICATIONS, "network.firewall.published_port", "network.application_gateway", "network.front_door")
def _one_application_is_behind_the_load_balancer(
    applications: Applications,
    published_port: int | None,
    gateway: ApplicationGatewaySettings | None,
    front_door: FrontDoorSettings | None,
) -> Iterator[Problem]:
    behind = [one.name for one in applications if one.ingress is Ingress.LOAD_BALANCER]
    if len(behind) > 1:
        yield Problem(
            APPLICATIONS,
            f"{' and '.join(behind)} have ingress load_balancer, which has room for one; choose none for the others",
        )
    called = any(one.ingress is not Ingress.NONE for one in applications)
    ways = {
        "network.firewall.published_port": published_port,
        "network.application_gateway": gateway,
        "network.front_door": front_door,
    }
    for path, way in ways.items():
        if way is not None and not called:
            yield Problem(path, "leads to no application; remove it, or give one ingress load_balancer or gateway")


@rule(APPLICATIONS, "network.application_gateway", "network.front_door")
def _what_stands_in_front_can_ask(
    applications: Applications, gateway: ApplicationGatewaySettings | None, front_door: FrontDoorSettings | None
) -> Iterator[Problem]:
    for path, one in _each(applications):
        if one.ingress is Ingress.NONE or one.management_port is None or one.probes.outside is not None:
            continue
        if one.sign_in is not None:
            continue  # its proxy is asked
        if gateway is not None or front_door is not None:
            yield Problem(
                f"{path}.probes.outside",
                f"is missing; {one.probes.readiness} answers at management_port {one.management_port} alone, which "
                f"nothing in front of the application reaches; name a path that answers at {one.port}",
            )


@rule("network.egress", APPLICATIONS)
def _files_of_the_vault_need_entra(egress: Egress, applications: Applications) -> Iterator[Problem]:
    for path, one in _each(applications):
        if egress.nature.isolates_the_cluster and one.vault_objects:
            key = next(key for key in _VAULT_LISTS if getattr(one, key))
            yield Problem(
                f"{path}.{key}",
                f"{one.vault_objects[0]} is fetched with a token of Entra, which egress {egress} does not reach; "
                "remove all of them, or choose another egress",
            )


@rule(APPLICATIONS, "cluster.kubernetes")
def _names_are_known(applications: Applications, cluster: KubernetesClusterSettings) -> Iterator[Problem]:
    for path, one in _each(applications):
        if one.reached_hosts and not cluster.advanced_networking:
            yield Problem(
                f"{path}.reached_hosts",
                f"{one.reached_hosts[0]} is not used without cluster.kubernetes.advanced_networking: pods with an "
                "identity reach all that egress lets nodes reach; turn it on, or remove the names",
            )


@rule(APPLICATIONS, "network.egress", "network.firewall.extra_rules")
def _egress_reaches_the_hosts(
    applications: Applications, egress: Egress, rules: tuple[EgressRuleSettings, ...]
) -> Iterator[Problem]:
    open_to_nodes = {host for one in rules if one.source is SubnetKey.AKS_NODES for host in one.hosts}
    for table, one in _each(applications):
        path = f"{table}.reached_hosts"
        for host in _twice(one.reached_hosts):
            yield Problem(path, f"{host} stands in the list twice; name each host once")
        if one.reached_hosts and egress.nature.isolates_the_cluster:
            yield Problem(
                path,
                f"{one.reached_hosts[0]} is out of reach with egress {egress}; remove it, or choose another egress",
            )
        for host in one.reached_hosts if egress is Egress.FIREWALL else ():
            if host not in open_to_nodes:
                yield Problem(
                    path,
                    f"{host} is not open in the firewall; name it in a rule of network.firewall.extra_rules for "
                    "aks_nodes",
                )


_VAULT_LISTS = ("vault_secrets", "vault_certificates", "vault_keys")


@rule(APPLICATIONS, "network.application_gateway")
def _pods_get_no_certificate(
    applications: Applications, gateway: ApplicationGatewaySettings | None
) -> Iterator[Problem]:
    # A certificate's private key is the vault's secret of the same name.
    for path, one in _each(applications):
        if gateway is not None and gateway.certificate_name.lower() in {name.lower() for name in one.vault_secrets}:
            yield Problem(
                f"{path}.vault_secrets",
                f"{gateway.certificate_name} is the private key of network.application_gateway.certificate_name; "
                "remove it",
            )


@rule(APPLICATIONS)
def _files_have_names_of_their_own(applications: Applications) -> Iterator[Problem]:
    for path, one in _each(applications):
        # A vault tells names apart by their letters, not by their case; and all become files of one folder.
        for name in _twice([name.lower() for name in one.vault_objects]):
            key = next(key for key in _VAULT_LISTS if name in {other.lower() for other in getattr(one, key)})
            yield Problem(
                f"{path}.{key}", f'"{name}" would be two files of one name; name it once, in one of the lists'
            )


@rule(APPLICATIONS)
def _variables_are_set_once_and_hold_no_secret(applications: Applications) -> Iterator[Problem]:
    for path, one in _each(applications):
        own = [one.database_url_variable] if one.database else []
        for name in _twice([*(variable.name for variable in one.environment), *own]):
            by_the_platform = " by the platform too, with the database's address" if name in own else " twice"
            yield Problem(f"{path}.environment", f"{name} is set{by_the_platform}; set it once")
        for index, variable in enumerate(one.environment):
            if names_a_secret(variable.name):
                yield Problem(
                    f"{path}.environment.{index}.name",
                    f"{variable.name} names a secret; keep it in the vault, and name it in vault_secrets, which makes "
                    "a file of it",
                )


@rule(APPLICATIONS)
def _pods_are_sound(applications: Applications) -> Iterator[Problem]:
    for path, one in _each(applications):
        if one.management_port == one.port:
            yield Problem(
                f"{path}.management_port", f"{one.port} is that of the application; choose another, or remove it"
            )
        for folder in _twice(one.writable_folders):
            yield Problem(f"{path}.writable_folders", f"{folder} stands in the list twice; name each folder once")
        for promised, most in (("cpu_millicores", "cpu_limit_millicores"), ("memory_mib", "memory_limit_mib")):
            limit, request = getattr(one.resources, most), getattr(one.resources, promised)
            if limit is not None and limit < request:
                yield Problem(f"{path}.resources.{most}", f"{limit} is less than {promised}, {request}; raise it")


@rule(APPLICATIONS, "tier")
def _replicas_are_sound(applications: Applications, tier: Tier) -> Iterator[Problem]:
    for path, one in _each(applications):
        if one.min_replicas > one.max_replicas:
            yield Problem(
                f"{path}.min_replicas", f"{one.min_replicas} is more than max_replicas, {one.max_replicas}; lower it"
            )
        if tier is Tier.PRODUCTION and one.min_replicas < 2:
            yield Problem(f"{path}.min_replicas", "1 survives no node's upgrade; production needs at least 2")
