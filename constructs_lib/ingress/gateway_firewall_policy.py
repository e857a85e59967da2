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
            policy_settings=WebApplicationFirewallPolicyPolicySettings(mode="Prevention", request_body_check=True),
            custom_rules=[_no_actuators()],
            managed_rules=WebApplicationFirewallPolicyManagedRules(
                # OWASP's rules with Microsoft's own. The newest that the bindings' provider takes; Azure supports the
                # newest three. https://learn.microsoft.com/azure/web-application-firewall/ruleset-support-policy
                managed_rule_set=[
                    WebApplicationFirewallPolicyManagedRulesManagedRuleSet(
                        type="Microsoft_DefaultRuleSet", version="2.1"
                    ),
                    WebApplicationFirewallPolicyManagedRulesManagedRuleSet(
                        type="Microsoft_BotManagerRuleSet", version="1.1"
                    ),
                ]
            ),
        )


def _no_actuators() -> WebApplicationFirewallPolicyCustomRules:
    # They tell of the application's health, and one that is exposed by mistake of its memory. The gateway's own probe
    # does not pass through here. Anywhere in the path: `/x/../actuator` is the same to the application.
    return WebApplicationFirewallPolicyCustomRules(
        name="NoActuators",
        priority=1,
        rule_type="MatchRule",
        action="Block",
        match_conditions=[
            WebApplicationFirewallPolicyCustomRulesMatchConditions(
                match_variables=[
                    WebApplicationFirewallPolicyCustomRulesMatchConditionsMatchVariables(variable_name="RequestUri")
                ],
                operator="Contains",
                match_values=["/actuator"],
                transforms=["UrlDecode"],
            )
        ],
    )
