"""What an environment's own rules of the firewall must be like."""

from collections import Counter
from collections.abc import Iterator
from ipaddress import IPv4Network

from config.network.agents import Agents
from config.network.firewall import EgressRuleSettings, FirewallTier
from config.network.jump_box import JumpBoxSettings
from config.network.subnets import SubnetKey
from config.network.topology import Topology
from config.rules.addresses import NO_NETWORKS, PRIVATE_RANGES, RANGES
from config.rules.registration import Problem, doubt, rule
from config.shared_domains import everybody_can_have_one_below

EXTRA_RULES = "network.firewall.extra_rules"
Rules = tuple[EgressRuleSettings, ...]

# What the jump box's security group lets out.
WEB_PORTS = {80, 443}
MOST_PUBLIC_ADDRESSES = 256


@rule(EXTRA_RULES)
def _rules_have_names_of_their_own(rules: Rules) -> Iterator[Problem]:
    names = Counter(one.name for one in rules)
    for name in sorted(name for name, number in names.items() if number > 1):
        yield Problem(EXTRA_RULES, f"{name!r} names two rules; give each a name of its own")


@rule(EXTRA_RULES)
def _what_is_opened_is_named_once(rules: Rules) -> Iterator[Problem]:
    opened = Counter(
        (destination, one.source, one.protocol, frozenset(one.ports))
        for one in rules
        for destination in (*one.hosts, *one.addresses)
    )
    for (destination, source, _, _), number in opened.items():
        if number > 1:
            yield Problem(EXTRA_RULES, f"{destination} is opened twice for {source}; name it once")


@rule(EXTRA_RULES)
def _rules_are_whole(rules: Rules) -> Iterator[Problem]:
    for index, one in enumerate(rules):
        path = f"{EXTRA_RULES}.{index}"
        if one.protocol.is_web and one.addresses:
            yield Problem(f"{path}.addresses", f"go with protocol tcp or udp; {one.protocol} needs hosts instead")
        elif one.protocol.is_web and not one.hosts:
            yield Problem(f"{path}.hosts", f"must name at least one host for protocol {one.protocol}")
        elif not one.protocol.is_web and bool(one.hosts) == bool(one.addresses):
            yield Problem(f"{path}.addresses", f"or hosts must be given, and not both, for protocol {one.protocol}")
        if not one.protocol.is_web and not one.ports:
            yield Problem(f"{path}.ports", f"must name at least one port for protocol {one.protocol}")
        if len(set(one.ports)) < len(one.ports):
            yield Problem(f"{path}.ports", f"{list(one.ports)} names a port twice; name each once")
        for host in one.hosts:
            if not one.protocol.is_web and host.startswith("*."):
                yield Problem(f"{path}.hosts", f"{host} has no address that {one.protocol} could go to; name the hosts")


# https://learn.microsoft.com/azure/firewall/fqdn-filtering-network-rules
@rule(EXTRA_RULES, "network.firewall.sku_tier", "network.topology")
def _firewall_resolves_names(rules: Rules, tier: FirewallTier, topology: Topology) -> Iterator[Problem]:
    for index, one in enumerate(rules):
        if one.protocol.is_web or not one.hosts:
            continue
        path = f"{EXTRA_RULES}.{index}.hosts"
        if tier is FirewallTier.BASIC:
            yield Problem(
                path, f"need a firewall that resolves names for {one.protocol}, and Basic does not; give addresses"
            )
        elif topology is Topology.HUB_SPOKE and one.source is not SubnetKey.AKS_NODES:
            yield Problem(
                path,
                f"need the same DNS server here as at the firewall for {one.protocol}, and {one.source} in the hub has "
                "Azure's; give addresses",
            )


@rule(EXTRA_RULES, "network.agents", "network.jump_box")
def _rules_have_a_source(rules: Rules, agents: Agents, jump_box: JumpBoxSettings | None) -> Iterator[Problem]:
    sources = {one.source for one in rules}
    if agents is Agents.NONE and SubnetKey.AGENTS in sources:
        yield Problem(EXTRA_RULES, "has a rule for agents, of which there are none; remove it")
    if jump_box is None and SubnetKey.JUMP_BOX in sources:
        yield Problem(EXTRA_RULES, "has a rule for the jump box, which there is not; remove it")
    for index, one in enumerate(rules):
        if one.source is SubnetKey.JUMP_BOX and (others := set(one.ports) - WEB_PORTS):
            yield Problem(
                f"{EXTRA_RULES}.{index}.ports",
                f"{min(others)} is closed at the jump box itself, which must not wander; choose 80 or 443",
            )


@rule(EXTRA_RULES)
def _addresses_are_networks(rules: Rules) -> Iterator[Problem]:
    for index, one in enumerate(rules):
        for network in one.addresses:
            if network.prefixlen < 8 or any(network.overlaps(no) for no in NO_NETWORKS):
                yield Problem(
                    f"{EXTRA_RULES}.{index}.addresses", f"{network} is no network; it must be a range of /8 or smaller"
                )


def _is_outside(own_path: str) -> None:
    @rule(EXTRA_RULES, own_path)
    def check(rules: Rules, own: IPv4Network) -> Iterator[Problem]:
        for index, one in enumerate(rules):
            for network in one.addresses:
                if network.subnet_of(own):
                    yield Problem(
                        f"{EXTRA_RULES}.{index}.addresses",
                        f"{network} lies in {own_path}, {own}, to which no way leads through the firewall; remove it",
                    )


for _path in RANGES:
    _is_outside(_path)


@doubt(EXTRA_RULES)
def _hosts_belong_to_somebody(rules: Rules) -> Iterator[str]:
    for one in rules:
        for host in one.hosts:
            if host.startswith("*.") and everybody_can_have_one_below(host.removeprefix("*.")):
                yield f"{one.name} opens {host}, below which anybody can have a host; name the hosts that are needed"


@doubt(EXTRA_RULES)
def _public_addresses_are_few(rules: Rules) -> Iterator[str]:
    for one in rules:
        for network in one.addresses:
            is_private = any(network.subnet_of(private) for private in PRIVATE_RANGES)
            if not is_private and network.num_addresses > MOST_PUBLIC_ADDRESSES:
                yield (
                    f"{one.name} opens {network}, in which others have machines too; give at most "
                    f"{MOST_PUBLIC_ADDRESSES} public addresses in a range, or names"
                )
