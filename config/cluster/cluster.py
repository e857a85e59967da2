"""The settings of the cluster stack, assembled from those of its constructs."""

from config.cluster.kubernetes import KubernetesClusterSettings
from config.cluster.registry import ContainerRegistrySettings
from config.cluster.sql import SqlServerSettings
from config.types import Settings


class ClusterSettings(Settings):
    """The cluster stack."""

    kubernetes: KubernetesClusterSettings
    """The AKS cluster and its node pools."""

    registry: ContainerRegistrySettings = ContainerRegistrySettings()
    """The private registry that all images come from."""

    sql: SqlServerSettings
    """The application's database."""
