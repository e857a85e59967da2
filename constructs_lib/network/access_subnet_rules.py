"""Who reaches what in the subnets from which the platform is administered, as data: Bastion, jump box and agents."""

from collections.abc import Collection, Sequence
from ipaddress import IPv4Network

from config.network.address_plan import AddressPlan
from config.network.private_endpoints import EVERY_PRIVATE_ADDRESS, PrivateAddress
from config.network.subnets import SubnetKey, VirtualNetworkKey
from constructs_lib.network.ports import DNS, HTTP, HTTPS, RDP, SQL, SSH
from constructs_lib.network.security_rule import (
    SecurityRule,
    allow_inbound,
    allow_outbound,
    deny_all_outbound,
    deny_outbound,
)

# Ports on which the instances of one Bastion host talk to each other.
BASTION_DATA_PLANE = (5701, 8080)


def bastion_rules(servers: Sequence[IPv4Network] = ()) -> tuple[SecurityRule, ...]:
    """The complete set that Azure demands: with one missing, no Bastion host can be created or updated.

    `servers` is where the name servers of its network stand, if they are not Azure's own.

    https://learn.microsoft.com/azure/bastion/bastion-nsg
    """
    return (
        allow_inbound(
            "https-from-people",
            from_="Internet",
            ports=HTTPS,
            because="People come to Bastion from wherever they are; Entra decides who gets in.",
        ),
        allow_inbound(
            "gateway-manager", from_="GatewayManager", ports=HTTPS, because="Azure manages the Bastion host from here."
        ),
        allow_inbound(
            "load-balancer-probes",
            from_="AzureLoadBalancer",
            ports=HTTPS,
            because="Azure asks whether the Bastion host is alive.",
        ),
        allow_inbound(
            "data-plane",
            from_="VirtualNetwork",
            to="VirtualNetwork",
            ports=BASTION_DATA_PLANE,
            protocol="*",
            because="Instances of the Bastion host talk to each other.",
        ),
        allow_outbound(
            "sessions",
            to="VirtualNetwork",
            ports=(SSH, RDP),
            because="Bastion opens people's sessions on the machines of the networks.",
        ),
        allow_outbound(
            "api-server-tunnel",
            to="VirtualNetwork",
            ports=HTTPS,
            because="Bastion tunnels people to the cluster's private API server.",
        ),
        allow_outbound(
            "azure", to="AzureCloud", ports=HTTPS, because="Bastion sends its diagnostics and metering to Azure."
        ),
        allow_outbound(
            "peer-data-plane",
            from_="VirtualNetwork",
            to="VirtualNetwork",
            ports=BASTION_DATA_PLANE,
            protocol="*",
            because="Instances of the Bastion host talk to each other.",
        ),
        allow_outbound(
            "certificates",
            to="Internet",
            ports=HTTP,
            because="Bastion validates certificates and reads revocation lists.",
        ),
        *_names(servers),
        deny_all_outbound("Bastion needs no more than the rules above."),
    )


def jump_box_rules(
    plan: AddressPlan, served: Collection[PrivateAddress] = EVERY_PRIVATE_ADDRESS
) -> tuple[SecurityRule, ...]:
    """People come through Bastion alone, and go on to interfaces and services, not to machines."""
    return (
        allow_inbound(
            "ssh-from-bastion",
            from_=plan.subnets[SubnetKey.BASTION],
            ports=SSH,
            because="Bastion opens people's sessions.",
        ),
        allow_outbound(
            "web",
            to="*",
            ports=(HTTP, HTTPS),
            because="The API server and private services; outside, what egress admits for updates and sign-in.",
        ),
        *(_database(plan) if PrivateAddress.SQL_SERVER in served else ()),
        *_names(name_servers(SubnetKey.JUMP_BOX, plan)),
        deny_all_outbound("Taken over, the jump box must not wander from machine to machine."),
    )


def _database(plan: AddressPlan) -> tuple[SecurityRule, ...]:
    return (
        allow_outbound(
            "sql",
            to=IPv4Network(plan.private_address(PrivateAddress.SQL_SERVER)),
            ports=SQL,
            because="People look into the database, where it lets them.",
        ),
    )


def agent_rules(plan: AddressPlan) -> tuple[SecurityRule, ...]:
    """Agents ask for their work, so nothing connects to them."""
    return (
        deny_outbound(
            "no-sessions",
            to=tuple(plan.virtual_networks.values()),
            ports=(SSH, RDP),
            because="An agent deploys through APIs; taken over, it must not wander from machine to machine.",
        ),
    )


def name_servers(subnet: SubnetKey, plan: AddressPlan) -> tuple[IPv4Network, ...]:
    """Whom a subnet's network asks, if not Azure: the settings' servers, or the firewall, if it is no Basic one."""
    if plan.dns_servers:
        return tuple(map(IPv4Network, plan.dns_servers))
    answers = SubnetKey.FIREWALL in plan.subnets and SubnetKey.FIREWALL_MANAGEMENT not in plan.subnets
    asked = plan.home_of(subnet) is VirtualNetworkKey.SPOKE
    return (plan.subnets[SubnetKey.FIREWALL],) if answers and asked else ()


def _names(servers: Sequence[IPv4Network]) -> tuple[SecurityRule, ...]:
    # Azure's own DNS server needs no rule: https://learn.microsoft.com/azure/virtual-network/what-is-ip-address-168-63-129-16
    if not servers:
        return ()
    # The firewall's subnet, or single addresses.
    who = "The company's DNS servers answer" if servers[0].prefixlen == 32 else "The firewall answers"
    return (allow_outbound("names", to=servers, ports=DNS, protocol="*", because=f"{who} for this network."),)
