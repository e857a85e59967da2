"""Whoever deploys may give the roles that its stacks give, to others, and no others."""

import json
import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest

from config.cluster.namespace_access import NamespaceAccessSettings, NamespaceRole
from config.cluster.policy import PolicySettings
from config.cluster.registry import ContainerRegistrySettings
from config.cluster.vault_secrets import VaultSecretSettings
from config.environment import EnvironmentSettings
from config.identities import IdentitiesSettings, PipelineStack
from config.loading import load_environment
from config.monitoring import PrometheusSettings
from config.network.jump_box import JumpBoxSettings
from config.workloads.sign_in import SignInSettings
from reference.rights import ROLES_ASSIGNED, ROLES_TAKEN, condition, render
from tests.config.environment_file import ABSENT, HUB, JOINED, SSH_KEY, ZONES, write_environment
from tests.docs.documented_syntax import AZ, AZ_TAKES_ALWAYS
from tests.product import ENVIRONMENTS

# https://learn.microsoft.com/azure/role-based-access-control/built-in-roles/privileged
OWNER, USER_ACCESS, RBAC = "8e3af657", "18d7d88d", "f58310d9"
DEPLOYS = ["Contributor", "Role Based Access Control Administrator"]
# Assigns policies: https://learn.microsoft.com/azure/role-based-access-control/built-in-roles/management-and-governance
POLICIES = "Resource Policy Contributor"
# Sets locks: https://learn.microsoft.com/azure/azure-resource-manager/management/lock-resources#who-can-create-or-delete-locks
LOCKS = "Locks Contributor"
SOMEBODY = "5d0c1f7e-93a2-4c58-8b16-e04f7a2d9c33"


@pytest.fixture(scope="module")
def everything(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A production with a jump box, developers, secrets, a certificate and a pusher: its stacks assign every role."""
    from cdktf import App

    from stacks.environments import build

    prod = ENVIRONMENTS["prod"]
    network = prod.network.model_copy(update={"jump_box": JumpBoxSettings(ssh_public_key=SSH_KEY)})
    (orders,) = prod.workloads.applications
    with_certificate = orders.model_copy(update={"vault_certificates": ("partner",)})
    workloads = prod.workloads.model_copy(update={"applications": (with_certificate,)})
    folder = tmp_path_factory.mktemp("everything")
    app = App(outdir=str(folder))
    cluster = prod.cluster.model_copy(
        update={
            "vault_secrets": (VaultSecretSettings(name="first"),),
            "registry": ContainerRegistrySettings(pusher_principal_id=SOMEBODY),
            "namespace_access": tuple(
                NamespaceAccessSettings(group_id=SOMEBODY, namespace=f"of-a-{role}", role=role)
                for role in NamespaceRole
            ),
        }
    )
    monitoring = prod.monitoring.model_copy(update={"prometheus": PrometheusSettings(grafana=True)})
    changed = {"network": network, "cluster": cluster, "workloads": workloads, "monitoring": monitoring}
    build(app, [prod.model_copy(update=changed)])
    app.synth()
    return folder / "stacks"


def assignments(stack: Path) -> Iterator[tuple[str, str]]:
    resources = json.loads((stack / "cdk.tf.json").read_text())["resource"]
    for one in resources.get("azurerm_role_assignment", {}).values():
        yield one["role_definition_name"], one["principal_id"]


@pytest.mark.parametrize("stack", get_args(PipelineStack))
def test_the_table_names_the_roles_that_a_stack_assigns_and_no_others(stack: PipelineStack, everything: Path) -> None:
    deployer = ENVIRONMENTS["prod"].deployer_of(stack)
    given = {role for role, principal in assignments(everything / f"prod-{stack}") if principal != deployer}

    assert given == set(ROLES_ASSIGNED[stack])


@pytest.mark.parametrize("stack", get_args(PipelineStack))
def test_a_stack_gives_its_deployer_what_it_needs_in_the_vault_and_nothing_else(
    stack: PipelineStack, everything: Path
) -> None:
    deployer = ENVIRONMENTS["prod"].deployer_of(stack)

    taken = {role for role, principal in assignments(everything / f"prod-{stack}") if principal == deployer}

    assert taken == set(ROLES_TAKEN.get(stack, {}))
    assert all(role.startswith("Key Vault ") for role in taken)


@pytest.mark.parametrize("stack", get_args(PipelineStack))
def test_whoever_deploys_a_stack_with_locks_may_set_them(stack: PipelineStack, everything: Path) -> None:
    prod = ENVIRONMENTS["prod"]
    locks = json.loads((everything / f"prod-{stack}" / "cdk.tf.json").read_text())["resource"].get(
        "azurerm_management_lock", {}
    )

    assert (LOCKS in roles_given(prod)[prod.deployer_of(stack)]) is bool(locks)


def test_the_condition_holds_for_giving_and_for_taking_away_and_gives_nothing_to_oneself() -> None:
    # The form that Azure documents, with its two roles in place of ours, and the operators it has for principals:
    # https://learn.microsoft.com/azure/role-based-access-control/delegate-role-assignments-examples#example-constrain-roles
    # https://learn.microsoft.com/azure/role-based-access-control/conditions-authorization-actions-attributes#principal-id
    roles = "[Microsoft.Authorization/roleAssignments:RoleDefinitionId] ForAnyOfAnyValues:GuidEquals {ROLES}"
    others = f"[Microsoft.Authorization/roleAssignments:PrincipalId] ForAnyOfAllValues:GuidNotEquals {{{SOMEBODY}}}"
    write = "((!(ActionMatches{'Microsoft.Authorization/roleAssignments/write'})) OR "
    delete = "((!(ActionMatches{'Microsoft.Authorization/roleAssignments/delete'})) OR "

    def form(*stacks: PipelineStack) -> str:
        text = condition(SOMEBODY, list(stacks))
        for powerful in (OWNER, USER_ACCESS, RBAC):
            assert powerful not in text
        return re.sub(r"GuidEquals \{[0-9a-f-]{36}(, [0-9a-f-]{36})*\}", "GuidEquals {ROLES}", text)

    assert form("network") == (f"{write}((@Request{roles} AND @Request{others}))) AND {delete}(@Resource{roles}))")
    # Who deploys the cluster opens its vault to itself.
    assert form("cluster") == (
        f"{write}((@Request{roles} AND @Request{others}) OR @Request{roles})) AND {delete}(@Resource{roles}))"
    )
    # Who deploys both makes itself administrator of the cluster.
    assert form("cluster", "workloads") == f"{write}(@Request{roles})) AND {delete}(@Resource{roles}))"


def roles_given(environment: EnvironmentSettings, *, on: str = "") -> dict[str, list[str]]:
    """The roles by whom they are given to, from what the command prints; Azure refuses to give one twice."""
    on = on or f"/subscriptions/{environment.subscription_id}"
    commands = [shlex.split(line) for line in render(environment).splitlines() if line.startswith("az ")]
    given: dict[str, list[str]] = {}
    for command in commands:
        assert command[1:4] == ["role", "assignment", "create"]
        options = dict(zip(command[4::2], command[5::2], strict=True))
        syntax = AZ["role assignment create"]
        assert options.keys() <= {
            name
            for names in f"{syntax.required} {syntax.optional} {AZ_TAKES_ALWAYS}".split()
            for name in names.split("|")
        }
        assert ("--condition" in options) == (options["--role"] == "Role Based Access Control Administrator")
        if options["--scope"] == on:
            given.setdefault(options["--assignee-object-id"], []).append(options["--role"])
    return given


def test_one_identity_for_everything_gets_each_right_once() -> None:
    dev = ENVIRONMENTS["dev"]

    assert roles_given(dev) == {
        dev.pipeline_principal_id: [*DEPLOYS, POLICIES],
    }


def test_who_assigns_no_policies_needs_no_right_for_it() -> None:
    dev = ENVIRONMENTS["dev"]
    cluster = dev.cluster.model_copy(update={"policy": PolicySettings(assigned=False)})

    assert roles_given(dev.model_copy(update={"cluster": cluster})) == {dev.pipeline_principal_id: DEPLOYS}


def test_each_identity_gets_its_own_rights() -> None:
    prod = ENVIRONMENTS["prod"]
    plans = ["Reader"]

    assert roles_given(prod) == {
        prod.identities.network: [*DEPLOYS, LOCKS],
        prod.identities.cluster: [*DEPLOYS, LOCKS, POLICIES],
        prod.identities.workloads: DEPLOYS,
        prod.identities.network_plan: plans,
        prod.identities.cluster_plan: plans,
    }
    # One that deploys all but the network, and one that plans all that can be planned.
    two = IdentitiesSettings(
        network=SOMEBODY, network_plan=prod.identities.network, cluster_plan=prod.identities.network
    )
    assert roles_given(prod.model_copy(update={"identities": two})) == {
        SOMEBODY: [*DEPLOYS, LOCKS],
        prod.pipeline_principal_id: [*DEPLOYS, LOCKS, POLICIES],
        prod.identities.network: plans,
    }


def test_whoever_registers_applications_may_do_that_and_nothing_else_in_entra() -> None:
    """https://learn.microsoft.com/graph/permissions-reference#applicationreadwriteownedby."""
    prod = ENVIRONMENTS["prod"]
    (orders,) = prod.workloads.applications
    signed_in = orders.model_copy(update={"sign_in": SignInSettings(host_name="shop.example.com")})
    workloads = prod.workloads.model_copy(update={"applications": (signed_in,)})
    below = render(prod.model_copy(update={"workloads": workloads})).split(f"\n# {prod.identities.workloads} ")[1]

    assert "graph.microsoft.com" not in render(prod)
    (request,) = (line for line in below.splitlines() if line.startswith("az rest"))
    words = shlex.split(request)
    assert words[words.index("--url") + 1] == (
        f"https://graph.microsoft.com/v1.0/servicePrincipals/{prod.identities.workloads}/appRoleAssignments"
    )
    assert json.loads(words[words.index("--body") + 1]) == {
        "principalId": prod.identities.workloads,
        "resourceId": "$GRAPH",
        "appRoleId": "18a4783c-866b-4cc7-a460-3d5e5662c884",
    }


@pytest.mark.parametrize(
    ("records", "network", "cluster"),
    [
        ("terraform", "Private DNS Zone Contributor", "Private DNS Zone Contributor"),
        # No policy of Microsoft's names a database.
        ("policy", "Reader", "Private DNS Zone Contributor"),
    ],
)
def test_in_a_company_each_gets_what_it_needs_on_the_hub_and_the_zones(
    records: str, network: str, cluster: str, tmp_path: Path
) -> None:
    changes = {
        **JOINED,
        "network.egress": "nva",
        "network.nva_address": "10.0.0.4",
        "network.firewall": ABSENT,
        "network.private_dns": {"zones_resource_group_id": ZONES, "records": records},
    }
    prod = load_environment(write_environment(tmp_path, "prod", changes))
    who = prod.identities
    aks_zone = f"{ZONES}/providers/Microsoft.Network/privateDnsZones/privatelink.westeurope.azmk8s.io"

    assert roles_given(prod, on=HUB) == {who.network: ["Network Contributor"], who.network_plan: ["Reader"]}
    assert roles_given(prod, on=ZONES) == {
        who.network: [network],
        who.cluster: [cluster],
        who.network_plan: ["Reader"],
        who.cluster_plan: ["Reader"],
    }
    assert roles_given(prod, on=aks_zone) == {who.network: ["Role Based Access Control Administrator"]}
