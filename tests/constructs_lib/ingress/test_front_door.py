"""How Front Door lets people in, and the only way that it has to the application."""

from ipaddress import IPv4Address

import pytest
from cdktf import TerraformResource, TerraformStack, Testing
from cdktf_cdktf_provider_azurerm.resource_group import ResourceGroup

from constructs_lib.ingress.front_door import FrontDoor
from constructs_lib.ingress.front_door_firewall_policy import FrontDoorFirewallPolicy
from tests.template import Arguments, Template

READINESS = "/actuator/health/readiness"
LINK = "/subscriptions/s/resourceGroups/rg/providers/Microsoft.Network/privateLinkServices/pls-orders"
FIREWALL, INSPECTION = "azurerm_cdn_frontdoor_firewall_policy", "azurerm_cdn_frontdoor_security_policy"


def _synthesise(region: str = "westeurope") -> Template:
    stack = TerraformStack(Testing.app(), "test")
    FrontDoor(
        stack,
        "front-door",
        name="afd",
        endpoint_name="fde",
        resource_group_name="rg",
        region=region,
        firewall_policy=FrontDoorFirewallPolicy(stack, "firewall", name="fdfp", resource_group_name="rg"),
        application_address=IPv4Address("10.1.4.68"),
        probe_path=READINESS,
        private_link_service_id=LINK,
        after=_service(stack),
    )
    return Template.of(stack)


def _service(stack: TerraformStack) -> TerraformResource:
    return ResourceGroup(stack, "service", name="rg", location="westeurope")


@pytest.fixture(scope="module")
def template() -> Template:
    return _synthesise()


@pytest.fixture(scope="module")
def route(template: Template) -> Arguments:
    return template.resource("azurerm_cdn_frontdoor_route")


@pytest.mark.req(54)
def test_every_request_is_inspected_and_what_is_found_is_blocked(template: Template) -> None:
    ((name, policy),) = template.resources(FIREWALL).items()
    firewall = template.resource(INSPECTION)["security_policies"]["firewall"]
    (domain,) = firewall["association"]["domain"]
    (endpoint,) = template.resources("azurerm_cdn_frontdoor_endpoint")

    assert (policy["mode"], policy["request_body_check_enabled"]) == ("Prevention", True)
    # https://learn.microsoft.com/azure/web-application-firewall/afds/waf-front-door-drs
    assert {rules["type"]: (rules["version"], rules["action"]) for rules in policy["managed_rule"]} == {
        "Microsoft_DefaultRuleSet": ("2.1", "Block"),
        "Microsoft_BotManagerRuleSet": ("1.1", "Block"),
    }
    assert firewall["cdn_frontdoor_firewall_policy_id"] == f"${{{FIREWALL}.{name}.id}}"
    assert domain["cdn_frontdoor_domain_id"] == f"${{azurerm_cdn_frontdoor_endpoint.{endpoint}.id}}"
    assert firewall["association"]["patterns_to_match"] == ["/*"]


def test_no_request_gets_through_before_it_is_inspected(template: Template, route: Arguments) -> None:
    assert route["depends_on"] == [f"{INSPECTION}.{name}" for name in template.resources(INSPECTION)]


def test_plain_http_is_only_sent_to_https(route: Arguments) -> None:
    assert route["https_redirect_enabled"] is True
    # Azure's own condition for the redirect.
    assert set(route["supported_protocols"]) == {"Http", "Https"}


def test_the_application_is_reached_through_its_private_link_alone(template: Template, route: Arguments) -> None:
    ((name, origin),) = template.resources("azurerm_cdn_frontdoor_origin").items()

    assert route["cdn_frontdoor_origin_ids"] == [f"${{azurerm_cdn_frontdoor_origin.{name}.id}}"]
    assert origin["enabled"] is True
    assert origin["private_link"]["private_link_target_id"] == LINK
    # A load balancer has no parts to choose from, and the provider refuses the choice.
    assert "target_type" not in origin["private_link"]
    # There is nothing to check, but the provider refuses a private link without it.
    assert origin["certificate_name_check_enabled"] is True
    assert template.resource("azurerm_cdn_frontdoor_profile")["sku_name"] == "Premium_AzureFrontDoor"


def test_the_link_is_made_after_what_it_leads_to_and_ends_before(template: Template) -> None:
    """Everything else of Front Door refers to the profile."""
    (service,) = template.resources("azurerm_resource_group")

    assert template.resource("azurerm_cdn_frontdoor_profile")["depends_on"] == [f"azurerm_resource_group.{service}"]


def test_health_is_asked_of_the_application_as_a_pod_tells_it(template: Template, route: Arguments) -> None:
    probe = template.resource("azurerm_cdn_frontdoor_origin_group")["health_probe"]

    assert (probe["protocol"], probe["path"]) == ("Http", READINESS)
    assert route["forwarding_protocol"] == "HttpOnly"


def test_actuators_are_for_the_platform_alone(template: Template) -> None:
    (rule,) = template.resource(FIREWALL)["custom_rule"]
    (condition,) = rule["match_condition"]

    assert (rule["action"], condition["match_variable"], condition["operator"]) == ("Block", "RequestUri", "Contains")
    assert condition["transforms"] == ["UrlDecode"]
    assert all(value in READINESS for value in condition["match_values"])


@pytest.mark.parametrize(
    ("region", "link"), [("swedencentral", "swedencentral"), ("switzerlandnorth", "germanywestcentral")]
)
def test_a_region_without_private_links_borrows_one(region: str, link: str) -> None:
    assert _synthesise(region).resource("azurerm_cdn_frontdoor_origin")["private_link"]["location"] == link
