"""The only egress: an Azure Firewall that refuses every destination that no rule names."""

from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network

from cdktf import TerraformResourceLifecycle
from cdktf_cdktf_provider_azurerm.firewall import (
    Firewall,
    FirewallIpConfiguration,
    FirewallManagementIpConfiguration,
)
from cdktf_cdktf_provider_azurerm.firewall_policy import (
    FirewallPolicy,
    FirewallPolicyDns,
    FirewallPolicyIntrusionDetection,
)
from cdktf_cdktf_provider_azurerm.firewall_policy_rule_collection_group import (
    FirewallPolicyRuleCollectionGroup,
    FirewallPolicyRuleCollectionGroupApplicationRuleCollection,
    FirewallPolicyRuleCollectionGroupNatRuleCollection,
    FirewallPolicyRuleCollectionGroupNatRuleCollectionRule,
    FirewallPolicyRuleCollectionGroupNetworkRuleCollection,
)
from cdktf_cdktf_provider_azurerm.public_ip import PublicIp
from cdktf_cdktf_provider_azurerm.subnet import Subnet
from constructs import Construct

from config.network.firewall import EgressFirewallSettings, FirewallTier
from constructs_lib.egress.firewall_rule_collection import (
    ONLY_COLLECTION,
    allow_collection,
    allow_network_collection,
)
from constructs_lib.egress.firewall_rules import EgressRule, NetworkRule
from constructs_lib.network.static_public_ip import add_static_public_ip


@dataclass(frozen=True)
class FirewallManagement:
    """Where Azure manages a firewall of tier Basic, which has no room for it among what passes through."""

    subnet: Subnet
    public_ip_name: str


class EgressFirewall(Construct):
    """What networks behind it may reach is opened with `allow`; from outside nothing comes in but by `publish`."""

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        name: str,
        policy_name: str,
        public_ip_name: str,
        resource_group_name: str,
        location: str,
        subnet: Subnet,
        availability_zones: Sequence[int],
        settings: EgressFirewallSettings,
        management: FirewallManagement | None = None,
        ddos_ip_protection: bool = False,
    ) -> None:
        """Make firewall and policy; `management` goes with tier Basic, and with no other.

        `policy_name` must name the tier. Azure changes no policy's tier: the new policy is made with all its rules
        beside the old one, the firewall goes over to it, and then the old one goes.
        https://learn.microsoft.com/azure/firewall/change-sku
        """
        super().__init__(scope, id_)
        self._resource_group_name, self._location = resource_group_name, location
        self._ddos_ip_protection = ddos_ip_protection
        self._availability_zones = availability_zones
        zones = [str(zone) for zone in availability_zones] or None
        basic = settings.sku_tier is FirewallTier.BASIC
        self.policy = FirewallPolicy(
            self,
            "policy",
            name=policy_name,
            resource_group_name=resource_group_name,
            location=location,
            sku=settings.sku_tier,
            # Known bad destinations are refused even where a rule names them; tier Basic can only report them.
            # https://learn.microsoft.com/azure/firewall/choose-firewall-sku
            threat_intelligence_mode="Alert" if basic else "Deny",
            # Without servers of its own the proxy asks Azure DNS from the firewall's network, which therefore needs
            # the links to the private zones. https://learn.microsoft.com/azure/firewall/dns-settings
            dns=None if basic else FirewallPolicyDns(proxy_enabled=True),
            intrusion_detection=_intrusion_detection(settings.sku_tier),
            lifecycle=TerraformResourceLifecycle(create_before_destroy=True),
        )
        self._public_ip = self._address("public-ip", public_ip_name)
        self.resource = Firewall(
            self,
            "firewall",
            name=name,
            resource_group_name=resource_group_name,
            location=location,
            sku_name="AZFW_VNet",
            sku_tier=settings.sku_tier,
            firewall_policy_id=self.policy.id,
            zones=zones,
            ip_configuration=[
                FirewallIpConfiguration(name="egress", subnet_id=subnet.id, public_ip_address_id=self._public_ip.id)
            ],
            management_ip_configuration=self._management_ip_configuration(management) if management else None,
            # https://learn.microsoft.com/azure/firewall/deploy-availability-zone-powershell
        )
        self._rule_groups: list[FirewallPolicyRuleCollectionGroup] = []

    @property
    def private_ip_address(self) -> str:
        """Address of the firewall inside the networks: the next hop of routes, and, but for Basic, the DNS server."""
        return self.resource.ip_configuration.get(0).private_ip_address

    def allow(
        self,
        who: str,
        *,
        from_: IPv4Network,
        rules: Sequence[EgressRule],
        network_rules: Sequence[NetworkRule] = (),
        priority: int,
    ) -> None:
        """Open what the rules name to everything in a range; `who` names the group of rules and its construct."""
        self._add_group(
            who,
            priority,
            lifecycle=TerraformResourceLifecycle(create_before_destroy=True),
            application_rules=[allow_collection(who, from_, rules)],
            network_rules=[allow_network_collection(who, from_, network_rules)] if network_rules else None,
        )

    def publish(self, what: str, *, port: int, to: IPv4Address, to_port: int, because: str, priority: int) -> None:
        """Lead everybody on the Internet from a port of the public address to a private one.

        The receiver sees the firewall as the sender, and its answers go back through it: no packet takes another way.
        https://learn.microsoft.com/azure/firewall/firewall-known-issues
        """
        # Not made before the old one goes, as those of `allow` are: Terraform would then do the same with the address,
        # and in other zones that is made anew under its own name. Another tier leaves the port closed for minutes.
        rule = FirewallPolicyRuleCollectionGroupNatRuleCollectionRule(
            name=what,
            description=because,
            protocols=["TCP"],
            source_addresses=["*"],
            destination_address=self._public_ip.ip_address,
            destination_ports=[str(port)],
            translated_address=str(to),
            translated_port=to_port,
        )
        collection = FirewallPolicyRuleCollectionGroupNatRuleCollection(
            name=f"publish-{what}", action="Dnat", priority=ONLY_COLLECTION, rule=[rule]
        )
        self._add_group(what, priority, nat_rules=[collection])

    def _add_group(
        self,
        name: str,
        priority: int,
        *,
        lifecycle: TerraformResourceLifecycle | None = None,
        application_rules: Sequence[FirewallPolicyRuleCollectionGroupApplicationRuleCollection] | None = None,
        network_rules: Sequence[FirewallPolicyRuleCollectionGroupNetworkRuleCollection] | None = None,
        nat_rules: Sequence[FirewallPolicyRuleCollectionGroupNatRuleCollection] | None = None,
    ) -> None:
        group = FirewallPolicyRuleCollectionGroup(
            self,
            f"{name}-rules",
            name=name,
            firewall_policy_id=self.policy.id,
            priority=priority,
            application_rule_collection=application_rules,
            network_rule_collection=network_rules,
            nat_rule_collection=nat_rules,
            # A policy takes one change at a time. The provider queues them, but with the timeout already running.
            # https://github.com/hashicorp/terraform-provider-azurerm/pull/32081
            depends_on=self._rule_groups[-1:] or None,
            lifecycle=lifecycle,
        )
        self._rule_groups.append(group)
        # A firewall has never a policy that lacks rules: neither a new one nor, while it goes over, the old one.
        self.resource.depends_on = [
            f"{one.terraform_resource_type}.{one.friendly_unique_id}" for one in self._rule_groups
        ]

    def _management_ip_configuration(self, management: FirewallManagement) -> FirewallManagementIpConfiguration:
        return FirewallManagementIpConfiguration(
            name="management",
            subnet_id=management.subnet.id,
            public_ip_address_id=self._address("management-public-ip", management.public_ip_name).id,
        )

    def _address(self, id_: str, name: str) -> PublicIp:
        return add_static_public_ip(
            self,
            id_,
            name=name,
            resource_group_name=self._resource_group_name,
            location=self._location,
            availability_zones=self._availability_zones,
            ddos_ip_protection=self._ddos_ip_protection,
        )


def _intrusion_detection(tier: FirewallTier) -> FirewallPolicyIntrusionDetection | None:
    if tier is not FirewallTier.PREMIUM:
        return None
    # Everything behind the firewall is a machine with a short list of destinations: a known attack pattern is no
    # visitor's false alarm, and who pays for Premium wants it stopped. Only what is not encrypted is inspected.
    # https://learn.microsoft.com/azure/firewall/premium-features#idps
    return FirewallPolicyIntrusionDetection(mode="Deny")
