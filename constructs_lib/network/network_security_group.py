"""A subnet that nothing enters unless a rule, with its reason, lets it in."""

from collections.abc import Sequence

from cdktf_cdktf_provider_azurerm.network_security_group import NetworkSecurityGroup as AzureSecurityGroup
from cdktf_cdktf_provider_azurerm.network_security_group import NetworkSecurityGroupSecurityRule
from cdktf_cdktf_provider_azurerm.subnet import Subnet
from cdktf_cdktf_provider_azurerm.subnet_network_security_group_association import (
    SubnetNetworkSecurityGroupAssociation,
)
from constructs import Construct

from constructs_lib.network.security_rule import SecurityRule, deny_inbound

FIRST_PRIORITY = 100
PRIORITY_STEP = 10
LAST_PRIORITY = 4096

# Azure's own last rule is the same, but stands behind one that lets in whatever `VirtualNetwork` means.
# https://learn.microsoft.com/azure/virtual-network/network-security-groups-overview#default-security-rules
NOTHING_ELSE_ENTERS = deny_inbound(
    "anything-else-inbound", from_="*", ports="*", protocol="*", because="What no rule above lets in stays out."
)


class NetworkSecurityGroup(Construct):
    """Rules apply in the order given, in each direction; Azure's defaults apply to what they leave open outbound."""

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        name: str,
        resource_group_name: str,
        location: str,
        subnet: Subnet,
        rules: Sequence[SecurityRule],
    ) -> None:
        super().__init__(scope, id_)
        self.resource = AzureSecurityGroup(
            self,
            "group",
            name=name,
            resource_group_name=resource_group_name,
            location=location,
            security_rule=[
                *_in_order([rule for rule in rules if rule.direction == "Inbound"]),
                _row(NOTHING_ELSE_ENTERS, LAST_PRIORITY),
                *_in_order([rule for rule in rules if rule.direction == "Outbound"]),
            ],
        )
        self.id = self.resource.id
        self.association = SubnetNetworkSecurityGroupAssociation(
            self, "association", subnet_id=subnet.id, network_security_group_id=self.id
        )


def _in_order(rules: Sequence[SecurityRule]) -> list[NetworkSecurityGroupSecurityRule]:
    return [_row(rule, FIRST_PRIORITY + PRIORITY_STEP * place) for place, rule in enumerate(rules)]


def _row(rule: SecurityRule, priority: int) -> NetworkSecurityGroupSecurityRule:
    # One value and several have arguments of their own, and a service tag is taken only as one value.
    source, sources = _one_or_several(rule.sources)
    destination, destinations = _one_or_several(rule.destinations)
    port, ports = _one_or_several(rule.ports)
    return NetworkSecurityGroupSecurityRule(
        name=rule.name,
        description=rule.because,
        priority=priority,
        direction=rule.direction,
        access=rule.access,
        protocol=rule.protocol,
        source_address_prefix=source,
        source_address_prefixes=sources,
        source_port_range="*",
        destination_address_prefix=destination,
        destination_address_prefixes=destinations,
        destination_port_range=port,
        destination_port_ranges=ports,
    )


def _one_or_several(values: tuple[str, ...]) -> tuple[str | None, list[str] | None]:
    return (values[0], None) if len(values) == 1 else (None, list(values))
