"""What a hub and DNS zones that others have already ask of the platform's own settings."""

from collections.abc import Iterator
from ipaddress import IPv4Address

from config.network.api_server import ApiServer
from config.network.company_hub import CompanyHubSettings, HubPeering
from config.network.egress import Egress
from config.network.network import NetworkSettings
from config.network.private_dns import KubernetesZone, NamedService, PrivateDnsSettings, RecordWriter
from config.network.topology import Topology
from config.rules.addresses import PRIVATE_RANGES
from config.rules.registration import Problem, doubt, rule

_PATH = "network.company_hub"


@rule("network.topology", _PATH)
def _company_hub_goes_with_topology(topology: Topology, hub: CompanyHubSettings | None) -> Iterator[Problem]:
    if topology is Topology.SPOKE and hub is None:
        yield Problem(_PATH, "is missing; topology spoke needs the virtual_network_id of the hub that it joins")
    if topology is not Topology.SPOKE and hub is not None:
        yield Problem(_PATH, f"is not used in topology {topology}; remove it, or choose topology spoke")


@rule("network.topology", "network.egress")
def _firewall_is_the_hubs(topology: Topology, egress: Egress) -> Iterator[Problem]:
    if topology is Topology.SPOKE and egress is Egress.FIREWALL:
        yield Problem(
            "network.egress",
            "firewall would make another one beside the hub's; in topology spoke choose nva, "
            "with the address of the hub's firewall as network.nva_address",
        )


@rule("network")
def _what_a_spoke_has_besides_is_asked_for(network: NetworkSettings) -> Iterator[Problem]:
    if network.topology is not Topology.SPOKE:
        return
    for key, default in (("bastion", network.bastion), ("agents", network.agents)):
        if key not in network.model_fields_set:
            yield Problem(
                f"network.{key}",
                f"is missing; the company's hub may have its own: in topology spoke say none, or {default} to make it",
            )


@rule("network")
def _next_hop_is_in_the_hub(network: NetworkSettings) -> Iterator[Problem]:
    address, spoke = network.nva_address, network.spoke.address_space
    if network.topology is Topology.SPOKE and address is not None and address in spoke:
        yield Problem(
            "network.nva_address", f"{address} lies in network.spoke, {spoke}; give the address of the hub's firewall"
        )


@rule(_PATH)
def _a_gateway_is_reached_by_a_peering(hub: CompanyHubSettings | None) -> Iterator[Problem]:
    if hub is not None and hub.gateway_transit and hub.peering is HubPeering.NONE:
        yield Problem(
            f"{_PATH}.gateway_transit", "is not used with peering none: who joins the networks decides it; remove it"
        )


@rule("network.egress", "network.dns_servers")
def _one_answers_for_names(egress: Egress, servers: tuple[IPv4Address, ...]) -> Iterator[Problem]:
    path = "network.dns_servers"
    if servers and egress is Egress.FIREWALL:
        yield Problem(path, "is not used with egress firewall, whose firewall answers; remove it")
    for server in dict.fromkeys(servers):
        if servers.count(server) > 1:
            yield Problem(path, f"{server} is in the list twice; name each server once")


@doubt("network.dns_servers")
def _dns_servers_are_private(servers: tuple[IPv4Address, ...]) -> Iterator[str]:
    for server in servers:
        if not any(server in private for private in PRIVATE_RANGES):
            yield f"{server} is not private; give the servers' addresses inside the networks"


@rule("network.dns_servers", "network.private_dns")
def _servers_know_the_zones(servers: tuple[IPv4Address, ...], zones: PrivateDnsSettings | None) -> Iterator[Problem]:
    if servers and zones is None:
        yield Problem(
            "network.private_dns",
            "is missing; the servers of network.dns_servers do not see zones that the network stack makes: "
            "give the resource group of the zones that they answer from",
        )


@rule("network.private_dns", "network.egress")
def _images_have_a_name_in_time(zones: PrivateDnsSettings | None, egress: Egress) -> Iterator[Problem]:
    if zones is None:
        return
    if egress.nature.isolates_the_cluster and zones.is_written_by_policy(NamedService.CONTAINER_REGISTRY):
        yield Problem(
            "network.private_dns.policy_covers",
            "has container_registry; with egress none nodes start from its images, "
            "minutes before the policy has written its name: leave it to Terraform, or choose another egress",
        )
    if len(set(zones.policy_covers)) < len(zones.policy_covers):
        yield Problem("network.private_dns.policy_covers", "names a service twice; name each once")
    if zones.records is RecordWriter.POLICY and not zones.policy_covers:
        yield Problem("network.private_dns.policy_covers", "is empty; name what the policy covers, or remove records")
    if zones.records is RecordWriter.TERRAFORM and "policy_covers" in zones.model_fields_set:
        yield Problem(
            "network.private_dns.policy_covers",
            "is not used with records terraform; remove it, or choose records policy",
        )


@rule("network")
def _nodes_find_their_api_server(network: NetworkSettings) -> Iterator[Problem]:
    zones = network.private_dns
    if zones is None or zones.kubernetes_zone is not KubernetesZone.SYSTEM:
        return
    # Such nodes know the address: https://learn.microsoft.com/azure/aks/api-server-vnet-integration
    if network.api_server is ApiServer.VNET_INTEGRATION:
        return
    in_the_hub = network.egress is Egress.FIREWALL and network.topology is Topology.HUB_SPOKE
    if network.dns_servers or in_the_hub:
        who = "the firewall in the hub" if in_the_hub else "the servers of network.dns_servers"
        yield Problem(
            "network.private_dns.kubernetes_zone",
            f"system is a zone that only the spoke sees, and its nodes ask {who}; "
            'choose central, or network.api_server = "vnet_integration"',
        )
