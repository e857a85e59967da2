"""The settings of the network stack: which ways lead in, out and through."""

from ipaddress import IPv4Network
from typing import Annotated, assert_never

from pydantic import Field

from config.network.address_plan import AddressPlan, VirtualNetworkSettings, plan_addresses
from config.network.agents import Agents
from config.network.api_server import ApiServer
from config.network.application_gateway import ApplicationGatewaySettings
from config.network.bastion import BastionTier
from config.network.callers import Callers, CallerSettings, Ranges, outside
from config.network.company_hub import CompanyHubSettings
from config.network.egress import Egress
from config.network.firewall import EgressFirewallSettings, FirewallTier
from config.network.front_door import FrontDoorSettings
from config.network.jump_box import JumpBoxSettings
from config.network.log_analytics import LogAnalyticsWorkspaceSettings
from config.network.private_dns import NamedService, PrivateDnsSettings
from config.network.subnets import SUBNETS, SubnetKey, SubnetRanges
from config.network.topology import Topology
from config.resource_ids import DdosProtectionPlanId
from config.types import Ipv4Address, Settings


class NetworkSettings(Settings):
    """The network stack."""

    topology: Topology = Topology.HUB_SPOKE
    """How many virtual networks there are. Cannot be changed: everything would move, and the hub would be deleted."""

    hub: VirtualNetworkSettings | None = None
    """The network of firewall, Bastion and agents; only in topology `hub_spoke`."""

    spoke: VirtualNetworkSettings
    """The network of cluster and private endpoints."""

    company_hub: CompanyHubSettings | None = None
    """The company's hub that the spoke joins; only in topology `spoke`."""

    subnets: SubnetRanges = SubnetRanges()
    """Ranges that replace the planned ones."""

    remote_ranges: Ranges = ()
    """Ranges of networks of your own, which you join to these, from which pipelines or people reach API server, vault,
    registry, state and database; `callers` gives some of these ranges of their own. Needed where `agents` or `bastion`
    is none."""

    callers: CallerSettings = CallerSettings()
    """Who calls one thing alone from networks of your own, which you join to these. A range, here and in
    `remote_ranges`, may enclose the platform's own, such as `10.0.0.0/8`: those are taken out of it."""

    egress: Egress = Egress.FIREWALL
    """How traffic leaves. A change interrupts a running cluster; docs/changes.md tells how."""

    nva_address: Ipv4Address | None = None
    """Private address of the firewall or virtual appliance that egress `nva` leads to; it must be reachable from the
    spoke."""

    dns_servers: Annotated[tuple[Ipv4Address, ...], Field(max_length=20)] = ()
    """Private addresses of DNS servers that every network asks instead of Azure's, such as those of the company's hub.
    Machines ask them once they are restarted. Not with egress `firewall`, whose firewall answers."""

    private_dns: PrivateDnsSettings | None = None
    """The private DNS zones of the company. None: the stack makes its own."""

    firewall: EgressFirewallSettings = EgressFirewallSettings()
    """The firewall of egress `firewall`."""

    agents: Agents = Agents.SELF_HOSTED
    """Where the pipelines' agents stand."""

    api_server: ApiServer = ApiServer.PRIVATE_ENDPOINT
    """How the private API server is reached. A change re-creates the cluster; production refuses it."""

    bastion: BastionTier = BastionTier.STANDARD
    """How people reach the networks."""

    jump_box: JumpBoxSettings | None = None
    """A machine inside the network, for those who need more than a tunnel. None: there is none."""

    application_gateway: ApplicationGatewaySettings | None = None
    """The web application firewall in the network that leads from the Internet to the application. None: none does."""

    front_door: FrontDoorSettings | None = None
    """The web application firewall at Microsoft's edge that does so instead. None: none does."""

    ddos_ip_protection: bool = False
    """Whether each public address of firewall, Bastion and Application Gateway has DDoS IP Protection, about USD 199 a
    month each; a NAT gateway's cannot. What Azure gives to everybody goes on."""

    ddos_protection_plan_id: DdosProtectionPlanId | None = None
    """ARM id of the company's DDoS protection plan, in any subscription of the tenant, which the networks join instead;
    the plan costs its owners about USD 2,944 a month. None: a policy of the company's may join them."""

    log_analytics: LogAnalyticsWorkspaceSettings = LogAnalyticsWorkspaceSettings()
    """The workspace that receives the platform's logs."""

    def has_subnet(self, subnet: SubnetKey) -> bool:
        """Whether these settings call for the subnet."""
        match subnet:
            case SubnetKey.AKS_NODES | SubnetKey.PRIVATE_ENDPOINTS | SubnetKey.LOAD_BALANCERS:
                return True
            case SubnetKey.FIREWALL:
                return self.egress is Egress.FIREWALL
            case SubnetKey.FIREWALL_MANAGEMENT:
                return self.egress is Egress.FIREWALL and self.firewall.sku_tier is FirewallTier.BASIC
            case SubnetKey.BASTION:
                return self.bastion is not BastionTier.NONE
            case SubnetKey.JUMP_BOX:
                return self.jump_box is not None
            case SubnetKey.AGENTS:
                return self.agents is not Agents.NONE
            case SubnetKey.API_SERVER:
                return self.api_server is ApiServer.VNET_INTEGRATION
            case SubnetKey.PRIVATE_LINK_SERVICE:
                return self.front_door is not None
            case SubnetKey.APPLICATION_GATEWAY:
                return self.application_gateway is not None
        assert_never(subnet)

    def delegation_of(self, subnet: SubnetKey) -> str | None:
        """The type of resource that alone may stand in the subnet; None: whatever comes."""
        if subnet is SubnetKey.AGENTS and self.agents is Agents.MANAGED_DEVOPS_POOL:
            return "Microsoft.DevOpsInfrastructure/pools"
        return SUBNETS[subnet].delegated_to

    def callers_from_outside(self, pods: IPv4Network) -> Callers:
        """Ranges from which each is called, without the networks' own ranges and that of the pods."""
        own = [*self.address_plan.virtual_networks.values(), pods]
        remote, callers = self.remote_ranges, self.callers
        return Callers(
            application=outside(callers.application, own),
            vault=outside(remote if callers.vault is None else callers.vault, own),
            sql=outside(remote if callers.sql is None else callers.sql, own),
            api_server=outside(remote if callers.api_server is None else callers.api_server, own),
            registry_and_state=outside(remote, own),
        )

    @property
    def address_plan(self) -> AddressPlan:
        """Where every subnet stands."""
        hub = self.hub.address_space if self.hub else None
        in_use = {key for key in SubnetKey if self.has_subnet(key)}
        return plan_addresses(hub, self.spoke.address_space, self.subnets, in_use, self.dns_servers)

    @property
    def forwarders(self) -> tuple[IPv4Network, ...]:
        """Where the requests come from that what stands in front has let through; empty: nothing does."""
        plan = self.address_plan
        in_front = (SubnetKey.APPLICATION_GATEWAY, SubnetKey.PRIVATE_LINK_SERVICE)
        return tuple(plan.subnets[subnet] for subnet in in_front if self.has_subnet(subnet))

    def is_named_by_policy(self, service: NamedService) -> bool:
        """Whether a policy of the company's writes the names of this service, and no stack does."""
        return self.private_dns is not None and self.private_dns.is_written_by_policy(service)
