"""What the network and the cluster stack have watched, as far as an environment asks for it.

Constructs are imported where they are made, as the bindings of what few environments have would cost every synth.
"""

from typing import NamedTuple

from constructs_lib.monitoring.alert_rules import (
    CLUSTER_ALERTS,
    CONTAINER_ALERTS,
    DATABASE_ALERTS,
    FIREWALL_ALERTS,
    FIREWALL_METRIC_ALERTS,
    SUBSCRIPTION_ALERTS,
    VAULT_ALERTS,
)
from constructs_lib.monitoring.log_analytics_workspace import LogAnalyticsWorkspace
from constructs_lib.monitoring.sensor_workspace import SensorWorkspace
from stacks.platform_stack import PlatformStack


class WorkspaceIds(NamedTuple):
    """By what the workspace that gets the logs is known: in Azure's API, and in the names under which it takes them."""

    id: str
    customer_id: str


def make_workspace(stack: PlatformStack, resource_group_name: str) -> WorkspaceIds:
    """What gets the logs, unless the settings name one that is there."""
    settings = stack.environment.network.log_analytics
    if settings.existing_workspace_id is not None:
        # Text in any case: a rule lets neither come without the other.
        return WorkspaceIds(settings.existing_workspace_id, str(settings.existing_workspace_customer_id))
    made = LogAnalyticsWorkspace(
        stack,
        "logs",
        name=stack.naming.log_analytics_workspace,
        resource_group_name=resource_group_name,
        location=stack.environment.region,
        settings=settings,
    ).resource
    return WorkspaceIds(made.id, made.workspace_id)


def watch_network(
    stack: PlatformStack, resource_group_name: str, *, workspace_id: str, firewall_id: str | None
) -> None:
    """Call somebody for what happens in the subscription and at the firewall, and count what the platform costs."""
    environment, naming = stack.environment, stack.naming
    monitoring, subscription_id = environment.monitoring, environment.subscription_id
    if monitoring.alerts is None:
        return
    from constructs_lib.monitoring.action_group import ActionGroup
    from constructs_lib.monitoring.alerts import Alerts

    called = [monitoring.alerts.action_group_id] if monitoring.alerts.action_group_id else []
    if monitoring.alerts.emails:
        group = ActionGroup(
            stack,
            "action-group",
            name=naming.action_group,
            short_name=naming.action_group_short_name,
            resource_group_name=resource_group_name,
            emails=monitoring.alerts.emails,
        )
        called.append(group.resource.id)
    alerts = Alerts(
        stack,
        "alerts",
        name=naming.alert,
        resource_group_name=resource_group_name,
        location=environment.region,
        workspace_id=workspace_id,
        action_group_ids=called,
    )
    for row in SUBSCRIPTION_ALERTS:
        alerts.watch_activity(row, subscription_id)
    groups = (
        naming.network_resource_group,
        naming.cluster_resource_group,
        naming.node_resource_group,
        naming.workloads_resource_group,
    )
    alerts.watch_health(subscription_id, groups)
    if firewall_id is not None:
        for alert in FIREWALL_ALERTS:
            alerts.watch_logs(alert, firewall_id)
        for metric in FIREWALL_METRIC_ALERTS:
            alerts.watch_metric(metric, firewall_id)
    if monitoring.budget is not None:
        from constructs_lib.monitoring.budget import Budget

        Budget(
            stack,
            "budget",
            name=naming.budget,
            subscription_id=subscription_id,
            resource_group_names=(naming.state_resource_group, *groups),
            settings=monitoring.budget,
            action_group_ids=called,
        )


def watch_cluster(
    stack: PlatformStack,
    resource_group_name: str,
    *,
    vault_id: str,
    cluster_id: str,
    database_id: str | None,
    pods_are_seen: bool,
) -> None:
    """Call somebody for what happens in vault, cluster and database."""
    environment, naming = stack.environment, stack.naming
    settings = environment.monitoring.alerts
    if settings is None:
        return
    from constructs_lib.monitoring.alerts import Alerts

    called = [settings.action_group_id] if settings.action_group_id else []
    if settings.emails:
        called.append(naming.action_group_id)
    alerts = Alerts(
        stack,
        "alerts",
        name=naming.alert,
        resource_group_name=resource_group_name,
        location=environment.region,
        workspace_id=naming.log_analytics_workspace_id,
        action_group_ids=called,
    )
    for row in VAULT_ALERTS:
        alerts.watch_logs(row, vault_id)
    if pods_are_seen:
        for row in CONTAINER_ALERTS:
            alerts.watch_logs(row, cluster_id)
    for alert in CLUSTER_ALERTS:
        alerts.watch_metric(alert, cluster_id)
    if database_id is not None:
        for alert in DATABASE_ALERTS:
            alerts.watch_metric(alert, database_id)


def switch_defender_on(stack: PlatformStack) -> None:
    """Watch for attacks, in the whole subscription."""
    from constructs_lib.monitoring.defender_plans import DefenderPlans

    DefenderPlans(stack, "defender")


def make_sensor_workspace(stack: PlatformStack, resource_group_name: str) -> str | None:
    """The GUID of the workspace through which Defender's sensor reports, if there is one."""
    if not stack.environment.has_defender_sensor:
        return None
    return SensorWorkspace(
        stack,
        "defender-sensor",
        name=stack.naming.defender_workspace,
        resource_group_name=resource_group_name,
        location=stack.environment.region,
    ).resource.workspace_id


def make_metrics_workspace(stack: PlatformStack, resource_group_name: str) -> str | None:
    """The name of what takes the metrics of nodes and pods, if anything does."""
    if stack.environment.monitoring.prometheus is None:
        return None
    from constructs_lib.monitoring.metrics_workspace import MetricsWorkspace

    return MetricsWorkspace(
        stack,
        "metrics",
        name=stack.naming.metrics_workspace,
        endpoint_name=stack.naming.metrics_endpoint,
        resource_group_name=resource_group_name,
        location=stack.environment.region,
    ).host


def measure_cluster(stack: PlatformStack, resource_group_name: str, cluster_id: str) -> None:
    """Collect the metrics of nodes and pods, and show them, where the settings ask for it."""
    environment, naming = stack.environment, stack.naming
    settings = environment.monitoring.prometheus
    if settings is None:
        return
    from constructs_lib.monitoring.cluster_metrics import ClusterMetrics

    ClusterMetrics(
        stack,
        "metrics",
        name=naming.metrics_rule,
        resource_group_name=resource_group_name,
        location=environment.region,
        workspace_id=naming.metrics_workspace_id,
        endpoint_id=naming.metrics_endpoint_id,
        cluster_id=cluster_id,
    )
    if settings.grafana:
        from constructs_lib.monitoring.grafana import Grafana

        grafana = Grafana(
            stack,
            "grafana",
            name=naming.grafana,
            resource_group_name=resource_group_name,
            location=environment.region,
            metrics_workspace_id=naming.metrics_workspace_id,
            zone_redundant=environment.is_production,
        )
        grafana.grant_administration("administrators", environment.cluster_admin_group_id)
