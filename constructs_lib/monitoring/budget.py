"""A budget of the resource groups of one environment, which tells of costs and stops nothing."""

from collections.abc import Sequence

from cdktf_cdktf_provider_azurerm.consumption_budget_subscription import (
    ConsumptionBudgetSubscription,
    ConsumptionBudgetSubscriptionFilter,
    ConsumptionBudgetSubscriptionFilterDimension,
    ConsumptionBudgetSubscriptionNotification,
    ConsumptionBudgetSubscriptionTimePeriod,
)
from constructs import Construct

from config.monitoring import BudgetSettings


class Budget(Construct):
    """Of the subscription, as the group of the nodes is AKS's own and can have none; it counts these groups alone."""

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        name: str,
        subscription_id: str,
        resource_group_names: Sequence[str],
        settings: BudgetSettings,
        action_group_ids: Sequence[str],
    ) -> None:
        super().__init__(scope, id_)
        ConsumptionBudgetSubscription(
            self,
            "budget",
            name=name,
            subscription_id=f"/subscriptions/{subscription_id}",
            amount=settings.amount,
            time_grain="Monthly",
            time_period=ConsumptionBudgetSubscriptionTimePeriod(start_date=f"{settings.first_month}-01T00:00:00Z"),
            filter=ConsumptionBudgetSubscriptionFilter(
                dimension=[
                    ConsumptionBudgetSubscriptionFilterDimension(
                        name="ResourceGroupName", operator="In", values=list(resource_group_names)
                    )
                ]
            ),
            notification=[
                ConsumptionBudgetSubscriptionNotification(
                    enabled=True,
                    threshold=percent,
                    threshold_type=kind,
                    operator="GreaterThan",
                    contact_groups=list(action_group_ids),
                )
                for percent, kind in ((80, "Actual"), (100, "Actual"), (100, "Forecasted"))
            ],
        )
