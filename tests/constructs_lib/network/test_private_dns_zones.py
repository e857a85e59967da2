"""The private zones and the networks that ask them."""

import pytest
from cdktf import TerraformStack, Testing

from config.network.private_endpoints import EVERY_PRIVATE_ADDRESS
from config.network.subnets import VirtualNetworkKey
from constructs_lib.network.private_dns_zones import PrivateDnsZones
from constructs_lib.network.private_link_resources import served_at
from tests.constructs_lib.networks import network_in
from tests.template import Template


@pytest.fixture(scope="module")
def template() -> Template:
    stack = TerraformStack(Testing.app(), "test")
    networks = {key: network_in(stack, key) for key in VirtualNetworkKey}
    PrivateDnsZones(
        stack,
        "private-dns",
        resource_group_name="rg",
        services=served_at(EVERY_PRIVATE_ADDRESS),
        kubernetes_zone="k.azmk8s.io",
        virtual_networks=networks,
    )
    return Template.of(stack)


@pytest.mark.req(35)
def test_every_private_service_has_its_zone(template: Template) -> None:
    names = {zone["name"] for zone in template.resources("azurerm_private_dns_zone").values()}

    # https://learn.microsoft.com/azure/private-link/private-endpoint-dns
    assert names == {
        "privatelink.vaultcore.azure.net",
        "privatelink.database.windows.net",
        "privatelink.azurecr.io",
        "privatelink.blob.core.windows.net",
        "k.azmk8s.io",
    }


@pytest.mark.req(36)
def test_every_zone_is_asked_from_every_network(template: Template) -> None:
    linked = {
        (link["private_dns_zone_name"].split(".")[1], link["virtual_network_id"].split(".")[1].split("_")[0])
        for link in template.resources("azurerm_private_dns_zone_virtual_network_link").values()
    }

    assert linked == {
        (zone, key) for zone in template.resources("azurerm_private_dns_zone") for key in VirtualNetworkKey
    }


def test_no_machine_writes_its_name_into_a_zone(template: Template) -> None:
    links = template.resources("azurerm_private_dns_zone_virtual_network_link").values()

    assert {link["registration_enabled"] for link in links} == {False}


def test_a_service_that_somebody_else_made_private_is_looked_up_in_public(template: Template) -> None:
    zones = {name: zone["name"] for name, zone in template.resources("azurerm_private_dns_zone").items()}
    policies = {
        zones[link["private_dns_zone_name"].split(".")[1]]: link.get("resolution_policy")
        for link in template.resources("azurerm_private_dns_zone_virtual_network_link").values()
    }

    assert policies.pop("k.azmk8s.io") is None
    assert set(policies.values()) == {"NxDomainRedirect"}
