"""Private endpoints and their names."""

import json

import pytest
from cdktf import TerraformStack, Testing

from constructs_lib.network.private_endpoint import PrivateEndpoint, PrivateEndpointNetwork
from constructs_lib.network.private_link_resources import (
    BLOB_STORAGE,
    CONTAINER_REGISTRY,
    KEY_VAULT,
    PrivateLinkResource,
)
from tests.template import Template


def _endpoint(stack: TerraformStack, service: PrivateLinkResource, service_name: str) -> PrivateEndpoint:
    return PrivateEndpoint(
        stack,
        service_name,
        service=service,
        service_name=service_name,
        service_id=f"/subscriptions/s/{service_name}",
        resource_group_name="rg",
        location="westeurope",
        network=PrivateEndpointNetwork(subnet_id="/subnets/endpoints", dns_resource_group_name="rg-dns"),
    )


@pytest.mark.req(38)
def test_each_record_holds_the_address_of_its_own_endpoint() -> None:
    stack = TerraformStack(Testing.app(), "test")
    for service, name in ((KEY_VAULT, "vault"), (BLOB_STORAGE, "storage")):
        _endpoint(stack, service, name).add_record(name)
    template = Template.of(stack)

    for name, zone in (("vault", KEY_VAULT.dns_zone), ("storage", BLOB_STORAGE.dns_zone)):
        (address,) = template.resource("azurerm_private_dns_a_record", name=name, zone_name=zone)["records"]
        connection = template.data("azurerm_private_endpoint_connection")[address.split(".")[2]]
        endpoint_name = template.behind(connection["name"])
        endpoint = template.resources("azurerm_private_endpoint")[endpoint_name.split(".")[1]]
        assert endpoint["private_service_connection"]["private_connection_resource_id"] == f"/subscriptions/s/{name}"


@pytest.mark.req(37)
def test_terraform_reads_the_address_only_when_the_endpoint_is_made() -> None:
    """An id is unknown until then. What names the endpoint itself would be read anew, and the record be unknown."""
    stack = TerraformStack(Testing.app(), "test")
    _endpoint(stack, KEY_VAULT, "vault").add_record("vault")
    template = Template.of(stack)

    (endpoint,) = template.resources("azurerm_private_endpoint")
    connection = template.data_source("azurerm_private_endpoint_connection")
    assert f"azurerm_private_endpoint.{endpoint}" not in json.dumps(connection)
    assert template.behind(connection["name"]) == f"${{basename(azurerm_private_endpoint.{endpoint}.id)}}"


def test_a_member_is_found_by_its_public_name_because_the_data_source_knows_one_address_only() -> None:
    stack = TerraformStack(Testing.app(), "test")
    _endpoint(stack, CONTAINER_REGISTRY, "cr").add_member_record("data", "cr.weu.data", fqdn="cr.weu.data.azurecr.io")
    template = Template.of(stack)

    (endpoint,) = template.resources("azurerm_private_endpoint")
    addresses = f"azurerm_private_endpoint.{endpoint}.custom_dns_configs"
    assert template.resource("azurerm_private_dns_a_record", name="cr.weu.data")["records"] == [
        f'${{one([for c in {addresses} : c.ip_addresses[0] if c.fqdn == "cr.weu.data.azurecr.io"])}}'
    ]
    assert template.data("azurerm_private_endpoint_connection") == {}


def test_azure_writes_no_records_of_its_own() -> None:
    """A zone group would, and would leave `custom_dns_configs` empty."""
    stack = TerraformStack(Testing.app(), "test")
    _endpoint(stack, CONTAINER_REGISTRY, "cr")

    assert "private_dns_zone_group" not in Template.of(stack).resource("azurerm_private_endpoint")
