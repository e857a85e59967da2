"""What an application gateway refuses: requests with the marks of an attack, bad bots, and whoever asks for health."""

from cdktf_cdktf_provider_azurerm.web_application_firewall_policy import (
    WebApplicationFirewallPolicy,
    WebApplicationFirewallPolicyCustomRules,
    WebApplicationFirewallPolicyCustomRulesMatchConditions,
    WebApplicationFirewallPolicyCustomRulesMatchConditionsMatchVariables,
    WebApplicationFirewallPolicyManagedRules,
    WebApplicationFirewallPolicyManagedRulesManagedRuleSet,
    WebApplicationFirewallPolicyPolicySettings,
)
from constructs import Construct

from constructs_lib.ingress.web_application_firewall import MANAGED_RULE_SETS, REFUSED_PATH_RULE, REFUSED_PATHS


class GatewayFirewallPolicy(Construct):
    """Blocks, and does not just report; also a body of more than 128 KiB, which it could not inspect, unless a file."""

    def __init__(self, scope: Construct, id_: str, *, name: str, resource_group_name: str, location: str) -> None:
        super().__init__(scope, id_)
        self.resource = WebApplicationFirewallPolicy(
            self,
            "policy",
            name=name,
            resource_group_name=resource_group_name,
            location=location,
            policy_settings=WebApplicationFirewallPolicyPolicySettings(
                enabled=True,
                mode="Prevention",
                request_body_check=True,
                # Left out, the provider turns it off, and a larger file passes uninspected.
                # https://github.com/hashicorp/terraform-provider-azurerm/blob/v4.81.0/internal/services/network/web_application_firewall_policy_resource.go#L733
                file_upload_enforcement=True,
            ),
            custom_rules=[_refused_paths()],
            managed_rules=WebApplicationFirewallPolicyManagedRules(
                managed_rule_set=[
                    WebApplicationFirewallPolicyManagedRulesManagedRuleSet(type=type_, version=version)
                    for type_, version in MANAGED_RULE_SETS.items()
                ]
            ),
        )


def _refused_paths() -> WebApplicationFirewallPolicyCustomRules:
    return WebApplicationFirewallPolicyCustomRules(
        name=REFUSED_PATH_RULE,
        priority=1,
        rule_type="MatchRule",
        action="Block",
        match_conditions=[
            WebApplicationFirewallPolicyCustomRulesMatchConditions(
                match_variables=[
                    WebApplicationFirewallPolicyCustomRulesMatchConditionsMatchVariables(variable_name="RequestUri")
                ],
                operator="Contains",
                match_values=list(REFUSED_PATHS),
                transforms=["UrlDecode"],
            )
        ],
    )
