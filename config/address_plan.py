"""The address plan: every subnet's place in its virtual network, as data.

A virtual network gets one range; each subnet stands at a fixed offset in it, so that adding one moves no other. A range
given under `network.subnets` replaces the planned one.
"""

from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network
from typing import Literal

from config.types import Cidr, Settings

VirtualNetworkKey = Literal["hub", "spoke"]


@dataclass(frozen=True)
class SubnetSlot:
    """A subnet's place: `offset` addresses after the first of its virtual network."""

    virtual_network: VirtualNetworkKey
    offset: int
    prefix_length: int
    longest_prefix_length: int
    """The smallest size that Azure, or what runs in the subnet, accepts."""


# Sizes: https://learn.microsoft.com/azure/firewall/firewall-faq, https://learn.microsoft.com/azure/bastion/configuration-settings#subnet,
# https://learn.microsoft.com/azure/aks/azure-cni-overlay
SUBNET_SLOTS: dict[str, SubnetSlot] = {
    "firewall": SubnetSlot("hub", 0, 26, 26),
    "bastion": SubnetSlot("hub", 128, 26, 26),
    "agents": SubnetSlot("hub", 256, 27, 28),
    "aks_nodes": SubnetSlot("spoke", 0, 22, 26),
    "private_endpoints": SubnetSlot("spoke", 1024, 26, 28),
}


class VirtualNetworkSettings(Settings):
    """One virtual network."""

    address_space: Cidr
    """The only range of the virtual network; its subnets are drawn from it."""


class SubnetRanges(Settings):
    """Ranges that replace the planned ones."""

    firewall: Cidr | None = None
    """`AzureFirewallSubnet`."""

    bastion: Cidr | None = None
    """`AzureBastionSubnet`."""

    agents: Cidr | None = None
    """Self-hosted pipeline agents."""

    aks_nodes: Cidr | None = None
    """Nodes of the cluster; pods have addresses of their own."""

    private_endpoints: Cidr | None = None
    """Private endpoints of the platform's services."""


@dataclass(frozen=True)
class AddressPlan:
    """The range of every virtual network and subnet of one environment."""

    hub: IPv4Network
    spoke: IPv4Network
    firewall: IPv4Network
    bastion: IPv4Network
    agents: IPv4Network
    aks_nodes: IPv4Network
    private_endpoints: IPv4Network

    def virtual_network_of(self, subnet: str) -> IPv4Network:
        """Range of the virtual network in which the subnet of this settings key stands."""
        network: IPv4Network = getattr(self, SUBNET_SLOTS[subnet].virtual_network)
        return network

    @property
    def subnets(self) -> dict[str, IPv4Network]:
        """Every subnet's range by its settings key, in the order of the plan."""
        return {key: getattr(self, key) for key in SUBNET_SLOTS}


def plan_addresses(hub: IPv4Network, spoke: IPv4Network, ranges: SubnetRanges) -> AddressPlan:
    """Place every subnet.

    A planned subnet that does not fit is still placed, outside its virtual network: the rules report it.
    """
    networks: dict[VirtualNetworkKey, IPv4Network] = {"hub": hub, "spoke": spoke}
    placed = {
        key: getattr(ranges, key) or _range_at(networks[slot.virtual_network].network_address, slot)
        for key, slot in SUBNET_SLOTS.items()
    }
    return AddressPlan(hub=hub, spoke=spoke, **placed)


def _range_at(start: IPv4Address, slot: SubnetSlot) -> IPv4Network:
    # Past the last IPv4 address it goes on at the first, which is outside every virtual network.
    return IPv4Network(((int(start) + slot.offset) % 2**32, slot.prefix_length), strict=False)
