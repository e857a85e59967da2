"""Which logs of each type of resource are worth keeping, one row each."""

from dataclasses import dataclass


@dataclass(frozen=True)
class ResourceLogs:
    """What one type of resource can tell, and where Azure puts it."""

    categories: tuple[str, ...]

    has_own_tables: bool = False
    """The type lets one choose between tables of its own and the old common one; elsewhere Azure has decided, and
    forgets the choice, so that every plan would make it again.
    https://github.com/Azure/azure-rest-api-specs/issues/22400
    """


# Every decision, and the names that were asked for, as names can carry data out. Not: flow traces and top flows, which
# cost throughput, and aggregations, which repeat the rest.
# https://learn.microsoft.com/azure/azure-monitor/reference/supported-logs/microsoft-network-azurefirewalls-logs
FIREWALL_LOGS = ResourceLogs(
    categories=(
        "AZFWApplicationRule",
        "AZFWNetworkRule",
        "AZFWNatRule",
        "AZFWDnsQuery",
        "AZFWThreatIntel",
        "AZFWIdpsSignature",
    ),
    has_own_tables=True,
)

# Who connected to what, when, and from where: https://learn.microsoft.com/azure/bastion/monitor-bastion-reference
BASTION_LOGS = ResourceLogs(categories=("BastionAuditLogs",))

# Which rules are in force, and how often each was met; who talked to whom is for flow logs.
# https://learn.microsoft.com/azure/virtual-network/virtual-network-nsg-manage-log
SECURITY_GROUP_LOGS = ResourceLogs(categories=("NetworkSecurityGroupEvent", "NetworkSecurityGroupRuleCounter"))

# Who changed what in the cluster, who was let in, and what API server, autoscaler and load balancers did. Not:
# `kube-audit`, which adds every read for many times the cost; scheduler and controllers, whose decisions Container
# insights collects as events of Kubernetes; storage drivers, whose faults are such events too.
# https://learn.microsoft.com/azure/aks/monitor-aks#aks-control-plane-resource-logs
CLUSTER_LOGS = ResourceLogs(
    categories=("kube-audit-admin", "guard", "kube-apiserver", "cluster-autoscaler", "cloud-controller-manager"),
    has_own_tables=True,
)

# Who asked the vault for which key, secret or certificate, and what policies say of these.
# https://learn.microsoft.com/azure/azure-monitor/reference/supported-logs/microsoft-keyvault-vaults-logs
VAULT_LOGS = ResourceLogs(categories=("AuditEvent", "AzurePolicyEvaluationDetails"))

# Who signed in, and who pushed, pulled and deleted which image.
# https://learn.microsoft.com/azure/azure-monitor/reference/supported-logs/microsoft-containerregistry-registries-logs
REGISTRY_LOGS = ResourceLogs(categories=("ContainerRegistryLoginEvents", "ContainerRegistryRepositoryEvents"))

# What was done through Azure's API, by whom, and what Azure itself and its policies did.
# https://learn.microsoft.com/azure/azure-monitor/platform/activity-log-schema#categories
ACTIVITY_LOGS = ResourceLogs(
    categories=("Administrative", "Security", "ServiceHealth", "Alert", "Recommendation", "Policy", "ResourceHealth")
)

# What the server's auditing policy sends: https://learn.microsoft.com/azure/azure-sql/database/auditing-overview
DATABASE_LOGS = ResourceLogs(categories=("SQLSecurityAuditEvents",))

# Who read, wrote and deleted which blob, and from where. The service that keeps blobs tells, not the account.
# https://learn.microsoft.com/azure/azure-monitor/reference/supported-logs/microsoft-storage-storageaccounts-blobservices-logs
BLOB_LOGS = ResourceLogs(categories=("StorageRead", "StorageWrite", "StorageDelete"))

# Who asked for what, and what was refused.
# https://learn.microsoft.com/azure/azure-monitor/reference/supported-logs/microsoft-network-applicationgateways-logs
APPLICATION_GATEWAY_LOGS = ResourceLogs(categories=("ApplicationGatewayAccessLog", "ApplicationGatewayFirewallLog"))

# https://learn.microsoft.com/azure/azure-monitor/reference/supported-logs/microsoft-cdn-profiles-logs
FRONT_DOOR_LOGS = ResourceLogs(categories=("FrontDoorAccessLog", "FrontDoorWebApplicationFirewallLog"))
