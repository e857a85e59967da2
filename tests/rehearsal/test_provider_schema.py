"""Terraform is given the schemas of the installed provider packages, with what their generator drops put back."""

from typing import Any

import pytest

from rehearsal.dropped_facts import Facts, unreviewed
from rehearsal.provider_schema import Block, ProviderSchema

Schemas = dict[str, ProviderSchema]

# As `terraform providers schema -json` prints them for the real providers: one of each kind of thing to read.
PRINTED: list[tuple[str, str, dict[str, Any]]] = [
    ("azurerm_subnet", "name", {"type": "string", "required": True}),
    ("azurerm_subnet", "id", {"type": "string", "optional": True, "computed": True}),
    ("azurerm_virtual_network", "tags", {"type": ["map", "string"], "optional": True}),
    ("azurerm_virtual_network", "address_space", {"type": ["set", "string"], "optional": True}),
    ("azurerm_virtual_network", "guid", {"type": "string", "computed": True}),
    (
        "azurerm_private_endpoint",
        "custom_dns_configs",
        {"type": ["list", ["object", {"fqdn": "string", "ip_addresses": ["list", "string"]}]], "computed": True},
    ),
    (
        "azurerm_mssql_server",
        "administrator_login_password_wo",
        {"type": "string", "optional": True, "sensitive": True, "write_only": True},
    ),
    ("kubernetes_manifest", "manifest", {"type": "dynamic", "required": True}),
]


def block(schemas: Schemas, type_: str) -> Block:
    return schemas[type_.split("_")[0]]["resources"][type_]


@pytest.mark.parametrize(("type_", "name", "printed"), PRINTED)
def test_attributes_are_those_of_the_provider(type_: str, name: str, printed: dict[str, Any], schemas: Schemas) -> None:
    assert block(schemas, type_)["attributes"][name] == printed


def test_a_rule_of_a_security_group_may_be_written_as_attribute_or_block(schemas: Schemas) -> None:
    rule = block(schemas, "azurerm_network_security_group")["attributes"]["security_rule"]
    kind, (_, fields) = rule["type"]
    assert (kind, fields["priority"], rule["optional"], rule["computed"]) == ("set", "number", True, True)


def test_blocks_nest_and_count_as_in_the_provider(schemas: Schemas) -> None:
    cluster = block(schemas, "azurerm_kubernetes_cluster")["block_types"]
    pool, timeouts = cluster["default_node_pool"], cluster["timeouts"]
    assert (pool["nesting_mode"], pool["min_items"], pool["max_items"]) == ("list", 1, 1)
    assert pool["block"]["attributes"]["name"] == {"type": "string", "required": True}
    assert pool["block"]["block_types"]["upgrade_settings"]["max_items"] == 1
    assert (timeouts["nesting_mode"], timeouts.keys() & {"min_items", "max_items"}) == ("single", set())


def test_every_type_in_use_was_searched_for_facts_that_its_package_drops(schemas: Schemas) -> None:
    assert unreviewed(schemas) == set()


def test_a_fact_about_what_does_not_exist_is_an_error(schemas: Schemas) -> None:
    with pytest.raises(KeyError, match="pasword"):
        Facts("", sensitive=("pasword",)).restore(block(schemas, "azurerm_mssql_server"))
