"""Hub and spoke joined in both directions, and nothing beyond the two."""

from collections.abc import Sequence

from cdktf import Fn, ITerraformDependable
from cdktf_cdktf_provider_azurerm.virtual_network_peering import VirtualNetworkPeering as OneWayPeering
from constructs import Construct

from constructs_lib.network.virtual_network import VirtualNetwork


class VirtualNetworkPeering(Construct):
    """A peering works once both its halves exist."""

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        hub: VirtualNetwork,
        spoke: VirtualNetwork,
        after: Sequence[ITerraformDependable],
    ) -> None:
        """Join the networks `after` everything that writes to them or to their subnets."""
        super().__init__(scope, id_)
        self._after = after
        self.resources = (self._join("hub-to-spoke", hub, spoke), self._join("spoke-to-hub", spoke, hub))

    def _join(self, name: str, local: VirtualNetwork, remote: VirtualNetwork) -> OneWayPeering:
        return OneWayPeering(
            self,
            name,
            name=name,
            resource_group_name=local.resource_group_name,
            virtual_network_name=local.name,
            remote_virtual_network_id=remote.id,
            # What the firewall passes on keeps its sender, who stands in neither network.
            allow_forwarded_traffic=True,
            # There is no gateway: a network behind one would reach the platform past the firewall.
            allow_gateway_transit=False,
            use_remote_gateways=False,
            # A peering keeps the ranges it was made with until it is told that they changed.
            # https://learn.microsoft.com/azure/virtual-network/update-virtual-network-peering-address-space
            triggers={"remote_address_space": Fn.join(",", remote.resource.address_space)},
            # The provider serialises the other writes to a network, but not these, and Azure refuses to join a network
            # that is changing. https://github.com/hashicorp/terraform-provider-azurerm/issues/2605
            depends_on=self._after,
        )
