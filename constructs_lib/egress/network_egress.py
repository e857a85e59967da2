"""How the machines of the networks reach what is outside, in the one way that the settings choose."""

from collections.abc import Mapping, Sequence
from typing import assert_never

from cdktf import ITerraformDependable
from cdktf_cdktf_provider_azurerm.subnet import Subnet
from constructs import Construct

from config.network.egress import Egress
from config.network.firewall import FirewallTier
from config.network.network import NetworkSettings
from config.network.subnets import SUBNETS, SubnetKey, VirtualNetworkKey
from constructs_lib.egress.firewall import EgressFirewall, FirewallManagement
from constructs_lib.egress.firewall_rules import WHY_PUBLISHED, NodeReports, egress_rule_groups
from constructs_lib.egress.nat_gateway import NatGateway
from constructs_lib.egress.route_table import EgressRouteTable
from constructs_lib.naming import Naming
from constructs_lib.network.ports import HTTP
from constructs_lib.network.virtual_network import VirtualNetwork

PUBLISHED = 400
"""Priority of the group of rules that leads in, behind those of the subnets."""


class NetworkEgress(Construct):
    """Every subnet whose machines ask for something outside is joined to it; no other has a way to anything."""

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        settings: NetworkSettings,
        naming: Naming,
        resource_group_name: str,
        availability_zones: Sequence[int],
        reports: NodeReports,
        networks: Mapping[VirtualNetworkKey, VirtualNetwork],
        subnets: Mapping[SubnetKey, Subnet],
        users_sign_in: bool = False,
    ) -> None:
        super().__init__(scope, id_)
        self._settings, self._naming, self._networks, self._subnets = settings, naming, networks, subnets
        self._resource_group_name, self._availability_zones = resource_group_name, availability_zones
        self._reports, self._users_sign_in = reports, users_sign_in
        self._asking = [key for key, subnet in SUBNETS.items() if subnet.asks_outside and key in subnets]
        self.firewall: EgressFirewall | None = None
        self.attached: Sequence[ITerraformDependable] = self._attach()
        """What joins the subnets, and their networks, to the way that leads outside; with it, that way is open."""

    def _attach(self) -> Sequence[ITerraformDependable]:
        match self._settings.egress:
            case Egress.FIREWALL:
                self.firewall = self._make_firewall()
                next_hop = self.firewall.private_ip_address
                return [*self._route_to(next_hop), *self._resolve_names_with(self.firewall)]
            case Egress.NVA:
                return self._route_to(str(self._settings.nva_address))
            case Egress.NAT_GATEWAY:
                return self._translate_addresses()
            case Egress.LOAD_BALANCER | Egress.NONE:
                return []  # the cluster makes its own, or there is none
        assert_never(self._settings.egress)

    def _make_firewall(self) -> EgressFirewall:
        settings, naming, plan = self._settings.firewall, self._naming, self._settings.address_plan
        management = self._subnets.get(SubnetKey.FIREWALL_MANAGEMENT)
        firewall = EgressFirewall(
            self,
            "firewall",
            name=naming.firewall,
            policy_name=naming.firewall_policy(settings.sku_tier),
            public_ip_name=naming.firewall_public_ip,
            resource_group_name=self._resource_group_name,
            location=naming.region,
            subnet=self._subnets[SubnetKey.FIREWALL],
            availability_zones=self._availability_zones,
            settings=settings,
            management=FirewallManagement(management, naming.firewall_management_public_ip) if management else None,
            ddos_ip_protection=self._settings.ddos_ip_protection,
        )
        for group in egress_rule_groups(
            self._settings, naming.region, self._reports, users_sign_in=self._users_sign_in
        ):
            source = plan.subnets[group.subnet]
            firewall.allow(
                group.name,
                from_=source,
                rules=group.rules,
                network_rules=group.network_rules,
                priority=group.priority,
            )
        if settings.published_port is not None:
            firewall.publish(
                "application",
                port=settings.published_port,
                to=plan.application_address,
                to_port=HTTP,
                because=WHY_PUBLISHED,
                priority=PUBLISHED,
            )
        return firewall

    def _resolve_names_with(self, firewall: EgressFirewall) -> Sequence[ITerraformDependable]:
        if self._settings.firewall.sku_tier is FirewallTier.BASIC:
            return []  # it knows no names: Azure's DNS goes on answering
        # A hub keeps Azure's DNS: the firewall's proxy asks it there, and agents that repair a firewall need names.
        return [self._networks[VirtualNetworkKey.SPOKE].use_name_servers(firewall.private_ip_address)]

    def _route_to(self, next_hop_ip_address: str) -> Sequence[ITerraformDependable]:
        routes = EgressRouteTable(
            self,
            "routes",
            name=self._naming.egress_route_table,
            resource_group_name=self._resource_group_name,
            location=self._naming.region,
            next_hop_ip_address=next_hop_ip_address,
        )
        return [routes.route(key.noun, self._subnets[key]) for key in self._asking]

    def _translate_addresses(self) -> Sequence[ITerraformDependable]:
        home_of = self._settings.address_plan.home_of
        gateways = {
            home: NatGateway(
                self,
                f"{home}-nat-gateway",
                name=self._naming.nat_gateway(home),
                public_ip_name=self._naming.nat_gateway_public_ip(home),
                resource_group_name=self._resource_group_name,
                location=self._naming.region,
                availability_zones=self._availability_zones,
            )
            for home in self._networks
            if any(home_of(key) is home for key in self._asking)
        }
        return [gateways[home_of(key)].serve(key.noun, self._subnets[key]) for key in self._asking]
