"""Every flow that an environment's network allows, read off the rules that are deployed: from, to, ports, why."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from ipaddress import IPv4Network
from typing import NamedTuple

from config.network.address_plan import AddressPlan
from config.network.egress import Egress
from config.network.network import NetworkSettings
from config.network.private_endpoints import PrivateAddress
from config.network.subnets import SUBNETS, SubnetKey
from config.workloads.application import ApplicationSettings
from constructs_lib.egress.firewall_rules import WHY_PUBLISHED, NodeReports, egress_rule_groups
from constructs_lib.naming import Naming
from constructs_lib.network.ports import DNS, HTTP, HTTPS
from constructs_lib.network.security_rule import SecurityRule
from constructs_lib.network.subnet_rules import rules_of_environment
from constructs_lib.workloads.namespace_flows import EVERYWHERE, application_flows, application_hosts, gateway_flows
from constructs_lib.workloads.network_flow import AddressRanges, Flow, Pods


class TableRow(NamedTuple):
    """One flow, in words."""

    from_: str
    to: str
    ports: str
    because: str


def between_subnets(network: NetworkSettings, pods: IPv4Network, *, gateway: bool = False) -> Iterator[TableRow]:
    """What the network security groups allow, Azure's own rules included where none of ours comes first."""
    names = _names(network, pods)
    for key, rules in rules_of_environment(network, pods, gateway=gateway).items():
        own = Naming.subnet(key)
        for rule in rules:
            if rule.access == "Allow":
                yield _security_row(rule, own, names)
        if not any(rule.direction == "Outbound" and rule.destinations == rule.ports == ("*",) for rule in rules):
            because = "No rule of this subnet's own limits what leaves; the receiver's rules and egress do."
            yield TableRow(own, "networks, and egress", "any", because)


def refused_between_subnets(network: NetworkSettings, pods: IPv4Network) -> Iterator[TableRow]:
    """What the groups refuse before all else, besides what no row allows."""
    names = _names(network, pods)
    for key, rules in rules_of_environment(network, pods).items():
        for rule in rules:
            if rule.access == "Deny" and rule.destinations != ("*",):
                yield _security_row(rule, Naming.subnet(key), names)


REPORTS = NodeReports(logs="workspace-id")


def to_outside(network: NetworkSettings, region: str, reports: NodeReports = REPORTS) -> Iterator[TableRow]:
    """What egress lets pass, and what it leads in."""
    if network.egress is Egress.FIREWALL:
        for group in egress_rule_groups(network, region, reports):
            from_ = Naming.subnet(group.subnet)
            for rule in group.rules:
                names = [*rule.hosts, *([f"{rule.host_tag} (Microsoft's list)"] if rule.host_tag else [])]
                ports = ", ".join(str(port) for _, port in rule.open)
                yield TableRow(from_, "<br>".join(names), f"TCP {ports}", rule.because)
            for other in group.network_rules:
                ports = ", ".join(map(str, other.ports))
                to = "<br>".join([*other.hosts, *map(str, other.addresses)])
                yield TableRow(from_, to, f"{other.protocol} {ports}", other.because)
    elif network.egress is not Egress.NONE:
        is_appliance = network.egress is Egress.NVA
        to = "what the appliance lets pass" if is_appliance else "Internet"
        because = "Its rules are yours." if is_appliance else "Everything is reached, and nothing is inspected."
        for key, subnet in SUBNETS.items():
            carried = subnet.asks_outside and (key is SubnetKey.AKS_NODES or network.egress is not Egress.LOAD_BALANCER)
            if carried and network.has_subnet(key):
                yield TableRow(Naming.subnet(key), to, "any", because)
    if network.firewall.published_port is not None:
        yield TableRow(
            "Internet, at the firewall's public address",
            f"the application, port {HTTP}",
            f"TCP {network.firewall.published_port}",
            WHY_PUBLISHED,
        )


def of_pods(
    network: NetworkSettings,
    pods: IPv4Network,
    applications: Sequence[ApplicationSettings],
    naming: Naming | None = None,
) -> Iterator[TableRow]:
    """What the pods of the applications may do; `naming` where policies know names."""
    names = {**_names(network, pods), str(EVERYWHERE): "Internet"}
    for one in applications:
        if naming is not None and (hosts := application_hosts(one, applications, naming)):
            asked = "<br>".join((*hosts.reached, *hosts.resolved))
            yield TableRow(one.name, f"DNS, for {asked}", f"UDP {DNS}, TCP {DNS}", hosts.because)
            if hosts.reached:
                yield TableRow(one.name, "<br>".join(hosts.reached), f"TCP {HTTPS}", hosts.because)
        flows = application_flows(
            one,
            applications,
            network.address_plan,
            network.callers_from_outside(pods).application,
            names_are_known=naming is not None,
        )
        for flow in flows:
            yield _pod_row(flow, one.name, names)


def of_the_gateway(
    network: NetworkSettings, pods: IPv4Network, applications: Sequence[ApplicationSettings]
) -> Iterator[TableRow]:
    """What the pods of `workloads.gateway` may do."""
    callers = network.callers_from_outside(pods).application
    names = _names(network, pods)
    for flow in gateway_flows(applications, network.address_plan, callers):
        yield _pod_row(flow, "the gateway", names)


def _pod_row(flow: Flow, own: str, names: Mapping[str, str]) -> TableRow:
    peer, ports = _peer(flow, names), ", ".join(f"{port.protocol} {port.number}" for port in flow.ports)
    ends = (own, peer) if flow.direction == "Egress" else (peer, own)
    return TableRow(*ends, ports, flow.because)


def _names(network: NetworkSettings, pods: IPv4Network) -> dict[str, str]:
    return {"*": "anywhere", str(pods): "pods", **_callers(network, pods), **_places(network.address_plan)}


def _callers(network: NetworkSettings, pods: IPv4Network) -> dict[str, str]:
    """The setting that a range from outside comes from; one that several settings give speaks for itself."""
    outside, given = network.callers_from_outside(pods), network.callers
    ranges = {
        "remote_ranges": outside.registry_and_state,
        "callers.application": outside.application,
        "callers.vault": outside.vault if given.vault is not None else (),
        "callers.sql": outside.sql if given.sql is not None else (),
        "callers.api_server": outside.api_server if given.api_server is not None else (),
    }
    times = Counter(range_ for several in ranges.values() for range_ in several)
    return {str(range_): setting for setting, several in ranges.items() for range_ in several if times[range_] == 1}


def _places(plan: AddressPlan) -> dict[str, str]:
    return {
        **{str(IPv4Network(plan.private_address(what))): f"the {what}" for what in PrivateAddress},
        **{str(subnet): Naming.subnet(key) for key, subnet in plan.subnets.items()},
        **{str(address_space): key for key, address_space in plan.virtual_networks.items()},
    }


def _security_row(rule: SecurityRule, own: str, names: Mapping[str, str]) -> TableRow:
    def said(texts: tuple[str, ...], *, is_own_side: bool) -> str:
        if is_own_side and texts in (("*",), ("VirtualNetwork",)):
            return own
        # A service tag is its own name.
        return ", ".join(dict.fromkeys(names.get(text, text) for text in texts))

    inbound = rule.direction == "Inbound"
    return TableRow(
        said(rule.sources, is_own_side=not inbound),
        said(rule.destinations, is_own_side=inbound),
        _ports(rule),
        rule.because,
    )


def _ports(rule: SecurityRule) -> str:
    protocol = "any protocol" if rule.protocol == "*" else rule.protocol.upper()
    if rule.ports == ("*",):
        return "any" if rule.protocol == "*" else f"{protocol}, any port"
    return f"{protocol} {', '.join(rule.ports)}"


def _peer(flow: Flow, names: Mapping[str, str]) -> str:
    match flow.peer:
        case Pods(namespace, labels):
            return f"pods {', '.join(f'{key}={value}' for key, value in labels.items())} in {namespace}"
        case AddressRanges(ranges, without):
            said = ", ".join(names.get(str(range_), str(range_)) for range_ in ranges)
            return f"{said}, private ranges excepted" if without else said
