"""Whom the identifiers name: one id given twice is one of the two mistaken for the other."""

from collections.abc import Iterator

from config.rules.rule import Problem, rule


@rule("tenant_id", "subscription_id")
def _tenant_is_no_subscription(tenant: str, subscription: str) -> Iterator[Problem]:
    if tenant == subscription:
        yield Problem("subscription_id", f"{subscription} is the tenant_id too; give the subscription's own id")


@rule("pipeline_principal_id", "cluster_admin_group_id", "state_backend.operators_group_id")
def _pipeline_is_no_group(pipeline: str, administrators: str, operators: str) -> Iterator[Problem]:
    for path, group in (("cluster_admin_group_id", administrators), ("state_backend.operators_group_id", operators)):
        if group == pipeline:
            yield Problem(
                path, f"{group} is the pipeline_principal_id too, which is no group; give the group's object id"
            )
