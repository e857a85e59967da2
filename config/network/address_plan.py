"""The address plan: every subnet's place in its virtual network, as data.

A virtual network gets one range; each subnet stands at a fixed offset in it, so that adding one moves no other. A range
given under `network.subnets` replaces the planned one.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network

from config.network.private_endpoints import PLACES, PrivateAddress
from config.network.subnets import SUBNETS, SubnetKey, SubnetRanges, VirtualNetworkKey
from config.types import Cidr, Settings

# Where the subnets of the hub stand when there is only one network: after all of the spoke's.
SINGLE_NETWORK_OFFSET = 2048


class VirtualNetworkSettings(Settings):
    """One virtual network."""

    address_space: Cidr
    """The only range of the virtual network; its subnets are drawn from it. Another range for the
    spoke changes the addresses of the private endpoints, which replaces them."""


@dataclass(frozen=True)
class AddressPlan:
    """The range of every virtual network and subnet that one environment has."""

    virtual_networks: Mapping[VirtualNetworkKey, IPv4Network]
    subnets: Mapping[SubnetKey, IPv4Network]
    """Range of each subnet, in the order of the table."""

    dns_servers: tuple[IPv4Address, ...] = ()
    """Whom every network asks for names; none: Azure, or the firewall."""

    def home_of(self, subnet: SubnetKey) -> VirtualNetworkKey:
        """The virtual network in which the subnet stands."""
        home = SUBNETS[subnet].virtual_network
        return home if home in self.virtual_networks else VirtualNetworkKey.SPOKE

    @property
    def aks_nodes(self) -> IPv4Network:
        """Where the nodes stand."""
        return self.subnets[SubnetKey.AKS_NODES]

    @property
    def private_endpoints(self) -> IPv4Network:
        """Where the private endpoints stand."""
        return self.subnets[SubnetKey.PRIVATE_ENDPOINTS]

    def private_address(self, what: PrivateAddress) -> IPv4Address:
        """Where a private endpoint answers; of a subnet, Azure keeps the last address."""
        return self.private_endpoints[-2 - PLACES[what]]

    @property
    def application_address(self) -> IPv4Address:
        """The internal load balancer, or the gateway: the first address of its subnet that Azure does not keep."""
        return self.subnets[SubnetKey.LOAD_BALANCERS][4]

    def callers_of_the_gateway(self, from_outside: Sequence[IPv4Network]) -> tuple[IPv4Network, ...]:
        """Who may call `workloads.gateway`: what stands in front of it and nobody else, or all in the networks."""
        in_front = (SubnetKey.APPLICATION_GATEWAY, SubnetKey.PRIVATE_LINK_SERVICE)
        subnets = tuple(self.subnets[key] for key in in_front if key in self.subnets)
        return subnets or (*self.virtual_networks.values(), *from_outside)


def plan_addresses(
    hub: IPv4Network | None,
    spoke: IPv4Network,
    ranges: SubnetRanges,
    in_use: Collection[SubnetKey],
    dns_servers: tuple[IPv4Address, ...] = (),
) -> AddressPlan:
    """Place the subnets in use; without a hub, all of them in the spoke.

    A planned subnet that does not fit is still placed, outside its virtual network: the rules report it.
    """
    networks = {VirtualNetworkKey.HUB: hub, VirtualNetworkKey.SPOKE: spoke}
    return AddressPlan(
        virtual_networks={key: network for key, network in networks.items() if network is not None},
        subnets={key: subnet_range(key, hub, spoke, ranges) for key in SUBNETS if key in in_use},
        dns_servers=dns_servers,
    )


def subnet_range(key: SubnetKey, hub: IPv4Network | None, spoke: IPv4Network, ranges: SubnetRanges) -> IPv4Network:
    """The range given for a subnet, or else the planned one."""
    given: IPv4Network | None = getattr(ranges, key)
    if given is not None:
        return given
    subnet = SUBNETS[key]
    start, offset = spoke.network_address, subnet.offset
    if subnet.virtual_network is VirtualNetworkKey.HUB:
        start, offset = (hub.network_address, offset) if hub else (start, offset + SINGLE_NETWORK_OFFSET)
    # Past the last IPv4 address it goes on at the first, which is outside every virtual network.
    return IPv4Network(((int(start) + offset) % 2**32, subnet.prefix_length), strict=False)
