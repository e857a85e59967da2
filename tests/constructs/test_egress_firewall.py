"""The firewall, its policy and its rules."""

from ipaddress import IPv4Network

import pytest
from cdktf import TerraformStack, Testing
from cdktf_cdktf_provider_azurerm.resource_group import ResourceGroup

from config.egress_firewall import EgressFirewallSettings, FirewallTier
from constructs_lib.egress_firewall import EgressFirewall
from constructs_lib.firewall_rules import EgressRule, agent_rules, cluster_rules
from constructs_lib.virtual_network import VirtualNetwork
from tests.template import Arguments, Template

RANGE = IPv4Network("10.0.0.0/24")
NODES = IPv4Network("10.1.0.0/24")
AGENTS = IPv4Network("10.2.0.0/24")


def _synthesise(*, tier: FirewallTier = FirewallTier.STANDARD, zones: tuple[int, ...] = ()) -> Template:
    stack = TerraformStack(Testing.app(), "test")
    group = ResourceGroup(stack, "group", name="rg", location="westeurope")
    hub = VirtualNetwork(stack, "hub", name="vnet", resource_group=group, address_space=RANGE, prevent_destroy=False)
    firewall = EgressFirewall(
        stack,
        "egress",
        name="afw",
        policy_name="afwp",
        public_ip_name="pip",
        resource_group=group,
        subnet=hub.add_subnet("firewall", name="AzureFirewallSubnet", address_range=RANGE),
        availability_zones=zones,
        settings=EgressFirewallSettings(sku_tier=tier),
    )
    firewall.allow("cluster", from_=NODES, rules=cluster_rules("westeurope"))
    firewall.allow("agents", from_=AGENTS, rules=agent_rules("ststate"))
    return Template.of(stack)


def _rules(template: Template, who: str) -> list[Arguments]:
    group = template.resource("azurerm_firewall_policy_rule_collection_group", name=who)
    (collection,) = group["application_rule_collection"]
    assert collection["action"] == "Allow"
    rules: list[Arguments] = collection["rule"]
    return rules


@pytest.mark.parametrize("tier", FirewallTier)
def test_both_tiers_refuse_known_bad_places_and_answer_dns(tier: FirewallTier) -> None:
    policy = _synthesise(tier=tier).resource("azurerm_firewall_policy")

    assert (policy["threat_intelligence_mode"], policy["dns"]) == ("Deny", {"proxy_enabled": True})


def test_only_the_tier_that_can_inspects_for_attacks_and_stops_them() -> None:
    standard, premium = (_synthesise(tier=tier) for tier in (FirewallTier.STANDARD, FirewallTier.PREMIUM))

    assert "intrusion_detection" not in standard.resource("azurerm_firewall_policy")
    assert premium.resource("azurerm_firewall_policy")["intrusion_detection"] == {"mode": "Deny"}


@pytest.mark.parametrize("tier", FirewallTier)
def test_firewall_and_policy_are_of_one_tier(tier: FirewallTier) -> None:
    template = _synthesise(tier=tier)

    assert template.resource("azurerm_firewall")["sku_tier"] == template.resource("azurerm_firewall_policy")["sku"]


def test_address_and_firewall_stand_in_the_same_zones_or_in_none() -> None:
    spread, single = _synthesise(zones=(1, 3)), _synthesise()

    for type_ in ("azurerm_firewall", "azurerm_public_ip"):
        assert spread.resource(type_)["zones"] == ["1", "3"]
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
def test_every_rule_opens_https_to_names_from_one_subnet(who: str, source: str) -> None:
    template = _synthesise()

    for rule in _rules(template, who):
        assert rule["protocols"] == [{"type": "Https", "port": 443}]
        assert rule["source_addresses"] == [source]
        assert bool(rule.get("destination_fqdns")) != bool(rule.get("destination_fqdn_tags")), rule["name"]
    for group in template.resources("azurerm_firewall_policy_rule_collection_group").values():
        assert not {"network_rule_collection", "nat_rule_collection"} & group.keys()


@pytest.mark.parametrize("rule", [*cluster_rules("westeurope"), *agent_rules("ststate")], ids=lambda rule: rule.name)
def test_no_rule_opens_what_anybody_can_own(rule: EgressRule) -> None:
    """A wildcard over a service in which everybody can have a name lets stolen data out."""
    shared = ("*", "*.windows.net", "*.core.windows.net", "*.blob.core.windows.net", "*.azure.com", "*.microsoft.com")

    assert not set(rule.hosts) & set(shared)
    assert rule.because.endswith(".")


def test_agents_reach_the_account_of_their_state_and_no_other() -> None:
    hosts = [host for rule in agent_rules("ststate") for host in rule.hosts if "core.windows.net" in host]

    assert hosts == ["ststate.blob.core.windows.net"]


def test_groups_of_rules_change_one_after_the_other() -> None:
    template = _synthesise()
    first, second = (
        template.resource("azurerm_firewall_policy_rule_collection_group", name=who) for who in ("cluster", "agents")
    )

    assert "depends_on" not in first
    (before,) = second["depends_on"]
    assert before.startswith("azurerm_firewall_policy_rule_collection_group.egress_cluster-rules_")
    assert first["priority"] < second["priority"]
