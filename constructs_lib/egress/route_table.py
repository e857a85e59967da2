"""Subnets from which every packet that leaves the networks goes through one firewall or appliance."""

from cdktf_cdktf_provider_azurerm.route_table import RouteTable, RouteTableRoute
from cdktf_cdktf_provider_azurerm.subnet import Subnet
from cdktf_cdktf_provider_azurerm.subnet_route_table_association import SubnetRouteTableAssociation
from constructs import Construct


class EgressRouteTable(Construct):
    """One default route; it holds for a subnet once `route` was called for it."""

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        name: str,
        resource_group_name: str,
        location: str,
        next_hop_ip_address: str,
    ) -> None:
        super().__init__(scope, id_)
        self.resource = RouteTable(
            self,
            "table",
            name=name,
            resource_group_name=resource_group_name,
            location=location,
            # A gateway that came later could announce a better route, past the firewall.
            bgp_route_propagation_enabled=False,
            route=[
                RouteTableRoute(
                    name="everything-through-firewall",
                    address_prefix="0.0.0.0/0",
                    # AKS refuses a default route to the Internet, so this must stand before a cluster does.
                    # https://github.com/hashicorp/terraform-provider-azurerm/issues/8609
                    next_hop_type="VirtualAppliance",
                    next_hop_in_ip_address=next_hop_ip_address,
                )
            ],
        )

    def route(self, id_: str, subnet: Subnet) -> SubnetRouteTableAssociation:
        """Send what leaves the subnet to the next hop."""
        return SubnetRouteTableAssociation(
            self, f"{id_}-association", subnet_id=subnet.id, route_table_id=self.resource.id
        )
