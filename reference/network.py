"""Renders docs/network.md from the address plan, the rules and the settings, so that the page is what is built.

`python -m reference.network` prints it; `make docs` writes it.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from enum import StrEnum
from ipaddress import IPv4Address, IPv4Network
from typing import Any

from config.network.address_plan import VirtualNetworkSettings, plan_addresses
from config.network.agents import Agents
from config.network.api_server import ApiServer
from config.network.application_gateway import ApplicationGatewaySettings
from config.network.bastion import BastionTier
from config.network.callers import CallerSettings
from config.network.company_hub import CompanyHubSettings
from config.network.egress import Egress
from config.network.firewall import EgressFirewallSettings, EgressProtocol, EgressRuleSettings, FirewallTier
from config.network.front_door import FrontDoorSettings
from config.network.jump_box import JumpBoxSettings
from config.network.network import NetworkSettings
from config.network.private_endpoints import PLACES
from config.network.subnets import SUBNETS, SubnetRanges
from config.network.topology import Topology
from config.workloads.application import ApplicationSettings, Ingress
from constructs_lib.naming import Naming
from reference.flows import (
    REPORTS,
    TableRow,
    between_subnets,
    of_pods,
    of_the_gateway,
    refused_between_subnets,
    to_outside,
)
from reference.settings import choices

INTRODUCTION = """\
# Network

Who reaches what, how, and why. Subnets have the names that they have in Azure; `hub` and `spoke` are whole virtual
networks; `Internet`, `AzureCloud` and the like are
[service tags](https://learn.microsoft.com/azure/virtual-network/service-tags-overview). In a host's name,
`workspace-id` stands for the GUID of the workspace that gets the logs, `sensor-workspace-id` for that of the one that
Defender's sensor reports to.

Generated from the address plan in `config/`, the rules in `constructs_lib/` and the settings' own descriptions;
`make docs` renews it. [Settings](settings.md) has every key.
"""
HUB, SPOKE, PODS = IPv4Network("10.10.0.0/23"), IPv4Network("10.10.16.0/20"), IPv4Network("10.244.0.0/16")
REGION = "westeurope"
DEFAULT = NetworkSettings(
    hub=VirtualNetworkSettings(address_space=HUB), spoke=VirtualNetworkSettings(address_space=SPOKE)
)
NAMING = Naming("shop", "dev", REGION, "3f5e0d1c-8a47-4d6b-b2a0-61c9e7f4d201")
DIGEST = f"sha256:{'0123456789abcdef' * 4}"
APPLICATIONS = (
    ApplicationSettings(
        name="web",
        namespace="web",
        image_repository="shop/web",
        image_digest=DIGEST,
        calls=("api",),
        ingress=Ingress.LOAD_BALANCER,
    ),
    ApplicationSettings(
        name="api",
        namespace="api",
        image_repository="shop/api",
        image_digest=DIGEST,
        database=True,
        vault_secrets=("mail-api-key",),
    ),
)
ENUMERATIONS: dict[str, type[StrEnum]] = {
    "network.topology": Topology,
    "network.egress": Egress,
    "network.firewall.sku_tier": FirewallTier,
    "network.agents": Agents,
    "network.api_server": ApiServer,
    "network.bastion": BastionTier,
}
# Options that are no word of a list: what they are, and what they cost.
OTHER_OPTIONS = {
    "network.jump_box": JumpBoxSettings.__doc__ or "",
    "network.application_gateway": ApplicationGatewaySettings.__doc__ or "",
    "network.front_door": FrontDoorSettings.__doc__ or "",
    "network.firewall.published_port": "A port of the firewall that leads to the application. No charge of its own.",
    "network.firewall.extra_rules": "What may be reached besides what the platform needs. No charge of their own.",
    "network.remote_ranges": "Networks of your own from which the platform is administered. How you join them costs.",
    "network.company_hub": CompanyHubSettings.__doc__ or "",
    "network.dns_servers": "DNS servers of your company that every network asks. No charge.",
    "network.private_dns": "Private DNS zones that your company has already. No charge of their own.",
    "network.ddos_ip_protection": "DDoS IP Protection of public addresses. About USD 199 a month for each.",
    "network.ddos_protection_plan_id": "Your company's DDoS protection plan, which costs about USD 2,944 a month.",
    "network.callers": "Networks of your own from which one of the services is called. How you join them costs.",
    "network.log_analytics.existing_workspace_id": "A workspace of yours. Logs cost about USD 3 a gigabyte in any.",
}
WHY = "The reason that the setting gives."
EXTRA_RULES = (
    EgressRuleSettings(name="gitops", hosts=("git.example.com",), because=WHY),
    EgressRuleSettings(name="revocation", protocol=EgressProtocol.HTTP, hosts=("crl.example.com",), because=WHY),
    EgressRuleSettings(
        name="queue",
        protocol=EgressProtocol.TCP,
        addresses=(IPv4Network("192.168.5.0/24"),),
        ports=(5671,),
        because=WHY,
    ),
)
SSH_KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGruEy0RpSc+R3AHO4dXGZpp9QhkWDIp5O8OC6eNW2tq"
CHANGES: dict[str, dict[str, Any]] = {
    '`network.topology = "single"`': {"topology": Topology.SINGLE, "hub": None},
    '`network.topology = "spoke"`, which goes with `egress = "nva"`': {
        "topology": Topology.SPOKE,
        "hub": None,
        "egress": Egress.NVA,
    },
    '`network.dns_servers`, which goes with `egress = "nva"`': {
        "dns_servers": (IPv4Address("10.0.0.5"),),
        "egress": Egress.NVA,
    },
    '`network.egress = "nva"`': {"egress": Egress.NVA},
    '`network.egress = "nat_gateway"`': {"egress": Egress.NAT_GATEWAY},
    '`network.egress = "load_balancer"`, which goes with `agents = "none"`': {
        "egress": Egress.LOAD_BALANCER,
        "agents": Agents.NONE,
    },
    "`network.firewall.published_port = 443`": {"firewall": EgressFirewallSettings(published_port=443)},
    "`network.firewall.extra_rules`, such as three": {"firewall": EgressFirewallSettings(extra_rules=EXTRA_RULES)},
    '`network.agents = "managed_devops_pool"`': {"agents": Agents.MANAGED_DEVOPS_POOL},
    '`network.api_server = "vnet_integration"`': {"api_server": ApiServer.VNET_INTEGRATION},
    "`network.jump_box`": {"jump_box": JumpBoxSettings(ssh_public_key=SSH_KEY)},
    "`network.application_gateway`": {
        "application_gateway": ApplicationGatewaySettings(host_name="shop.example.com", certificate_name="shop")
    },
    "`network.front_door`": {"front_door": FrontDoorSettings()},
    "`network.remote_ranges`": {"remote_ranges": (IPv4Network("192.168.0.0/24"),)},
    "`network.callers`": {
        "callers": CallerSettings(
            application=(IPv4Network("192.168.1.0/24"),),
            vault=(IPv4Network("192.168.2.0/24"),),
            sql=(IPv4Network("192.168.3.0/24"),),
            api_server=(IPv4Network("192.168.4.0/24"),),
        )
    },
}


def render() -> str:
    """The page: options and costs, address plan, flows of the default, and flows that each option adds."""
    sections = (_options(), _address_plan(), _flows_of_the_default(), _flows_of_options())
    return "\n".join([INTRODUCTION, *(line for section in sections for line in section)])


def _options() -> Iterator[str]:
    yield "## Options and what they cost\n"
    yield "Orders of magnitude, for one environment, without what passes through.\n"
    yield "| Setting | Value | What it is |\n|---|---|---|"
    for path, enumeration in ENUMERATIONS.items():
        default = _default_of(path)
        for value, text in choices(enumeration).items():
            mark = " (default)" if value == default else ""
            yield f"| `{path}` | `{value}`{mark} | {text} |"
    for path, text in OTHER_OPTIONS.items():
        yield f"| `{path}` | | {text} |"
    yield ""


def _default_of(path: str) -> Any:
    value: Any = DEFAULT
    for key in path.split(".")[1:]:
        value = getattr(value, key)
    return value


def _address_plan() -> Iterator[str]:
    yield "## Address plan\n"
    yield f"Where the subnets stand with a hub of `{HUB}` and a spoke of `{SPOKE}`, and where in a single network of"
    yield f"`{SPOKE}`. An offset is counted from the first address of the virtual network, and never changes; a range"
    yield "under `network.subnets` replaces the planned one. A subnet is there only where its option is chosen.\n"
    yield "| Subnet | Key | Network | Offset | Range | In a single network | At least | For | Default |"
    yield "|---|---|---|---|---|---|---|---|---|"
    plans = [plan_addresses(hub, SPOKE, SubnetRanges(), SUBNETS).subnets for hub in (HUB, None)]
    for key, subnet in SUBNETS.items():
        is_there = "yes" if DEFAULT.has_subnet(key) else ""
        ranges = " | ".join(f"{plan[key]}" for plan in plans)
        yield (
            f"| {Naming.subnet(key)} | `{key}` | {subnet.virtual_network} | {subnet.offset} | {ranges} "
            f"| /{subnet.longest_prefix_length} | {subnet.purpose} | {is_there} |"
        )
    yield ""
    yield "A private endpoint has fixed addresses, counted back from the last in its subnet that Azure leaves free.\n"
    yield "| What answers | In the subnet above |\n|---|---|"
    for what in PLACES:
        yield f"| the {what} | {DEFAULT.address_plan.private_address(what)} |"
    yield ""


def _flows_of_the_default() -> Iterator[str]:
    yield "## Flows of the default\n"
    yield "What no row allows is refused.\n"
    yield "### Into and out of subnets: network security groups\n"
    yield "The last rule of each group refuses whatever else would enter.\n"
    yield from _table(between_subnets(DEFAULT, PODS))
    yield "Refused, although a row above would allow it:\n"
    yield from _table(refused_between_subnets(DEFAULT, PODS))
    yield "### Out of the networks: the firewall\n"
    yield from _table(to_outside(DEFAULT, REGION))
    yield "### Into and out of pods: network policies\n"
    yield "Of two applications, in addition to the rows above: a packet needs both. `web` has an ingress and calls"
    yield "`api`, which uses the database and the vault. What an application does not use it does not reach.\n"
    yield from _table(of_pods(DEFAULT, PODS, APPLICATIONS))


def _flows_of_options() -> Iterator[str]:
    yield "## Flows that options add\n"
    yield "Rows of what an option takes away fall away with it.\n"
    by_default = set(_all_flows(DEFAULT))
    for heading, changes in CHANGES.items():
        added = [row for row in _all_flows(DEFAULT.model_copy(update=changes)) if row not in by_default]
        yield f"### {heading}\n"
        yield from _table(added) if added else ["None: the rows of the default are enough.\n"]
    yield '### `defender.plans = "on"`\n'
    with_sensor = replace(REPORTS, sensor="sensor-workspace-id")
    yield from _table(row for row in to_outside(DEFAULT, REGION, with_sensor) if row not in by_default)
    yield "### `cluster.kubernetes.advanced_networking = true`\n"
    yield "In the place of the rows by which applications reach any DNS name, and the Internet:\n"
    yield from _table(row for row in of_pods(DEFAULT, PODS, APPLICATIONS, NAMING) if row not in by_default)
    yield "### `workloads.gateway`, which leads to `web`\n"
    yield from _table(row for row in _all_flows_by_a_gateway(DEFAULT) if row not in by_default)
    yield "### `workloads.gateway`, and `network.application_gateway` in front of it\n"
    firewall = CHANGES["`network.application_gateway`"]
    known = {*by_default, *_all_flows_by_a_gateway(DEFAULT), *_all_flows(DEFAULT.model_copy(update=firewall))}
    yield from _table(row for row in _all_flows_by_a_gateway(DEFAULT.model_copy(update=firewall)) if row not in known)


def _all_flows_by_a_gateway(network: NetworkSettings) -> Iterator[TableRow]:
    routed = [
        one if one.ingress is Ingress.NONE else one.model_copy(update={"ingress": Ingress.GATEWAY})
        for one in APPLICATIONS
    ]
    yield from between_subnets(network, PODS, gateway=True)
    yield from of_the_gateway(network, PODS, routed)
    yield from of_pods(network, PODS, routed)


def _all_flows(network: NetworkSettings) -> Iterator[TableRow]:
    yield from between_subnets(network, PODS)
    yield from to_outside(network, REGION)
    yield from of_pods(network, PODS, APPLICATIONS)


def _table(rows: Iterable[TableRow]) -> Iterator[str]:
    yield "| From | To | Ports | Why |\n|---|---|---|---|"
    # Some rules stand at two subnets, or in both directions.
    for row in dict.fromkeys(rows):
        yield f"| {' | '.join(row)} |"
    yield ""


if __name__ == "__main__":
    print(render(), end="")
