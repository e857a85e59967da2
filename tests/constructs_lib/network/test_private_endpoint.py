"""Private endpoints and their names."""

import json
from ipaddress import IPv4Address

import pytest
from cdktf import TerraformStack, Testing

from constructs_lib.network.private_endpoint import PrivateEndpoint
from constructs_lib.network.private_link_resources import (
    BLOB_STORAGE,
    CONTAINER_REGISTRY,
    KEY_VAULT,
    PrivateLinkResource,
)
from tests.constructs_lib.networks import ENDPOINTS
from tests.template import Template

ADDRESS, OTHER_ADDRESS = IPv4Address("10.1.4.8"), IPv4Address("10.1.4.9")


def _endpoint(stack: TerraformStack, service: PrivateLinkResource, service_name: str) -> PrivateEndpoint:
    return PrivateEndpoint(
        stack,
        service_name,
        service=service,
        service_name=service_name,
        service_id=f"/subscriptions/s/{service_name}",
        resource_group_name="rg",
        location="westeurope",
        addresses={service.member: ADDRESS, "zz_data": OTHER_ADDRESS},
        network=ENDPOINTS,
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


def test_each_member_has_the_address_that_is_planned_for_it() -> None:
    """Azure takes no block for two members, and lists the blocks in an order of its own: names and addresses agree."""
    stack = TerraformStack(Testing.app(), "test")
    _endpoint(stack, CONTAINER_REGISTRY, "cr")

    assert Template.of(stack).resource("azurerm_private_endpoint")["ip_configuration"] == [
        {
            "name": member,
            "member_name": member,
            "subresource_name": "registry",
            "private_ip_address": address,
        }
        for member, address in (("registry", "10.1.4.8"), ("zz_data", "10.1.4.9"))
    ]


def test_a_members_record_needs_nothing_that_azure_says_but_waits_for_the_endpoint() -> None:
    """The data source knows one address, and with records of a policy the endpoint's own list is empty."""
    stack = TerraformStack(Testing.app(), "test")
    _endpoint(stack, CONTAINER_REGISTRY, "cr").add_member_record("data", "cr.weu.data", member="zz_data")
    template = Template.of(stack)

    (endpoint,) = template.resources("azurerm_private_endpoint")
    record = template.resource("azurerm_private_dns_a_record", name="cr.weu.data")
    assert record["records"] == ["10.1.4.9"]
    assert record["depends_on"] == [f"azurerm_private_endpoint.{endpoint}"]
    assert template.data("azurerm_private_endpoint_connection") == {}


def test_azure_writes_no_records_of_its_own() -> None:
    """A zone group would, beside ours and for ever against them."""
    stack = TerraformStack(Testing.app(), "test")
    _endpoint(stack, CONTAINER_REGISTRY, "cr")

    assert "private_dns_zone_group" not in Template.of(stack).resource("azurerm_private_endpoint")
