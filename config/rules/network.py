"""Which ways in, out and through the network go together."""

from collections.abc import Iterator
from ipaddress import IPv4Address, IPv4Network

from config.network.address_plan import VirtualNetworkSettings
from config.network.agents import Agents
from config.network.application_gateway import ApplicationGatewaySettings
from config.network.bastion import BastionTier
from config.network.callers import CallerSettings
from config.network.egress import Egress
from config.network.firewall import EgressFirewallSettings, FirewallTier
from config.network.front_door import FrontDoorSettings
from config.network.jump_box import JumpBoxSettings
from config.network.log_analytics import LogAnalyticsWorkspaceSettings
from config.network.network import NetworkSettings
from config.network.subnets import SubnetKey
from config.network.topology import Topology
from config.rules.addresses import AKS_RESERVED_RANGES, AZURE_RESERVED_ADDRESSES, PRIVATE_RANGES
from config.rules.registration import Problem, rule
from config.types import Tier


@rule("network.topology", "network.hub")
def _hub_goes_with_topology(topology: Topology, hub: VirtualNetworkSettings | None) -> Iterator[Problem]:
    if topology is Topology.HUB_SPOKE and hub is None:
        yield Problem("network.hub", "is missing; topology hub_spoke needs its address_space")
    if topology is not Topology.HUB_SPOKE and hub is not None:
        yield Problem(
            "network.hub", f"is not used in topology {topology}, whose only range is network.spoke; remove it"
        )


@rule("network.egress", "network.nva_address")
def _appliance_goes_with_egress(egress: Egress, address: IPv4Address | None) -> Iterator[Problem]:
    path = "network.nva_address"
    if egress is Egress.NVA and address is None:
        yield Problem(path, "is missing; egress nva needs the address that traffic is sent to")
    if egress is not Egress.NVA and address is not None:
        yield Problem(path, f"{address} is not used by egress {egress}; remove it, or choose egress nva")
    if address is not None and not any(address in private for private in PRIVATE_RANGES):
        yield Problem(path, f"{address} is not private; give the appliance's address inside the networks")


@rule("network")
def _appliance_stands_apart(network: NetworkSettings) -> Iterator[Problem]:
    address = network.nva_address
    if address is None or network.egress is not Egress.NVA:
        return
    for key, subnet in network.address_plan.subnets.items():
        if address in subnet:
            yield Problem(
                "network.nva_address",
                f"{address} lies in {key}, {subnet}, which is for others; place it in a subnet of its own",
            )


@rule("network.nva_address", "cluster.kubernetes.pod_cidr", "cluster.kubernetes.service_cidr")
def _appliance_is_outside_the_cluster(
    address: IPv4Address | None, pods: IPv4Network, services: IPv4Network
) -> Iterator[Problem]:
    taken = {f"the pods' range {pods}": pods, f"the services' range {services}": services}
    taken |= {f"{reserved}, which AKS keeps for itself": reserved for reserved in AKS_RESERVED_RANGES}
    for what, network in taken.items():
        if address is not None and address in network:
            yield Problem("network.nva_address", f"{address} lies in {what}; give an address of the networks outside")


@rule("network.egress", "network.firewall", "tier")
def _firewall_goes_with_egress(egress: Egress, firewall: EgressFirewallSettings, tier: Tier) -> Iterator[Problem]:
    if egress is not Egress.FIREWALL and firewall != EgressFirewallSettings():
        yield Problem("network.firewall", f"is not used by egress {egress}; remove it, or choose egress firewall")
    if tier is Tier.PRODUCTION and firewall.sku_tier is FirewallTier.BASIC:
        yield Problem(
            "network.firewall.sku_tier",
            "Basic lets known bad destinations pass and cannot resolve names; production needs Standard or Premium",
        )
    if firewall.published_port is not None and tier is Tier.PRODUCTION:
        yield Problem(
            "network.firewall.published_port",
            f"{firewall.published_port} would offer the application unencrypted and uninspected; "
            "production needs network.application_gateway or network.front_door",
        )


@rule("network.egress", "network.agents")
def _agents_have_egress(egress: Egress, agents: Agents) -> Iterator[Problem]:
    if agents is not Agents.NONE and not egress.nature.carries_machines:
        yield Problem(
            "network.agents",
            f"{agents} needs a way to Azure DevOps, and egress {egress} gives it none; "
            "set it to none and run the agents in a network of your own, or choose another egress",
        )


@rule("network.agents", "network.remote_ranges", "network.callers")
def _pipelines_can_come(agents: Agents, remote: tuple[IPv4Network, ...], callers: CallerSettings) -> Iterator[Problem]:
    if agents is Agents.NONE and not (remote or callers.api_server):
        yield Problem(
            "network.remote_ranges", "is missing; agents none needs ranges from which pipelines reach cluster and vault"
        )


@rule("network.bastion", "network.remote_ranges", "network.callers")
def _people_can_come(
    bastion: BastionTier, remote: tuple[IPv4Network, ...], callers: CallerSettings
) -> Iterator[Problem]:
    if bastion is BastionTier.NONE and not (remote or callers.api_server):
        yield Problem(
            "network.remote_ranges", "is missing; bastion none needs ranges from which people reach cluster and vault"
        )


@rule("network.egress", "network.jump_box")
def _jump_box_has_egress(egress: Egress, jump_box: JumpBoxSettings | None) -> Iterator[Problem]:
    if jump_box is not None and not egress.nature.carries_machines:
        yield Problem(
            "network.jump_box",
            f"needs a way to updates and to Entra, and egress {egress} gives it none; "
            "remove it, for Bastion tunnels without it, or choose another egress",
        )


@rule("network.bastion", "network.jump_box")
def _jump_box_can_be_reached(bastion: BastionTier, jump_box: JumpBoxSettings | None) -> Iterator[Problem]:
    if jump_box is not None and bastion is BastionTier.NONE:
        yield Problem("network.jump_box", "is reached through Bastion alone; choose network.bastion, or remove it")


@rule("network.firewall.published_port", "network.application_gateway", "network.front_door")
def _one_way_leads_in(
    published_port: int | None, gateway: ApplicationGatewaySettings | None, front_door: FrontDoorSettings | None
) -> Iterator[Problem]:
    tables = {"network.application_gateway": gateway, "network.front_door": front_door}
    firewalls = [path for path, settings in tables.items() if settings is not None]
    if published_port is not None:
        for path in firewalls:
            yield Problem(
                "network.firewall.published_port",
                f"{published_port} would lead past the web application firewall of {path}; choose one of the two",
            )
    if len(firewalls) > 1:
        yield Problem(firewalls[1], f"would lead past {firewalls[0]}; remove one of the two")


@rule("network.application_gateway")
def _gateway_answers_to_one_name(gateway: ApplicationGatewaySettings | None) -> Iterator[Problem]:
    path = "network.application_gateway"
    if gateway is not None and gateway.min_capacity > gateway.max_capacity:
        yield Problem(
            f"{path}.min_capacity",
            f"{gateway.min_capacity} is more than max_capacity, {gateway.max_capacity}; lower it",
        )
    if gateway is not None and gateway.host_name.startswith("*."):
        yield Problem(f"{path}.host_name", f"{gateway.host_name} names many hosts; the gateway answers to one")


@rule("network")
def _gateway_fits(network: NetworkSettings) -> Iterator[Problem]:
    gateway = network.application_gateway
    if gateway is None:
        return
    subnet = network.address_plan.subnets[SubnetKey.APPLICATION_GATEWAY]
    needed = gateway.max_capacity + AZURE_RESERVED_ADDRESSES
    if subnet.num_addresses < needed:
        yield Problem(
            "network.subnets.application_gateway",
            f"{subnet} has {subnet.num_addresses} addresses; {gateway.max_capacity} instances need {needed}; "
            "choose a larger range or lower network.application_gateway.max_capacity",
        )


@rule("network.log_analytics")
def _existing_workspace_is_known_by_both_its_ids(logs: LogAnalyticsWorkspaceSettings) -> Iterator[Problem]:
    path = "network.log_analytics.existing_workspace_customer_id"
    if logs.existing_workspace_id is not None and logs.existing_workspace_customer_id is None:
        yield Problem(path, "is missing; give the GUID that the existing workspace's page calls Workspace ID")
    if logs.existing_workspace_id is None and logs.existing_workspace_customer_id is not None:
        yield Problem(path, "is not used without existing_workspace_id; give that too, or remove it")


@rule("network.log_analytics")
def _existing_workspace_keeps_its_own_settings(logs: LogAnalyticsWorkspaceSettings) -> Iterator[Problem]:
    own = logs.model_copy(update={"existing_workspace_id": None, "existing_workspace_customer_id": None})
    if logs.existing_workspace_id is not None and own != LogAnalyticsWorkspaceSettings():
        yield Problem(
            "network.log_analytics",
            "existing_workspace_id names a workspace that somebody else sets up; remove the other settings",
        )


@rule("network.ddos_ip_protection", "network.ddos_protection_plan_id")
def _addresses_are_protected_once(each: bool, plan_id: str | None) -> Iterator[Problem]:  # noqa: FBT001 - a setting's value
    if each and plan_id is not None:
        yield Problem(
            "network.ddos_ip_protection", "true pays for what the plan of ddos_protection_plan_id does; remove one"
        )
