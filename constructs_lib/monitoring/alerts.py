"""Rules that watch what the rows of `alert_rules.py` name, and call the action groups."""

from collections.abc import Callable, Sequence

from cdktf_cdktf_provider_azurerm.monitor_activity_log_alert import (
    MonitorActivityLogAlert,
    MonitorActivityLogAlertAction,
    MonitorActivityLogAlertCriteria,
    MonitorActivityLogAlertCriteriaResourceHealth,
    MonitorActivityLogAlertCriteriaServiceHealth,
)
from cdktf_cdktf_provider_azurerm.monitor_metric_alert import (
    MonitorMetricAlert,
    MonitorMetricAlertAction,
    MonitorMetricAlertCriteria,
)
from cdktf_cdktf_provider_azurerm.monitor_scheduled_query_rules_alert_v2 import (
    MonitorScheduledQueryRulesAlertV2,
    MonitorScheduledQueryRulesAlertV2Action,
    MonitorScheduledQueryRulesAlertV2Criteria,
)
from constructs import Construct

from constructs_lib.monitoring.alert_rules import ActivityAlert, Alert, LogAlert, MetricAlert


class Alerts(Construct):
    """What is watched is told to the constructor's action groups, and told again when it has passed.

    `name` gives the name of a rule by what it watches.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        name: Callable[[str], str],
        resource_group_name: str,
        location: str,
        workspace_id: str,
        action_group_ids: Sequence[str],
    ) -> None:
        super().__init__(scope, id_)
        self._name, self._resource_group_name, self._location = name, resource_group_name, location
        self._workspace_id, self._action_group_ids = workspace_id, list(action_group_ids)

    def watch_logs(self, alert: LogAlert, resource_id: str) -> None:
        """Call when the logs of this resource say so."""
        duration = "PT1H" if alert.minutes == 60 else f"PT{alert.minutes}M"
        MonitorScheduledQueryRulesAlertV2(
            self,
            alert.key,
            name=self._name(alert.key),
            description=_description(alert),
            resource_group_name=self._resource_group_name,
            location=self._location,
            enabled=True,
            scopes=[self._workspace_id],
            severity=int(alert.severity),
            evaluation_frequency=duration,
            window_duration=duration,
            criteria=[
                MonitorScheduledQueryRulesAlertV2Criteria(
                    query=log_query(alert, resource_id),
                    time_aggregation_method="Count",
                    operator="GreaterThan",
                    threshold=alert.more_than,
                )
            ],
            # A workspace knows a table once something has been written there.
            skip_query_validation=True,
            auto_mitigation_enabled=True,
            action=MonitorScheduledQueryRulesAlertV2Action(action_groups=self._action_group_ids),
        )

    def watch_metric(self, alert: MetricAlert, resource_id: str) -> None:
        """Call when this metric of the resource is beyond its threshold."""
        MonitorMetricAlert(
            self,
            alert.key,
            name=self._name(alert.key),
            description=_description(alert),
            resource_group_name=self._resource_group_name,
            enabled=True,
            scopes=[resource_id],
            severity=int(alert.severity),
            frequency="PT5M",
            window_size="PT15M",
            criteria=[
                MonitorMetricAlertCriteria(
                    metric_namespace=alert.namespace,
                    metric_name=alert.metric,
                    aggregation=alert.aggregation,
                    operator=alert.operator,
                    threshold=alert.threshold,
                )
            ],
            auto_mitigate=True,
            action=[MonitorMetricAlertAction(action_group_id=id_) for id_ in self._action_group_ids],
        )

    def watch_activity(self, alert: ActivityAlert, subscription_id: str) -> None:
        """Call when somebody has done this in the subscription."""
        criteria = MonitorActivityLogAlertCriteria(
            category="Administrative", operation_name=alert.operation, statuses=["Succeeded"]
        )
        self._on_activity(alert.key, _description(alert), subscription_id, criteria)

    def watch_health(self, subscription_id: str, resource_group_names: Sequence[str]) -> None:
        """Call when Azure itself has a fault that meets the subscription, or something in one of these groups."""
        self._on_activity(
            "service-health",
            "Azure reports a fault, a security matter or something to do that concerns this subscription.",
            subscription_id,
            MonitorActivityLogAlertCriteria(
                category="ServiceHealth",
                service_health=MonitorActivityLogAlertCriteriaServiceHealth(
                    events=["Incident", "Security", "ActionRequired"]
                ),
            ),
        )
        self._on_activity(
            "resource-health",
            "Azure reports that a resource of the platform is unavailable or degraded, by no doing of its users.",
            subscription_id,
            MonitorActivityLogAlertCriteria(
                category="ResourceHealth",
                resource_groups=list(resource_group_names),
                resource_health=MonitorActivityLogAlertCriteriaResourceHealth(
                    current=["Degraded", "Unavailable"], reason=["PlatformInitiated", "Unknown"]
                ),
            ),
        )

    def _on_activity(
        self, key: str, description: str, subscription_id: str, criteria: MonitorActivityLogAlertCriteria
    ) -> None:
        MonitorActivityLogAlert(
            self,
            key,
            name=self._name(key),
            description=description,
            resource_group_name=self._resource_group_name,
            location="global",
            enabled=True,
            scopes=[f"/subscriptions/{subscription_id}"],
            criteria=criteria,
            action=[MonitorActivityLogAlertAction(action_group_id=id_) for id_ in self._action_group_ids],
        )


def log_query(alert: LogAlert, resource_id: str) -> str:
    """The query of an alert about one resource, as other environments may write into the same workspace."""
    source = alert.tables[0] if len(alert.tables) == 1 else f"union {', '.join(alert.tables)}"
    return f'{source}\n| where _ResourceId =~ "{resource_id}"\n| {alert.query}'


def _description(alert: Alert) -> str:
    return f"{alert.happened}. {alert.because}"
