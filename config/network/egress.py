"""How traffic leaves the networks; Azure's own default way out is off in every subnet."""

from enum import StrEnum


class Egress(StrEnum):
    """The way out of the subnets of nodes and agents."""

    FIREWALL = "firewall"
    """Azure Firewall in the network: only names that a rule gives are reached. About USD 300 to 1,300 a month."""

    NVA = "nva"
    """A virtual appliance of your own at `nva_address`; its rules, availability and charges are yours."""

    NAT_GATEWAY = "nat_gateway"
    """A NAT gateway with an address of its own: everything is reached, nothing is inspected. About USD 35 a month for
    each network that has nodes or agents. It stands in one zone."""

    LOAD_BALANCER = "load_balancer"
    """The cluster's own public load balancer, for nodes only: everything is reached. About USD 25 a month."""

    NONE = "none"
    """Nodes reach nothing outside: images come through the registry's cache. No charge. What reports to Azure is then
    left out of the cluster (Container insights, Azure Policy), and what asks Entra does not work: workload identities,
    and with them the application's access to vault and database."""
