"""What Front Door refuses: requests with the marks of an attack, bad bots, and whoever asks for health."""

from cdktf_cdktf_provider_azurerm.cdn_frontdoor_firewall_policy import (
    CdnFrontdoorFirewallPolicy,
    CdnFrontdoorFirewallPolicyCustomRule,
    CdnFrontdoorFirewallPolicyCustomRuleMatchCondition,
    CdnFrontdoorFirewallPolicyManagedRule,
)
from constructs import Construct

# Standard has neither private links nor rules of Microsoft's.
PREMIUM = "Premium_AzureFrontDoor"


class FrontDoorFirewallPolicy(Construct):
    """Blocks, and does not just report; looks into the bodies of requests, too."""

    def __init__(self, scope: Construct, id_: str, *, name: str, resource_group_name: str) -> None:
        super().__init__(scope, id_)
        self.resource = CdnFrontdoorFirewallPolicy(
            self,
            "policy",
            name=name,
            resource_group_name=resource_group_name,
            sku_name=PREMIUM,
            mode="Prevention",
            request_body_check_enabled=True,
            custom_rule=[_no_actuators()],
            # OWASP's rules with Microsoft's own. The newest that the bindings' provider takes; Azure supports the
            # newest three. https://learn.microsoft.com/azure/web-application-firewall/ruleset-support-policy
            managed_rule=[
                CdnFrontdoorFirewallPolicyManagedRule(type="Microsoft_DefaultRuleSet", version="2.1", action="Block"),
                CdnFrontdoorFirewallPolicyManagedRule(
                    type="Microsoft_BotManagerRuleSet", version="1.1", action="Block"
                ),
            ],
        )


def _no_actuators() -> CdnFrontdoorFirewallPolicyCustomRule:
    # They tell of the application's health, and one that is exposed by mistake of its memory. Front Door's own probes
    # do not pass through here. Anywhere in the path: `/x/../actuator` is the same to the application.
    return CdnFrontdoorFirewallPolicyCustomRule(
        name="NoActuators",
        priority=1,
        type="MatchRule",
        action="Block",
        match_condition=[
            CdnFrontdoorFirewallPolicyCustomRuleMatchCondition(
                match_variable="RequestUri",
                operator="Contains",
                match_values=["/actuator"],
                # The provider's page says `URLDecode`, its code `UrlDecode`.
                transforms=["UrlDecode"],
            )
        ],
    )
