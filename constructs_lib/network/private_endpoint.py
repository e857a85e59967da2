"""A private address for one service, and the names by which the virtual networks find it there."""

from dataclasses import dataclass

from cdktf import Fn, TerraformLocal
from cdktf_cdktf_provider_azurerm.data_azurerm_private_endpoint_connection import DataAzurermPrivateEndpointConnection
from cdktf_cdktf_provider_azurerm.private_dns_a_record import PrivateDnsARecord
from cdktf_cdktf_provider_azurerm.private_endpoint import PrivateEndpoint as AzurePrivateEndpoint
from cdktf_cdktf_provider_azurerm.private_endpoint import PrivateEndpointPrivateServiceConnection
from constructs import Construct

from constructs_lib.naming import Naming
from constructs_lib.network.private_link_resources import PrivateLinkResource


@dataclass(frozen=True)
class PrivateEndpointNetwork:
    """Where private endpoints stand, and where their names are kept."""

    subnet_id: str
    dns_resource_group_name: str


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
        resource_group_name: str,
        location: str,
        network: PrivateEndpointNetwork,
    ) -> None:
        super().__init__(scope, id_)
        self._zone_name = service.dns_zone
        self._zone_resource_group_name = network.dns_resource_group_name
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
        )

    def add_record(self, name: str) -> PrivateDnsARecord:
        """Give the only address of the service its name; whoever needs the data plane waits for the record."""
        connection = DataAzurermPrivateEndpointConnection(
            self,
            "connection",
            # Unknown until the endpoint is there, so that Terraform does not look for it before; known ever after.
            name=self._at_arms_length("name", Fn.basename(self.resource.id)),
            resource_group_name=self._at_arms_length("resource-group-name", self.resource.resource_group_name),
        )
        return self._record("record", name, connection.private_service_connection.get(0).private_ip_address)

    def add_member_record(self, id_: str, name: str, *, fqdn: str) -> PrivateDnsARecord:
        """Give one of several addresses its name: the address that Azure lists for the public name `fqdn`."""
        # The data source tells one address, and nobody says which: only the endpoint itself lists all of them.
        # https://github.com/hashicorp/terraform-provider-azurerm/blob/v4.55.0/internal/services/network/private_endpoint_connection_data_source.go
        addresses = self.resource.custom_dns_configs.fqn
        return self._record(id_, name, f'${{one([for c in {addresses} : c.ip_addresses[0] if c.fqdn == "{fqdn}"])}}')

    def _at_arms_length(self, what: str, value: str) -> str:
        """The value, by a way that lets a data source be read in every plan that knows it.

        One that names a resource itself waits for every change of that resource, as with `depends_on`: a new tag on the
        endpoint would make its address unknown until the apply, and change each record.
        https://github.com/hashicorp/terraform/blob/v1.11.4/internal/terraform/transform_reference.go
        """
        return TerraformLocal(self, f"endpoint-{what}", value).as_string

    def _record(self, id_: str, name: str, address: str) -> PrivateDnsARecord:
        return PrivateDnsARecord(
            self,
            id_,
            name=name,
            zone_name=self._zone_name,
            resource_group_name=self._zone_resource_group_name,
            ttl=300,
            records=[address],
        )
