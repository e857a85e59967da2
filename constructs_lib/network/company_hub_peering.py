"""A spoke joined to the hub that a company has already."""

from collections.abc import Sequence

from cdktf import Fn, ITerraformDependable, TerraformProvider
from cdktf_cdktf_provider_azurerm.virtual_network_peering import VirtualNetworkPeering as OneWayPeering
from constructs import Construct

from config.network.company_hub import CompanyHubSettings, HubPeering
from config.resource_ids import name_of, resource_group_of
from constructs_lib.network.virtual_network import VirtualNetwork


class CompanyHubPeering(Construct):
    """The spoke's half, and the hub's where the settings say so; nothing passes before both are there."""

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        spoke: VirtualNetwork,
        spoke_name: str,
        settings: CompanyHubSettings,
        hub_provider: TerraformProvider | None,
        after: Sequence[ITerraformDependable],
    ) -> None:
        """Join the networks `after` everything that writes to the spoke; `hub_provider` acts in the hub's subscription.

        `spoke_name` tells the spoke from the others of the hub, and is no reference.
        """
        super().__init__(scope, id_)
        hub_half = (
            OneWayPeering(
                self,
                "hub-to-spoke",
                provider=hub_provider,
                name=spoke_name,
                resource_group_name=resource_group_of(settings.virtual_network_id),
                virtual_network_name=name_of(settings.virtual_network_id),
                remote_virtual_network_id=spoke.id,
                allow_forwarded_traffic=True,
                allow_gateway_transit=settings.gateway_transit,
                use_remote_gateways=False,
                # A peering keeps the ranges it was made with until it is told that they changed.
                # https://learn.microsoft.com/azure/virtual-network/update-virtual-network-peering-address-space
                triggers={"remote_address_space": Fn.join(",", spoke.resource.address_space)},
                depends_on=after,
            )
            if settings.peering is HubPeering.BOTH
            else None
        )
        OneWayPeering(
            self,
            "spoke-to-hub",
            name="spoke-to-hub",
            resource_group_name=spoke.resource_group_name,
            virtual_network_name=spoke.name,
            remote_virtual_network_id=settings.virtual_network_id,
            # What the hub's firewall passes on keeps its sender, who stands in neither network.
            allow_forwarded_traffic=True,
            allow_gateway_transit=False,
            use_remote_gateways=settings.gateway_transit,
            # A spoke can use a gateway only once the hub's half lends it, and Azure refuses to join a network that is
            # changing. https://github.com/hashicorp/terraform-provider-azurerm/issues/2605
            depends_on=[*after, *([hub_half] if hub_half else [])],
        )
