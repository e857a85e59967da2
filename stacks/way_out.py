"""How the network stack's machines get out, as the settings choose it."""

from collections.abc import Mapping, Sequence

from cdktf import ITerraformDependable
from cdktf_cdktf_provider_azurerm.subnet import Subnet

from config.network.egress import Egress
from config.network.firewall import FirewallTier
from config.network.subnets import SUBNETS, SubnetKey, VirtualNetworkKey
from constructs_lib.egress.firewall import EgressFirewall, FirewallManagement
from constructs_lib.egress.firewall_rules import WHY_PUBLISHED, egress_rule_groups
from constructs_lib.egress.nat_gateway import NatGateway
from constructs_lib.egress.route_table import EgressRouteTable
from constructs_lib.network.cluster_subnet_rules import HTTP
from constructs_lib.network.virtual_network import VirtualNetwork
from stacks.platform_stack import PlatformStack

PUBLISHED = 400
"""Priority of the group of rules that leads in, behind those of the subnets."""


class WayOut:
    """Not a construct: what it makes stands in the stack itself."""

    def __init__(
        self,
        stack: PlatformStack,
        *,
        resource_group_name: str,
        networks: Mapping[VirtualNetworkKey, VirtualNetwork],
        subnets: Mapping[SubnetKey, Subnet],
    ) -> None:
        self._stack, self._networks, self._subnets = stack, networks, subnets
        self._resource_group_name, self._location = resource_group_name, stack.environment.region
        self._settings, self._naming = stack.environment.network, stack.naming
        self._plan = self._settings.address_plan
        self._asking = [key for key, subnet in SUBNETS.items() if subnet.asks_outside and key in subnets]
        self.firewall = self._firewall() if self._settings.egress is Egress.FIREWALL else None
        self.attached = self._attach()
        """What joins the subnets and their networks to the way out."""

    def _attach(self) -> Sequence[ITerraformDependable]:
        if self.firewall:
            return [*self._route_to(self.firewall.private_ip_address), *self._resolve_names_with(self.firewall)]
        if self._settings.egress is Egress.NVA:
            return self._route_to(str(self._settings.nva_address))
        if self._settings.egress is Egress.NAT_GATEWAY:
            return self._translate_addresses()
        return []  # the cluster makes a way out of its own, or there is none

    def _firewall(self) -> EgressFirewall:
        settings, naming = self._settings.firewall, self._naming
        management = self._subnets.get(SubnetKey.FIREWALL_MANAGEMENT)
        firewall = EgressFirewall(
            self._stack,
            "egress",
            name=naming.firewall,
            policy_name=naming.firewall_policy,
            public_ip_name=naming.firewall_public_ip,
            resource_group_name=self._resource_group_name,
            location=self._location,
            subnet=self._subnets[SubnetKey.FIREWALL],
            availability_zones=self._stack.environment.availability_zones,
            settings=settings,
            management=FirewallManagement(management, naming.firewall_management_public_ip) if management else None,
        )
        for group in egress_rule_groups(self._settings, self._location):
            source = self._plan.subnets[group.subnet]
            firewall.allow(group.name, from_=source, rules=group.rules, priority=group.priority)
        if settings.published_port is not None:
            firewall.publish(
                "application",
                port=settings.published_port,
                to=self._plan.application_address,
                to_port=HTTP,
                because=WHY_PUBLISHED,
                priority=PUBLISHED,
            )
        return firewall

    def _resolve_names_with(self, firewall: EgressFirewall) -> Sequence[ITerraformDependable]:
        if self._settings.firewall.sku_tier is FirewallTier.BASIC:
            return []  # it knows no names: Azure's DNS goes on answering
        # A hub keeps Azure's DNS: the firewall's proxy asks it there, and agents that repair a firewall need names.
        return [self._networks[VirtualNetworkKey.SPOKE].use_name_server(firewall.private_ip_address)]

    def _route_to(self, next_hop_ip_address: str) -> Sequence[ITerraformDependable]:
        routes = EgressRouteTable(
            self._stack,
            "egress-routes",
            name=self._naming.egress_route_table,
            resource_group_name=self._resource_group_name,
            location=self._location,
            next_hop_ip_address=next_hop_ip_address,
        )
        return [routes.route(key.noun, self._subnets[key]) for key in self._asking]

    def _translate_addresses(self) -> Sequence[ITerraformDependable]:
        gateways = {
            home: NatGateway(
                self._stack,
                f"{home}-nat-gateway",
                name=self._naming.nat_gateway(home),
                public_ip_name=self._naming.nat_gateway_public_ip(home),
                resource_group_name=self._resource_group_name,
                location=self._location,
                availability_zones=self._stack.environment.availability_zones,
            )
            for home in self._networks
            if any(self._plan.home_of(key) == home for key in self._asking)
        }
        return [gateways[self._plan.home_of(key)].serve(key.noun, self._subnets[key]) for key in self._asking]
