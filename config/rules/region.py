"""What zones and regions demand of the settings."""

from collections.abc import Iterator

from config.regions import UNPAIRED_REGIONS
from config.rules.rule import Problem, rule
from config.state_backend import Replication
from config.types import Tier


@rule("availability_zones", "tier")
def _zones_are_used(zones: tuple[int, ...], tier: Tier) -> Iterator[Problem]:
    if len(set(zones)) != len(zones):
        yield Problem("availability_zones", f"{list(zones)} names a zone twice; name each once")
    if tier is Tier.PRODUCTION and len(set(zones)) < 2:
        yield Problem(
            "availability_zones", f"{list(zones)} survives no zone's failure; production needs at least two zones"
        )


@rule("region", "state_backend.replication", "tier")
def _state_survives(region: str, replication: Replication, tier: Tier) -> Iterator[Problem]:
    if region in UNPAIRED_REGIONS and replication is Replication.GEO_ZONE:
        yield Problem("state_backend.replication", f"{replication} needs a paired region, {region} has none; use ZRS")
    if tier is Tier.PRODUCTION and replication is not Replication.GEO_ZONE and region not in UNPAIRED_REGIONS:
        yield Problem(
            "state_backend.replication", f"{replication} loses the state with its region; production needs GZRS"
        )
