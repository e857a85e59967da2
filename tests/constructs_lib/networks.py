"""The network in which the tests of other constructs put their subnets."""

from ipaddress import IPv4Network

from cdktf import TerraformStack

from constructs_lib.network.virtual_network import VirtualNetwork

RANGE = IPv4Network("10.0.0.0/24")


def network_in(stack: TerraformStack, key: str = "hub", *, location: str = "westeurope") -> VirtualNetwork:
    """A virtual network of RANGE, whose key is its name and that of its construct."""
    return VirtualNetwork(
        stack,
        key,
        name=key,
        resource_group_name="rg",
        location=location,
        address_space=RANGE,
        prevent_destroy=False,
    )
