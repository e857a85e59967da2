"""What must hold between the environments that are loaded together."""

from collections.abc import Iterator, Sequence
from itertools import combinations
from operator import attrgetter

from config.defender import DefenderPlans
from config.environment import EnvironmentSettings
from config.rules.identities import IDENTIFIERS, Named
from config.rules.registration import DOUBTED_BETWEEN_ENVIRONMENTS, Problem, accepted_by

IDENTITIES = [path for path, named in IDENTIFIERS.items() if named in (Named.PIPELINE, Named.PLAN)]
SHARED = {
    "subscription_id": "who may do anything in the one may do it in the other",
    **dict.fromkeys(IDENTITIES, "whoever runs the pipeline of the one reads or writes the other"),
}
"""What production has to itself, and what sharing it means."""

DOUBTED_BETWEEN_ENVIRONMENTS.update(SHARED)


def problems_between_environments(environments: Sequence[EnvironmentSettings]) -> Iterator[tuple[str, Problem]]:
    """What two environments cannot both have, or production should not share; with the name of the one to mend."""
    yield from _spokes_of_one_hub_overlap(environments)
    yield from _activity_log_comes_twice(environments)
    yield from _plans_are_switched_twice(environments)
    others = [one for one in environments if not one.is_production]
    for production in (one for one in environments if one.is_production):
        accepted = {entry.setting for entry in production.accept}
        for path, meaning in SHARED.items():
            value = attrgetter(path)(production)
            sharing = [other.name for other in others if value is not None and value in _like(path, other)]
            if path == "subscription_id":
                sharing += [one.name for one in environments if _may_be_a_copy(production, one)]
            if sharing and path not in accepted:
                message = f"{value} is that of {', '.join(sharing)} too: {meaning}; give production its own"
                yield production.name, Problem(path, accepted_by(message))
            if others and not sharing and path in accepted:
                yield production.name, Problem("accept", f'"{path}" needs no acceptance; remove the entry')


def _may_be_a_copy(production: EnvironmentSettings, other: EnvironmentSettings) -> bool:
    """Whether another production is deployed by the same identity into the same subscription."""
    return (
        other is not production
        and other.is_production
        and (other.subscription_id, other.pipeline_principal_id)
        == (production.subscription_id, production.pipeline_principal_id)
    )


def _spokes_of_one_hub_overlap(environments: Sequence[EnvironmentSettings]) -> Iterator[tuple[str, Problem]]:
    """Azure peers a network with no two that overlap: error VnetAddressSpaceOverlapsWithAlreadyPeeredVnet."""
    joined = [(one.name, one.network.company_hub, one.network.spoke.address_space) for one in environments]
    for (first, first_hub, ours), (second, second_hub, theirs) in combinations(joined, 2):
        if first_hub is None or second_hub is None or not ours.overlaps(theirs):
            continue
        if first_hub.virtual_network_id.lower() == second_hub.virtual_network_id.lower():
            message = f"{theirs} overlaps {ours} of {first}, which joins the same hub; choose ranges that are apart"
            yield second, Problem("network.spoke.address_space", message)


def _activity_log_comes_twice(environments: Sequence[EnvironmentSettings]) -> Iterator[tuple[str, Problem]]:
    """Azure takes one setting for each log and workspace: error Data sinks can't be reused in different settings."""
    first_into: dict[tuple[str, str], str] = {}
    for one in environments:
        workspace = one.network.log_analytics.existing_workspace_id
        if workspace is None or not one.monitoring.activity_log:
            continue
        first = first_into.setdefault((one.subscription_id, workspace.lower()), one.name)
        if first != one.name:
            message = f"true is that of {first} too, whose subscription and workspace are the same; set it to false"
            yield one.name, Problem("monitoring.activity_log", message)


def _plans_are_switched_twice(environments: Sequence[EnvironmentSettings]) -> Iterator[tuple[str, Problem]]:
    """The provider refuses a plan that is on already."""
    first_in: dict[str, str] = {}
    for one in environments:
        if one.defender.plans is DefenderPlans.ON:
            first = first_in.setdefault(one.subscription_id, one.name)
            if first != one.name:
                message = f"on is that of {first} too, and plans are of the whole subscription; choose elsewhere"
                yield one.name, Problem("defender.plans", message)


def _like(path: str, other: EnvironmentSettings) -> set[str | None]:
    """What the other environment has of the same kind, whatever it does with it."""
    return {attrgetter(one)(other) for one in (IDENTITIES if path in IDENTITIES else [path])}
