"""A Front Door that inspects what comes from the Internet, and hands it to the application through a private link."""

from ipaddress import IPv4Address

from cdktf import ITerraformDependable
from cdktf_cdktf_provider_azurerm.cdn_frontdoor_endpoint import CdnFrontdoorEndpoint
from cdktf_cdktf_provider_azurerm.cdn_frontdoor_origin import CdnFrontdoorOrigin, CdnFrontdoorOriginPrivateLink
from cdktf_cdktf_provider_azurerm.cdn_frontdoor_origin_group import (
    CdnFrontdoorOriginGroup,
    CdnFrontdoorOriginGroupHealthProbe,
    CdnFrontdoorOriginGroupLoadBalancing,
)
from cdktf_cdktf_provider_azurerm.cdn_frontdoor_profile import CdnFrontdoorProfile
from cdktf_cdktf_provider_azurerm.cdn_frontdoor_route import CdnFrontdoorRoute
from cdktf_cdktf_provider_azurerm.cdn_frontdoor_security_policy import (
    CdnFrontdoorSecurityPolicy,
    CdnFrontdoorSecurityPolicySecurityPolicies,
    CdnFrontdoorSecurityPolicySecurityPoliciesFirewall,
    CdnFrontdoorSecurityPolicySecurityPoliciesFirewallAssociation,
    CdnFrontdoorSecurityPolicySecurityPoliciesFirewallAssociationDomain,
)
from constructs import Construct

from constructs_lib.ingress.front_door_firewall_policy import PREMIUM, FrontDoorFirewallPolicy
from constructs_lib.ingress.site import Site

# Regions in which Front Door has no private links: it takes one from a region near by, which reaches just as far.
# https://learn.microsoft.com/azure/frontdoor/private-link#region-availability
PRIVATE_LINKS_NEAR_BY = {
    "italynorth": "francecentral",
    "polandcentral": "germanywestcentral",
    "spaincentral": "francecentral",
    "switzerlandnorth": "germanywestcentral",
}


class FrontDoor(Construct):
    """Answers by HTTPS alone, under a name of Azure's own; nothing gets through until somebody approved the link.

    With a `site`, what is behind it is a gateway that answers to that name, by HTTPS.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        name: str,
        endpoint_name: str,
        resource_group_name: str,
        region: str,
        firewall_policy: FrontDoorFirewallPolicy,
        application_address: IPv4Address,
        probe_path: str,
        private_link_service_id: str,
        after: ITerraformDependable,
        site: Site | None = None,
    ) -> None:
        super().__init__(scope, id_)
        self.resource = CdnFrontdoorProfile(
            self,
            "profile",
            name=name,
            resource_group_name=resource_group_name,
            sku_name=PREMIUM,
            # Of Front Door, 240 seconds is the most. https://learn.microsoft.com/azure/frontdoor/front-door-faq
            response_timeout_seconds=60 if site is None else 240,
            # What makes the private link service, which must be there first, and must not go before the link to it.
            # https://registry.terraform.io/providers/hashicorp/azurerm/4.55.0/docs/resources/cdn_frontdoor_origin
            depends_on=[after],
        )
        endpoint = CdnFrontdoorEndpoint(self, "endpoint", name=endpoint_name, cdn_frontdoor_profile_id=self.resource.id)
        self.host_name = endpoint.host_name
        """The public name, of which Azure makes up a part."""
        origins = CdnFrontdoorOriginGroup(
            self,
            "origins",
            name="application",
            cdn_frontdoor_profile_id=self.resource.id,
            session_affinity_enabled=False,
            load_balancing=CdnFrontdoorOriginGroupLoadBalancing(),
            health_probe=CdnFrontdoorOriginGroupHealthProbe(
                protocol="Http" if site is None else "Https",
                request_type="GET",
                path=probe_path,
                interval_in_seconds=100,
            ),
        )
        origin = CdnFrontdoorOrigin(
            self,
            "origin",
            name="application",
            cdn_frontdoor_origin_group_id=origins.id,
            # An address has no host header of its own: the application sees the name that people typed. A gateway knows
            # the name of its listener alone, and shows a certificate for it.
            host_name=site.host_name if site else str(application_address),
            origin_host_header=site.host_name if site else None,
            # Left out, the provider makes an origin that gets no requests.
            # https://github.com/hashicorp/terraform-provider-azurerm/blob/v4.81.0/internal/services/cdn/cdn_frontdoor_origin_resource.go#L214
            enabled=True,
            # Without a gateway there is no certificate to check, but the provider makes no private link without this.
            certificate_name_check_enabled=True,
            private_link=CdnFrontdoorOriginPrivateLink(
                private_link_target_id=private_link_service_id,
                location=PRIVATE_LINKS_NEAR_BY.get(region, region),
                request_message=f"{name} hands requests to the application",
            ),
        )
        inspection = CdnFrontdoorSecurityPolicy(
            self,
            "inspection",
            name="inspection",
            cdn_frontdoor_profile_id=self.resource.id,
            security_policies=_inspect_everything(firewall_policy, endpoint),
        )
        CdnFrontdoorRoute(
            self,
            "route",
            name="application",
            cdn_frontdoor_endpoint_id=endpoint.id,
            cdn_frontdoor_origin_group_id=origins.id,
            cdn_frontdoor_origin_ids=[origin.id],
            patterns_to_match=["/*"],
            # Plain HTTP only to be sent to HTTPS; both must be named for that.
            supported_protocols=["Http", "Https"],
            https_redirect_enabled=True,
            # From the edge on, Microsoft's network and the private link carry what is behind them takes.
            forwarding_protocol="HttpOnly" if site is None else "HttpsOnly",
            # No request goes around the firewall while the two are made.
            depends_on=[inspection],
        )


def _inspect_everything(
    policy: FrontDoorFirewallPolicy, endpoint: CdnFrontdoorEndpoint
) -> CdnFrontdoorSecurityPolicySecurityPolicies:
    domain = CdnFrontdoorSecurityPolicySecurityPoliciesFirewallAssociationDomain(cdn_frontdoor_domain_id=endpoint.id)
    return CdnFrontdoorSecurityPolicySecurityPolicies(
        firewall=CdnFrontdoorSecurityPolicySecurityPoliciesFirewall(
            cdn_frontdoor_firewall_policy_id=policy.resource.id,
            association=CdnFrontdoorSecurityPolicySecurityPoliciesFirewallAssociation(
                domain=[domain], patterns_to_match=["/*"]
            ),
        )
    )
