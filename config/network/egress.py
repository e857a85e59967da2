"""How traffic leaves the networks; Azure's own default outbound access is off in every subnet."""

from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True)
class EgressNature:
    """What follows for the platform from a kind of egress."""

    outbound_type: str
    """What AKS calls it: https://learn.microsoft.com/azure/aks/egress-outboundtype"""

    carries_machines: bool
    """Whether it serves agents and jump box too, and not the nodes alone."""

    isolates_the_cluster: bool = False
    """Whether nodes reach nothing outside the networks."""


class Egress(StrEnum):
    """How nodes, agents and jump box reach what is outside."""

    FIREWALL = "firewall"
    """Azure Firewall in the network: only names that a rule gives are reached. About USD 300 to 1,300 a month."""

    NVA = "nva"
    """A virtual appliance of your own, or your company's firewall, at `nva_address`; rules and charges are its own."""

    NAT_GATEWAY = "nat_gateway"
    """A NAT gateway with an address of its own: everything is reached, nothing is inspected. About USD 35 a month for
    each network that has nodes or agents. It stands in one zone."""

    LOAD_BALANCER = "load_balancer"
    """The cluster's own public load balancer, for nodes only: everything is reached. About USD 25 a month."""

    NONE = "none"
    """Nodes reach nothing outside: images come through the registry's cache. No charge. What reports to Azure is then
    left out of the cluster (Container insights, Azure Policy), and what asks Entra does not work: workload identities,
    and with them the application's access to vault and database."""

    @property
    def nature(self) -> EgressNature:
        """What follows from it."""
        return _NATURES[self]


_NATURES = {
    Egress.FIREWALL: EgressNature("userDefinedRouting", carries_machines=True),
    Egress.NVA: EgressNature("userDefinedRouting", carries_machines=True),
    Egress.NAT_GATEWAY: EgressNature("userAssignedNATGateway", carries_machines=True),
    Egress.LOAD_BALANCER: EgressNature("loadBalancer", carries_machines=False),
    Egress.NONE: EgressNature("none", carries_machines=False, isolates_the_cluster=True),
}
