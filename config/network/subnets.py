"""Every subnet that an environment can have, one row each: where it stands, its name, and what Azure must know of it.

A new subnet is a member and a row here, a field of `SubnetRanges`, a line in `NetworkSettings.has_subnet` that says
when it is there, and its rules in `constructs_lib/network/subnet_rules.py`; type checker and tests ask for each.
"""

from dataclasses import dataclass
from enum import Enum, StrEnum

from config.types import Cidr, Settings


class VirtualNetworkKey(StrEnum):
    """A virtual network, by the key of its settings."""

    HUB = "hub"
    SPOKE = "spoke"


class SubnetKey(StrEnum):
    """A subnet, by its key in `network.subnets`."""

    FIREWALL = "firewall"
    FIREWALL_MANAGEMENT = "firewall_management"
    BASTION = "bastion"
    JUMP_BOX = "jump_box"
    AGENTS = "agents"
    AKS_NODES = "aks_nodes"
    PRIVATE_ENDPOINTS = "private_endpoints"
    LOAD_BALANCERS = "load_balancers"
    API_SERVER = "api_server"
    PRIVATE_LINK_SERVICE = "private_link_service"
    APPLICATION_GATEWAY = "application_gateway"

    @property
    def noun(self) -> str:
        """The key as it stands in names, and in the ids of constructs."""
        return self.replace("_", "-")


class SubnetKind(Enum):
    """What Azure must be told of a subnet because of what stands in it."""

    PLAIN = "nothing"
    PRIVATE_ENDPOINTS = "private endpoints, to which the network security group applies"
    PRIVATE_LINK_SERVICE = "a private link service, whose visitors get their addresses here"


@dataclass(frozen=True)
class PlannedSubnet:
    """A subnet of the plan: `offset` addresses after the first of its virtual network."""

    virtual_network: VirtualNetworkKey
    offset: int
    prefix_length: int
    longest_prefix_length: int
    """The smallest size that Azure, or what runs in the subnet, accepts."""

    purpose: str

    azure_name: str | None = None
    """The only name under which Azure looks for its own service here; None: the name is the plan's."""

    kind: SubnetKind = SubnetKind.PLAIN

    delegated_to: str | None = None
    """The type of resource that alone may stand here."""

    takes_security_group: bool = True

    asks_outside: bool = False
    """Whether machines stand here that ask for something outside; what else there is answers, or is Azure's own."""


# Sizes: https://learn.microsoft.com/azure/firewall/firewall-faq,
# https://learn.microsoft.com/azure/bastion/configuration-settings#subnet,
# https://learn.microsoft.com/azure/application-gateway/configuration-infrastructure#size-of-the-subnet,
# https://learn.microsoft.com/azure/aks/api-server-vnet-integration, https://learn.microsoft.com/azure/aks/azure-cni-overlay
# A firewall's subnets take no security group: https://learn.microsoft.com/azure/firewall/firewall-faq
HUB, SPOKE = VirtualNetworkKey.HUB, VirtualNetworkKey.SPOKE
SUBNETS: dict[SubnetKey, PlannedSubnet] = {
    SubnetKey.FIREWALL: PlannedSubnet(
        HUB, 0, 26, 26, "Azure Firewall", azure_name="AzureFirewallSubnet", takes_security_group=False
    ),
    SubnetKey.FIREWALL_MANAGEMENT: PlannedSubnet(
        HUB,
        64,
        26,
        26,
        "management of a Basic Azure Firewall",
        azure_name="AzureFirewallManagementSubnet",
        takes_security_group=False,
    ),
    SubnetKey.BASTION: PlannedSubnet(HUB, 128, 26, 26, "Bastion host", azure_name="AzureBastionSubnet"),
    SubnetKey.JUMP_BOX: PlannedSubnet(HUB, 192, 28, 29, "jump box", asks_outside=True),
    SubnetKey.AGENTS: PlannedSubnet(HUB, 256, 27, 28, "pipeline agents", asks_outside=True),
    SubnetKey.AKS_NODES: PlannedSubnet(
        SPOKE, 0, 22, 26, "nodes of the cluster; pods have addresses of their own", asks_outside=True
    ),
    SubnetKey.PRIVATE_ENDPOINTS: PlannedSubnet(
        SPOKE, 1024, 26, 28, "private endpoints of the platform's services", kind=SubnetKind.PRIVATE_ENDPOINTS
    ),
    SubnetKey.LOAD_BALANCERS: PlannedSubnet(SPOKE, 1088, 27, 29, "internal load balancers of the applications"),
    SubnetKey.API_SERVER: PlannedSubnet(
        SPOKE,
        1120,
        28,
        28,
        "API server with virtual network integration",
        delegated_to="Microsoft.ContainerService/managedClusters",
    ),
    SubnetKey.PRIVATE_LINK_SERVICE: PlannedSubnet(
        SPOKE,
        1136,
        28,
        29,
        "private link from Front Door to the application",
        kind=SubnetKind.PRIVATE_LINK_SERVICE,
    ),
    SubnetKey.APPLICATION_GATEWAY: PlannedSubnet(SPOKE, 1280, 24, 26, "Application Gateway"),
}


class SubnetRanges(Settings):
    """Ranges that replace the planned ones, of subnets that the environment has."""

    firewall: Cidr | None = None
    """`AzureFirewallSubnet`."""

    firewall_management: Cidr | None = None
    """`AzureFirewallManagementSubnet`, which only a Basic firewall has."""

    bastion: Cidr | None = None
    """`AzureBastionSubnet`."""

    jump_box: Cidr | None = None
    """The jump box."""

    agents: Cidr | None = None
    """Pipeline agents."""

    aks_nodes: Cidr | None = None
    """Nodes of the cluster; pods have addresses of their own."""

    private_endpoints: Cidr | None = None
    """Private endpoints of the platform's services, which have its last addresses. A change replaces them."""

    load_balancers: Cidr | None = None
    """Internal load balancers of the applications; the fifth address is the application's."""

    api_server: Cidr | None = None
    """The API server, where it stands in the network itself."""

    private_link_service: Cidr | None = None
    """Addresses under which requests from Front Door arrive."""

    application_gateway: Cidr | None = None
    """Application Gateway."""
