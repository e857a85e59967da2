"""How many virtual networks an environment has."""

from enum import StrEnum


class Topology(StrEnum):
    """How many virtual networks there are."""

    HUB_SPOKE = "hub_spoke"
    """Firewall, Bastion and agents in a hub, cluster and private endpoints in a spoke; further spokes can join. About
    USD 20 for each terabyte between the two."""

    SINGLE = "single"
    """One network for all; its range is that of `network.spoke`. No charge."""

    SPOKE = "spoke"
    """One network, joined to a hub that the company has already: `network.company_hub`. Firewall and DNS servers are
    the hub's; Bastion and agents only if they are asked for. About USD 20 for each terabyte between the two."""
