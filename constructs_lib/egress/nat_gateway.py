"""Egress for chosen subnets of one virtual network, under an address of its own and with no way in."""

from collections.abc import Sequence

from cdktf_cdktf_provider_azurerm.nat_gateway import NatGateway as AzureNatGateway
from cdktf_cdktf_provider_azurerm.nat_gateway_public_ip_association import NatGatewayPublicIpAssociation
from cdktf_cdktf_provider_azurerm.subnet import Subnet
from cdktf_cdktf_provider_azurerm.subnet_nat_gateway_association import SubnetNatGatewayAssociation
from constructs import Construct

from constructs_lib.network.static_public_ip import add_static_public_ip


class NatGateway(Construct):
    """Nothing is inspected; it holds for a subnet once `serve` was called for it.

    Peering passes on no NAT gateway: each network needs its own.
    https://learn.microsoft.com/azure/nat-gateway/nat-overview#nat-gateway-configurations
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        name: str,
        public_ip_name: str,
        resource_group_name: str,
        location: str,
        availability_zones: Sequence[int],
    ) -> None:
        super().__init__(scope, id_)
        public_ip = add_static_public_ip(
            self,
            "public-ip",
            name=public_ip_name,
            resource_group_name=resource_group_name,
            location=location,
            availability_zones=availability_zones,
        )
        self.resource = AzureNatGateway(
            self,
            "gateway",
            name=name,
            resource_group_name=resource_group_name,
            location=location,
            # In no zone of our choice: this SKU stands in one, while what it serves stands in several. The one that
            # spans zones is not in every region, and unknown to the provider that the bindings were generated from.
            # https://learn.microsoft.com/azure/reliability/reliability-nat-gateway
            sku_name="Standard",
        )
        self._address = NatGatewayPublicIpAssociation(
            self, "public-ip-association", nat_gateway_id=self.resource.id, public_ip_address_id=public_ip.id
        )

    def serve(self, id_: str, subnet: Subnet) -> SubnetNatGatewayAssociation:
        """Let the subnet out through the gateway."""
        return SubnetNatGatewayAssociation(
            self,
            f"{id_}-association",
            subnet_id=subnet.id,
            nat_gateway_id=self.resource.id,
            depends_on=[self._address],  # without an address it leads nowhere
        )
