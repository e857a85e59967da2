"""The firewall, its policy and its rules."""

from dataclasses import replace
from ipaddress import IPv4Address, IPv4Network

import pytest
from cdktf import TerraformStack, Testing

from config.network.address_plan import VirtualNetworkSettings
from config.network.agents import Agents
from config.network.firewall import EgressFirewallSettings, EgressProtocol, EgressRuleSettings, FirewallTier
from config.network.network import NetworkSettings
from config.network.subnets import SubnetKey
from constructs_lib.egress.firewall import EgressFirewall, FirewallManagement
from constructs_lib.egress.firewall_rules import (
    EgressRule,
    NodeReports,
    agent_rules,
    cluster_rules,
    egress_rule_groups,
    jump_box_rules,
)
from tests.config.environment_file import WORKSPACE_CUSTOMER_ID
from tests.constructs_lib.networks import RANGE, network_in
from tests.template import Arguments, Template

# Names below which anybody can have one: storage, sites, workspaces and endpoints for data.
SHARED_SERVICES = (
    "any.blob.core.windows.net",
    "any.queue.core.windows.net",
    "any.azureedge.net",
    "any.westeurope.cloudapp.azure.com",
    "any.azurewebsites.net",
    "any.ods.opinsights.azure.com",
    "any.oms.opinsights.azure.com",
    "any.westeurope-1.ingest.monitor.azure.com",
    "westeurope.monitoring.azure.com",
    "any.cloud.defender.microsoft.com",
    "any.vault.azure.net",
    "any.azurecr.io",
)
# One name for all, which tells its owners apart by what is sent.
TAKES_ANYBODYS_DATA = {"dc.services.visualstudio.com", "graph.microsoft.com", "api.github.com", "github.com"}

REPORTS = NodeReports(logs=WORKSPACE_CUSTOMER_ID)
NODES = IPv4Network("10.1.0.0/24")
AGENTS = IPv4Network("10.2.0.0/24")
APPLICATION = IPv4Address("10.1.4.68")
WHY = "The reason that the setting gives."

EVERY_RULE = [
    *cluster_rules("westeurope", REPORTS),
    *(rule for agents in Agents for rule in agent_rules(agents)),
    *jump_box_rules(),
]


def _firewall(
    stack: TerraformStack, *, tier: FirewallTier = FirewallTier.STANDARD, zones: tuple[int, ...] = ()
) -> EgressFirewall:
    hub = network_in(stack)
    management = hub.add_subnet("management", name="AzureFirewallManagementSubnet", address_range=RANGE)
    return EgressFirewall(
        stack,
        "egress",
        name="afw",
        policy_name="afwp",
        public_ip_name="pip",
        resource_group_name="rg",
        location="westeurope",
        subnet=hub.add_subnet("firewall", name="AzureFirewallSubnet", address_range=RANGE),
        availability_zones=zones,
        settings=EgressFirewallSettings(sku_tier=tier),
        management=FirewallManagement(management, "pip-management") if tier is FirewallTier.BASIC else None,
    )


def _synthesise(*, tier: FirewallTier = FirewallTier.STANDARD, zones: tuple[int, ...] = ()) -> Template:
    stack = TerraformStack(Testing.app(), "test")
    firewall = _firewall(stack, tier=tier, zones=zones)
    firewall.allow("cluster", from_=NODES, rules=cluster_rules("westeurope", REPORTS), priority=100)
    firewall.allow("agents", from_=AGENTS, rules=agent_rules(Agents.MANAGED_DEVOPS_POOL), priority=200)
    firewall.publish("application", port=8443, to=APPLICATION, to_port=80, because="Everybody may.", priority=400)
    return Template.of(stack)


def _rules(template: Template, who: str) -> list[Arguments]:
    group = template.resource("azurerm_firewall_policy_rule_collection_group", name=who)
    (collection,) = group["application_rule_collection"]
    assert collection["action"] == "Allow"
    rules: list[Arguments] = collection["rule"]
    return rules


@pytest.mark.req(46)
@pytest.mark.parametrize("tier", [FirewallTier.STANDARD, FirewallTier.PREMIUM])
def test_known_bad_places_are_refused(tier: FirewallTier) -> None:
    assert _synthesise(tier=tier).resource("azurerm_firewall_policy")["threat_intelligence_mode"] == "Deny"


@pytest.mark.parametrize("tier", [FirewallTier.STANDARD, FirewallTier.PREMIUM])
def test_names_are_answered(tier: FirewallTier) -> None:
    assert _synthesise(tier=tier).resource("azurerm_firewall_policy")["dns"] == {"proxy_enabled": True}


def test_basic_is_asked_for_nothing_that_it_cannot_do() -> None:
    policy = _synthesise(tier=FirewallTier.BASIC).resource("azurerm_firewall_policy")

    assert policy["threat_intelligence_mode"] == "Alert"
    assert "dns" not in policy


def test_only_basic_is_managed_past_its_traffic() -> None:
    standard, basic = (_synthesise(tier=tier) for tier in (FirewallTier.STANDARD, FirewallTier.BASIC))
    firewall = basic.resource("azurerm_firewall")

    assert "management_ip_configuration" not in standard.resource("azurerm_firewall")
    ways = [*firewall["ip_configuration"], firewall["management_ip_configuration"]]
    assert len({way["subnet_id"] for way in ways}) == len({way["public_ip_address_id"] for way in ways}) == 2


def test_only_the_tier_that_can_inspects_for_attacks_and_stops_them() -> None:
    standard, premium = (_synthesise(tier=tier) for tier in (FirewallTier.STANDARD, FirewallTier.PREMIUM))

    assert "intrusion_detection" not in standard.resource("azurerm_firewall_policy")
    assert premium.resource("azurerm_firewall_policy")["intrusion_detection"] == {"mode": "Deny"}


@pytest.mark.parametrize("tier", FirewallTier)
def test_firewall_and_policy_are_of_one_tier(tier: FirewallTier) -> None:
    template = _synthesise(tier=tier)

    assert template.resource("azurerm_firewall")["sku_tier"] == template.resource("azurerm_firewall_policy")["sku"]


def test_address_and_firewall_stand_in_the_same_zones_or_in_none() -> None:
    spread, single = _synthesise(zones=(1, 2, 3)), _synthesise()

    for type_ in ("azurerm_firewall", "azurerm_public_ip"):
        assert spread.resource(type_)["zones"] == ["1", "2", "3"]
        assert "zones" not in single.resource(type_)


@pytest.mark.req(46)
def test_nodes_leave_through_the_tag_that_microsoft_maintains_and_agents_do_not() -> None:
    template = _synthesise()
    tags = {
        who: [tag for rule in _rules(template, who) for tag in rule.get("destination_fqdn_tags", [])]
        for who in ("cluster", "agents")
    }

    assert tags == {"cluster": ["AzureKubernetesService"], "agents": []}


@pytest.mark.req(46)
@pytest.mark.parametrize(("who", "source"), [("cluster", "10.1.0.0/24"), ("agents", "10.2.0.0/24")])
def test_every_rule_opens_the_web_to_names_from_one_subnet(who: str, source: str) -> None:
    template = _synthesise()

    for rule in _rules(template, who):
        assert {(protocol["type"], protocol["port"]) for protocol in rule["protocols"]} <= {
            ("Https", 443),
            ("Http", 80),
        }
        assert rule["source_addresses"] == [source]
        assert bool(rule.get("destination_fqdns")) != bool(rule.get("destination_fqdn_tags")), rule["name"]
    for group in template.resources("azurerm_firewall_policy_rule_collection_group").values():
        assert "network_rule_collection" not in group


def test_only_signed_packages_come_unencrypted() -> None:
    assert {rule.name for rule in EVERY_RULE if "Http" in rule.protocols} == {"ubuntu-packages"}


@pytest.mark.req(46)
@pytest.mark.parametrize("rule", EVERY_RULE, ids=lambda rule: rule.name)
def test_no_rule_opens_what_anybody_can_own(rule: EgressRule) -> None:
    """A wildcard over a service in which everybody can have a name lets stolen data out; so does a shared mailbox."""
    wildcards = tuple(host.removeprefix("*") for host in rule.hosts if host.startswith("*"))

    assert not [shared for shared in SHARED_SERVICES if shared.endswith(wildcards)]
    assert not set(rule.hosts) & TAKES_ANYBODYS_DATA
    assert rule.because.endswith(".")


@pytest.mark.parametrize("agents", Agents)
def test_agents_reach_nobodys_storage_for_their_state(agents: Agents) -> None:
    assert not [host for rule in agent_rules(agents) for host in rule.hosts if ".blob." in host]


@pytest.mark.req(61)
def test_a_managed_pool_reaches_what_starts_its_machines_and_other_agents_do_not() -> None:
    pool, own = (
        {host for rule in agent_rules(agents) for host in rule.hosts}
        for agents in (Agents.MANAGED_DEVOPS_POOL, Agents.SELF_HOSTED)
    )

    assert own < pool
    assert "*.prod.manageddevops.microsoft.com" in pool - own


def test_the_sensor_reports_where_it_is_deployed_and_by_no_more_than_it_needs() -> None:
    sensor = "5d0f1c3e-90a7-4b62-8c1d-7e2f4a6b9c06"
    without = cluster_rules("westeurope", REPORTS)
    (added,) = set(cluster_rules("westeurope", replace(REPORTS, sensor=sensor))) - set(without)

    # https://learn.microsoft.com/azure/aks/outbound-rules-control-egress#microsoft-defender-for-containers
    assert set(added.hosts) == {
        f"{sensor}.ods.opinsights.azure.com",
        f"{sensor}.oms.opinsights.azure.com",
        "*.cloud.defender.microsoft.com",
    }
    assert added.open == (("Https", 443),)
    assert "defender" not in str(without)


def test_what_an_environment_adds_stands_beside_the_rules_of_the_subnet_that_it_names() -> None:
    reason = "Argo CD reads its repository."
    network = NetworkSettings(
        hub=VirtualNetworkSettings(address_space=IPv4Network("10.0.0.0/23")),
        spoke=VirtualNetworkSettings(address_space=IPv4Network("10.1.0.0/20")),
        firewall=EgressFirewallSettings(
            extra_rules=(EgressRuleSettings(name="azure-policy", hosts=("github.com",), because=reason),)
        ),
    )
    groups = {group.subnet: group.rules for group in egress_rule_groups(network, "westeurope", REPORTS)}

    assert groups[SubnetKey.AKS_NODES][-1] == EgressRule("extra-azure-policy", hosts=("github.com",), because=reason)
    assert len({rule.name for rule in groups[SubnetKey.AKS_NODES]}) == len(groups[SubnetKey.AKS_NODES])
    assert groups[SubnetKey.AGENTS] == agent_rules(Agents.SELF_HOSTED)
    assert "jump_box" not in groups


def test_what_an_environment_opens_besides_the_web_goes_by_addresses_or_names_at_its_ports_alone() -> None:
    network = NetworkSettings(
        hub=VirtualNetworkSettings(address_space=IPv4Network("10.0.0.0/23")),
        spoke=VirtualNetworkSettings(address_space=IPv4Network("10.1.0.0/20")),
        firewall=EgressFirewallSettings(
            extra_rules=(
                EgressRuleSettings(name="crl", protocol=EgressProtocol.HTTP, hosts=("crl.example.com",), because=WHY),
                EgressRuleSettings(name="api", hosts=("api.example.com",), ports=(8443, 9443), because=WHY),
                EgressRuleSettings(
                    name="queue", protocol=EgressProtocol.TCP, hosts=("q.example.com",), ports=(5671,), because=WHY
                ),
                EgressRuleSettings(
                    name="time",
                    protocol=EgressProtocol.UDP,
                    addresses=(IPv4Network("192.168.5.0/24"),),
                    ports=(123,),
                    because=WHY,
                ),
            )
        ),
    )
    nodes, agents = egress_rule_groups(network, "westeurope", REPORTS)
    stack = TerraformStack(Testing.app(), "test")
    firewall = _firewall(stack)
    firewall.allow("nodes", from_=NODES, rules=nodes.rules, network_rules=nodes.network_rules, priority=100)
    (group,) = Template.of(stack).resources("azurerm_firewall_policy_rule_collection_group").values()

    named, by_network = group["application_rule_collection"], group["network_rule_collection"]
    assert [
        (rule["name"], rule["destination_fqdns"], rule["protocols"]) for one in named for rule in one["rule"][-2:]
    ] == [
        ("extra-crl", ["crl.example.com"], [{"port": 80, "type": "Http"}]),
        ("extra-api", ["api.example.com"], [{"port": 8443, "type": "Https"}, {"port": 9443, "type": "Https"}]),
    ]
    both = {"description": WHY, "source_addresses": ["10.1.0.0/24"]}
    assert [rule for one in by_network for rule in one["rule"]] == [
        both
        | {
            "name": "extra-queue",
            "protocols": ["TCP"],
            "destination_fqdns": ["q.example.com"],
            "destination_ports": ["5671"],
        },
        both
        | {
            "name": "extra-time",
            "protocols": ["UDP"],
            "destination_addresses": ["192.168.5.0/24"],
            "destination_ports": ["123"],
        },
    ]
    assert named[0]["priority"] != by_network[0]["priority"]
    assert not agents.network_rules


@pytest.mark.req(49)
def test_what_is_published_comes_from_everybody_to_one_port_of_one_private_address() -> None:
    template = _synthesise()
    (collection,) = template.resource("azurerm_firewall_policy_rule_collection_group", name="application")[
        "nat_rule_collection"
    ]
    (rule,) = collection["rule"]
    (address,) = template.resources("azurerm_public_ip")

    assert (collection["action"], rule["source_addresses"], rule["protocols"]) == ("Dnat", ["*"], ["TCP"])
    assert rule["destination_address"] == f"${{azurerm_public_ip.{address}.ip_address}}"
    assert (rule["destination_ports"], rule["translated_address"], rule["translated_port"]) == (
        ["8443"],
        str(APPLICATION),
        80,
    )


def test_groups_of_rules_change_one_after_the_other() -> None:
    template = _synthesise()
    groups = template.resources("azurerm_firewall_policy_rule_collection_group")
    waits = {group["name"]: group.get("depends_on") for group in groups.values()}
    addresses = {group["name"]: f"azurerm_firewall_policy_rule_collection_group.{id_}" for id_, group in groups.items()}

    assert waits == {"cluster": None, "agents": [addresses["cluster"]], "application": [addresses["agents"]]}
    assert len({group["priority"] for group in groups.values()}) == len(groups)


def test_the_firewall_never_has_a_policy_that_lacks_rules() -> None:
    """It waits for all of them, and the new ones are there before the old ones go, if it is to have another tier."""
    template = _synthesise()
    groups = template.resources("azurerm_firewall_policy_rule_collection_group")

    assert set(template.resource("azurerm_firewall")["depends_on"]) == {
        f"azurerm_firewall_policy_rule_collection_group.{id_}" for id_ in groups
    }
    kept = [template.resource("azurerm_firewall_policy"), *(g for g in groups.values() if g["name"] != "application")]
    assert [one["lifecycle"]["create_before_destroy"] for one in kept] == [True, True, True]
