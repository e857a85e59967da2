"""A virtual network without service endpoints, in whose subnets nothing reaches the Internet by default."""

from ipaddress import IPv4Network

from cdktf_cdktf_provider_azurerm.subnet import Subnet, SubnetDelegation, SubnetDelegationServiceDelegation
from cdktf_cdktf_provider_azurerm.virtual_network import VirtualNetwork as AzureVirtualNetwork
from cdktf_cdktf_provider_azurerm.virtual_network import VirtualNetworkDdosProtectionPlan
from cdktf_cdktf_provider_azurerm.virtual_network_dns_servers import VirtualNetworkDnsServers
from constructs import Construct

from config.network.subnets import SubnetKind


class VirtualNetwork(Construct):
    """One range; a network security group is attached to each subnet from outside, since one subnet takes none."""

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        name: str,
        resource_group_name: str,
        location: str,
        address_space: IPv4Network,
        ddos_protection_plan_id: str | None = None,
    ) -> None:
        super().__init__(scope, id_)
        self.resource = AzureVirtualNetwork(
            self,
            "network",
            name=name,
            resource_group_name=resource_group_name,
            location=location,
            address_space=[str(address_space)],
            ddos_protection_plan=(
                VirtualNetworkDdosProtectionPlan(id=ddos_protection_plan_id, enable=True)
                if ddos_protection_plan_id
                else None
            ),
        )
        self.resource_group_name = resource_group_name
        self.name, self.id = self.resource.name, self.resource.id

    def add_subnet(
        self,
        id_: str,
        *,
        name: str,
        address_range: IPv4Network,
        kind: SubnetKind = SubnetKind.PLAIN,
        delegated_to: str | None = None,
    ) -> Subnet:
        """Add a subnet; `delegated_to` names the type of resource that alone may stand in it."""
        return Subnet(
            self,
            id_,
            name=name,
            resource_group_name=self.resource_group_name,
            virtual_network_name=self.name,
            address_prefixes=[str(address_range)],
            # Azure would lend a public address, past the firewall: still the default of the API that the provider uses.
            # https://learn.microsoft.com/azure/virtual-network/ip-services/default-outbound-access
            default_outbound_access_enabled=False,
            # The default leaves private endpoints open to every peered network, whatever the group says.
            # https://learn.microsoft.com/azure/private-link/disable-private-endpoint-network-policy
            private_endpoint_network_policies=(
                "NetworkSecurityGroupEnabled" if kind is SubnetKind.PRIVATE_ENDPOINTS else None
            ),
            # Azure makes no private link service in a subnet where this is on.
            # https://learn.microsoft.com/azure/private-link/disable-private-link-service-network-policy
            private_link_service_network_policies_enabled=False if kind is SubnetKind.PRIVATE_LINK_SERVICE else None,
            delegation=[_delegation(delegated_to)] if delegated_to else None,
        )

    def use_name_servers(self, *addresses: str) -> VirtualNetworkDnsServers:
        """Let everything that starts in this network from now on ask the DNS servers at these addresses."""
        # A resource of its own, because the server may stand behind a network that must exist first.
        return VirtualNetworkDnsServers(self, "name-server", virtual_network_id=self.id, dns_servers=list(addresses))


def _delegation(service: str) -> SubnetDelegation:
    return SubnetDelegation(
        name="only-service",
        service_delegation=SubnetDelegationServiceDelegation(
            name=service,
            # The only one that these services ask for. Azure adds it where it is left out, and a plan would then
            # never come to rest.
            actions=["Microsoft.Network/virtualNetworks/subnets/join/action"],
        ),
    )
