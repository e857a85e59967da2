"""The network: hub and spoke, the only way out of them, the names of private services, and the workspace for logs."""

from cdktf_cdktf_provider_azurerm.resource_group import ResourceGroup
from constructs import Construct

from config.models import EnvironmentSettings
from constructs_lib.egress_firewall import EgressFirewall
from constructs_lib.egress_route_table import EgressRouteTable
from constructs_lib.firewall_rules import agent_rules as agent_egress
from constructs_lib.firewall_rules import cluster_rules as cluster_egress
from constructs_lib.log_analytics_workspace import LogAnalyticsWorkspace
from constructs_lib.network_security_group import NetworkSecurityGroup
from constructs_lib.private_dns_zones import PrivateDnsZones
from constructs_lib.subnet_rules import agent_rules, bastion_rules, node_rules, private_endpoint_rules
from constructs_lib.virtual_network import VirtualNetwork
from constructs_lib.virtual_network_peering import VirtualNetworkPeering
from stacks.base import PlatformStack


class NetworkStack(PlatformStack):
    """Exports nothing: later stacks compute the ids of what is here from its names."""

    def __init__(self, scope: Construct, environment: EnvironmentSettings) -> None:
        super().__init__(scope, environment, "network")
        naming, settings, plan = self.naming, environment.network, environment.network.address_plan
        group = ResourceGroup(self, "resource-group", name=naming.network_resource_group, location=environment.region)

        hub = VirtualNetwork(
            self,
            "hub",
            name=naming.virtual_network("hub"),
            resource_group=group,
            address_space=plan.hub,
            prevent_destroy=environment.is_production,
        )
        firewall_subnet = hub.add_subnet("firewall", name=naming.subnet("firewall"), address_range=plan.firewall)
        bastion_subnet = hub.add_subnet("bastion", name=naming.subnet("bastion"), address_range=plan.bastion)
        agents_subnet = hub.add_subnet("agents", name=naming.subnet("agents"), address_range=plan.agents)

        spoke = VirtualNetwork(
            self,
            "spoke",
            name=naming.virtual_network("spoke"),
            resource_group=group,
            address_space=plan.spoke,
            prevent_destroy=environment.is_production,
        )
        nodes_subnet = spoke.add_node_subnet("aks-nodes", name=naming.subnet("aks_nodes"), address_range=plan.aks_nodes)
        endpoints_subnet = spoke.add_private_endpoint_subnet(
            "private-endpoints", name=naming.subnet("private_endpoints"), address_range=plan.private_endpoints
        )

        # Not the firewall's subnet, for which Azure takes none: https://learn.microsoft.com/azure/firewall/firewall-faq
        pods = environment.cluster.kubernetes.pod_cidr
        security = [
            NetworkSecurityGroup(
                self,
                f"{key}-security",
                name=naming.network_security_group(key),
                resource_group=group,
                subnet=subnet,
                rules=rules,
            )
            for key, subnet, rules in (
                ("bastion", bastion_subnet, bastion_rules()),
                ("agents", agents_subnet, agent_rules(plan)),
                ("aks-nodes", nodes_subnet, node_rules(plan, pods)),
                ("private-endpoints", endpoints_subnet, private_endpoint_rules(plan)),
            )
        ]

        firewall = EgressFirewall(
            self,
            "egress",
            name=naming.firewall,
            policy_name=naming.firewall_policy,
            public_ip_name=naming.firewall_public_ip,
            resource_group=group,
            subnet=firewall_subnet,
            availability_zones=environment.availability_zones,
            settings=settings.firewall,
        )
        firewall.allow("cluster", from_=plan.aks_nodes, rules=cluster_egress(environment.region))
        firewall.allow("agents", from_=plan.agents, rules=agent_egress(naming.state_storage_account))
        # The hub keeps Azure's DNS: the firewall's proxy asks it there, and agents that repair a firewall need names.
        name_server = spoke.use_name_server(firewall.private_ip_address)

        egress_routes = EgressRouteTable(
            self,
            "egress-routes",
            name=naming.egress_route_table,
            resource_group=group,
            next_hop_ip_address=firewall.private_ip_address,
        )
        routed = [egress_routes.route("agents", agents_subnet), egress_routes.route("aks-nodes", nodes_subnet)]
        VirtualNetworkPeering(
            self,
            "peering",
            hub=hub,
            spoke=spoke,
            after=[*(group.association for group in security), *routed, name_server],
        )

        PrivateDnsZones(
            self,
            "private-dns",
            resource_group=group,
            region=environment.region,
            virtual_networks={"hub": hub, "spoke": spoke},
        )
        LogAnalyticsWorkspace(
            self,
            "logs",
            name=naming.log_analytics_workspace,
            resource_group=group,
            settings=settings.log_analytics,
            prevent_destroy=environment.is_production,
        )
