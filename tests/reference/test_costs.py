"""The page of costs asks for what is built, and the options say the same prices as the page."""

import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from config.cluster.node_pool import UserPoolSettings
from config.environment import EnvironmentSettings
from config.network.agents import Agents
from config.network.api_server import ApiServer
from config.network.application_gateway import ApplicationGatewaySettings
from config.network.bastion import BastionTier
from config.network.egress import Egress
from config.network.firewall import EgressFirewallSettings, FirewallTier
from config.network.front_door import FrontDoorSettings
from config.network.jump_box import JumpBoxSettings
from config.network.topology import Topology
from reference.charges import bill, total
from reference.costs import INTRODUCTION, render, render_prices
from reference.settings import choices
from tests.config.environment_file import SSH_KEY
from tests.product import ENVIRONMENTS, PURPOSES

PAGE = Path(__file__).parents[2] / "docs" / "costs.md"
DEV = ENVIRONMENTS["dev"]

BILLED = {
    "azurerm_bastion_host": "Bastion Standard",
    "azurerm_container_registry": "Container registry Premium",
    "azurerm_monitor_metric_alert": "Alert on a metric",
    "azurerm_monitor_scheduled_query_rules_alert_v2": "Alert on logs",
    "azurerm_nat_gateway": "NAT gateway",
    "azurerm_private_dns_zone": "Private DNS zone",
    "azurerm_private_endpoint": "Private endpoint",
    "azurerm_public_ip": "Public address",
    "azurerm_application_gateway": "Application Gateway WAF v2",
    "azurerm_cdn_frontdoor_profile": "Front Door Premium",
}


def changed(section: str, **changes: Any) -> EnvironmentSettings:
    table = getattr(DEV, section).model_copy(update=changes)
    return DEV.model_copy(update={section: table})


def quantities(environment: EnvironmentSettings) -> Counter[str]:
    counted: Counter[str] = Counter()
    for charge in bill(environment):
        counted[charge.what] += charge.quantity  # type: ignore[assignment]
    return counted


def test_the_prices_of_the_page_are_up_to_date() -> None:
    page = PAGE.read_text(encoding="utf-8")

    # Between them stands what `environments/` asked for when `make docs` was run.
    assert page.startswith(INTRODUCTION), "docs/costs.md is out of date; `make docs` renews it"
    assert page.endswith(render_prices()), "docs/costs.md is out of date; `make docs` renews it"


@pytest.mark.parametrize("environment", ENVIRONMENTS.values(), ids=ENVIRONMENTS)
def test_what_is_billed_is_what_is_built(environment: EnvironmentSettings, synthesised: Path) -> None:
    built: Counter[str] = Counter()
    for purpose in PURPOSES:
        stack = json.loads((synthesised / "stacks" / f"{environment.name}-{purpose}" / "cdk.tf.json").read_text())
        built.update({BILLED[type_]: len(all_) for type_, all_ in stack["resource"].items() if type_ in BILLED})
    # AKS makes these itself.
    built["Private endpoint"] += environment.network.api_server is ApiServer.PRIVATE_ENDPOINT
    built["Public address"] += environment.network.egress is Egress.LOAD_BALANCER

    billed = quantities(environment)
    assert {what: billed[what] for what in BILLED.values()} == {what: built[what] for what in BILLED.values()}


def test_two_networks_need_two_nat_gateways() -> None:
    both = quantities(changed("network", egress=Egress.NAT_GATEWAY))
    one = quantities(changed("network", egress=Egress.NAT_GATEWAY, topology=Topology.SINGLE, hub=None))
    without_agents = quantities(changed("network", egress=Egress.NAT_GATEWAY, agents=Agents.NONE))

    assert (both["NAT gateway"], one["NAT gateway"], without_agents["NAT gateway"]) == (2, 1, 1)


def test_a_serverless_database_is_billed_by_the_fewest_cores_it_runs_with() -> None:
    # https://learn.microsoft.com/azure/azure-sql/database/resource-limits-vcore-single-databases
    assert DEV.cluster.sql
    sql = DEV.cluster.sql.model_copy(update={"database_sku_name": "GP_S_Gen5_8"})

    assert quantities(changed("cluster", sql=sql))["SQL vCore, General Purpose serverless, while it runs"] == 1.0


def test_without_a_database_nothing_of_it_is_billed() -> None:
    """Its cores, its endpoint and the zone of its name."""
    less = quantities(DEV)
    less.subtract(quantities(changed("cluster", sql=None)))

    assert {what: number for what, number in less.items() if number} == {
        "SQL vCore, General Purpose serverless, while it runs": 0.5,
        "Private endpoint": 1,
        "Private DNS zone": 1,
    }


def test_an_unknown_size_is_said_to_be_missing_from_the_total() -> None:
    box = JumpBoxSettings(vm_size="Standard_F2s_v2", ssh_public_key=SSH_KEY)
    environment = changed("network", jump_box=box)

    assert "| Machine Standard_F2s_v2 | 1 | not known here | `network.jump_box` |" in render([environment])
    assert "## dev: more than USD " in render([environment])
    assert total(bill(environment)) == pytest.approx(total(bill(DEV)) + 5.28)  # its disk


def test_pools_are_billed_by_their_fewest_nodes_and_spot_is_said_to_be_unknown() -> None:
    # Standard_D2s_v5 and a disk of 128 GB, of which docs/costs.md gives the prices for a month.
    pools = (
        UserPoolSettings(name="user", vm_size="Standard_D2s_v5", min_count=2, max_count=3),
        UserPoolSettings(name="idle", vm_size="Standard_E2ds_v5", min_count=0, max_count=3),
        UserPoolSettings(name="cheap", vm_size="Standard_D2ds_v5", min_count=1, max_count=3, spot=True),
    )
    kubernetes = DEV.cluster.kubernetes.model_copy(update={"user_pools": pools})
    none = DEV.cluster.kubernetes.model_copy(update={"user_pools": ()})
    environment, without = changed("cluster", kubernetes=kubernetes), changed("cluster", kubernetes=none)

    assert total(bill(environment)) - total(bill(without)) == pytest.approx(2 * (2 * 0.0575 * 730 + 19.71))
    assert "| Machine Standard_D2ds_v5 on spot | 1 | not known here |" in render([environment])
    assert "## dev: more than USD " in render([environment])


def said(text: str) -> float:
    match = re.search(r"USD ([0-9,]+)", text)
    assert match is not None, text
    return float(match[1].replace(",", ""))


def added(**network: Any) -> float:
    bare = changed("network", egress=Egress.NVA, bastion=BastionTier.NONE)
    table = bare.network.model_copy(update=network)
    return total(bill(bare.model_copy(update={"network": table}))) - total(bill(bare))


GATEWAY = ApplicationGatewaySettings(host_name="shop.example.com", certificate_name="shop")
JUMP_BOX = JumpBoxSettings(ssh_public_key=SSH_KEY)


@pytest.mark.req(47)
@pytest.mark.parametrize(
    ("text", "usd"),
    [
        *(
            (choices(FirewallTier)[tier], added(egress=Egress.FIREWALL, firewall=EgressFirewallSettings(sku_tier=tier)))
            for tier in FirewallTier
        ),
        (choices(Egress)["nat_gateway"], added(egress=Egress.NAT_GATEWAY, topology=Topology.SINGLE, hub=None)),
        (choices(Egress)["load_balancer"], added(egress=Egress.LOAD_BALANCER)),
        (choices(BastionTier)["Standard"], added(bastion=BastionTier.STANDARD)),
        (JumpBoxSettings.__doc__, added(jump_box=JUMP_BOX)),
        (ApplicationGatewaySettings.__doc__, added(application_gateway=GATEWAY)),
        (FrontDoorSettings.__doc__, added(front_door=FrontDoorSettings())),
    ],
)
def test_an_option_says_the_price_of_the_table(text: str, usd: float) -> None:
    assert said(text) == pytest.approx(usd, rel=0.15)
