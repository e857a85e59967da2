"""The NAT gateway."""

import pytest
from cdktf import TerraformStack, Testing

from constructs_lib.egress.nat_gateway import NatGateway
from tests.constructs_lib.networks import RANGE, network_in
from tests.template import Template


@pytest.fixture(scope="module")
def template() -> Template:
    stack = TerraformStack(Testing.app(), "test")
    spoke = network_in(stack, "spoke")
    gateway = NatGateway(
        stack,
        "nat",
        name="ng",
        public_ip_name="pip",
        resource_group_name="rg",
        location="westeurope",
        availability_zones=(1, 2, 3),
    )
    gateway.serve("aks-nodes", spoke.add_subnet("aks-nodes", name="nodes", address_range=RANGE))
    return Template.of(stack)


def test_no_subnet_is_served_before_the_gateway_has_its_address(template: Template) -> None:
    (address,) = template.resources("azurerm_nat_gateway_public_ip_association")
    (gateway,) = template.resources("azurerm_nat_gateway")
    served = template.resource("azurerm_subnet_nat_gateway_association")

    assert served["nat_gateway_id"] == f"${{azurerm_nat_gateway.{gateway}.id}}"
    assert served["depends_on"] == [f"azurerm_nat_gateway_public_ip_association.{address}"]


def test_the_address_survives_a_zone_although_the_gateway_cannot_be_in_several(template: Template) -> None:
    assert template.resource("azurerm_public_ip")["zones"] == ["1", "2", "3"]
    assert "zones" not in template.resource("azurerm_nat_gateway")
