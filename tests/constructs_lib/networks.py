"""The networks in which the tests of other constructs put their subnets and private endpoints."""

from ipaddress import IPv4Network

from cdktf import TerraformStack

from config.network.address_plan import plan_addresses
from config.network.subnets import SUBNETS, SubnetRanges
from constructs_lib.network.private_endpoint import PrivateEndpointNetwork
from constructs_lib.network.virtual_network import VirtualNetwork

RANGE = IPv4Network("10.0.0.0/24")

# The endpoints have 10.1.4.0/26, of which the last that Azure leaves free is 10.1.4.62.
ENDPOINTS = PrivateEndpointNetwork(
    subnet_id="/subnets/endpoints",
    address_plan=plan_addresses(None, IPv4Network("10.1.0.0/20"), SubnetRanges(), SUBNETS),
    dns_resource_group_name="rg-dns",
)


def network_in(stack: TerraformStack, key: str = "hub", *, location: str = "westeurope") -> VirtualNetwork:
    """A virtual network of RANGE, whose key is its name and that of its construct."""
    return VirtualNetwork(
        stack,
        key,
        name=key,
        resource_group_name="rg",
        location=location,
        address_space=RANGE,
    )
