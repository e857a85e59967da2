"""Prints the rights that an Owner gives the identities of one environment, as the commands that give them.

    ENV=dev python -m reference.rights

Whoever deploys gives and takes the roles that its own stacks assign, and no others. It gives none to itself but those
of `ROLES_TAKEN`, unless it deploys the cluster and the workloads, as whoever deploys the workloads is an administrator
of the cluster.
"""

import json
import os
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from typing import get_args

from config.environment import EnvironmentSettings
from config.identities import PipelineStack
from config.loading import load_one_or_exit
from config.network.company_hub import HubPeering
from config.network.private_dns import KubernetesZone, NamedService
from constructs_lib.naming import Naming
from constructs_lib.network.private_link_resources import kubernetes_dns_zone

ADMINISTRATOR = "Role Based Access Control Administrator"

# Sets and lifts locks, and nothing else, which neither Contributor nor the administrator of roles may.
# https://learn.microsoft.com/azure/role-based-access-control/built-in-roles
LOCKS_CONTRIBUTOR = "Locks Contributor"
# The stacks in which production locks something; the state backend is an Owner's.
STACKS_WITH_LOCKS: tuple[PipelineStack, ...] = ("network", "cluster")

# Every role that each stack assigns, by its id, which is the same in every tenant.
# https://learn.microsoft.com/azure/role-based-access-control/built-in-roles
ROLES_ASSIGNED: dict[PipelineStack, dict[str, str]] = {
    "network": {
        "Managed Identity Operator": "f1a07417-d97a-45cb-824c-7a7467783830",
        "Network Contributor": "4d97b98b-1d4f-4787-a291-c67834d212e7",
        "Private DNS Zone Contributor": "b12aa53e-6015-4669-85d0-8515ebb3ae7f",
        "Reader": "acdd72a7-3385-48ef-bd42-f606fba81ae7",
        "Virtual Machine Administrator Login": "1c0163c0-47e6-4577-8991-ea5c82e286e4",
    },
    "cluster": {
        "AcrPull": "7f951dda-4ed3-4680-a7ca-43fe172d538d",
        "AcrPush": "8311e382-0749-4cb8-b61a-304f252e45ec",
        "Azure Kubernetes Service Cluster User Role": "4abbcc35-e782-43d8-92c5-2d3f1bd2253f",
        "Azure Kubernetes Service RBAC Cluster Admin": "b1ff04bb-8a4e-4dc4-8eb5-8693973ce19b",
        "Azure Kubernetes Service RBAC Reader": "7f6c6a51-bcf8-42ba-9220-52d62157d7db",
        "Azure Kubernetes Service RBAC Writer": "a7ffa36f-339b-4b5c-8bdf-e2c188b2c0eb",
        "Grafana Admin": "22926164-76b3-42b3-bc55-97df8dab3e41",
        "Key Vault Crypto Service Encryption User": "e147488a-f6f5-4113-8e2d-b22465e65bf6",
        "Key Vault Reader": "21090545-7ca7-4776-b22c-e363652d74d2",
        "Monitoring Data Reader": "b0d8363b-8ddd-447d-831f-62ca05bff136",
        "Reader": "acdd72a7-3385-48ef-bd42-f606fba81ae7",
        "Storage Blob Data Contributor": "ba92f5b4-2d11-453d-a403-e96b0029c9fe",
    },
    "workloads": {
        "Key Vault Reader": "21090545-7ca7-4776-b22c-e363652d74d2",
        "Key Vault Secrets User": "4633458b-17de-408a-b874-0445c86b69e6",
    },
}

MICROSOFT_GRAPH = "00000003-0000-0000-c000-000000000000"
APPLICATION_READ_WRITE_OWNED_BY = "18a4783c-866b-4cc7-a460-3d5e5662c884"

# Those that a stack gives its own deployer, on the vault that it makes: to make keys and secrets takes them.
ROLES_TAKEN: dict[PipelineStack, dict[str, str]] = {
    "cluster": {
        "Key Vault Crypto Officer": "14b46e9e-c2b7-41b4-b07b-48a6ebf60603",
        "Key Vault Secrets Officer": "b86a8fe4-44ce-4948-aee5-eccb2c155cd7",
    },
}


@dataclass(frozen=True)
class Right:
    """A role of an identity."""

    identity: str
    scope: str
    role: str
    condition: str = ""


def render(environment: EnvironmentSettings) -> str:
    """What the command prints: one command for each right, below what its identity is for."""
    tasks: dict[str, list[str]] = {}
    for stack in get_args(PipelineStack):
        tasks.setdefault(environment.deployer_of(stack), []).append(f"deploys {stack}")
    for stack, planner in _planners(environment):
        tasks.setdefault(planner, []).append(f"only plans {stack}")
    given = list(dict.fromkeys(rights(environment)))
    in_entra = _register_applications(environment)
    lines = [f"# {environment.name}: the rights of its pipelines, to read and to run, once, as an Owner"]
    for identity, does in tasks.items():
        lines += ["", f"# {identity} {', '.join(does)}", *(_command(one) for one in given if one.identity == identity)]
        lines += in_entra if identity == environment.deployer_of("workloads") else []
    return "\n".join(lines) + "\n"


def _register_applications(environment: EnvironmentSettings) -> list[str]:
    """Commands for whoever registers applications whose users sign in, as an administrator of Entra.

    `Application.ReadWrite.OwnedBy`, of Microsoft Graph: https://learn.microsoft.com/graph/permissions-reference
    """
    if not any(one.sign_in for one in environment.workloads.applications):
        return []
    principal = environment.deployer_of("workloads")
    granted = {"principalId": principal, "resourceId": "$GRAPH", "appRoleId": APPLICATION_READ_WRITE_OWNED_BY}
    body = json.dumps(granted).replace('"', '\\"')
    return [
        f"GRAPH=$(az ad sp show --id {MICROSOFT_GRAPH} --query id --output tsv)",
        "az rest --method POST --url "
        f'https://graph.microsoft.com/v1.0/servicePrincipals/{principal}/appRoleAssignments --body "{body}"',
    ]


def _command(right: Right) -> str:
    command = (
        f"az role assignment create --assignee-object-id {right.identity} --assignee-principal-type ServicePrincipal "
        f"--scope {right.scope} --role {shlex.quote(right.role)}"
    )
    given = f" --condition {shlex.quote(right.condition)} --condition-version 2.0"
    return command + (given if right.condition else "")


def rights(environment: EnvironmentSettings) -> Iterator[Right]:
    """The rights of every identity; one that does several things may have a right several times."""
    subscription = f"/subscriptions/{environment.subscription_id}"
    for stack in get_args(PipelineStack):
        deployer = environment.deployer_of(stack)
        yield Right(deployer, subscription, "Contributor")
        yield Right(deployer, subscription, ADMINISTRATOR, _condition_of(deployer, environment))
    if environment.is_production:
        for stack in STACKS_WITH_LOCKS:
            yield Right(environment.deployer_of(stack), subscription, LOCKS_CONTRIBUTOR)
    if environment.cluster.policy.assigned:
        # Which Contributor is not. On the subscription, as the group is not there before the first deployment.
        yield Right(environment.deployer_of("cluster"), subscription, "Resource Policy Contributor")
    for _, planner in _planners(environment):
        yield Right(planner, subscription, "Reader")
    yield from _rights_in_a_company(environment)
    yield from _rights_on_a_registry(environment)


def _rights_in_a_company(environment: EnvironmentSettings) -> Iterator[Right]:
    """On the hub and the zones that a company has already."""
    network, deployer = environment.network, environment.deployer_of("network")
    if network.company_hub is not None and network.company_hub.peering is not HubPeering.NONE:
        yield Right(deployer, network.company_hub.virtual_network_id, "Network Contributor")
        if environment.identities.network_plan:
            yield Right(environment.identities.network_plan, network.company_hub.virtual_network_id, "Reader")
    if network.ddos_protection_plan_id is not None:
        # A network joins a plan by the plan's `join/action`.
        yield Right(deployer, network.ddos_protection_plan_id, "Network Contributor")
    zones = network.private_dns
    if zones is None:
        return
    group = zones.zones_resource_group_id
    written: dict[PipelineStack, list[NamedService]] = {
        "network": [NamedService.BLOB_STORAGE],
        "cluster": list(NamedService),
    }
    for stack, services in written.items():
        reads_only = all(map(zones.is_written_by_policy, services))
        yield Right(environment.deployer_of(stack), group, "Reader" if reads_only else "Private DNS Zone Contributor")
    for _, planner in _planners(environment):
        yield Right(planner, group, "Reader")
    if zones.kubernetes_zone is KubernetesZone.CENTRAL:
        # AKS's identity becomes Private DNS Zone Contributor there.
        zone = Naming.of(environment).private_dns_zone_id(kubernetes_dns_zone(environment.region, network.api_server))
        yield Right(deployer, zone, ADMINISTRATOR, _condition_of(deployer, environment))


def _rights_on_a_registry(environment: EnvironmentSettings) -> Iterator[Right]:
    """On one that others own: who gives roles on it, and approves the endpoint that leads to it."""
    registry, deployer = environment.cluster.registry, environment.deployer_of("cluster")
    if registry.existing_registry_id is None:
        return
    yield Right(deployer, registry.existing_registry_id, ADMINISTRATOR, _condition_of(deployer, environment))
    if registry.private_endpoint:
        yield Right(deployer, registry.existing_registry_id, "Contributor")
    if environment.identities.cluster_plan:
        yield Right(environment.identities.cluster_plan, registry.existing_registry_id, "Reader")


def _planners(environment: EnvironmentSettings) -> Iterator[tuple[PipelineStack, str]]:
    if environment.identities.network_plan:
        yield "network", environment.identities.network_plan
    if environment.identities.cluster_plan:
        yield "cluster", environment.identities.cluster_plan


def _condition_of(deployer: str, environment: EnvironmentSettings) -> str:
    return condition(
        deployer, [stack for stack in get_args(PipelineStack) if environment.deployer_of(stack) == deployer]
    )


def condition(identity: str, stacks: list[PipelineStack]) -> str:
    """The condition on assigning roles of an identity that deploys these stacks, in one line.

    https://learn.microsoft.com/azure/role-based-access-control/delegate-role-assignments-examples#example-constrain-roles
    """
    given = [id_ for stack in stacks for id_ in ROLES_ASSIGNED[stack].values()]
    taken = [id_ for stack in stacks for id_ in ROLES_TAKEN.get(stack, {}).values()]
    attribute = "Microsoft.Authorization/roleAssignments"

    def one_of(roles: list[str], where: str) -> str:
        return f"{where}[{attribute}:RoleDefinitionId] ForAnyOfAnyValues:GuidEquals {{{', '.join(roles)}}}"

    if {"cluster", "workloads"} <= set(stacks):
        written = one_of(given + taken, "@Request")
    else:
        to_others = f"@Request[{attribute}:PrincipalId] ForAnyOfAllValues:GuidNotEquals {{{identity}}}"
        written = f"({one_of(given, '@Request')} AND {to_others})"
        written += f" OR {one_of(taken, '@Request')}" if taken else ""
    # Its own role, of the time when it deployed everything, it may take: that is how identities come apart.
    return (
        f"((!(ActionMatches{{'{attribute}/write'}})) OR ({written})) AND "
        f"((!(ActionMatches{{'{attribute}/delete'}})) OR ({one_of(given + taken, '@Resource')}))"
    )


if __name__ == "__main__":
    print(render(load_one_or_exit(os.environ)), end="")
