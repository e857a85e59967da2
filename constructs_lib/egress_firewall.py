"""The only way out: an Azure Firewall that refuses every destination that no rule names."""

from collections.abc import Sequence
from ipaddress import IPv4Network

from cdktf_cdktf_provider_azurerm.firewall import Firewall, FirewallIpConfiguration
from cdktf_cdktf_provider_azurerm.firewall_policy import (
    FirewallPolicy,
    FirewallPolicyDns,
    FirewallPolicyIntrusionDetection,
)
from cdktf_cdktf_provider_azurerm.firewall_policy_rule_collection_group import (
    FirewallPolicyRuleCollectionGroup,
    FirewallPolicyRuleCollectionGroupApplicationRuleCollection,
    FirewallPolicyRuleCollectionGroupApplicationRuleCollectionRule,
    FirewallPolicyRuleCollectionGroupApplicationRuleCollectionRuleProtocols,
)
from cdktf_cdktf_provider_azurerm.public_ip import PublicIp
from cdktf_cdktf_provider_azurerm.resource_group import ResourceGroup
from cdktf_cdktf_provider_azurerm.subnet import Subnet
from constructs import Construct

from config.egress_firewall import EgressFirewallSettings, FirewallTier
from constructs_lib.firewall_rules import EgressRule

PRIORITY_STEP = 100


class EgressFirewall(Construct):
    """Also the DNS server of networks behind it; what they may reach is opened with `allow`."""

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        name: str,
        policy_name: str,
        public_ip_name: str,
        resource_group: ResourceGroup,
        subnet: Subnet,
        availability_zones: Sequence[int],
        settings: EgressFirewallSettings,
    ) -> None:
        super().__init__(scope, id_)
        zones = [str(zone) for zone in availability_zones] or None
        self.policy = FirewallPolicy(
            self,
            "policy",
            name=policy_name,
            resource_group_name=resource_group.name,
            location=resource_group.location,
            sku=settings.sku_tier,
            # Known bad destinations are refused even where a rule names them; the default only reports them.
            threat_intelligence_mode="Deny",
            # Without servers of its own the proxy asks Azure DNS from the firewall's network, which therefore needs
            # the links to the private zones. https://learn.microsoft.com/azure/firewall/dns-settings
            dns=FirewallPolicyDns(proxy_enabled=True),
            intrusion_detection=_intrusion_detection(settings.sku_tier),
        )
        public_ip = PublicIp(
            self,
            "public-ip",
            name=public_ip_name,
            resource_group_name=resource_group.name,
            location=resource_group.location,
            sku="Standard",
            allocation_method="Static",
            zones=zones,
        )
        self.resource = Firewall(
            self,
            "firewall",
            name=name,
            resource_group_name=resource_group.name,
            location=resource_group.location,
            sku_name="AZFW_VNet",
            sku_tier=settings.sku_tier,
            firewall_policy_id=self.policy.id,
            zones=zones,
            ip_configuration=[
                FirewallIpConfiguration(name="egress", subnet_id=subnet.id, public_ip_address_id=public_ip.id)
            ],
        )
        self._rule_groups: list[FirewallPolicyRuleCollectionGroup] = []

    @property
    def private_ip_address(self) -> str:
        """Address of the firewall inside the networks: the next hop of routes, and the DNS server."""
        return self.resource.ip_configuration.get(0).private_ip_address

    def allow(self, who: str, *, from_: IPv4Network, rules: Sequence[EgressRule]) -> None:
        """Open what the rules name to everything in a range; `who` names the group of rules and its construct."""
        group = FirewallPolicyRuleCollectionGroup(
            self,
            f"{who}-rules",
            name=who,
            firewall_policy_id=self.policy.id,
            priority=PRIORITY_STEP * (len(self._rule_groups) + 1),
            application_rule_collection=[
                FirewallPolicyRuleCollectionGroupApplicationRuleCollection(
                    name=f"allow-{who}",
                    action="Allow",
                    priority=PRIORITY_STEP,
                    rule=[_application_rule(rule, from_) for rule in rules],
                )
            ],
            # A policy takes one change at a time. The provider queues them, but with the timeout already running.
            # https://github.com/hashicorp/terraform-provider-azurerm/pull/32081
            depends_on=self._rule_groups[-1:] or None,
        )
        self._rule_groups.append(group)


def _intrusion_detection(tier: FirewallTier) -> FirewallPolicyIntrusionDetection | None:
    if tier is not FirewallTier.PREMIUM:
        return None
    # Everything behind the firewall is a machine with a short list of destinations: a known attack pattern is no
    # visitor's false alarm, and who pays for Premium wants it stopped. Only what is not encrypted is inspected.
    # https://learn.microsoft.com/azure/firewall/premium-features#idps
    return FirewallPolicyIntrusionDetection(mode="Deny")


def _application_rule(
    rule: EgressRule, source: IPv4Network
) -> FirewallPolicyRuleCollectionGroupApplicationRuleCollectionRule:
    return FirewallPolicyRuleCollectionGroupApplicationRuleCollectionRule(
        name=rule.name,
        description=rule.because,
        source_addresses=[str(source)],
        destination_fqdns=list(rule.hosts) or None,
        destination_fqdn_tags=[rule.host_tag] if rule.host_tag else None,
        protocols=[FirewallPolicyRuleCollectionGroupApplicationRuleCollectionRuleProtocols(type="Https", port=443)],
    )
