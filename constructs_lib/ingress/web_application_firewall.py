"""What every web application firewall refuses: requests with the marks of an attack, bad bots, questions of health."""

# OWASP's rules with Microsoft's own, by name and version. The newest that the bindings' provider takes; Azure supports
# the newest three. https://learn.microsoft.com/azure/web-application-firewall/ruleset-support-policy
MANAGED_RULE_SETS = {"Microsoft_DefaultRuleSet": "2.1", "Microsoft_BotManagerRuleSet": "1.1"}

REFUSED_PATH_RULE = "NoActuators"
# They tell of the application's health, and one that is exposed by mistake of its memory. Probes of the firewall's own
# product do not pass through its rules. Anywhere in the path: `/x/../actuator` is the same to the application.
REFUSED_PATHS = ("/actuator",)
