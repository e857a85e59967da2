"""Names and ARM ids of everything that an environment owns, computed from its settings.

They are known before anything is deployed, so a stack can refer to what another stack owns without reading its state.
Abbreviations are the Cloud Adoption Framework's:
https://learn.microsoft.com/azure/cloud-adoption-framework/ready/azure-best-practices/resource-abbreviations
"""

import hashlib
from dataclasses import dataclass
from typing import Self

from config.address_plan import SUBNET_SLOTS
from config.models import EnvironmentSettings
from config.types import REGIONS


@dataclass(frozen=True)
class Naming:
    """The names of one environment; every property or method is one name or one ARM id."""

    workload: str
    environment: str
    region: str
    subscription_id: str

    @classmethod
    def of(cls, environment: EnvironmentSettings) -> Self:
        """The names that follow from an environment's settings."""
        return cls(environment.workload, environment.name, environment.region, environment.subscription_id)

    def name(self, abbreviation: str, purpose: str = "") -> str:
        """A name that is unique within the subscription, such as `vnet-hub-shop-dev-weu`."""
        return "-".join(filter(None, (abbreviation, purpose, self.workload, self.environment, REGIONS[self.region])))

    @property
    def _unique(self) -> str:
        """Five characters that make a name unique in all of Azure, and stay the same for ever."""
        text = f"{self.subscription_id}/{self.workload}/{self.environment}"
        return hashlib.sha256(text.encode()).hexdigest()[:5]

    # Unique in all of Azure: storage 3-24, registry 5-50 and vault 3-24 characters, no two hyphens in a row.

    @property
    def state_storage_account(self) -> str:
        return f"st{self.workload}{self.environment}tf{self._unique}"

    @property
    def audit_storage_account(self) -> str:
        return f"st{self.workload}{self.environment}aud{self._unique}"

    @property
    def container_registry(self) -> str:
        return f"cr{self.workload}{self.environment}{self._unique}"

    @property
    def container_registry_host(self) -> str:
        return f"{self.container_registry}.azurecr.io"

    @property
    def key_vault(self) -> str:
        return f"kv-{self.workload}-{self.environment}-{self._unique}"

    @property
    def sql_server(self) -> str:
        return f"sql-{self.workload}-{self.environment}-{self._unique}"

    @property
    def sql_server_host(self) -> str:
        return f"{self.sql_server}.database.windows.net"

    # The state backend stack.

    @property
    def state_container(self) -> str:
        return "tfstate"

    @property
    def state_resource_group(self) -> str:
        return self.name("rg", "tfstate")

    # The network stack.

    @property
    def network_resource_group(self) -> str:
        return self.name("rg", "network")

    def virtual_network(self, key: str) -> str:
        return self.name("vnet", key)

    def virtual_network_id(self, key: str) -> str:
        return self._id(self.network_resource_group, "Microsoft.Network/virtualNetworks", self.virtual_network(key))

    def subnet(self, key: str) -> str:
        """The subnet of this key in the address plan; two names are Azure's own."""
        return {"firewall": "AzureFirewallSubnet", "bastion": "AzureBastionSubnet"}.get(
            key, f"snet-{key.replace('_', '-')}"
        )

    def subnet_id(self, key: str) -> str:
        return f"{self.virtual_network_id(SUBNET_SLOTS[key].virtual_network)}/subnets/{self.subnet(key)}"

    def network_security_group(self, key: str) -> str:
        return self.name("nsg", key)

    @property
    def firewall(self) -> str:
        return self.name("afw")

    @property
    def firewall_policy(self) -> str:
        return self.name("afwp")

    @property
    def firewall_public_ip(self) -> str:
        return self.name("pip", "firewall")

    @property
    def egress_route_table(self) -> str:
        return self.name("rt", "egress")

    def private_dns_zone_id(self, zone: str) -> str:
        return self._id(self.network_resource_group, "Microsoft.Network/privateDnsZones", zone)

    @property
    def log_analytics_workspace(self) -> str:
        return self.name("log")

    @property
    def log_analytics_workspace_id(self) -> str:
        return self._id(
            self.network_resource_group, "Microsoft.OperationalInsights/workspaces", self.log_analytics_workspace
        )

    # The cluster stack.

    @property
    def cluster_resource_group(self) -> str:
        return self.name("rg", "cluster")

    @property
    def node_resource_group(self) -> str:
        return self.name("rg", "nodes")

    @property
    def kubernetes_cluster(self) -> str:
        return self.name("aks")

    @property
    def kubernetes_cluster_id(self) -> str:
        return self._id(
            self.cluster_resource_group, "Microsoft.ContainerService/managedClusters", self.kubernetes_cluster
        )

    @property
    def control_plane_identity(self) -> str:
        return self.name("id", "aks")

    @property
    def kubelet_identity(self) -> str:
        return self.name("id", "kubelet")

    @property
    def key_vault_id(self) -> str:
        return self._id(self.cluster_resource_group, "Microsoft.KeyVault/vaults", self.key_vault)

    @property
    def sql_database(self) -> str:
        return self.name("sqldb")

    # The workloads stack.

    @property
    def workloads_resource_group(self) -> str:
        return self.name("rg", "workloads")

    def workload_identity(self, service_account: str) -> str:
        return self.name("id", service_account)

    def _id(self, resource_group: str, resource_type: str, name: str) -> str:
        return f"/subscriptions/{self.subscription_id}/resourceGroups/{resource_group}/providers/{resource_type}/{name}"
