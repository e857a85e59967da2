"""What Front Door refuses: requests with the marks of an attack, bad bots, and whoever asks for health."""

from cdktf_cdktf_provider_azurerm.cdn_frontdoor_firewall_policy import (
    CdnFrontdoorFirewallPolicy,
    CdnFrontdoorFirewallPolicyCustomRule,
    CdnFrontdoorFirewallPolicyCustomRuleMatchCondition,
    CdnFrontdoorFirewallPolicyManagedRule,
)
from constructs import Construct

from constructs_lib.ingress.web_application_firewall import MANAGED_RULE_SETS, REFUSED_PATH_RULE, REFUSED_PATHS

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
            custom_rule=[_refused_paths()],
            managed_rule=[
                CdnFrontdoorFirewallPolicyManagedRule(type=type_, version=version, action="Block")
                for type_, version in MANAGED_RULE_SETS.items()
            ],
        )


def _refused_paths() -> CdnFrontdoorFirewallPolicyCustomRule:
    return CdnFrontdoorFirewallPolicyCustomRule(
        name=REFUSED_PATH_RULE,
        priority=1,
        type="MatchRule",
        action="Block",
        match_condition=[
            CdnFrontdoorFirewallPolicyCustomRuleMatchCondition(
                match_variable="RequestUri",
                operator="Contains",
                match_values=list(REFUSED_PATHS),
                # The provider's page says `URLDecode`, its code `UrlDecode`.
                transforms=["UrlDecode"],
            )
        ],
    )
