"""The only door for people: a Bastion host that tunnels those whom Entra admits to private machines and API servers."""

from collections.abc import Sequence

from cdktf_cdktf_provider_azurerm.bastion_host import BastionHost as AzureBastionHost
from cdktf_cdktf_provider_azurerm.bastion_host import BastionHostIpConfiguration
from cdktf_cdktf_provider_azurerm.subnet import Subnet
from constructs import Construct

from constructs_lib.network.network_security_group import NetworkSecurityGroup
from constructs_lib.network.static_public_ip import add_static_public_ip
from constructs_lib.network.virtual_network import VirtualNetwork
from constructs_lib.role_assignment import assign_role

# Elsewhere Azure refuses a Bastion host that names zones. One made without them must be re-created to get them.
# https://learn.microsoft.com/azure/reliability/reliability-bastion
REGIONS_WITH_ZONES = frozenset(
    {
        "australiaeast",
        "canadacentral",
        "centralus",
        "eastus",
        "eastus2",
        "italynorth",
        "koreacentral",
        "northeurope",
        "norwayeast",
        "southafricanorth",
        "spaincentral",
        "swedencentral",
        "uksouth",
        "westeurope",
        "westus2",
    }
)


class BastionHost(Construct):
    """Tunnels `az aks bastion` and `az network bastion ssh`; who may use it is opened with `grant_use`."""

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        name: str,
        public_ip_name: str,
        resource_group_name: str,
        location: str,
        subnet: Subnet,
        security: NetworkSecurityGroup,
        availability_zones: Sequence[int],
        ddos_ip_protection: bool = False,
    ) -> None:
        super().__init__(scope, id_)
        zones = [str(zone) for zone in availability_zones] if location in REGIONS_WITH_ZONES else []
        public_ip = add_static_public_ip(
            self,
            "public-ip",
            name=public_ip_name,
            resource_group_name=resource_group_name,
            location=location,
            availability_zones=availability_zones,
            ddos_ip_protection=ddos_ip_protection,
        )
        self.resource = AzureBastionHost(
            self,
            "host",
            name=name,
            resource_group_name=resource_group_name,
            location=location,
            # The smallest that tunnels. Premium adds recordings, which exclude the tunnel, and a host without a public
            # address, which needs another way in. https://learn.microsoft.com/azure/bastion/session-recording
            sku="Standard",
            zones=zones or None,
            ip_configuration=BastionHostIpConfiguration(
                name="people", subnet_id=subnet.id, public_ip_address_id=public_ip.id
            ),
            tunneling_enabled=True,
            # Whoever had such a link would get to the machine without Entra.
            # https://learn.microsoft.com/azure/bastion/shareable-link
            shareable_link_enabled=False,
            # It would reach whatever has an address, past the roles on the machine.
            # https://learn.microsoft.com/azure/bastion/connect-ip-address
            ip_connect_enabled=False,
            # Neither files nor, in the browser, a clipboard carry the platform's data to the machine of a person.
            file_copy_enabled=False,
            copy_paste_enabled=False,
            # Azure makes no host in a subnet whose group lacks one of the rules that it demands.
            # https://learn.microsoft.com/azure/bastion/bastion-nsg
            depends_on=[security.association],
        )

    def grant_use(self, grantee: str, group_id: str, *, beyond: VirtualNetwork | None = None) -> None:
        """Let a group connect to what its members may sign in to, here and in the joined network `beyond`."""
        # https://learn.microsoft.com/azure/bastion/bastion-connect-to-aks-private-cluster#required-roles
        self._let_read(f"{grantee}-reads-host", self.resource.id, group_id)
        if beyond is not None:
            self._let_read(f"{grantee}-reads-network-beyond", beyond.id, group_id)

    def _let_read(self, id_: str, on: str, group_id: str) -> None:
        assign_role(self, id_, role="Reader", on=on, principal_id=group_id, principal_type="Group")
