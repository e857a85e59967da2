"""The names that may be reached outside, as data: the firewall, and the flow table in the docs, follow it.

Each rule opens port 443 to names, never to addresses; what is not named here is refused.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class EgressRule:
    """Names, or one of Azure's tags for names, that may be reached through HTTPS."""

    name: str
    because: str
    hosts: tuple[str, ...] = ()
    """Host names; one that begins with `*.` stands for every name below it."""

    host_tag: str | None = None
    """A set of names that Microsoft keeps up to date."""


def cluster_rules(region: str) -> tuple[EgressRule, ...]:
    """What the nodes of a private cluster with Azure Linux, Azure Policy and Container insights reach.

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
            # https://learn.microsoft.com/azure/azure-monitor/containers/kubernetes-monitoring-firewall
            hosts=(
                "*.ods.opinsights.azure.com",
                "*.oms.opinsights.azure.com",
                "*.monitoring.azure.com",
                "*.ingest.monitor.azure.com",
                "global.handler.control.monitor.azure.com",
                f"{region}.handler.control.monitor.azure.com",
                "dc.services.visualstudio.com",
            ),
            because="Container insights fetches what to collect and sends logs.",
        ),
        EgressRule(
            "azure-policy",
            hosts=("data.policy.core.windows.net", "store.policy.core.windows.net", "dc.services.visualstudio.com"),
            because="The Azure Policy add-on fetches policies and reports compliance.",
        ),
    )


def agent_rules(state_storage_account: str) -> tuple[EgressRule, ...]:
    """What an agent reaches to run this project's pipelines.

    Of blob storage only the state: `*.blob.core.windows.net` would let a stolen agent write into anybody's account.
    """
    return (
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
            because="Agents ask Azure DevOps for work, update themselves, and exchange artifacts.",
        ),
        EgressRule(
            "azure",
            hosts=("login.microsoftonline.com", "management.azure.com", "graph.microsoft.com"),
            because="Terraform signs in to Entra, and manages Azure and Entra.",
        ),
        EgressRule(
            "terraform-state",
            hosts=(f"{state_storage_account}.blob.core.windows.net",),
            because="Terraform reads and writes its state.",
        ),
        EgressRule(
            "terraform",
            hosts=("registry.terraform.io", "releases.hashicorp.com"),
            because="Terraform and its providers are downloaded.",
        ),
        EgressRule(
            "python-packages",
            hosts=("pypi.org", "files.pythonhosted.org"),
            because="The program that synthesises the stacks depends on packages of PyPI.",
        ),
        EgressRule(
            "node-packages",
            hosts=("registry.npmjs.org",),
            because="The cdktf command is a package of npm.",
        ),
    )
