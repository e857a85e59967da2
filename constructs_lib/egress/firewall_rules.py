"""What may be reached outside, as data: the firewall, and the flow table in the docs, follow it.

Each rule of the platform opens the web's ports to names, never to addresses; only an environment's own rules do more.
What is not named here is refused.
"""

from dataclasses import dataclass, replace
from ipaddress import IPv4Network
from typing import Literal

from config.network.agents import Agents
from config.network.firewall import EgressProtocol
from config.network.network import NetworkSettings
from config.network.subnets import SubnetKey
from constructs_lib.network.ports import HTTP, HTTPS

WEB_PORTS = {"Http": HTTP, "Https": HTTPS}

WHY_PUBLISHED = "The application is offered to everybody on the Internet."


@dataclass(frozen=True)
class EgressRule:
    """Names, or one of Azure's tags for names, that may be reached."""

    name: str
    because: str
    hosts: tuple[str, ...] = ()
    """Host names; one that begins with `*.` stands for every name below it."""

    host_tag: str | None = None
    """A set of names that Microsoft keeps up to date."""

    protocols: tuple[Literal["Http", "Https"], ...] = ("Https",)
    """At their own ports, 80 and 443, unless others are given."""

    ports: tuple[int, ...] = ()

    @property
    def open(self) -> tuple[tuple[str, int], ...]:
        """Each protocol with each port at which it passes."""
        return tuple((protocol, port) for protocol in self.protocols for port in self.ports or (WEB_PORTS[protocol],))


@dataclass(frozen=True)
class NetworkRule:
    """Names or addresses that may be reached by whatever passes at a port."""

    name: str
    because: str
    protocol: Literal["TCP", "UDP"]
    ports: tuple[int, ...]
    hosts: tuple[str, ...] = ()
    """Host names without wildcards, whose addresses the firewall looks up."""

    addresses: tuple[IPv4Network, ...] = ()


UBUNTU_PACKAGES = EgressRule(
    "ubuntu-packages",
    hosts=("azure.archive.ubuntu.com", "security.ubuntu.com"),
    protocols=("Http", "Https"),
    because="Ubuntu's packages come through HTTP; their signatures are what is trusted.",
)

# The queues that Managed DevOps Pools uses. Microsoft asks for `*.queue.core.windows.net`, in which anybody can have a
# queue, and lists these as what it stands for.
MANAGED_POOL_QUEUES = ("ae", "brs", "cnc", "cus", "eus2", "gwc", "inc", "neu", "sea", "szn", "uks", "wus3")


@dataclass(frozen=True)
class EgressRuleGroup:
    """What one subnet may reach."""

    name: str
    subnet: SubnetKey

    priority: int
    """Fixed, so that no group has to move when another comes or goes."""

    rules: tuple[EgressRule, ...]
    network_rules: tuple[NetworkRule, ...] = ()


@dataclass(frozen=True)
class NodeReports:
    """Where nodes send what they report: workspaces by the GUIDs by which they are known outside of Azure's API."""

    logs: str

    sensor: str | None = None
    """None: no sensor of Defender's is deployed."""

    metrics_host: str | None = None
    """The endpoint that takes metrics. None: nothing sends any."""


def egress_rule_groups(
    network: NetworkSettings, region: str, reports: NodeReports, *, users_sign_in: bool = False
) -> tuple[EgressRuleGroup, ...]:
    """Everything that may be reached through the firewall, by the subnet from which."""
    groups = (
        EgressRuleGroup("cluster", SubnetKey.AKS_NODES, 100, cluster_rules(region, reports)),
        EgressRuleGroup("agents", SubnetKey.AGENTS, 200, agent_rules(network.agents, users_sign_in=users_sign_in)),
        EgressRuleGroup("jump-box", SubnetKey.JUMP_BOX, 300, jump_box_rules()),
    )
    return tuple(
        replace(
            group,
            rules=(*group.rules, *_extra_rules(network, group.subnet)),
            network_rules=_extra_network_rules(network, group.subnet),
        )
        for group in groups
        if network.has_subnet(group.subnet)
    )


def cluster_rules(region: str, reports: NodeReports) -> tuple[EgressRule, ...]:
    """What the nodes of a private cluster with Azure Linux and the platform's add-ons reach.

    No rule for updates of the operating system: they come as node images, and as packages that AKS's tag takes in.
    None for the add-ons' telemetry (`dc.services.visualstudio.com`), nor for the wildcards that Microsoft lists: behind
    both anybody can have a workspace, and in it what is stolen here. The sensor of Defender's, where it is deployed,
    needs such a wildcard all the same.

    https://learn.microsoft.com/azure/aks/outbound-rules-control-egress
    """
    return (
        EgressRule(
            "kubernetes-service",
            host_tag="AzureKubernetesService",
            because="AKS's images, Azure Linux's packages, Azure's API, and sign-in of nodes and workloads to Entra.",
        ),
        EgressRule(
            "azure-monitor",
            # https://learn.microsoft.com/azure/azure-monitor/agents/azure-monitor-agent-network-configuration
            hosts=(
                *_workspace_hosts(reports.logs),
                "global.handler.control.monitor.azure.com",
                f"{region}.handler.control.monitor.azure.com",
            ),
            because="Container insights fetches what to collect and sends logs to the one workspace.",
        ),
        EgressRule(
            "azure-policy",
            hosts=("data.policy.core.windows.net", "store.policy.core.windows.net"),
            because="The Azure Policy add-on fetches policies and reports compliance.",
        ),
        *(_sensor_rules(reports.sensor) if reports.sensor else ()),
        *(_metrics_rules(reports.metrics_host) if reports.metrics_host else ()),
    )


def _metrics_rules(host: str) -> tuple[EgressRule, ...]:
    # Not the wildcard that Microsoft lists, below which anybody can have an endpoint.
    return (EgressRule("prometheus", hosts=(host,), because="Nodes send the metrics of pods to the one endpoint."),)


def _sensor_rules(workspace: str) -> tuple[EgressRule, ...]:
    return (
        EgressRule(
            "defender",
            hosts=(*_workspace_hosts(workspace), "*.cloud.defender.microsoft.com"),
            because="Defender's sensor reports what it sees on the nodes.",
        ),
    )


def _workspace_hosts(workspace: str) -> tuple[str, ...]:
    return (f"{workspace}.ods.opinsights.azure.com", f"{workspace}.oms.opinsights.azure.com")


def agent_rules(agents: Agents, *, users_sign_in: bool = False) -> tuple[EgressRule, ...]:
    """What an agent reaches to run this project's pipelines.

    Nothing of Azure Storage: the state has a private endpoint, and `*.blob.core.windows.net` would let a stolen agent
    write into anybody's account.
    """
    pool = _managed_pool_rules() if agents is Agents.MANAGED_DEVOPS_POOL else ()
    # By need only: everybody has a mailbox there.
    graph = EgressRule(
        "entra",
        hosts=("graph.microsoft.com",),
        because="Applications whose users sign in are registered in Entra.",
    )
    return (
        *pool,
        *((graph,) if users_sign_in else ()),
        EgressRule(
            "azure-devops",
            # https://learn.microsoft.com/azure/devops/organizations/security/allow-list-ip-url
            hosts=(
                "dev.azure.com",
                "*.dev.azure.com",
                "*.vssps.visualstudio.com",
                "*.vsblob.visualstudio.com",
                "*.vsassets.io",
            ),
            because="Agents ask Azure DevOps for work and updates, and its feeds which packages there are.",
        ),
        EgressRule(
            "azure",
            # Of what is named by its object id Terraform asks Entra nothing.
            hosts=("login.microsoftonline.com", "management.azure.com"),
            because="Terraform signs in to Entra, and manages Azure.",
        ),
        EgressRule(
            "terraform",
            hosts=("registry.terraform.io", "releases.hashicorp.com"),
            because="Terraform and its providers are downloaded.",
        ),
    )


def jump_box_rules() -> tuple[EgressRule, ...]:
    """What people on the jump box reach, and the machine itself to let them in."""
    return (
        EgressRule(
            "entra-login",
            # https://learn.microsoft.com/entra/identity/devices/howto-vm-sign-in-azure-ad-linux#network
            hosts=("packages.microsoft.com", "login.microsoftonline.com", "pas.windows.net"),
            because="The login extension is installed, and asks Entra who signs in and Azure what they may do.",
        ),
        EgressRule(
            "azure",
            hosts=("login.microsoftonline.com", "management.azure.com"),
            because="People sign in to Azure and fetch the cluster's address; the machine reports to Azure.",
        ),
        UBUNTU_PACKAGES,
    )


def _managed_pool_rules() -> tuple[EgressRule, ...]:
    # https://learn.microsoft.com/azure/devops/managed-devops-pools/configure-networking#restrict-outbound-connectivity
    return (
        EgressRule(
            "managed-devops-pool",
            hosts=(
                "*.prod.manageddevops.microsoft.com",
                "rmprodbuilds.azureedge.net",
                "download.agent.dev.azure.com",
                "www.microsoft.com",
                "packages.microsoft.com",
                *(f"rmprod{where}defaultcq.queue.core.windows.net" for where in MANAGED_POOL_QUEUES),
            ),
            because="Azure starts the pool's machines, and gives them the agent and their work.",
        ),
        UBUNTU_PACKAGES,
    )


def _extra_rules(network: NetworkSettings, source: SubnetKey) -> tuple[EgressRule, ...]:
    return tuple(
        EgressRule(
            _extra_name(rule.name),
            because=rule.because,
            hosts=rule.hosts,
            protocols=("Http",) if rule.protocol is EgressProtocol.HTTP else ("Https",),
            ports=rule.ports,
        )
        for rule in network.firewall.extra_rules
        if rule.source is source and rule.protocol.is_web
    )


def _extra_network_rules(network: NetworkSettings, source: SubnetKey) -> tuple[NetworkRule, ...]:
    return tuple(
        NetworkRule(
            _extra_name(rule.name),
            because=rule.because,
            protocol="UDP" if rule.protocol is EgressProtocol.UDP else "TCP",
            ports=rule.ports,
            hosts=rule.hosts,
            addresses=rule.addresses,
        )
        for rule in network.firewall.extra_rules
        if rule.source is source and not rule.protocol.is_web
    )


def _extra_name(name: str) -> str:
    # The prefix keeps their names apart from the platform's own.
    return f"extra-{name}"
