"""Prints the rights that an Owner gives the identities of one environment, as the commands that give them.

    ENV=dev python -m reference.rights

Whoever deploys gives and takes the roles that its own stacks assign, and no others. It gives none to itself, unless it
deploys the cluster and the workloads, as whoever deploys the workloads is an administrator of the cluster.
"""

import os
import shlex
from typing import get_args

from config.environment import EnvironmentSettings
from config.identities import PipelineStack
from config.loading import load_one_or_exit

# Every role that each stack assigns, by its id, which is the same in every tenant.
# https://learn.microsoft.com/azure/role-based-access-control/built-in-roles
ROLES_ASSIGNED: dict[PipelineStack, dict[str, str]] = {
    "network": {
        "Reader": "acdd72a7-3385-48ef-bd42-f606fba81ae7",
        "Virtual Machine Administrator Login": "1c0163c0-47e6-4577-8991-ea5c82e286e4",
    },
    "cluster": {
        "AcrPull": "7f951dda-4ed3-4680-a7ca-43fe172d538d",
        "Azure Kubernetes Service Cluster User Role": "4abbcc35-e782-43d8-92c5-2d3f1bd2253f",
        "Azure Kubernetes Service RBAC Cluster Admin": "b1ff04bb-8a4e-4dc4-8eb5-8693973ce19b",
        "Managed Identity Operator": "f1a07417-d97a-45cb-824c-7a7467783830",
        "Network Contributor": "4d97b98b-1d4f-4787-a291-c67834d212e7",
        "Private DNS Zone Contributor": "b12aa53e-6015-4669-85d0-8515ebb3ae7f",
        "Storage Blob Data Contributor": "ba92f5b4-2d11-453d-a403-e96b0029c9fe",
    },
    "workloads": {
        "Key Vault Secrets User": "4633458b-17de-408a-b874-0445c86b69e6",
    },
}


def render(environment: EnvironmentSettings) -> str:
    """What the command prints: for each identity what it is for, and one command for each of its roles."""
    deployed: dict[str, list[PipelineStack]] = {}
    for stack in get_args(PipelineStack):
        deployed.setdefault(environment.deployer_of(stack), []).append(stack)
    planned: dict[str, list[PipelineStack]] = {}
    if environment.identities.network_plan:
        planned.setdefault(environment.identities.network_plan, []).append("network")
    if environment.identities.cluster_plan:
        planned.setdefault(environment.identities.cluster_plan, []).append("cluster")
    lines = [f"# {environment.name}: the rights of its pipelines, to read and to run, once, as an Owner"]
    for identity, stacks in deployed.items():
        lines += ["", f"# {identity} deploys {' and '.join(stacks)}"]
        lines += [_assign(identity, environment, "Contributor")]
        lines += [
            _assign(identity, environment, "Role Based Access Control Administrator")
            + f" --condition {shlex.quote(condition(identity, stacks))} --condition-version 2.0"
        ]
    for identity, stacks in planned.items():
        lines += ["", f"# {identity} only plans {' and '.join(stacks)}", _assign(identity, environment, "Reader")]
    return "\n".join(lines) + "\n"


def _assign(identity: str, environment: EnvironmentSettings, role: str) -> str:
    return (
        f"az role assignment create --assignee-object-id {identity} --assignee-principal-type ServicePrincipal "
        f"--scope /subscriptions/{environment.subscription_id} --role {shlex.quote(role)}"
    )


def condition(identity: str, stacks: list[PipelineStack]) -> str:
    """The condition on assigning roles of an identity that deploys these stacks, in one line.

    https://learn.microsoft.com/azure/role-based-access-control/delegate-role-assignments-examples#example-constrain-roles
    """
    roles = ", ".join(id_ for stack in stacks for id_ in ROLES_ASSIGNED[stack].values())
    attribute = "Microsoft.Authorization/roleAssignments"
    of_stacks = f"[{attribute}:RoleDefinitionId] ForAnyOfAnyValues:GuidEquals {{{roles}}}"
    # Its own role, of the time when it deployed everything, it may take: that is how identities come apart.
    to_others = f" AND @Request[{attribute}:PrincipalId] ForAnyOfAllValues:GuidNotEquals {{{identity}}}"
    gives_itself = {"cluster", "workloads"} <= set(stacks)
    return (
        f"((!(ActionMatches{{'{attribute}/write'}})) OR (@Request{of_stacks}{'' if gives_itself else to_others})) AND "
        f"((!(ActionMatches{{'{attribute}/delete'}})) OR (@Resource{of_stacks}))"
    )


if __name__ == "__main__":
    print(render(load_one_or_exit(os.environ)), end="")
