"""The rules of one subnet in the shape that a firewall policy takes: every destination a name, every port the web's."""

from collections.abc import Sequence
from ipaddress import IPv4Network

from cdktf_cdktf_provider_azurerm.firewall_policy_rule_collection_group import (
    FirewallPolicyRuleCollectionGroupApplicationRuleCollection,
    FirewallPolicyRuleCollectionGroupApplicationRuleCollectionRule,
    FirewallPolicyRuleCollectionGroupApplicationRuleCollectionRuleProtocols,
)

from constructs_lib.egress.firewall_rules import WEB_PORTS, EgressRule

ONLY_COLLECTION = 100
"""Priority of a collection that is alone in its group."""


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
            FirewallPolicyRuleCollectionGroupApplicationRuleCollectionRuleProtocols(
                type=protocol, port=WEB_PORTS[protocol]
            )
            for protocol in rule.protocols
        ],
    )
