"""A public address that stays the same, for those few resources that Azure lets stand only behind one."""

from collections.abc import Sequence

from cdktf_cdktf_provider_azurerm.public_ip import PublicIp
from constructs import Construct


def add_static_public_ip(
    scope: Construct,
    id_: str,
    *,
    name: str,
    resource_group_name: str,
    location: str,
    availability_zones: Sequence[int],
    ddos_ip_protection: bool = False,
) -> PublicIp:
    """Add an address that survives the failure of a zone, where what it leads to is spread over several.

    Without `ddos_ip_protection` it is protected as its virtual network is.
    """
    # Azure puts an address into one zone or into all three. Two become three, which the next plan would take for a
    # change that re-creates the address. https://github.com/hashicorp/terraform-provider-azurerm/issues/18741
    zones = ("1", "2", "3") if len(availability_zones) > 1 else tuple(map(str, availability_zones))
    return PublicIp(
        scope,
        id_,
        name=name,
        resource_group_name=resource_group_name,
        location=location,
        sku="Standard",
        allocation_method="Static",
        zones=list(zones) or None,
        ddos_protection_mode="Enabled" if ddos_ip_protection else None,
    )
