"""Environments that stand in a company's landing zone: of which of the tests' own, and what is changed in it.

Each is judged by the packet filter, and rehearsed: deployed, planned again, changed by others, destroyed.
"""

from typing import Any

from tests.config.environment_file import ABSENT, HUB, WORKSPACE, ZONES

LANDING_ZONES: dict[str, tuple[str, dict[str, Any]]] = {
    # Hub and zones are the company's, in another subscription; the pipeline has rights on both.
    "company-hub-and-zones": (
        "prod",
        {
            "network.topology": "spoke",
            "network.hub": ABSENT,
            "network.firewall": ABSENT,
            "network.company_hub": {"virtual_network_id": HUB, "peering": "both", "gateway_transit": True},
            "network.egress": "nva",
            "network.nva_address": "10.0.0.4",
            "network.dns_servers": ["10.0.0.4"],
            "network.private_dns.zones_resource_group_id": ZONES,
            "network.agents": "none",
            "network.bastion": "none",
            "network.remote_ranges": ["10.0.1.0/24"],
        },
    ),
    # The network came joined, and a policy writes what Microsoft's policies cover; AKS has a zone to itself.
    "names-by-policy": (
        "dev",
        {
            "network.topology": "spoke",
            "network.hub": ABSENT,
            "network.company_hub": {"virtual_network_id": HUB, "peering": "none"},
            "network.egress": "nva",
            "network.nva_address": "10.0.0.4",
            "network.dns_servers": ["10.0.0.5", "10.0.0.6"],
            "network.private_dns": {
                "zones_resource_group_id": ZONES,
                "records": "policy",
                "kubernetes_zone": "system",
            },
            "network.api_server": "vnet_integration",
            "network.agents": "self_hosted",
            "network.bastion": "Standard",
        },
    ),
    # An appliance in the company's hub, whose owners join it; zones in the environment's own subscription.
    "appliance": (
        "test",
        {
            "network.topology": "spoke",
            "network.company_hub": {"virtual_network_id": HUB},
            "network.dns_servers": ["192.168.7.5"],
            "network.private_dns.zones_resource_group_id": WORKSPACE.partition("/providers/")[0].replace(
                "d201", "d202"
            ),
            "network.api_server": "private_endpoint",
        },
    ),
}
