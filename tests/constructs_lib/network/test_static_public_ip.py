"""The zones of an address, of which Azure knows none, one and all."""

import pytest
from cdktf import TerraformStack, Testing

from constructs_lib.network.static_public_ip import add_static_public_ip
from tests.template import Template


@pytest.mark.parametrize(
    ("given", "zones"), [((2,), ["2"]), ((1, 3), ["1", "2", "3"]), ((1, 2, 3), ["1", "2", "3"]), ((), None)]
)
def test_no_plan_finds_other_zones_than_it_asked_for(given: tuple[int, ...], zones: list[str] | None) -> None:
    stack = TerraformStack(Testing.app(), "test")
    add_static_public_ip(
        stack, "ip", name="pip", resource_group_name="rg", location="westeurope", availability_zones=given
    )

    assert Template.of(stack).resource("azurerm_public_ip").get("zones") == zones
