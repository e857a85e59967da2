"""The zones that give the names of private services their private addresses, in every network that is linked."""

from collections.abc import Mapping, Sequence

from cdktf_cdktf_provider_azurerm.private_dns_zone import PrivateDnsZone
from cdktf_cdktf_provider_azurerm.private_dns_zone_virtual_network_link import PrivateDnsZoneVirtualNetworkLink
from constructs import Construct

from config.network.subnets import VirtualNetworkKey
from constructs_lib.network.private_link_resources import PrivateLinkResource
from constructs_lib.network.virtual_network import VirtualNetwork

KUBERNETES = "kubernetes"


class PrivateDnsZones(Construct):
    """A zone for each kind of private service, linked to each of the networks."""

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        resource_group_name: str,
        services: Sequence[PrivateLinkResource],
        kubernetes_zone: str,
        virtual_networks: Mapping[VirtualNetworkKey, VirtualNetwork],
    ) -> None:
        """Make the zones of the services, `kubernetes_zone` for the API server, and link them to the networks.

        A key of `virtual_networks` names the links and their constructs.
        """
        super().__init__(scope, id_)
        names = {resource.noun: resource.dns_zone for resource in services}
        names[KUBERNETES] = kubernetes_zone
        self.resources = {
            service: PrivateDnsZone(
                self,
                service,
                name=name,
                resource_group_name=resource_group_name,
            )
            for service, name in names.items()
        }
        for service, zone in self.resources.items():
            zone_name = zone.name
            for key, network in virtual_networks.items():
                PrivateDnsZoneVirtualNetworkLink(
                    self,
                    f"{service}-{key}-link",
                    name=key,
                    private_dns_zone_name=zone_name,
                    resource_group_name=resource_group_name,
                    virtual_network_id=network.id,
                    # A machine must not be able to put its own name beside those of the services.
                    registration_enabled=False,
                    # A linked zone answers for every service of its kind: one that has a private endpoint in somebody
                    # else's network is looked up in public DNS instead of being unknown.
                    # https://learn.microsoft.com/azure/dns/private-dns-fallback
                    resolution_policy=None if service == KUBERNETES else "NxDomainRedirect",
                )
