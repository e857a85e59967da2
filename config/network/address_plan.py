"""The address plan: every subnet's place in its virtual network, as data.

A virtual network gets one range; each subnet stands at a fixed offset in it, so that adding one moves no other. A range
given under `network.subnets` replaces the planned one.
"""

from collections.abc import Collection, Mapping
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

    purpose: str


# Where the subnets of the hub stand when there is only one network: after all of the spoke's.
SINGLE_NETWORK_OFFSET = 2048

# Sizes: https://learn.microsoft.com/azure/firewall/firewall-faq,
# https://learn.microsoft.com/azure/bastion/configuration-settings#subnet,
# https://learn.microsoft.com/azure/application-gateway/configuration-infrastructure#size-of-the-subnet,
# https://learn.microsoft.com/azure/aks/api-server-vnet-integration, https://learn.microsoft.com/azure/aks/azure-cni-overlay
SUBNET_SLOTS: dict[str, SubnetSlot] = {
    "firewall": SubnetSlot("hub", 0, 26, 26, "Azure Firewall"),
    "firewall_management": SubnetSlot("hub", 64, 26, 26, "management of a Basic Azure Firewall"),
    "bastion": SubnetSlot("hub", 128, 26, 26, "Bastion host"),
    "jump_box": SubnetSlot("hub", 192, 28, 29, "jump box"),
    "agents": SubnetSlot("hub", 256, 27, 28, "pipeline agents"),
    "aks_nodes": SubnetSlot("spoke", 0, 22, 26, "nodes of the cluster; pods have addresses of their own"),
    "private_endpoints": SubnetSlot("spoke", 1024, 26, 28, "private endpoints of the platform's services"),
    "load_balancers": SubnetSlot("spoke", 1088, 27, 29, "internal load balancers of the applications"),
    "api_server": SubnetSlot("spoke", 1120, 28, 28, "API server with virtual network integration"),
    "private_link_service": SubnetSlot("spoke", 1136, 28, 29, "private link from Front Door to the application"),
    "application_gateway": SubnetSlot("spoke", 1280, 24, 26, "Application Gateway"),
}


class VirtualNetworkSettings(Settings):
    """One virtual network."""

    address_space: Cidr
    """The only range of the virtual network; its subnets are drawn from it."""


class SubnetRanges(Settings):
    """Ranges that replace the planned ones; one for a subnet that the environment does not have is ignored."""

    firewall: Cidr | None = None
    """`AzureFirewallSubnet`."""

    firewall_management: Cidr | None = None
    """`AzureFirewallManagementSubnet`, which only a Basic firewall has."""

    bastion: Cidr | None = None
    """`AzureBastionSubnet`."""

    jump_box: Cidr | None = None
    """The jump box."""

    agents: Cidr | None = None
    """Pipeline agents."""

    aks_nodes: Cidr | None = None
    """Nodes of the cluster; pods have addresses of their own."""

    private_endpoints: Cidr | None = None
    """Private endpoints of the platform's services."""

    load_balancers: Cidr | None = None
    """Internal load balancers of the applications; the fifth address is the application's."""

    api_server: Cidr | None = None
    """The API server, where it stands in the network itself."""

    private_link_service: Cidr | None = None
    """Addresses under which requests from Front Door arrive."""

    application_gateway: Cidr | None = None
    """Application Gateway."""


@dataclass(frozen=True)
class AddressPlan:
    """The range of every virtual network and subnet that one environment has."""

    virtual_networks: Mapping[VirtualNetworkKey, IPv4Network]
    subnets: Mapping[str, IPv4Network]
    """Range of each subnet by its settings key, in the order of the slots."""

    def home_of(self, subnet: str) -> VirtualNetworkKey:
        """The virtual network in which the subnet of this settings key stands."""
        home = SUBNET_SLOTS[subnet].virtual_network
        return home if home in self.virtual_networks else "spoke"

    @property
    def aks_nodes(self) -> IPv4Network:
        """Where the nodes stand."""
        return self.subnets["aks_nodes"]

    @property
    def private_endpoints(self) -> IPv4Network:
        """Where the private endpoints stand."""
        return self.subnets["private_endpoints"]

    @property
    def application_address(self) -> IPv4Address:
        """The application's internal load balancer: the first address of its subnet that Azure does not keep."""
        return self.subnets["load_balancers"][4]


def plan_addresses(
    hub: IPv4Network | None, spoke: IPv4Network, ranges: SubnetRanges, in_use: Collection[str]
) -> AddressPlan:
    """Place the subnets in use; without a hub, all of them in the spoke.

    A planned subnet that does not fit is still placed, outside its virtual network: the rules report it.
    """
    networks: dict[VirtualNetworkKey, IPv4Network] = {"spoke": spoke} if hub is None else {"hub": hub, "spoke": spoke}
    return AddressPlan(
        virtual_networks=networks,
        subnets={key: subnet_range(key, hub, spoke, ranges) for key in SUBNET_SLOTS if key in in_use},
    )


def subnet_range(key: str, hub: IPv4Network | None, spoke: IPv4Network, ranges: SubnetRanges) -> IPv4Network:
    """The range given for a subnet, or else the planned one."""
    given: IPv4Network | None = getattr(ranges, key)
    if given is not None:
        return given
    slot = SUBNET_SLOTS[key]
    start, offset = spoke.network_address, slot.offset
    if slot.virtual_network == "hub":
        start, offset = (hub.network_address, offset) if hub else (start, offset + SINGLE_NETWORK_OFFSET)
    # Past the last IPv4 address it goes on at the first, which is outside every virtual network.
    return IPv4Network(((int(start) + offset) % 2**32, slot.prefix_length), strict=False)
