"""The plans of Microsoft Defender for Cloud, of a subscription and all that is in it."""

from collections.abc import Mapping
from dataclasses import dataclass

from cdktf_cdktf_provider_azurerm.security_center_subscription_pricing import (
    SecurityCenterSubscriptionPricing,
    SecurityCenterSubscriptionPricingExtension,
)
from constructs import Construct


@dataclass(frozen=True)
class Extension:
    """A part of a plan, with the properties that Azure gives it of its own accord."""

    name: str
    properties: Mapping[str, str] | None = None


@dataclass(frozen=True)
class Plan:
    """What is watched, and how; whatever extension is not named is off."""

    resource_type: str
    subplan: str | None = None
    """Where Azure knows several. Left out, Azure takes its own default, which every Terraform plan would replace."""

    extensions: tuple[Extension, ...] = ()


# As in Microsoft's own policies, but for what asks for more than it gives here: no scan for malware in storage, where
# nobody uploads but Terraform and the database's audit, and which opens the accounts' firewalls to the scanner; and no
# search for sensitive data in them. https://github.com/Azure/azure-policy/tree/master/built-in-policies/policyDefinitions/Security%20Center
PLANS = {
    "containers": Plan(
        "Containers",
        extensions=(
            Extension("ContainerRegistriesVulnerabilityAssessments"),
            Extension("AgentlessDiscoveryForKubernetes"),
            Extension("AgentlessVmScanning", {"ExclusionTags": "[]"}),
            Extension("ContainerSensor"),
        ),
    ),
    "sql": Plan("SqlServers"),
    "storage": Plan("StorageAccounts", subplan="DefenderForStorageV2"),
    "key-vault": Plan("KeyVaults", subplan="PerKeyVault"),
}


class DefenderPlans(Construct):
    """Every vulnerable image, and every attack that Microsoft knows, shows in Defender for Cloud.

    Azure refuses none of it, but the provider does if a plan is on already; once destroyed, a plan is off, for others
    in the subscription too.
    https://github.com/hashicorp/terraform-provider-azurerm/blob/v4.81.0/internal/services/securitycenter/security_center_subscription_pricing_resource.go
    """

    def __init__(self, scope: Construct, id_: str) -> None:
        super().__init__(scope, id_)
        for key, plan in PLANS.items():
            SecurityCenterSubscriptionPricing(
                self,
                key,
                tier="Standard",
                resource_type=plan.resource_type,
                subplan=plan.subplan,
                extension=[
                    SecurityCenterSubscriptionPricingExtension(
                        name=extension.name, additional_extension_properties=extension.properties
                    )
                    for extension in plan.extensions
                ],
            )
