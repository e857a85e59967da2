"""Whom a budget tells, of what."""

import pytest
from cdktf import TerraformStack, Testing

from config.monitoring import BudgetSettings
from constructs_lib.monitoring.budget import Budget
from tests.template import Arguments, Template

GROUP = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Insights/actionGroups/ag"


@pytest.fixture(scope="module")
def budget() -> Arguments:
    stack = TerraformStack(Testing.app(), "test")
    Budget(
        stack,
        "budget",
        name="budget",
        subscription_id="s",
        resource_group_names=["rg-one", "rg-two"],
        settings=BudgetSettings(amount=900, first_month="2026-12"),
        action_group_ids=[GROUP],
    )
    return Template.of(stack).resource("azurerm_consumption_budget_subscription")


def test_it_counts_the_platform_alone(budget: Arguments) -> None:
    assert budget["subscription_id"] == "/subscriptions/s"
    assert [(one["name"], one["values"]) for one in budget["filter"]["dimension"]] == [
        ("ResourceGroupName", ["rg-one", "rg-two"])
    ]


def test_it_begins_with_a_month(budget: Arguments) -> None:
    # https://learn.microsoft.com/azure/cost-management-billing/costs/tutorial-acm-create-budgets
    assert budget["time_period"] == {"start_date": "2026-12-01T00:00:00Z"}
    assert (budget["amount"], budget["time_grain"]) == (900, "Monthly")


def test_it_tells_before_the_money_is_spent(budget: Arguments) -> None:
    told = {(one["threshold"], one["threshold_type"]) for one in budget["notification"]}

    assert told == {(80, "Actual"), (100, "Actual"), (100, "Forecasted")}
    assert all(one["contact_groups"] == [GROUP] and one["enabled"] for one in budget["notification"])
