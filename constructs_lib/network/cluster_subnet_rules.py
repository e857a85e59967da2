"""Who reaches what in the subnets that the cluster lives on, as data: nodes, API server, load balancers, endpoints."""

from collections.abc import Callable, Collection, Sequence
from ipaddress import IPv4Network

from config.network.address_plan import AddressPlan
from config.network.callers import Callers
from config.network.private_endpoints import EVERY_PRIVATE_ADDRESS, PrivateAddress
from config.network.subnets import SubnetKey
from constructs_lib.network.ports import HTTP, HTTPS, SQL
from constructs_lib.network.security_rule import (
    SecurityRule,
    allow_inbound,
    allow_outbound,
    deny_all_outbound,
    deny_outbound,
)

# 443 is where the API server is called; behind its load balancer it answers at the other one.
# https://learn.microsoft.com/azure/aks/api-server-vnet-integration#network-security-group-nsg-security-rules
API_SERVER = (HTTPS, 4443)
API_SERVER_PROBES = 9988

# From where people and pipelines administer the cluster, where the environment has such a subnet.
ADMINISTRATION = (SubnetKey.BASTION, SubnetKey.JUMP_BOX, SubnetKey.AGENTS)

NOBODY_FROM_OUTSIDE = Callers()


def node_rules(
    plan: AddressPlan,
    pods: IPv4Network,
    callers: Callers = NOBODY_FROM_OUTSIDE,
    *,
    isolated: bool = False,
    gateway: bool = False,
) -> tuple[SecurityRule, ...]:
    """Traffic inside the cluster is free here, as AKS demands; network policies rule it.

    The overlay is not encapsulated, so packets of pods meet these rules with pods' addresses, on both ends.
    https://learn.microsoft.com/azure/aks/concepts-network-azure-cni-overlay#network-security-groups
    Unless they are isolated no rule for what leaves: AKS depends on names, not addresses, and the firewall knows names.
    https://learn.microsoft.com/azure/aks/outbound-rules-control-egress
    """
    return (
        *_inside(plan, pods, allow_inbound),
        allow_inbound(
            "load-balancer-probes",
            from_="AzureLoadBalancer",
            ports="*",
            protocol="*",
            because="The internal load balancer asks nodes at ports of its choice whether they are alive.",
        ),
        *(_control_plane(plan, pods) if SubnetKey.API_SERVER in plan.subnets else _api_server_endpoint(plan, callers)),
        # What passes AKS's load balancers keeps the frontend as its destination, and is checked here, at the nodes.
        # https://learn.microsoft.com/azure/load-balancer/load-balancer-floating-ip
        _applications(plan, callers, gateway=gateway),
        *(_nothing_outside(plan, pods) if isolated else ()),
    )


def api_server_rules(plan: AddressPlan, callers: Callers = NOBODY_FROM_OUTSIDE) -> tuple[SecurityRule, ...]:
    """Of an API server that stands in the network itself; it may reach whatever it wants, as Azure runs it."""
    return (
        allow_inbound(
            "nodes",
            from_=plan.aks_nodes,
            to=plan.subnets[SubnetKey.API_SERVER],
            ports=API_SERVER,
            because="Nodes, and pods under the nodes' addresses, use the API server.",
        ),
        *_administration(
            plan, plan.subnets[SubnetKey.API_SERVER], API_SERVER, callers, "People and pipelines call it."
        ),
        allow_inbound(
            "load-balancer-probes",
            from_="AzureLoadBalancer",
            to=plan.subnets[SubnetKey.API_SERVER],
            ports=API_SERVER_PROBES,
            because="The API server's load balancer asks whether it is alive.",
        ),
    )


def load_balancer_rules(
    plan: AddressPlan, callers: Callers = NOBODY_FROM_OUTSIDE, *, gateway: bool = False
) -> tuple[SecurityRule, ...]:
    """The same that holds at the nodes, where it is checked; nothing else ever stands in this subnet."""
    return (
        _applications(plan, callers, gateway=gateway),
        deny_all_outbound("Frontends of load balancers pass on and never ask."),
    )


def private_endpoint_rules(
    plan: AddressPlan,
    callers: Callers = NOBODY_FROM_OUTSIDE,
    served: Collection[PrivateAddress] = EVERY_PRIVATE_ADDRESS,
) -> tuple[SecurityRule, ...]:
    """Each service is reached at its own address by whom it serves; `callers` are people and pipelines elsewhere."""
    nodes, agents, jump_box = plan.aks_nodes, _in_use(plan, SubnetKey.AGENTS), _in_use(plan, SubnetKey.JUMP_BOX)
    to_state = (*agents, *jump_box, *callers.registry_and_state)
    return (
        allow_inbound(
            "key-vault",
            from_=(nodes, *agents, *_in_use(plan, SubnetKey.APPLICATION_GATEWAY), *jump_box, *callers.vault),
            to=_at(plan, PrivateAddress.KEY_VAULT),
            ports=HTTPS,
            because="Workloads and a gateway fetch what lies here; agents and people put it there.",
        ),
        *(
            _registry(plan, (nodes, *agents, *jump_box, *callers.registry_and_state))
            if PrivateAddress.REGISTRY in served
            else ()
        ),
        *(_database(plan, (nodes, *jump_box, *callers.sql)) if PrivateAddress.SQL_SERVER in served else ()),
        *(_state(plan, to_state) if to_state else ()),
        deny_all_outbound("Private endpoints answer and never ask."),
    )


def _registry(plan: AddressPlan, callers: Sequence[IPv4Network]) -> tuple[SecurityRule, ...]:
    return (
        allow_inbound(
            "registry",
            from_=callers,
            to=_at(plan, PrivateAddress.REGISTRY, PrivateAddress.REGISTRY_DATA),
            ports=HTTPS,
            because="Nodes pull images, agents push them, and people look which there are.",
        ),
    )


def _database(plan: AddressPlan, callers: Sequence[IPv4Network]) -> tuple[SecurityRule, ...]:
    return (
        allow_inbound(
            "sql",
            from_=callers,
            to=_at(plan, PrivateAddress.SQL_SERVER),
            ports=SQL,
            because="Workloads use the database, people administer it; no port more under the Proxy policy.",
        ),
    )


def _api_server_endpoint(plan: AddressPlan, callers: Callers) -> tuple[SecurityRule, ...]:
    because = "The API server's private endpoint stands in this subnet."
    return _administration(plan, plan.aks_nodes, HTTPS, callers, because)


def _control_plane(plan: AddressPlan, pods: IPv4Network) -> tuple[SecurityRule, ...]:
    # There is no tunnel by which it would come: https://learn.microsoft.com/azure/aks/api-server-vnet-integration
    return (
        allow_inbound(
            "control-plane",
            from_=plan.subnets[SubnetKey.API_SERVER],
            to=(plan.aks_nodes, pods),
            ports="*",
            because="The API server calls kubelets, and webhooks of pods at ports of their choice.",
        ),
    )


def _administration(
    plan: AddressPlan, to: IPv4Network, ports: int | Sequence[int], callers: Callers, because: str
) -> tuple[SecurityRule, ...]:
    clients = (*_in_use(plan, *ADMINISTRATION), *callers.api_server)
    return (allow_inbound("api-server", from_=clients, to=to, ports=ports, because=because),) if clients else ()


def _state(plan: AddressPlan, clients: Sequence[IPv4Network]) -> tuple[SecurityRule, ...]:
    return (
        allow_inbound(
            "state",
            from_=clients,
            to=_at(plan, PrivateAddress.STATE),
            ports=HTTPS,
            because="Agents keep Terraform's state; people release its lock where a job was cancelled.",
        ),
    )


def _at(plan: AddressPlan, *what: PrivateAddress) -> tuple[IPv4Network, ...]:
    return tuple(IPv4Network(plan.private_address(one)) for one in what)


def _in_use(plan: AddressPlan, *keys: SubnetKey) -> tuple[IPv4Network, ...]:
    return tuple(plan.subnets[key] for key in keys if key in plan.subnets)


def _applications(plan: AddressPlan, callers: Callers, *, gateway: bool) -> SecurityRule:
    if gateway:
        return allow_inbound(
            "applications",
            from_=plan.callers_of_the_gateway(callers.application),
            to=plan.subnets[SubnetKey.LOAD_BALANCERS],
            ports=HTTPS,
            because="The gateway is called by what stands in front of it, or else by whoever stands in the networks.",
        )
    return allow_inbound(
        "applications",
        from_=(*plan.virtual_networks.values(), *callers.application),
        to=plan.subnets[SubnetKey.LOAD_BALANCERS],
        ports=HTTP,
        because="Internal load balancers are called by whoever stands in the networks, and by what publishes.",
    )


def _inside(
    plan: AddressPlan, pods: IPv4Network, allow: Callable[..., SecurityRule], suffix: str = ""
) -> tuple[SecurityRule, ...]:
    return (
        allow(
            f"nodes{suffix}",
            from_=plan.aks_nodes,
            to=(plan.aks_nodes, pods),
            ports="*",
            protocol="*",
            because="AKS supports no limits between nodes, nor from nodes to pods.",
        ),
        allow(
            f"pods{suffix}",
            from_=pods,
            to=pods,
            ports="*",
            protocol="*",
            because="Pods reach pods and services under addresses of their own; network policies limit them.",
        ),
    )


def _nothing_outside(plan: AddressPlan, pods: IPv4Network) -> tuple[SecurityRule, ...]:
    # Where something is denied, AKS wants allowed before what it needs inside; pods' addresses are none of the network.
    # https://learn.microsoft.com/azure/aks/concepts-network-azure-cni-overlay#network-security-groups
    return (
        *_inside(plan, pods, allow_outbound, "-outbound"),
        # https://learn.microsoft.com/azure/virtual-network/ip-services/default-outbound-access#limitations
        deny_outbound(
            "internet",
            to="Internet",
            ports="*",
            protocol="*",
            because="Even from a subnet without egress, Azure lets machines reach anybody's storage in the region.",
        ),
    )
