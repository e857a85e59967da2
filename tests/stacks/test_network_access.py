"""How people get into the network, and what the workspace learns of it, in the network stack as a whole."""

from typing import Any

import pytest
from cdktf import App, Testing

from config.environment import EnvironmentSettings
from config.network.bastion import BastionTier
from config.network.egress import Egress
from config.network.firewall import EgressFirewallSettings, FirewallTier
from config.network.jump_box import JumpBoxSettings
from config.network.log_analytics import LogAnalyticsWorkspaceSettings
from config.network.topology import Topology
from stacks.network import NetworkStack
from tests.config.environment_file import SSH_KEY, WORKSPACE_CUSTOMER_ID
from tests.product import ENVIRONMENTS
from tests.template import Arguments, Template

JUMP_BOX = JumpBoxSettings(ssh_public_key=SSH_KEY)
SHARED_WORKSPACE = (
    "/subscriptions/3f5e0d1c-8a47-4d6b-b2a0-61c9e7f4d201/resourceGroups/rg-logs"
    "/providers/Microsoft.OperationalInsights/workspaces/log-shared"
)
SINGLE: dict[str, Any] = {"topology": Topology.SINGLE, "hub": None}


def _network(**changes: Any) -> Template:
    environment: EnvironmentSettings = ENVIRONMENTS["dev"]
    network = environment.network.model_copy(update=changes)
    app: App = Testing.app()
    return Template.of(NetworkStack(app, environment.model_copy(update={"network": network})))


def _logged(template: Template) -> dict[str, Arguments]:
    """Each diagnostic setting, by the resource that it listens to."""
    settings = template.resources("azurerm_monitor_diagnostic_setting").values()
    return {setting["target_resource_id"].removeprefix("${").removesuffix(".id}"): setting for setting in settings}


@pytest.mark.req(60)
@pytest.mark.parametrize("changes", [{}, SINGLE], ids=["hub and spoke", "single network"])
def test_bastion_stands_where_the_name_of_the_api_server_is_known(changes: dict[str, Any]) -> None:
    template = _network(**changes)
    subnet = template.resource("azurerm_bastion_host")["ip_configuration"]["subnet_id"].split(".")[1]
    network = template.resources("azurerm_subnet")[subnet]["virtual_network_name"].replace(".name}", ".id}")
    zones = template.resources("azurerm_private_dns_zone")
    (kubernetes,) = [name for name, zone in zones.items() if zone["name"].endswith("azmk8s.io")]

    linked = {
        link["virtual_network_id"]
        for link in template.resources("azurerm_private_dns_zone_virtual_network_link").values()
        if link["private_dns_zone_name"] == f"${{azurerm_private_dns_zone.{kubernetes}.name}}"
    }
    assert network in linked


def test_without_bastion_there_is_no_address_for_people() -> None:
    template = _network(bastion=BastionTier.NONE)

    assert not template.resources("azurerm_bastion_host")
    assert not [ip for ip in template.resources("azurerm_public_ip").values() if "bastion" in ip["name"]]
    roles = template.resources("azurerm_role_assignment").values()
    assert [role for role in roles if role["principal_type"] != "ServicePrincipal"] == []


def test_networks_are_joined_after_bastion_moved_in() -> None:
    template = _network()
    (bastion,) = template.resources("azurerm_bastion_host")

    for peering in template.resources("azurerm_virtual_network_peering").values():
        assert f"azurerm_bastion_host.{bastion}" in peering["depends_on"]


@pytest.mark.req(58)
@pytest.mark.parametrize("topology", [{}, SINGLE], ids=["hub and spoke", "single network"])
@pytest.mark.parametrize(
    ("egress", "needed"),
    [
        # The route leads to a firewall, which waits for its rules.
        pytest.param({}, {"azurerm_subnet_route_table_association"}, id="firewall"),
        pytest.param(
            {"firewall": EgressFirewallSettings(sku_tier=FirewallTier.BASIC)},
            {"azurerm_subnet_route_table_association"},
            id="Basic firewall",
        ),
        pytest.param({"egress": Egress.NAT_GATEWAY}, {"azurerm_subnet_nat_gateway_association"}, id="NAT gateway"),
    ],
)
def test_the_jump_box_starts_once_it_is_guarded_and_has_egress(
    topology: dict[str, Any], egress: dict[str, Any], needed: set[str]
) -> None:
    template = _network(jump_box=JUMP_BOX, **topology, **egress)
    before = template.resource("azurerm_linux_virtual_machine")["depends_on"]

    assert needed | {"azurerm_subnet_network_security_group_association"} <= {name.split(".")[0] for name in before}
    assert [name for name in before if "jump-box" in name and not name.startswith("azurerm_subnet_network_security")]


def test_a_jump_box_is_only_where_it_was_asked_for() -> None:
    assert not _network().resources("azurerm_linux_virtual_machine")


@pytest.mark.parametrize("changes", [{}, {"jump_box": JUMP_BOX}, SINGLE, {"bastion": BastionTier.NONE}], ids=str)
def test_firewall_bastion_and_every_security_group_are_heard(changes: dict[str, Any]) -> None:
    template = _network(**changes)
    talking = ("azurerm_firewall", "azurerm_bastion_host", "azurerm_network_security_group")

    # Besides the state's account, which is not of this stack: tests/policy/test_storage_controls.py.
    own = {target for target in _logged(template) if not target.startswith("/subscriptions/")}
    assert own == {f"{type_}.{name}" for type_ in talking for name in template.resources(type_)}


def test_the_logs_go_to_the_stacks_workspace_or_to_the_one_that_is_named() -> None:
    own = _network()
    (workspace,) = own.resources("azurerm_log_analytics_workspace")
    shared = _network(
        log_analytics=LogAnalyticsWorkspaceSettings(
            existing_workspace_id=SHARED_WORKSPACE, existing_workspace_customer_id=WORKSPACE_CUSTOMER_ID
        )
    )

    for template, target in (
        (own, f"${{azurerm_log_analytics_workspace.{workspace}.id}}"),
        (shared, SHARED_WORKSPACE),
    ):
        assert {setting["log_analytics_workspace_id"] for setting in _logged(template).values()} == {target}
    assert not shared.resources("azurerm_log_analytics_workspace")
