"""How many virtual networks an environment has."""

from enum import StrEnum


class Topology(StrEnum):
    """How many virtual networks there are."""

    HUB_SPOKE = "hub_spoke"
    """Firewall, Bastion and agents in a hub, cluster and private endpoints in a spoke; further spokes can join. About
    USD 20 for each terabyte between the two."""

    SINGLE = "single"
    """One network for all; its range is that of `network.spoke`. No charge."""
