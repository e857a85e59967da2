"""A private address for one service, and the names by which the virtual networks find it there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address

from cdktf import Fn, TerraformLocal, TerraformProvider
from cdktf_cdktf_provider_azurerm.data_azurerm_private_endpoint_connection import DataAzurermPrivateEndpointConnection
from cdktf_cdktf_provider_azurerm.private_dns_a_record import PrivateDnsARecord
from cdktf_cdktf_provider_azurerm.private_endpoint import PrivateEndpoint as AzurePrivateEndpoint
from cdktf_cdktf_provider_azurerm.private_endpoint import (
    PrivateEndpointIpConfiguration,
    PrivateEndpointPrivateServiceConnection,
)
from constructs import Construct

from config.network.address_plan import AddressPlan
from constructs_lib.naming import Naming
from constructs_lib.network.private_link_resources import PrivateLinkResource


@dataclass(frozen=True)
class PrivateEndpointNetwork:
    """Where private endpoints stand, and where their names are kept."""

    subnet_id: str
    address_plan: AddressPlan
    dns_resource_group_name: str
    dns_provider: TerraformProvider | None = None
    """Acts in the subscription of the zones, where that is another."""

    named_by_policy: frozenset[PrivateLinkResource] = frozenset()
    """Services whose names a policy of the company's writes: a record of ours would fight with it for ever."""


class PrivateEndpoint(Construct):
    """Its names lead to its own address only; the service's public name stays the one to use, and resolves to them."""

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        service: PrivateLinkResource,
        service_name: str,
        service_id: str,
        addresses: Mapping[str, IPv4Address],
        resource_group_name: str,
        location: str,
        network: PrivateEndpointNetwork,
    ) -> None:
        """Make the endpoint; `addresses` gives each member of the service its own, in the alphabet's order."""
        super().__init__(scope, id_)
        self._addresses = addresses
        self._service, self._network = service, network
        name = Naming.private_endpoint(service_name)
        self.resource = AzurePrivateEndpoint(
            self,
            "endpoint",
            name=name,
            resource_group_name=resource_group_name,
            location=location,
            subnet_id=network.subnet_id,
            private_service_connection=PrivateEndpointPrivateServiceConnection(
                name=name,
                is_manual_connection=False,
                private_connection_resource_id=service_id,
                subresource_names=[service.subresource],
            ),
            ip_configuration=[
                PrivateEndpointIpConfiguration(
                    name=member,
                    private_ip_address=str(address),
                    subresource_name=service.subresource,
                    member_name=member,
                )
                for member, address in addresses.items()
            ],
        )

    def add_record(self, name: str) -> Sequence[PrivateDnsARecord]:
        """Give the only address of the service its name; whoever needs the data plane waits for the record.

        There is none where a policy writes it: the name resolves minutes after the endpoint was made.
        """
        if self._service in self._network.named_by_policy:
            return []
        connection = DataAzurermPrivateEndpointConnection(
            self,
            "connection",
            # Unknown until the endpoint is there, so that Terraform does not look for it before; known ever after.
            name=self._at_arms_length("name", Fn.basename(self.resource.id)),
            resource_group_name=self._at_arms_length("resource-group-name", self.resource.resource_group_name),
        )
        return self._record("record", name, connection.private_service_connection.get(0).private_ip_address)

    def add_member_record(self, id_: str, name: str, *, member: str) -> Sequence[PrivateDnsARecord]:
        """Give the address of one of several members its name.

        As with `add_record`, there is none where a policy writes it.
        """
        if self._service in self._network.named_by_policy:
            return []
        # The data source tells one address, and nobody says which; the endpoint itself lists none once a policy wrote
        # records of its own. But the addresses are fixed.
        # https://github.com/hashicorp/terraform-provider-azurerm/blob/v4.81.0/internal/services/network/private_endpoint_connection_data_source.go
        records = self._record(id_, name, str(self._addresses[member]))
        for record in records:
            record.depends_on = [f"{self.resource.terraform_resource_type}.{self.resource.friendly_unique_id}"]
        return records

    def _at_arms_length(self, what: str, value: str) -> str:
        """The value, by a way that lets a data source be read in every plan that knows it.

        One that names a resource itself waits for every change of that resource, as with `depends_on`: a new tag on the
        endpoint would make its address unknown until the apply, and change each record.
        https://github.com/hashicorp/terraform/blob/v1.11.4/internal/terraform/transform_reference.go
        """
        return TerraformLocal(self, f"endpoint-{what}", value).as_string

    def _record(self, id_: str, name: str, address: str) -> Sequence[PrivateDnsARecord]:
        record = PrivateDnsARecord(
            self,
            id_,
            provider=self._network.dns_provider,
            name=name,
            zone_name=self._service.dns_zone,
            resource_group_name=self._network.dns_resource_group_name,
            ttl=300,
            records=[address],
        )
        return [record]
