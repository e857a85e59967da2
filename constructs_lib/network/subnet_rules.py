"""Who reaches what in each subnet, as data: the network security groups, and the flow table in the docs, follow it.

Ranges are named instead of `VirtualNetwork` where a subnet has a route of its own: the tag takes in the prefixes of
user-defined routes, so under a default route it means everybody.
https://learn.microsoft.com/azure/virtual-network/service-tags-overview
"""

from collections.abc import Collection
from ipaddress import IPv4Network
from typing import assert_never

from config.network.address_plan import AddressPlan
from config.network.callers import Callers
from config.network.network import NetworkSettings
from config.network.private_endpoints import EVERY_PRIVATE_ADDRESS, PrivateAddress
from config.network.subnets import SUBNETS, SubnetKey
from constructs_lib.network.access_subnet_rules import agent_rules, bastion_rules, jump_box_rules, name_servers
from constructs_lib.network.cluster_subnet_rules import (
    NOBODY_FROM_OUTSIDE,
    api_server_rules,
    load_balancer_rules,
    node_rules,
    private_endpoint_rules,
)
from constructs_lib.network.ports import HTTP, HTTPS
from constructs_lib.network.security_rule import SecurityRule, allow_inbound

# Of an Application Gateway of the second generation.
GATEWAY_MANAGEMENT = range(65200, 65536)


def security_rules(
    plan: AddressPlan,
    pods: IPv4Network,
    callers: Callers = NOBODY_FROM_OUTSIDE,
    *,
    isolated: bool = False,
    gateway: bool = False,
    served: Collection[PrivateAddress] = EVERY_PRIVATE_ADDRESS,
) -> dict[SubnetKey, tuple[SecurityRule, ...]]:
    """The rules of every subnet in use that takes a security group.

    `callers` come from other networks; `isolated` nodes reach nothing outside; applications are called by a `gateway`,
    or one of them by a load balancer; at the addresses in `served` something answers.
    """
    return {
        key: _rules_of(key, plan, pods, callers, isolated=isolated, gateway=gateway, served=served)
        for key in plan.subnets
        if SUBNETS[key].takes_security_group
    }


def rules_of_environment(
    network: NetworkSettings,
    pods: IPv4Network,
    served: Collection[PrivateAddress] = EVERY_PRIVATE_ADDRESS,
    *,
    gateway: bool = False,
) -> dict[SubnetKey, tuple[SecurityRule, ...]]:
    """The rules that these settings call for; `pods` is the cluster's range of pods."""
    isolated = network.egress.nature.isolates_the_cluster
    callers = network.callers_from_outside(pods)
    return security_rules(network.address_plan, pods, callers, isolated=isolated, gateway=gateway, served=served)


def _rules_of(
    key: SubnetKey,
    plan: AddressPlan,
    pods: IPv4Network,
    callers: Callers,
    *,
    isolated: bool,
    gateway: bool,
    served: Collection[PrivateAddress],
) -> tuple[SecurityRule, ...]:
    match key:
        case SubnetKey.BASTION:
            return bastion_rules(name_servers(key, plan))
        case SubnetKey.JUMP_BOX:
            return jump_box_rules(plan, served)
        case SubnetKey.AGENTS:
            return agent_rules(plan)
        case SubnetKey.AKS_NODES:
            return node_rules(plan, pods, callers, isolated=isolated, gateway=gateway)
        case SubnetKey.API_SERVER:
            return api_server_rules(plan, callers)
        case SubnetKey.LOAD_BALANCERS:
            return load_balancer_rules(plan, callers, gateway=gateway)
        case SubnetKey.PRIVATE_ENDPOINTS:
            return private_endpoint_rules(plan, callers, served)
        case SubnetKey.PRIVATE_LINK_SERVICE:
            return private_link_service_rules()
        case SubnetKey.APPLICATION_GATEWAY:
            return application_gateway_rules(plan)
        case SubnetKey.FIREWALL | SubnetKey.FIREWALL_MANAGEMENT:
            return ()  # they take no group
    assert_never(key)


def application_gateway_rules(plan: AddressPlan) -> tuple[SecurityRule, ...]:
    """What Azure demands, and the public. No rule for what leaves: Azure refuses a gateway that is denied any of it.

    https://learn.microsoft.com/azure/application-gateway/configuration-infrastructure#network-security-groups
    """
    return (
        allow_inbound(
            "gateway-manager",
            from_="GatewayManager",
            ports=GATEWAY_MANAGEMENT,
            because="Azure manages the gateway from here.",
        ),
        allow_inbound(
            "load-balancer-probes",
            from_="AzureLoadBalancer",
            ports="*",
            protocol="*",
            because="Azure asks whether the gateway is alive.",
        ),
        allow_inbound(
            "public",
            from_="Internet",
            to=plan.subnets[SubnetKey.APPLICATION_GATEWAY],
            ports=(HTTP, HTTPS),
            because="Everybody calls the application here; HTTP is answered with a redirect.",
        ),
    )


def private_link_service_rules() -> tuple[SecurityRule, ...]:
    """None: what Front Door sends only borrows its sender's address here, and is checked at the nodes."""
    return ()
