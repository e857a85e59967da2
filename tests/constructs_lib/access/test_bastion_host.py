"""The Bastion host: what it is for, what it must not do, and when it can be made."""

import pytest
from cdktf import TerraformStack, Testing

from constructs_lib.access.bastion_host import BastionHost
from constructs_lib.network.access_subnet_rules import bastion_rules
from constructs_lib.network.network_security_group import NetworkSecurityGroup
from tests.constructs_lib.networks import RANGE, network_in
from tests.template import Template

GROUP = "e2d9b6f0-7c14-4a58-91d3-5f08a3c6b701"


def _synthesise(*, region: str = "westeurope", zones: tuple[int, ...] = (), joined: bool = False) -> Template:
    stack = TerraformStack(Testing.app(), "test")
    hub, spoke = (network_in(stack, name, location=region) for name in ("hub", "spoke"))
    subnet = hub.add_subnet("bastion", name="AzureBastionSubnet", address_range=RANGE)
    bastion = BastionHost(
        stack,
        "bastion",
        name="bas",
        public_ip_name="pip",
        resource_group_name="rg",
        location=region,
        subnet=subnet,
        security=NetworkSecurityGroup(
            stack,
            "security",
            name="nsg",
            resource_group_name="rg",
            location=region,
            subnet=subnet,
            rules=bastion_rules(),
        ),
        availability_zones=zones,
    )
    bastion.grant_use("administrators", GROUP, beyond=spoke if joined else None)
    return Template.of(stack)


@pytest.mark.req(60)
def test_it_tunnels_which_the_smaller_tiers_cannot() -> None:
    host = _synthesise().resource("azurerm_bastion_host")

    assert (host["sku"], host["tunneling_enabled"]) == ("Standard", True)
    # Azure records sessions or tunnels.
    assert not host.get("session_recording_enabled")


@pytest.mark.req(60)
@pytest.mark.parametrize("into", [(), ("spoke",)], ids=["single network", "hub and spoke"])
def test_a_group_sees_the_host_and_the_network_that_it_tunnels_into_and_no_more(into: tuple[str, ...]) -> None:
    roles = _synthesise(joined=bool(into)).resources("azurerm_role_assignment").values()

    assert {(role["role_definition_name"], role["principal_id"], role["principal_type"]) for role in roles} == {
        ("Reader", GROUP, "Group")
    }
    # Of `${azurerm_virtual_network.spoke_network_1A2B3C4D.id}` the construct's name.
    assert {role["scope"].split(".")[1].split("_")[0] for role in roles} == {"bastion", *into}


def test_it_carries_no_data() -> None:
    host = _synthesise().resource("azurerm_bastion_host")

    for feature in ("file_copy", "copy_paste"):
        assert host[f"{feature}_enabled"] is False, feature


def test_it_has_no_way_past_entra() -> None:
    host = _synthesise().resource("azurerm_bastion_host")

    for feature in ("shareable_link", "ip_connect"):
        assert host[f"{feature}_enabled"] is False, feature


def test_it_waits_for_the_rules_without_which_azure_makes_no_host() -> None:
    template = _synthesise()

    (association,) = template.resources("azurerm_subnet_network_security_group_association")
    assert template.resource("azurerm_bastion_host")["depends_on"] == [
        f"azurerm_subnet_network_security_group_association.{association}"
    ]


@pytest.mark.parametrize(
    ("region", "zones", "host_zones"),
    [
        pytest.param("westeurope", (1, 3), ["1", "3"], id="spread"),
        pytest.param("westeurope", (), None, id="environment without zones"),
        pytest.param("francecentral", (1, 3), None, id="region without zones for Bastion"),
    ],
)
def test_it_spreads_over_zones_where_azure_lets_it(
    region: str, zones: tuple[int, ...], host_zones: list[str] | None
) -> None:
    template = _synthesise(region=region, zones=zones)

    assert template.resource("azurerm_bastion_host").get("zones") == host_zones
    assert template.resource("azurerm_public_ip").get("zones") == (["1", "2", "3"] if zones else None)
