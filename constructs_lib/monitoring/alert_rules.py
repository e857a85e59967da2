"""What somebody is called for: a row for each thing that can happen, with the query or the metric that tells of it.

The page docs/alerts.md is made from these rows.
"""

from dataclasses import dataclass
from enum import IntEnum
from typing import Literal


class Severity(IntEnum):
    """How soon somebody should look; Azure's own numbers."""

    CRITICAL = 0
    ERROR = 1
    WARNING = 2


@dataclass(frozen=True)
class Alert:
    """Something that can happen."""

    key: str
    happened: str
    because: str
    """Why somebody should know."""


@dataclass(frozen=True)
class ActivityAlert(Alert):
    """Somebody did this through Azure's API, anywhere in the subscription; free of charge."""

    operation: str


@dataclass(frozen=True)
class LogAlert(Alert):
    """More rows than that in the logs of a resource, within some minutes."""

    severity: Severity
    tables: tuple[str, ...]
    query: str
    """What follows the tables and the resource."""

    minutes: int = 15
    """Looked at as often; one of 5, 10, 15, 30, 45 and 60."""

    more_than: int = 0


@dataclass(frozen=True)
class MetricAlert(Alert):
    """A metric of a resource beyond a threshold for fifteen minutes."""

    severity: Severity
    namespace: str
    metric: str
    aggregation: str
    threshold: float
    operator: Literal["GreaterThan", "LessThan"] = "GreaterThan"


# https://learn.microsoft.com/azure/role-based-access-control/resource-provider-operations; what CIS Azure 5.2 asks for,
# as far as it weakens what stands here.
SUBSCRIPTION_ALERTS = (
    ActivityAlert(
        "role-assigned",
        "Somebody was given a role",
        because="Roles decide who may do everything else. A deployment that assigns some tells of it too.",
        operation="Microsoft.Authorization/roleAssignments/write",
    ),
    ActivityAlert(
        "lock-removed",
        "A lock was removed",
        because="What it held can be deleted from then on.",
        operation="Microsoft.Authorization/locks/delete",
    ),
    ActivityAlert(
        "policy-unassigned",
        "A policy is no longer assigned",
        because="What it refused passes from then on.",
        operation="Microsoft.Authorization/policyAssignments/delete",
    ),
    ActivityAlert(
        "vault-deleted",
        "A key vault was deleted",
        because="Whatever needs its secrets fails. It can be recovered for 90 days.",
        operation="Microsoft.KeyVault/vaults/delete",
    ),
    ActivityAlert(
        "logs-stopped",
        "A resource no longer sends its logs",
        because="Whoever wants to act unseen does this first.",
        operation="Microsoft.Insights/diagnosticSettings/delete",
    ),
    ActivityAlert(
        "sql-opened",
        "A SQL server was opened to addresses",
        because="Only its private endpoint should lead there.",
        operation="Microsoft.Sql/servers/firewallRules/write",
    ),
)

# https://learn.microsoft.com/azure/azure-monitor/reference/tables/azfwnetworkrule
FIREWALL_ALERTS = (
    LogAlert(
        "firewall-denies",
        "The firewall refused more than 200 connections in a quarter of an hour",
        because="Something looks for a way out, or something new lacks a rule.",
        severity=Severity.WARNING,
        tables=("AZFWApplicationRule", "AZFWNetworkRule"),
        query='where Action == "Deny"',
        more_than=200,
    ),
    LogAlert(
        "bad-destination",
        "A machine asked for a destination that Microsoft knows to be bad",
        because="It may be somebody else's already.",
        severity=Severity.ERROR,
        tables=("AZFWThreatIntel",),
        query="where isnotempty(ThreatDescription)",
    ),
)

# https://learn.microsoft.com/azure/firewall/monitor-firewall-reference#metrics; health and ports as in Microsoft's
# baseline: https://azure.github.io/azure-monitor-baseline-alerts/services/Network/azureFirewalls/
_FIREWALL = "Microsoft.Network/azureFirewalls"
FIREWALL_METRIC_ALERTS = (
    MetricAlert(
        "firewall-unhealthy",
        "The firewall is not well",
        because="Connections out, and names, may fail for all that runs here.",
        severity=Severity.CRITICAL,
        namespace=_FIREWALL,
        metric="FirewallHealth",
        aggregation="Average",
        threshold=90,
        operator="LessThan",
    ),
    MetricAlert(
        "firewall-ports-low",
        "The firewall runs out of ports for connections to the Internet",
        because="New connections fail now and then from 95 % on.",
        severity=Severity.ERROR,
        namespace=_FIREWALL,
        metric="SNATPortUtilization",
        aggregation="Maximum",
        threshold=80,
    ),
    MetricAlert(
        "firewall-slow",
        "The firewall is slow",
        because="It takes one millisecond, or a few, unless its processors or its lines are full.",
        severity=Severity.WARNING,
        namespace=_FIREWALL,
        metric="FirewallLatencyPng",
        aggregation="Average",
        threshold=20,
    ),
)

# https://learn.microsoft.com/azure/azure-monitor/reference/tables/kubenodeinventory: a row a minute for each
CONTAINER_ALERTS = (
    LogAlert(
        "node-not-ready",
        "A node was not ready for a quarter of an hour",
        because="Its pods run elsewhere, if there is room.",
        severity=Severity.ERROR,
        tables=("KubeNodeInventory",),
        # A word by itself: `NotReady` is another.
        query='summarize reports = count(), ready = countif(Status has "Ready") by Computer'
        " | where reports >= 10 and ready == 0",
    ),
    LogAlert(
        "pod-crashes",
        "A container keeps crashing",
        because="It is started less and less often, and does nothing.",
        severity=Severity.ERROR,
        tables=("KubePodInventory",),
        query='where ContainerStatusReason == "CrashLoopBackOff" | distinct Namespace, Name, ContainerName',
    ),
    LogAlert(
        "pod-waits",
        "A pod found no node for a quarter of an hour",
        because="The pools are full, or it asks for what none of them has.",
        severity=Severity.WARNING,
        tables=("KubePodInventory",),
        query='summarize reports = count(), waits = countif(PodStatus == "Pending") by Namespace, Name'
        " | where reports >= 10 and waits == reports",
    ),
)

# https://learn.microsoft.com/azure/key-vault/general/logging: such events are logged whether or not somebody subscribed
VAULT_ALERTS = (
    LogAlert(
        "expiry-near",
        "A certificate, secret or key in the vault ends within 30 days, or has ended",
        because="What uses it then fails, all at once.",
        severity=Severity.WARNING,
        tables=("AzureDiagnostics",),
        query='where OperationName matches regex "^(Certificate|Secret|Key)(NearExpiry|Expired)EventGridNotification$"',
        minutes=60,
    ),
    LogAlert(
        "vault-refuses",
        "The vault refused more than 20 requests in a quarter of an hour",
        because="Somebody tries what they may not, or an application lost its role.",
        severity=Severity.WARNING,
        tables=("AzureDiagnostics",),
        query='where Category == "AuditEvent" and ResultSignature == "Forbidden"',
        more_than=20,
    ),
)

# https://learn.microsoft.com/azure/azure-monitor/reference/supported-metrics/microsoft-containerservice-managedclusters-metrics
CLUSTER_ALERTS = (
    MetricAlert(
        "node-disk-full",
        "The disk of a node is nearly full",
        because="At 85 % the kubelet begins to evict pods.",
        severity=Severity.WARNING,
        namespace="Microsoft.ContainerService/managedClusters",
        metric="node_disk_usage_percentage",
        aggregation="Maximum",
        threshold=80,
    ),
)

# https://learn.microsoft.com/azure/azure-monitor/reference/supported-metrics/microsoft-sql-servers-databases-metrics
_DATABASE = "Microsoft.Sql/servers/databases"
DATABASE_ALERTS = (
    MetricAlert(
        "database-down",
        "The database refuses connections because of faults of its own",
        because="The application fails.",
        severity=Severity.CRITICAL,
        namespace=_DATABASE,
        metric="connection_failed",
        aggregation="Total",
        threshold=10,
    ),
    MetricAlert(
        "database-busy",
        "The database computes at its limit",
        because="Requests wait for each other.",
        severity=Severity.WARNING,
        namespace=_DATABASE,
        metric="cpu_percent",
        aggregation="Average",
        threshold=90,
    ),
    MetricAlert(
        "database-full",
        "The database is nearly full",
        because="Full, it takes no more rows: raise `cluster.sql.max_size_gb`.",
        severity=Severity.WARNING,
        namespace=_DATABASE,
        metric="storage_percent",
        aggregation="Maximum",
        threshold=85,
    ),
)
