"""A group of rules and the subnet that it protects."""

from ipaddress import IPv4Network

from cdktf import TerraformStack, Testing

from constructs_lib.network.network_security_group import NetworkSecurityGroup
from constructs_lib.network.security_rule import SecurityRule, allow_inbound, allow_outbound, deny_outbound
from tests.constructs_lib.networks import RANGE, network_in
from tests.template import Arguments, Template


def _synthesise(*rules: SecurityRule) -> Template:
    stack = TerraformStack(Testing.app(), "test")
    network = network_in(stack)
    NetworkSecurityGroup(
        stack,
        "security",
        name="nsg",
        resource_group_name="rg",
        location="westeurope",
        subnet=network.add_subnet("agents", name="snet", address_range=RANGE),
        rules=rules,
    )
    return Template.of(stack)


def _rules(template: Template) -> list[Arguments]:
    rules: list[Arguments] = template.resource("azurerm_network_security_group")["security_rule"]
    return rules


def test_without_rules_nothing_enters() -> None:
    (rule,) = _rules(_synthesise())

    everything = {"protocol": "*", "source_address_prefix": "*", "destination_port_range": "*"}
    assert rule.items() >= {"direction": "Inbound", "access": "Deny", "priority": 4096, **everything}.items()


def test_rules_keep_their_order_in_each_direction() -> None:
    rules = _rules(
        _synthesise(
            allow_outbound("first-out", to="Internet", ports=80, because="."),
            allow_inbound("first-in", from_="Internet", ports=443, because="."),
            deny_outbound("second-out", to="*", ports="*", because="."),
            allow_inbound("second-in", from_="AzureLoadBalancer", ports=443, because="."),
        )
    )

    def order(direction: str) -> list[str]:
        ours = [rule for rule in rules if rule["direction"] == direction]
        return [rule["name"] for rule in sorted(ours, key=lambda rule: int(rule["priority"]))]

    assert order("Inbound") == ["first-in", "second-in", "anything-else-inbound"]
    assert order("Outbound") == ["first-out", "second-out"]
    assert len({(rule["direction"], rule["priority"]) for rule in rules}) == len(rules)


def test_one_range_and_several_use_the_arguments_that_azure_has_for_them() -> None:
    several = (IPv4Network("10.1.0.0/24"), IPv4Network("10.2.0.0/24"))
    rule = _rules(_synthesise(allow_inbound("web", from_=several, to=RANGE, ports=(80, 443), because=".")))[0]

    given = {name: value for name, value in rule.items() if "_range" in name or "_prefix" in name if value is not None}
    assert given == {
        "source_address_prefixes": ["10.1.0.0/24", "10.2.0.0/24"],
        "source_port_range": "*",
        "destination_address_prefix": "10.0.0.0/24",
        "destination_port_ranges": ["80", "443"],
    }


def test_the_group_is_attached_to_its_subnet() -> None:
    association = _synthesise().resource("azurerm_subnet_network_security_group_association")

    assert association["subnet_id"].startswith("${azurerm_subnet.hub_agents_")
    assert association["network_security_group_id"].startswith("${azurerm_network_security_group.security_group_")
