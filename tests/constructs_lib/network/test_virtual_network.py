"""A virtual network, its subnets and its name server."""

from ipaddress import IPv4Network

import pytest
from cdktf import TerraformStack, Testing

from config.network.subnets import SubnetKind
from constructs_lib.network.virtual_network import VirtualNetwork
from tests.template import Template

RANGE = IPv4Network("10.0.0.0/24")


@pytest.fixture(scope="module")
def template() -> Template:
    stack = TerraformStack(Testing.app(), "test")
    network = VirtualNetwork(
        stack,
        "spoke",
        name="vnet",
        resource_group_name="rg",
        location="westeurope",
        address_space=RANGE,
    )
    network.add_subnet("agents", name="agents", address_range=RANGE)
    network.add_subnet("aks-nodes", name="nodes", address_range=RANGE)
    network.add_subnet("private-endpoints", name="endpoints", address_range=RANGE, kind=SubnetKind.PRIVATE_ENDPOINTS)
    network.add_subnet("api-server", name="api-server", address_range=RANGE, delegated_to="Microsoft.Some/service")
    network.add_subnet("private-link-service", name="links", address_range=RANGE, kind=SubnetKind.PRIVATE_LINK_SERVICE)
    network.use_name_servers("10.9.9.4")
    return Template.of(stack)


def test_no_subnet_reaches_the_internet_by_default(template: Template) -> None:
    subnets = template.resources("azurerm_subnet").values()

    assert {subnet["default_outbound_access_enabled"] for subnet in subnets} == {False}


@pytest.mark.req(30)
@pytest.mark.req(90)
def test_no_subnet_has_service_endpoints(template: Template) -> None:
    assert not [subnet for subnet in template.resources("azurerm_subnet").values() if "service_endpoints" in subnet]


@pytest.mark.req(32)
def test_the_security_group_of_the_private_endpoints_applies_to_them(template: Template) -> None:
    subnet = template.resource("azurerm_subnet", name="endpoints")

    assert subnet["private_endpoint_network_policies"] == "NetworkSecurityGroupEnabled"


def test_a_delegation_says_what_azure_would_say(template: Template) -> None:
    """Actions that Azure adds by itself would come up in every plan."""
    (delegation,) = template.resource("azurerm_subnet", name="api-server")["delegation"]

    assert delegation["service_delegation"] == {
        "name": "Microsoft.Some/service",
        "actions": ["Microsoft.Network/virtualNetworks/subnets/join/action"],
    }


def test_only_where_a_private_link_service_stands_its_policies_are_off(template: Template) -> None:
    argument = "private_link_service_network_policies_enabled"
    subnets = {subnet["name"]: subnet.get(argument) for subnet in template.resources("azurerm_subnet").values()}

    assert subnets.pop("links") is False
    assert set(subnets.values()) == {None}


def test_the_network_exists_before_its_name_server(template: Template) -> None:
    network = template.resource("azurerm_virtual_network")

    assert "dns_servers" not in network
    assert template.resource("azurerm_virtual_network_dns_servers")["dns_servers"] == ["10.9.9.4"]
