"""How the application gateway lets people in, and what it reads of the key vault."""

from ipaddress import IPv4Address, IPv4Network
from typing import Any

import pytest
from cdktf import TerraformStack, Testing

from config.network.address_plan import plan_addresses
from config.network.application_gateway import ApplicationGatewaySettings
from config.network.subnets import SubnetKey, SubnetRanges
from constructs_lib.ingress.application_gateway import ApplicationGateway
from constructs_lib.ingress.gateway_certificate import GatewayCertificate
from constructs_lib.ingress.gateway_firewall_policy import GatewayFirewallPolicy
from constructs_lib.network.cluster_subnet_rules import private_endpoint_rules
from constructs_lib.network.subnet_rules import application_gateway_rules
from tests.template import Arguments, Template

VAULT_ID = "/subscriptions/s/resourceGroups/rg/providers/Microsoft.KeyVault/vaults/kv-shop"
CERTIFICATE_NAME = "shop-example-com"
APPLICATION = IPv4Address("10.1.4.68")
READINESS = "/actuator/health/readiness"
PLAN = plan_addresses(
    None,
    IPv4Network("10.1.0.0/19"),
    SubnetRanges(),
    {SubnetKey.AKS_NODES, SubnetKey.PRIVATE_ENDPOINTS, SubnetKey.APPLICATION_GATEWAY},
)


def _synthesise(*, zones: tuple[int, ...] = ()) -> Template:
    stack = TerraformStack(Testing.app(), "test")
    ApplicationGateway(
        stack,
        "gateway",
        name="agw",
        public_ip_name="pip",
        resource_group_name="rg",
        location="westeurope",
        availability_zones=zones,
        subnet_id="/subscriptions/s/snet",
        settings=ApplicationGatewaySettings(
            host_name="shop.example.com", certificate_name=CERTIFICATE_NAME, max_capacity=4
        ),
        certificate=GatewayCertificate(
            stack,
            "certificate",
            name=CERTIFICATE_NAME,
            vault_name="kv-shop",
            vault_id=VAULT_ID,
            reader_name="id-agw",
            resource_group_name="rg",
            location="westeurope",
        ),
        firewall_policy=GatewayFirewallPolicy(
            stack, "firewall", name="waf", resource_group_name="rg", location="westeurope"
        ),
        application_address=APPLICATION,
        probe_path=READINESS,
    )
    return Template.of(stack)


@pytest.fixture(scope="module")
def template() -> Template:
    return _synthesise()


@pytest.fixture(scope="module")
def gateway(template: Template) -> Arguments:
    return template.resource("azurerm_application_gateway")


def _named(parts: list[dict[str, Any]], name: str) -> dict[str, Any]:
    (part,) = (part for part in parts if part["name"] == name)
    return part


def _answer_to(gateway: Arguments, protocol: str) -> dict[str, Any]:
    """The routing rule of the only listener for the protocol."""
    (listener,) = (listener for listener in gateway["http_listener"] if listener["protocol"] == protocol)
    (rule,) = (rule for rule in gateway["request_routing_rule"] if rule["http_listener_name"] == listener["name"])
    return dict(rule)


@pytest.mark.req(54)
def test_every_request_is_inspected_and_what_is_found_is_blocked(template: Template, gateway: Arguments) -> None:
    ((name, policy),) = template.resources("azurerm_web_application_firewall_policy").items()

    assert gateway["sku"] == {"name": "WAF_v2", "tier": "WAF_v2"}
    assert gateway["firewall_policy_id"] == f"${{azurerm_web_application_firewall_policy.{name}.id}}"
    assert policy["policy_settings"] == {
        "enabled": True,
        "mode": "Prevention",
        "request_body_check": True,
        "file_upload_enforcement": True,
    }
    # https://learn.microsoft.com/azure/web-application-firewall/ag/application-gateway-crs-rulegroups-rules
    assert {rules["type"]: rules["version"] for rules in policy["managed_rules"]["managed_rule_set"]} == {
        "Microsoft_DefaultRuleSet": "2.1",
        "Microsoft_BotManagerRuleSet": "1.1",
    }
    assert "exclusion" not in policy["managed_rules"]


def test_plain_http_is_only_sent_to_https(gateway: Arguments) -> None:
    redirect = _named(
        gateway["redirect_configuration"], _answer_to(gateway, "Http").get("redirect_configuration_name", "none")
    )
    target = _named(gateway["http_listener"], redirect["target_listener_name"])

    assert "backend_address_pool_name" not in _answer_to(gateway, "Http")
    assert (target["protocol"], redirect["include_path"]) == ("Https", True)


def test_https_leads_to_the_application_and_nowhere_else(gateway: Arguments) -> None:
    rule = _answer_to(gateway, "Https")
    backend = _named(gateway["backend_http_settings"], rule["backend_http_settings_name"])

    assert [pool["ip_addresses"] for pool in gateway["backend_address_pool"]] == [[str(APPLICATION)]]
    assert _named(gateway["backend_address_pool"], rule["backend_address_pool_name"])
    assert (backend["protocol"], backend["port"]) == ("Http", 80)
    # The application is asked under the name that people use, as it is by them.
    assert not {"host_name", "pick_host_name_from_backend_address"} & backend.keys()
    probe = _named(gateway["probe"], backend["probe_name"])
    assert (probe["path"], probe["host"]) == (READINESS, "shop.example.com")


@pytest.mark.parametrize("protocol", ["Http", "Https"])
def test_it_answers_to_its_own_name_alone(gateway: Arguments, protocol: str) -> None:
    listeners = [listener for listener in gateway["http_listener"] if listener["protocol"] == protocol]

    assert [listener["host_name"] for listener in listeners] == ["shop.example.com"]


def test_tls_begins_at_1_2(gateway: Arguments) -> None:
    """The policies of 2022 do; without one, a gateway speaks 1.0."""
    assert gateway["ssl_policy"]["policy_type"] == "Predefined"
    assert gateway["ssl_policy"]["policy_name"].startswith("AppGwSslPolicy2022")


def test_the_certificate_is_read_by_an_identity_that_reads_nothing_else(template: Template, gateway: Arguments) -> None:
    (reader,) = template.resources("azurerm_user_assigned_identity")
    ((grant, role),) = template.resources("azurerm_role_assignment").items()
    listener = _named(gateway["http_listener"], "https")
    certificate = _named(gateway["ssl_certificate"], listener["ssl_certificate_name"])

    # Without a version, so that a renewed certificate is found.
    assert certificate["key_vault_secret_id"] == f"https://kv-shop.vault.azure.net/secrets/{CERTIFICATE_NAME}"
    assert gateway["identity"]["identity_ids"] == [f"${{azurerm_user_assigned_identity.{reader}.id}}"]
    assert (role["role_definition_name"], role["scope"]) == (
        "Key Vault Secrets User",
        f"{VAULT_ID}/secrets/{CERTIFICATE_NAME}",
    )
    assert role["principal_id"] == f"${{azurerm_user_assigned_identity.{reader}.principal_id}}"
    # Azure reads the certificate while it makes the gateway, and refuses the gateway if it cannot.
    assert gateway["depends_on"] == [f"azurerm_role_assignment.{grant}"]


def test_actuators_are_for_the_platform_alone(template: Template) -> None:
    (rule,) = template.resource("azurerm_web_application_firewall_policy")["custom_rules"]
    (condition,) = rule["match_conditions"]

    assert (rule["action"], condition["operator"], condition["transforms"]) == ("Block", "Contains", ["UrlDecode"])
    assert [variable["variable_name"] for variable in condition["match_variables"]] == ["RequestUri"]
    assert all(value in READINESS for value in condition["match_values"])


def test_gateway_and_address_stand_in_the_same_zones_or_where_azure_puts_them() -> None:
    spread, single = _synthesise(zones=(1, 2, 3)), _synthesise()

    for type_ in ("azurerm_application_gateway", "azurerm_public_ip"):
        assert spread.resource(type_)["zones"] == ["1", "2", "3"]
        assert "zones" not in single.resource(type_)


def test_the_address_that_dns_names_stays_the_same(template: Template) -> None:
    address = template.resource("azurerm_public_ip")

    assert (address["sku"], address["allocation_method"]) == ("Standard", "Static")


def test_the_internet_reaches_two_ports_of_its_subnet() -> None:
    rules = application_gateway_rules(PLAN)

    assert {port for rule in rules if "Internet" in rule.sources for port in rule.ports} == {"80", "443"}


def test_azure_reaches_what_it_demands_of_its_subnet() -> None:
    rules = application_gateway_rules(PLAN)

    assert {(rule.sources, rule.destinations, rule.ports) for rule in rules if "Internet" not in rule.sources} == {
        (("GatewayManager",), ("*",), ("65200-65535",)),
        (("AzureLoadBalancer",), ("*",), ("*",)),
    }
    # Azure refuses a gateway in whose subnet anything is denied outbound.
    assert {(rule.direction, rule.access) for rule in rules} == {("Inbound", "Allow")}


def test_it_reaches_its_vaults_private_endpoint_and_no_database() -> None:
    subnet = str(PLAN.subnets[SubnetKey.APPLICATION_GATEWAY])

    assert [rule.ports for rule in private_endpoint_rules(PLAN) if subnet in rule.sources] == [("443",)]
