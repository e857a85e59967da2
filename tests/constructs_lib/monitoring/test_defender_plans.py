"""Which plans of Defender are on, and with what."""

import pytest
from cdktf import TerraformStack, Testing

from constructs_lib.monitoring.defender_plans import DefenderPlans
from tests.template import Arguments, Template

TYPE = "azurerm_security_center_subscription_pricing"


@pytest.fixture(scope="module")
def plans() -> dict[str, Arguments]:
    stack = TerraformStack(Testing.app(), "test")
    DefenderPlans(stack, "defender")
    return {plan["resource_type"]: plan for plan in Template.of(stack).resources(TYPE).values()}


@pytest.mark.req(83)
def test_everything_that_an_attacker_wants_is_watched(plans: dict[str, Arguments]) -> None:
    # CKV_AZURE_61, 69, 85, 87
    assert plans.keys() == {"Containers", "SqlServers", "StorageAccounts", "KeyVaults"}
    assert {plan["tier"] for plan in plans.values()} == {"Standard"}


@pytest.mark.req(83)
def test_images_nodes_and_running_pods_are_looked_at(plans: dict[str, Arguments]) -> None:
    # What Microsoft's policy switches on: efd4031d-b232-4595-babf-ae817348e91b
    assert {one["name"] for one in plans["Containers"]["extension"]} == {
        "ContainerRegistriesVulnerabilityAssessments",
        "AgentlessDiscoveryForKubernetes",
        "AgentlessVmScanning",
        "ContainerSensor",
    }


def test_subplans_that_azure_would_choose_itself_are_named(plans: dict[str, Arguments]) -> None:
    """Left out, each plan would find one that it does not want, and replace what it belongs to."""
    named = {type_: plan.get("subplan") for type_, plan in plans.items()}

    assert named == {
        "Containers": None,
        "SqlServers": None,
        "StorageAccounts": "DefenderForStorageV2",
        "KeyVaults": "PerKeyVault",
    }


def test_no_scanner_gets_a_way_into_the_accounts(plans: dict[str, Arguments]) -> None:
    assert not plans["StorageAccounts"].get("extension")
