"""The rules of one subnet in the shapes that a firewall policy takes: by names that it reads, or by addresses."""

from collections.abc import Sequence
from ipaddress import IPv4Network

from cdktf_cdktf_provider_azurerm.firewall_policy_rule_collection_group import (
    FirewallPolicyRuleCollectionGroupApplicationRuleCollection,
    FirewallPolicyRuleCollectionGroupApplicationRuleCollectionRule,
    FirewallPolicyRuleCollectionGroupApplicationRuleCollectionRuleProtocols,
    FirewallPolicyRuleCollectionGroupNetworkRuleCollection,
    FirewallPolicyRuleCollectionGroupNetworkRuleCollectionRule,
)

from constructs_lib.egress.firewall_rules import EgressRule, NetworkRule

ONLY_COLLECTION = 100
"""Priority of a collection that is alone in its group, or stands before the other."""

BESIDE_NAMES = 200
"""Priority of a collection of network rules, which a firewall looks at first whatever it is.

https://learn.microsoft.com/azure/firewall/rule-processing
"""


def allow_collection(
    name: str, source: IPv4Network, rules: Sequence[EgressRule]
) -> FirewallPolicyRuleCollectionGroupApplicationRuleCollection:
    """Let everything in a range reach what the rules name."""
    return FirewallPolicyRuleCollectionGroupApplicationRuleCollection(
        name=f"allow-{name}",
        action="Allow",
        priority=ONLY_COLLECTION,
        rule=[_rule(rule, source) for rule in rules],
    )


def _rule(rule: EgressRule, source: IPv4Network) -> FirewallPolicyRuleCollectionGroupApplicationRuleCollectionRule:
    return FirewallPolicyRuleCollectionGroupApplicationRuleCollectionRule(
        name=rule.name,
        description=rule.because,
        source_addresses=[str(source)],
        destination_fqdns=list(rule.hosts) or None,
        destination_fqdn_tags=[rule.host_tag] if rule.host_tag else None,
        protocols=[
            FirewallPolicyRuleCollectionGroupApplicationRuleCollectionRuleProtocols(type=protocol, port=port)
            for protocol, port in rule.open
        ],
    )


def allow_network_collection(
    name: str, source: IPv4Network, rules: Sequence[NetworkRule]
) -> FirewallPolicyRuleCollectionGroupNetworkRuleCollection:
    """Let everything in a range reach the names or addresses that the rules give."""
    return FirewallPolicyRuleCollectionGroupNetworkRuleCollection(
        name=f"allow-{name}-networks",
        action="Allow",
        priority=BESIDE_NAMES,
        rule=[
            FirewallPolicyRuleCollectionGroupNetworkRuleCollectionRule(
                name=rule.name,
                description=rule.because,
                protocols=[rule.protocol],
                source_addresses=[str(source)],
                destination_fqdns=list(rule.hosts) or None,
                destination_addresses=list(map(str, rule.addresses)) or None,
                destination_ports=list(map(str, rule.ports)),
            )
            for rule in rules
        ],
    )
