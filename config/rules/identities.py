"""Whom the identifiers name: one id given twice is one of the two mistaken for the other."""

from collections.abc import Iterator
from enum import StrEnum
from itertools import combinations

from config.cluster.namespace_access import NamespaceAccessSettings
from config.rules.registration import Problem, rule
from config.workloads.application import ApplicationSettings


class Named(StrEnum):
    """What an identifier names."""

    TENANT = "tenant"
    SUBSCRIPTION = "subscription"
    PIPELINE = "identity that deploys"
    PLAN = "identity that only plans"
    PUSHER = "identity that pushes images"
    GROUP = "group"
    PRINCIPAL = "user, group or identity"
    WORKSPACE = "workspace"
    ORGANIZATION = "organization in Azure DevOps"
    DEPLOYING = "service connection that deploys"
    PLANNING = "service connection that only plans"


IDENTIFIERS = {
    "tenant_id": Named.TENANT,
    "subscription_id": Named.SUBSCRIPTION,
    "pipeline_principal_id": Named.PIPELINE,
    "identities.network": Named.PIPELINE,
    "identities.cluster": Named.PIPELINE,
    "identities.workloads": Named.PIPELINE,
    "identities.network_plan": Named.PLAN,
    "identities.cluster_plan": Named.PLAN,
    "cluster_admin_group_id": Named.GROUP,
    "state_backend.operators_group_id": Named.GROUP,
    "cluster.registry.pusher_principal_id": Named.PUSHER,
    "cluster.sql.administrator.object_id": Named.PRINCIPAL,
    "azure_devops.organization_id": Named.ORGANIZATION,
    "azure_devops.deploy_connection_id": Named.DEPLOYING,
    "azure_devops.plan_connection_id": Named.PLANNING,
    "network.log_analytics.existing_workspace_customer_id": Named.WORKSPACE,
}
"""Every setting that holds a GUID."""

IN_LISTS = {
    "cluster.namespace_access.group_id": Named.GROUP,
    "workloads.applications.sign_in.allowed_group_ids": Named.GROUP,
    "workloads.applications.sign_in.owner_ids": Named.PRINCIPAL,
}
"""Every setting that holds a GUID in each table of a list."""

_MAY_BE_ONE = (
    {Named.PIPELINE},
    {Named.PLAN},
    {Named.GROUP},
    {Named.GROUP, Named.PRINCIPAL},
    {Named.PIPELINE, Named.PRINCIPAL},
    {Named.PIPELINE, Named.PUSHER},
)


_WITH_AN = (Named.PIPELINE, Named.PLAN, Named.PUSHER, Named.ORGANIZATION)


def _are_apart(first: str, second: str) -> None:
    article = "an" if IDENTIFIERS[first] in _WITH_AN else "a"

    @rule(first, second)
    def check(ours: str | None, theirs: str | None) -> Iterator[Problem]:
        if ours is not None and ours == theirs:
            yield Problem(
                second,
                f"{theirs} is the {first} too, which names {article} {IDENTIFIERS[first]}; "
                f"give the id of the {IDENTIFIERS[second]}",
            )


def _names_no_group_of_developers(other: str) -> None:
    article = "an" if IDENTIFIERS[other] in _WITH_AN else "a"

    @rule(other, "cluster.namespace_access")
    def check(theirs: str | None, entries: tuple[NamespaceAccessSettings, ...]) -> Iterator[Problem]:
        for index, entry in enumerate(entries):
            if entry.group_id == theirs:
                yield Problem(
                    f"cluster.namespace_access.{index}.group_id",
                    f"{theirs} is the {other} too, which names {article} {IDENTIFIERS[other]}; "
                    "give the id of the group",
                )


for _first, _second in combinations(IDENTIFIERS, 2):
    if {IDENTIFIERS[_first], IDENTIFIERS[_second]} not in _MAY_BE_ONE:
        _are_apart(_first, _second)

for _other, _named in IDENTIFIERS.items():
    if {_named, Named.GROUP} not in _MAY_BE_ONE:
        _names_no_group_of_developers(_other)


# What every environment has.
_KNOWN = (
    "tenant_id",
    "subscription_id",
    "pipeline_principal_id",
    "cluster_admin_group_id",
    "state_backend.operators_group_id",
)


@rule("workloads.applications", *_KNOWN)
def _users_sign_in_by_ids_of_their_own(
    applications: tuple[ApplicationSettings, ...], *others: str
) -> Iterator[Problem]:
    known = dict(zip(others, _KNOWN, strict=True))
    for index, one in enumerate(applications):
        for key, named in (("allowed_group_ids", Named.GROUP), ("owner_ids", Named.PRINCIPAL)):
            for place, id_ in enumerate(getattr(one.sign_in, key, ())):
                other = known.get(id_)
                # Entra lets no group own a registration.
                if other and IDENTIFIERS[other] is not named:
                    article = "an" if IDENTIFIERS[other] in _WITH_AN else "a"
                    yield Problem(
                        f"workloads.applications.{index}.sign_in.{key}.{place}",
                        f"{id_} is the {other} too, which names {article} {IDENTIFIERS[other]}; give the id of the "
                        f"{'group' if named is Named.GROUP else 'user'}",
                    )


@rule("cluster.namespace_access", "cluster_admin_group_id")
def _each_group_gets_what_it_lacks(
    entries: tuple[NamespaceAccessSettings, ...], administrators: str
) -> Iterator[Problem]:
    for index, entry in enumerate(entries):
        path = f"cluster.namespace_access.{index}"
        if entry.group_id == administrators:
            yield Problem(
                f"{path}.group_id",
                f"{administrators} is the cluster_admin_group_id, whose members may do everything; remove the entry",
            )
        if (entry.group_id, entry.namespace) in {(one.group_id, one.namespace) for one in entries[:index]}:
            yield Problem(
                f"{path}.namespace",
                f"{entry.namespace} stands there twice for one group; give it one role, of which writer holds reader",
            )
