"""What must hold between the environments that are loaded together."""

from collections.abc import Iterator, Sequence
from operator import attrgetter

from config.environment import EnvironmentSettings
from config.rules.identities import IDENTIFIERS, Named
from config.rules.rule import DOUBTED_BETWEEN_ENVIRONMENTS, Problem, accepted_by

IDENTITIES = [path for path, named in IDENTIFIERS.items() if named in (Named.PIPELINE, Named.PLAN)]
SHARED = {
    "subscription_id": "who may do anything in the one may do it in the other",
    **dict.fromkeys(IDENTITIES, "whoever runs the pipeline of the one reads or writes the other"),
}
"""What production has to itself, and what sharing it means."""

DOUBTED_BETWEEN_ENVIRONMENTS.update(SHARED)


def problems_between_environments(environments: Sequence[EnvironmentSettings]) -> Iterator[tuple[str, Problem]]:
    """What production shares with an environment that is none, with the name of the production environment."""
    others = [one for one in environments if not one.is_production]
    for production in (one for one in environments if one.is_production):
        accepted = {entry.setting for entry in production.accept}
        for path, meaning in SHARED.items():
            value = attrgetter(path)(production)
            sharing = [other.name for other in others if value is not None and value in _like(path, other)]
            if sharing and path not in accepted:
                message = f"{value} is that of {', '.join(sharing)} too: {meaning}; give production its own"
                yield production.name, Problem(path, accepted_by(message))
            if others and not sharing and path in accepted:
                yield production.name, Problem("accept", f'"{path}" needs no acceptance; remove the entry')


def _like(path: str, other: EnvironmentSettings) -> set[str | None]:
    """What the other environment has of the same kind, whatever it does with it."""
    return {attrgetter(one)(other) for one in (IDENTITIES if path in IDENTITIES else [path])}
