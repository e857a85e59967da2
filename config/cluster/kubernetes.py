"""Settings of the AKS cluster and its node pools."""

from enum import StrEnum
from ipaddress import IPv4Network
from typing import Annotated

from pydantic import Field

from config.cluster.company_certificate import CertificateFile
from config.cluster.http_proxy import HttpProxySettings
from config.cluster.maintenance import MaintenanceSettings
from config.cluster.node_pool import NodePoolSettings, UserPoolSettings
from config.types import Cidr, Settings, Text


class ClusterTier(StrEnum):
    """AKS pricing tier of the control plane."""

    FREE = "Free"
    """No SLA."""

    STANDARD = "Standard"
    """99.95 % with zones, 99.9 % without."""

    PREMIUM = "Premium"
    """As Standard, and a Kubernetes version is supported for two years in place of one."""


class KubernetesClusterSettings(Settings):
    """What an environment chooses of its cluster."""

    kubernetes_version: Annotated[
        str,
        Text(r"1\.[1-9][0-9]", "a minor version of Kubernetes, such as '1.35'"),
    ] = "1.35"
    """Minor version, such as `1.35`; patches come by themselves. A change upgrades nothing: Terraform refuses to plan,
    and gives the command that upgrades, until the cluster has this version. See docs/upgrades.md."""

    sku_tier: ClusterTier = ClusterTier.STANDARD
    """Whether the control plane has an SLA. But for `Free`, what pods cost is shown by namespace in the portal."""

    maintenance: MaintenanceSettings = MaintenanceSettings()
    """When Azure may upgrade by itself."""

    pod_cidr: Cidr = IPv4Network("10.244.0.0/16")
    """Overlay range of the pods: a /24 for each node, unknown outside the cluster. A change replaces
    the cluster; production refuses it."""

    service_cidr: Cidr = IPv4Network("10.245.0.0/16")
    """Range of the services, unknown outside the cluster; its tenth address is the DNS service. A change
    replaces the cluster; production refuses it."""

    advanced_networking: bool = False
    """Whether rules of pods know names: Advanced Container Networking Services, charged for each node. The application
    then resolves and reaches Entra, its vault, its database and its `reached_hosts` alone. Without, it reaches at port
    443 whatever egress lets the nodes reach. A change takes an order of deployments: docs/changes.md."""

    system_pool: NodePoolSettings
    """Nodes of the cluster's own components."""

    user_pools: Annotated[tuple[UserPoolSettings, ...], Field(max_length=20)]
    """Nodes of the workloads: one pool, or several of different sizes, prices and tasks."""

    customer_managed_disk_key: bool = False
    """Whether the disks of nodes and of pods are encrypted with a key of your own, which rotates each year. Production
    needs it: a change re-creates the cluster, and production refuses that plan. See docs/keys-and-secrets.md."""

    shared_volumes: bool = False
    """Whether pods may mount volumes that several nodes share: Azure Files, in storage accounts with keys that AKS
    makes beside the nodes. Disks can be mounted in any case. A change to false takes the volumes from running pods."""

    company_certificates: Annotated[tuple[CertificateFile, ...], Field(max_length=10)] = ()
    """Files, beside this one, with the certificates of your own authorities, for nodes behind an appliance that opens
    TLS, or with a registry of yours: one certificate in PEM in each. A change replaces all nodes, one after the other
    and drained. Containers do not get them: an image, or a mount, must bring its own."""

    http_proxy: HttpProxySettings | None = None
    """An HTTP proxy through which nodes ask for what is outside; it must be there before them. A change re-images all
    nodes, pool by pool; disruption budgets hold. Once set it stays: docs/changes.md says how it is switched off. The
    application's pods do not get it. Azure does not support Container insights behind a proxy that speaks HTTPS."""

    @property
    def dns_service_ip(self) -> str:
        """Where pods ask for names."""
        return str(self.service_cidr[10])
