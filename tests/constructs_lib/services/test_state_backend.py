"""The account that holds the state."""

import pytest
from cdktf import TerraformStack, Testing

from config.state_backend import StateBackendSettings
from constructs_lib.services.state_backend import StateBackend
from tests.template import Template

OPERATORS = "d41b7e93-3a6f-4c85-8e21-70b5f9c2d801"


def _synthesise(settings: StateBackendSettings) -> Template:
    stack = TerraformStack(Testing.app(), "test")
    storage = StateBackend(
        stack,
        "state",
        resource_group_name="rg-tfstate",
        account_name="sttfstate",
        container_names={"state-backend": "tfstate", "network": "tfstate-network"},
        plan_container_names={"network": "tfplan-network"},
        location="westeurope",
        settings=settings,
    )
    storage.grant_write("operators", "state-backend", OPERATORS, principal_type="Group")
    return Template.of(stack)


def test_without_ranges_identity_alone_decides_and_with_ranges_both_do() -> None:
    by_identity = _synthesise(StateBackendSettings(operators_group_id=OPERATORS))
    by_both = _synthesise(StateBackendSettings(operators_group_id=OPERATORS, allowed_ip_ranges=("20.1.2.0/24",)))

    rules = [template.resource("azurerm_storage_account")["network_rules"] for template in (by_identity, by_both)]
    assert [(rule["default_action"], rule["ip_rules"]) for rule in rules] == [("Allow", []), ("Deny", ["20.1.2.0/24"])]


def test_plans_are_deleted_after_a_week_with_their_versions_and_states_are_not() -> None:
    policy = _synthesise(StateBackendSettings(operators_group_id=OPERATORS)).resource(
        "azurerm_storage_management_policy"
    )

    (rule,) = policy["rule"]
    assert rule["filters"]["prefix_match"] == ["tfplan-network/"]
    assert rule["actions"] == {
        "base_blob": {"delete_after_days_since_modification_greater_than": 7},
        "version": {"delete_after_days_since_creation": 7},
    }


@pytest.mark.req(3)
def test_access_ends_at_the_container() -> None:
    grant = _synthesise(StateBackendSettings(operators_group_id=OPERATORS)).resource("azurerm_role_assignment")

    assert grant["scope"].startswith("${azurerm_storage_container.")


def test_a_group_is_looked_up_as_a_group() -> None:
    grant = _synthesise(StateBackendSettings(operators_group_id=OPERATORS)).resource("azurerm_role_assignment")

    assert "skip_service_principal_aad_check" not in grant
