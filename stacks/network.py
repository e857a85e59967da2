"""The network: hub and spoke or one for all, egress, the names of private services, and the workspace for logs."""

from collections.abc import Sequence

from cdktf import ITerraformDependable
from cdktf_cdktf_provider_azurerm.resource_group import ResourceGroup
from cdktf_cdktf_provider_azurerm.subnet import Subnet
from constructs import Construct

from config.defender import DefenderPlans
from config.environment import EnvironmentSettings
from config.network.agents import Agents
from config.network.company_hub import CompanyHubSettings, HubPeering
from config.network.private_endpoints import PrivateAddress
from config.network.subnets import SUBNETS, SubnetKey, VirtualNetworkKey
from constructs_lib.cluster.cluster_identities import ClusterIdentities
from constructs_lib.egress.firewall_rules import NodeReports
from constructs_lib.egress.network_egress import NetworkEgress
from constructs_lib.monitoring.diagnostics import Diagnostics
from constructs_lib.monitoring.log_categories import (
    ACTIVITY_LOGS,
    BASTION_LOGS,
    BLOB_LOGS,
    FIREWALL_LOGS,
    SECURITY_GROUP_LOGS,
)
from constructs_lib.network.network_security_group import NetworkSecurityGroup
from constructs_lib.network.private_dns_zones import KUBERNETES, PrivateDnsZones
from constructs_lib.network.private_endpoint import PrivateEndpoint
from constructs_lib.network.private_link_resources import BLOB_STORAGE, kubernetes_dns_zone, served_at
from constructs_lib.network.subnet_rules import rules_of_environment
from constructs_lib.network.virtual_network import VirtualNetwork
from constructs_lib.network.virtual_network_peering import VirtualNetworkPeering
from stacks import watching, ways_in
from stacks.platform_stack import PlatformStack


class NetworkStack(PlatformStack):
    """Exports nothing: later stacks compute the ids of what is here from its names, or ask Azure by them."""

    def __init__(self, scope: Construct, environment: EnvironmentSettings) -> None:
        super().__init__(scope, environment, "network")
        naming, settings = self.naming, environment.network
        self._plan = plan = settings.address_plan
        group = ResourceGroup(self, "resource-group", name=naming.network_resource_group, location=environment.region)
        self._resource_group_name = group.name
        self._networks: dict[VirtualNetworkKey, VirtualNetwork] = {
            key: VirtualNetwork(
                self,
                key,
                name=naming.virtual_network(key),
                resource_group_name=self._resource_group_name,
                location=environment.region,
                address_space=address_space,
                ddos_protection_plan_id=settings.ddos_protection_plan_id,
            )
            for key, address_space in plan.virtual_networks.items()
        }
        self._subnets = {key: self._add_subnet(key) for key in plan.subnets}
        rules = rules_of_environment(
            settings,
            environment.cluster.kubernetes.pod_cidr,
            environment.private_addresses,
            gateway=environment.workloads.gateway is not None,
        )
        security = {
            key: NetworkSecurityGroup(
                self,
                f"{key.noun}-security",
                name=naming.network_security_group(key),
                resource_group_name=self._resource_group_name,
                location=environment.region,
                subnet=self._subnets[key],
                rules=rules[key],
            )
            for key in rules
        }
        zones = self._make_zones() if settings.private_dns is None else None
        self._add_cluster_identities(zones)
        state = self._bring_state_in(zones) if self._needs_state_inside else None
        workspace = watching.make_workspace(self, group.name)
        egress = NetworkEgress(
            self,
            "egress",
            settings=settings,
            naming=naming,
            resource_group_name=self._resource_group_name,
            availability_zones=environment.availability_zones,
            reports=NodeReports(
                logs=workspace.customer_id,
                sensor=watching.make_sensor_workspace(self, group.name),
                metrics_host=watching.make_metrics_workspace(self, group.name),
            ),
            networks=self._networks,
            subnets=self._subnets,
            users_sign_in=any(one.sign_in for one in environment.workloads.applications),
        )
        bastion = None
        if SubnetKey.BASTION in security:
            bastion = ways_in.make_bastion(
                self,
                group.name,
                subnet=self._subnets[SubnetKey.BASTION],
                security=security[SubnetKey.BASTION],
                beyond=self._networks[VirtualNetworkKey.SPOKE] if VirtualNetworkKey.HUB in self._networks else None,
            )
        if settings.jump_box is not None:
            ways_in.make_jump_box(
                self,
                group.name,
                settings=settings.jump_box,
                subnet=self._subnets[SubnetKey.JUMP_BOX],
                after=[security[SubnetKey.JUMP_BOX].association, *egress.attached],
            )
        writes_to_networks = [
            *(guard.association for guard in security.values()),
            *egress.attached,
            *self._use_name_servers(),
            *([bastion.resource] if bastion else []),
            *([state.resource] if state else []),
        ]
        if VirtualNetworkKey.HUB in self._networks:
            VirtualNetworkPeering(
                self,
                "peering",
                hub=self._networks[VirtualNetworkKey.HUB],
                spoke=self._networks[VirtualNetworkKey.SPOKE],
                after=writes_to_networks,
            )
        if settings.company_hub is not None and settings.company_hub.peering is not HubPeering.NONE:
            self._join(settings.company_hub, writes_to_networks)
        logs = Diagnostics(self, "diagnostics", workspace_id=workspace.id)
        for key, guard in security.items():
            logs.collect(f"{key.noun}-security", guard.id, SECURITY_GROUP_LOGS)
        if bastion:
            logs.collect("bastion", bastion.resource.id, BASTION_LOGS)
        if egress.firewall:
            logs.collect("firewall", egress.firewall.resource.id, FIREWALL_LOGS)
        # Here, as the workspace is younger than the account. The account's lock keeps this setting too.
        logs.collect("state", f"{naming.state_storage_account_id}/blobServices/default", BLOB_LOGS)
        if environment.defender.plans is DefenderPlans.ON:
            watching.switch_defender_on(self)
        firewall_id = egress.firewall.resource.id if egress.firewall else None
        watching.watch_network(self, group.name, workspace_id=workspace.id, firewall_id=firewall_id)
        if environment.monitoring.activity_log:
            subscription = f"/subscriptions/{environment.subscription_id}"
            logs.collect("activity", subscription, ACTIVITY_LOGS, name=naming.activity_log_setting)

    @property
    def _needs_state_inside(self) -> bool:
        settings = self.environment
        return settings.network.agents is not Agents.NONE or not settings.state_backend.public_network_access

    def _add_subnet(self, key: SubnetKey) -> Subnet:
        return self._networks[self._plan.home_of(key)].add_subnet(
            key.noun,
            name=self.naming.subnet(key),
            address_range=self._plan.subnets[key],
            kind=SUBNETS[key].kind,
            delegated_to=self.environment.network.delegation_of(key),
        )

    def _make_zones(self) -> PrivateDnsZones:
        return PrivateDnsZones(
            self,
            "private-dns",
            resource_group_name=self._resource_group_name,
            services=served_at(self.environment.private_addresses),
            kubernetes_zone=kubernetes_dns_zone(self.environment.region, self.environment.network.api_server),
            virtual_networks=self._networks,
        )

    def _add_cluster_identities(self, zones: PrivateDnsZones | None) -> None:
        ClusterIdentities(
            self,
            "cluster-identities",
            control_plane_name=self.naming.control_plane_identity,
            kubelet_name=self.naming.kubelet_identity,
            resource_group_name=self._resource_group_name,
            location=self.environment.region,
            virtual_network_id=self._networks[VirtualNetworkKey.SPOKE].id,
            private_dns_zone_id=zones.resources[KUBERNETES].id if zones else self.kubernetes_zone_id,
        )

    def _use_name_servers(self) -> Sequence[ITerraformDependable]:
        servers = [str(address) for address in self._plan.dns_servers]
        return [network.use_name_servers(*servers) for network in self._networks.values()] if servers else []

    def _join(self, hub: CompanyHubSettings, after: Sequence[ITerraformDependable]) -> None:
        # Imported here, as few environments join a hub that somebody else has.
        from constructs_lib.network.company_hub_peering import CompanyHubPeering

        CompanyHubPeering(
            self,
            "company-hub-peering",
            spoke=self._networks[VirtualNetworkKey.SPOKE],
            spoke_name=self.naming.virtual_network(VirtualNetworkKey.SPOKE),
            settings=hub,
            hub_provider=self.provider_in(hub.virtual_network_id),
            after=after,
        )

    def _bring_state_in(self, zones: PrivateDnsZones | None) -> PrivateEndpoint:
        # To a storage firewall requests from the same region come from no public address: a list of allowed ranges
        # would lock the agents out. https://learn.microsoft.com/azure/storage/common/storage-network-security-limitations
        endpoint = PrivateEndpoint(
            self,
            "state-private-endpoint",
            service=BLOB_STORAGE,
            service_name=self.naming.state_storage_account,
            service_id=self.naming.state_storage_account_id,
            addresses={BLOB_STORAGE.member: self._plan.private_address(PrivateAddress.STATE)},
            resource_group_name=self._resource_group_name,
            location=self.environment.region,
            network=self.private_endpoint_network(
                self._subnets[SubnetKey.PRIVATE_ENDPOINTS].id,
                # As the zone knows it: the record comes after the zone.
                zones.resources[BLOB_STORAGE.noun].resource_group_name if zones else "",
            ),
        )
        endpoint.add_record(self.naming.state_storage_account)
        return endpoint
