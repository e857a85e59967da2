"""Names and ARM ids of everything that an environment owns, computed from its settings.

They are known before anything is deployed, so a stack can refer to what another stack owns without reading its state.
Abbreviations are the Cloud Adoption Framework's:
https://learn.microsoft.com/azure/cloud-adoption-framework/ready/azure-best-practices/resource-abbreviations
"""

import hashlib
from dataclasses import dataclass
from typing import Literal, Self

from config.environment import EnvironmentSettings
from config.network.firewall import FirewallTier
from config.network.subnets import SUBNETS, SubnetKey, VirtualNetworkKey
from config.network.topology import Topology
from config.regions import region_code
from config.resource_ids import name_of

StackPurpose = Literal["state-backend", "network", "cluster", "workloads"]


@dataclass(frozen=True)
class Naming:
    """The names of one environment; every property or method is one name or one ARM id."""

    workload: str
    environment: str
    region: str
    subscription_id: str
    topology: Topology = Topology.HUB_SPOKE
    existing_workspace_id: str | None = None
    existing_zones_resource_group_id: str | None = None
    existing_registry_id: str | None = None
    existing_registry_region: str | None = None

    @classmethod
    def of(cls, environment: EnvironmentSettings) -> Self:
        """The names that follow from an environment's settings."""
        dns = environment.network.private_dns
        return cls(
            workload=environment.workload,
            environment=environment.name,
            region=environment.region,
            subscription_id=environment.subscription_id,
            topology=environment.network.topology,
            existing_workspace_id=environment.network.log_analytics.existing_workspace_id,
            existing_zones_resource_group_id=dns.zones_resource_group_id if dns else None,
            existing_registry_id=environment.cluster.registry.existing_registry_id,
            existing_registry_region=environment.cluster.registry.existing_registry_region,
        )

    def name(self, abbreviation: str, purpose: str = "") -> str:
        """A name that is unique within the subscription, such as `vnet-hub-shop-dev-weu`."""
        return "-".join(
            filter(None, (abbreviation, purpose, self.workload, self.environment, region_code(self.region)))
        )

    @property
    def _unique(self) -> str:
        """Five characters that make a name unique in all of Azure, and stay the same for ever."""
        # All that tells environments apart, the region too: one that moves is built beside the one it leaves, whose
        # names, a vault's for 90 days after its deletion, are still taken.
        text = f"{self.subscription_id}/{self.workload}/{self.environment}/{self.region}"
        return hashlib.sha256(text.encode()).hexdigest()[:5]

    def _stem(self, longest: int, hyphen: str = "") -> str:
        """As much of workload and environment as there is room for; what is cut off is still in what follows."""
        return f"{self.workload}{hyphen}{self.environment}"[:longest].rstrip("-")

    # Unique in all of Azure: storage 3-24, registry 5-50 and vault 3-24 characters, no two hyphens in a row.

    @property
    def state_storage_account(self) -> str:
        return f"st{self._stem(15)}tf{self._unique}"

    @property
    def audit_storage_account(self) -> str:
        return f"st{self._stem(14)}aud{self._unique}"

    @property
    def container_registry(self) -> str:
        """The registry that all images come from: the environment's own, unless the settings name another."""
        return name_of(self.existing_registry_id) if self.existing_registry_id else self._own_registry

    @property
    def _own_registry(self) -> str:
        return f"cr{self.workload}{self.environment}{self._unique}"

    @property
    def container_registry_host(self) -> str:
        return f"{self.container_registry}.azurecr.io"

    @property
    def container_registry_data_host(self) -> str:
        """From where it hands out layers."""
        return f"{self.container_registry}.{self.container_registry_region}.data.azurecr.io"

    @property
    def container_registry_region(self) -> str:
        return self.existing_registry_region or self.region

    @property
    def key_vault(self) -> str:
        return f"kv-{self._stem(15, '-')}-{self._unique}"

    @property
    def sql_server(self) -> str:
        return f"sql-{self.workload}-{self.environment}-{self._unique}"

    @property
    def sql_server_host(self) -> str:
        return f"{self.sql_server}.database.windows.net"

    @property
    def key_vault_host(self) -> str:
        return f"{self.key_vault}.vault.azure.net"

    # The state backend stack.

    @staticmethod
    def state_container(stack: StackPurpose) -> str:
        """The state backend's own has the name that one container for all would have, and had in the first releases."""
        return "tfstate" if stack == "state-backend" else f"tfstate-{stack}"

    @staticmethod
    def plan_container(stack: StackPurpose) -> str:
        """What `deployment/parcel.py` makes of the name of the state's container, as a pipeline knows no other."""
        return f"tfplan-{stack}"

    @property
    def state_resource_group(self) -> str:
        return self.name("rg", "tfstate")

    @property
    def state_storage_account_id(self) -> str:
        return self._id(self.state_resource_group, "Microsoft.Storage/storageAccounts", self.state_storage_account)

    # The network stack.

    @property
    def network_resource_group(self) -> str:
        return self.name("rg", "network")

    def virtual_network(self, key: VirtualNetworkKey) -> str:
        return self.name("vnet", key)

    def virtual_network_id(self, key: VirtualNetworkKey) -> str:
        return self._id(self.network_resource_group, "Microsoft.Network/virtualNetworks", self.virtual_network(key))

    @staticmethod
    def subnet(key: SubnetKey) -> str:
        """The same in every environment."""
        return SUBNETS[key].azure_name or f"snet-{key.noun}"

    def subnet_id(self, key: SubnetKey) -> str:
        home = SUBNETS[key].virtual_network if self.topology is Topology.HUB_SPOKE else VirtualNetworkKey.SPOKE
        return f"{self.virtual_network_id(home)}/subnets/{self.subnet(key)}"

    def network_security_group(self, key: SubnetKey) -> str:
        return self.name("nsg", key.noun)

    @property
    def firewall(self) -> str:
        return self.name("afw")

    def firewall_policy(self, tier: FirewallTier) -> str:
        """A policy is of one tier for ever: a firewall that changes its own moves to another policy."""
        return self.name("afwp", tier.lower())

    @property
    def firewall_public_ip(self) -> str:
        return self.name("pip", "firewall")

    @property
    def firewall_management_public_ip(self) -> str:
        return self.name("pip", "firewall-mgmt")

    @property
    def egress_route_table(self) -> str:
        return self.name("rt", "egress")

    def nat_gateway(self, key: VirtualNetworkKey) -> str:
        """The NAT gateway of the virtual network of this key."""
        return self.name("ng", key)

    def nat_gateway_public_ip(self, key: VirtualNetworkKey) -> str:
        return self.name("pip", f"nat-{key}")

    @property
    def bastion(self) -> str:
        return self.name("bas")

    @property
    def bastion_id(self) -> str:
        return self._id(self.network_resource_group, "Microsoft.Network/bastionHosts", self.bastion)

    @property
    def bastion_public_ip(self) -> str:
        return self.name("pip", "bastion")

    @property
    def jump_box(self) -> str:
        return self.name("vm", "jump-box")

    @property
    def jump_box_id(self) -> str:
        return self._id(self.network_resource_group, "Microsoft.Compute/virtualMachines", self.jump_box)

    @property
    def jump_box_network_interface(self) -> str:
        return self.name("nic", "jump-box")

    @staticmethod
    def private_endpoint(service_name: str) -> str:
        """The endpoint, and its connection, of the service of this name, which is unique itself."""
        return f"pep-{service_name}"

    def private_dns_zone_id(self, zone: str) -> str:
        """The zone of this name: the environment's own, unless the settings say where others are."""
        if self.existing_zones_resource_group_id:
            return f"{self.existing_zones_resource_group_id}/providers/Microsoft.Network/privateDnsZones/{zone}"
        return self._id(self.network_resource_group, "Microsoft.Network/privateDnsZones", zone)

    @property
    def log_analytics_workspace(self) -> str:
        return self.name("log")

    @property
    def log_analytics_workspace_id(self) -> str:
        """The workspace that takes the logs: the environment's own, unless the settings name another."""
        return self.existing_workspace_id or self._id(
            self.network_resource_group, "Microsoft.OperationalInsights/workspaces", self.log_analytics_workspace
        )

    @property
    def action_group(self) -> str:
        return self.name("ag")

    @property
    def action_group_id(self) -> str:
        return self._id(self.network_resource_group, "Microsoft.Insights/actionGroups", self.action_group)

    @property
    def action_group_short_name(self) -> str:
        """What a mail begins with; at most twelve characters."""
        return self._stem(12)

    @property
    def budget(self) -> str:
        return self.name("budget")

    @property
    def metrics_workspace(self) -> str:
        return self.name("amw")

    @property
    def metrics_workspace_id(self) -> str:
        return self._id(self.network_resource_group, "Microsoft.Monitor/accounts", self.metrics_workspace)

    @property
    def metrics_endpoint(self) -> str:
        return self.name("dce", "metrics")

    @property
    def metrics_endpoint_id(self) -> str:
        return self._id(
            self.network_resource_group, "Microsoft.Insights/dataCollectionEndpoints", self.metrics_endpoint
        )

    @property
    def metrics_rule(self) -> str:
        return self.name("dcr", "metrics")

    @property
    def grafana(self) -> str:
        """At most 23 characters."""
        return f"amg-{self._stem(13, '-')}-{self._unique}"

    def alert(self, key: str) -> str:
        return self.name("alert", key)

    @property
    def defender_workspace(self) -> str:
        return self.name("log", "defender")

    @property
    def defender_workspace_id(self) -> str:
        return self._id(
            self.network_resource_group, "Microsoft.OperationalInsights/workspaces", self.defender_workspace
        )

    @property
    def activity_log_setting(self) -> str:
        """Unique among the settings of the subscription, in which other environments may have theirs."""
        return self.name("activity-log")

    def pipeline_identity(self, task: Literal["deploy", "plan"]) -> str:
        return self.name("id", task)

    @property
    def control_plane_identity(self) -> str:
        return self.name("id", "aks")

    @property
    def control_plane_identity_id(self) -> str:
        return self._network_identity_id(self.control_plane_identity)

    @property
    def kubelet_identity(self) -> str:
        return self.name("id", "kubelet")

    @property
    def kubelet_identity_id(self) -> str:
        return self._network_identity_id(self.kubelet_identity)

    def _network_identity_id(self, name: str) -> str:
        return self._id(self.network_resource_group, "Microsoft.ManagedIdentity/userAssignedIdentities", name)

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
    def container_insights_rule(self) -> str:
        return self.name("dcr", "containers")

    @property
    def disk_encryption_set(self) -> str:
        return self.name("des")

    @property
    def disk_encryption_set_id(self) -> str:
        return self._id(self.cluster_resource_group, "Microsoft.Compute/diskEncryptionSets", self.disk_encryption_set)

    @property
    def disk_encryption_identity(self) -> str:
        return self.name("id", "disk-encryption")

    @property
    def container_registry_id(self) -> str:
        return self.existing_registry_id or self._id(
            self.cluster_resource_group, "Microsoft.ContainerRegistry/registries", self._own_registry
        )

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

    def sign_in_registration(self, application: str) -> str:
        """Name in Entra of an application whose users sign in; many environments share one tenant."""
        return self.name("app", application)

    def private_link_service(self, service: str) -> str:
        """The way to a Kubernetes service from outside the networks; AKS makes it, among what it makes for nodes."""
        return self.name("pls", service)

    def private_link_service_id(self, service: str) -> str:
        return self._id(
            self.node_resource_group, "Microsoft.Network/privateLinkServices", self.private_link_service(service)
        )

    @property
    def application_gateway(self) -> str:
        return self.name("agw")

    @property
    def application_gateway_public_ip(self) -> str:
        return self.name("pip", "gateway")

    @property
    def application_gateway_identity(self) -> str:
        return self.name("id", "application-gateway")

    @property
    def application_gateway_firewall_policy(self) -> str:
        return self.name("waf")

    @property
    def front_door(self) -> str:
        return self.name("afd")

    @property
    def front_door_endpoint(self) -> str:
        """First part of a public name; Azure adds the rest, and characters that make it unique."""
        return self.name("fde")

    @property
    def front_door_firewall_policy(self) -> str:
        """Only letters and digits."""
        return f"fdfp{self.workload}{self.environment}{region_code(self.region)}"

    def _id(self, resource_group: str, resource_type: str, name: str) -> str:
        return f"/subscriptions/{self.subscription_id}/resourceGroups/{resource_group}/providers/{resource_type}/{name}"
