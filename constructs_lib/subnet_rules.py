"""Who reaches what in each subnet, as data: the network security groups, and the flow table in the docs, follow it.

Ranges are named instead of `VirtualNetwork` where a subnet has a route of its own: the tag takes in the prefixes of
user-defined routes, so under a default route it means everybody.
https://learn.microsoft.com/azure/virtual-network/service-tags-overview
"""

from ipaddress import IPv4Network

from config.address_plan import AddressPlan
from constructs_lib.security_rule import SecurityRule, allow_inbound, allow_outbound, deny_outbound

HTTP = 80
HTTPS = 443
SQL = 1433
SSH = 22
RDP = 3389

# Ports on which the instances of one Bastion host talk to each other.
BASTION_DATA_PLANE = (5701, 8080)


def bastion_rules() -> tuple[SecurityRule, ...]:
    """The complete set that Azure demands: with one missing, no Bastion host can be created or updated.

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
            ports=80,
            because="Bastion validates certificates and reads revocation lists.",
        ),
        _nothing_else_leaves("Bastion needs no more than the rules above."),
    )


def agent_rules(plan: AddressPlan) -> tuple[SecurityRule, ...]:
    """Agents ask for their work, so nothing connects to them."""
    return (
        deny_outbound(
            "no-sessions",
            to=(plan.hub, plan.spoke),
            ports=(SSH, RDP),
            because="An agent deploys through APIs; taken over, it must not wander from machine to machine.",
        ),
    )


def node_rules(plan: AddressPlan, pods: IPv4Network) -> tuple[SecurityRule, ...]:
    """Traffic inside the cluster is free here, as AKS demands; network policies rule it.

    The overlay is not encapsulated, so packets of pods meet these rules with pods' addresses, on both ends.
    https://learn.microsoft.com/azure/aks/concepts-network-azure-cni-overlay#network-security-groups
    No rule for what leaves: AKS depends on names, not addresses, and the firewall knows names.
    https://learn.microsoft.com/azure/aks/outbound-rules-control-egress
    """
    return (
        allow_inbound(
            "nodes",
            from_=plan.aks_nodes,
            to=(plan.aks_nodes, pods),
            ports="*",
            protocol="*",
            because="AKS supports no limits between nodes, nor from nodes to pods.",
        ),
        allow_inbound(
            "pods",
            from_=pods,
            to=pods,
            ports="*",
            protocol="*",
            because="Pods reach pods and services under addresses of their own; network policies limit them.",
        ),
        allow_inbound(
            "load-balancer-probes",
            from_="AzureLoadBalancer",
            ports="*",
            protocol="*",
            because="The internal load balancer asks nodes at ports of its choice whether they are alive.",
        ),
        allow_inbound(
            "api-server",
            from_=(plan.hub, plan.spoke),
            to=plan.aks_nodes,
            ports=HTTPS,
            because="The API server's private endpoint stands in this subnet.",
        ),
        allow_inbound(
            "applications",
            from_=(plan.hub, plan.spoke),
            to=plan.aks_nodes,
            ports=HTTP,
            because="The applications' internal load balancers stand in this subnet; nothing outside reaches them.",
        ),
    )


def private_endpoint_rules(plan: AddressPlan) -> tuple[SecurityRule, ...]:
    """Only what runs the platform, or deploys it, reaches its services."""
    clients = (plan.aks_nodes, plan.agents)
    return (
        allow_inbound(
            "https",
            from_=clients,
            to=plan.private_endpoints,
            ports=HTTPS,
            because="Workloads and agents use key vault, registry and blob storage.",
        ),
        allow_inbound(
            "sql",
            from_=clients,
            to=plan.private_endpoints,
            ports=SQL,
            because="Workloads use the database, agents create its users; no port more under the Proxy policy.",
        ),
        _nothing_else_leaves("Private endpoints answer and never ask."),
    )


def _nothing_else_leaves(because: str) -> SecurityRule:
    return deny_outbound("anything-else-outbound", to="*", ports="*", protocol="*", because=because)
