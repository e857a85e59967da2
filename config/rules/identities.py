"""Whom the identifiers name: one id given twice is one of the two mistaken for the other."""

from collections.abc import Iterator
from enum import StrEnum
from itertools import combinations

from config.rules.rule import Problem, rule


class Named(StrEnum):
    """What an identifier names."""

    TENANT = "tenant"
    SUBSCRIPTION = "subscription"
    PIPELINE = "identity of the pipeline"
    GROUP = "group"
    PRINCIPAL = "user, group or identity"


IDENTIFIERS = {
    "tenant_id": Named.TENANT,
    "subscription_id": Named.SUBSCRIPTION,
    "pipeline_principal_id": Named.PIPELINE,
    "cluster_admin_group_id": Named.GROUP,
    "state_backend.operators_group_id": Named.GROUP,
    "cluster.sql.administrator.object_id": Named.PRINCIPAL,
}
"""Every setting that holds a GUID."""

_MAY_BE_ONE = (
    {Named.GROUP},
    {Named.GROUP, Named.PRINCIPAL},
    {Named.PIPELINE, Named.PRINCIPAL},
)


def _are_apart(first: str, second: str) -> None:
    @rule(first, second)
    def check(ours: str, theirs: str) -> Iterator[Problem]:
        if ours == theirs:
            yield Problem(
                second,
                f"{theirs} is the {first} too, which names a {IDENTIFIERS[first]}; "
                f"give the id of the {IDENTIFIERS[second]}",
            )


for _first, _second in combinations(IDENTIFIERS, 2):
    if {IDENTIFIERS[_first], IDENTIFIERS[_second]} not in _MAY_BE_ONE:
        _are_apart(_first, _second)
