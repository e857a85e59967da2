"""What zones and regions demand of the settings."""

from collections.abc import Iterator

from config.regions import REGIONS, REGIONS_WITHOUT_ZONES, misspelt, same_country
from config.rules.registration import Problem, doubt, rule
from config.state_backend import Replication
from config.types import Tier


@doubt("region")
def _region_has_zones(region: str) -> Iterator[str]:
    near = same_country(region)
    neighbours = f"; choose one that has, such as {', '.join(near)} in {REGIONS[near[0]].country}" if near else ""
    if region in REGIONS_WITHOUT_ZONES:
        yield f'"{region}" has no availability zones, which the state needs{neighbours or "; choose one that has"}'
    elif region not in REGIONS:
        meant = misspelt(region)
        mend = f"; did you mean {meant!r}?" if meant else neighbours or "; docs/settings.md lists those that are"
        yield f'"{region}" is not known here as a region with availability zones{mend}'


@rule("availability_zones", "tier")
def _zones_are_used(zones: tuple[int, ...], tier: Tier) -> Iterator[Problem]:
    if len(set(zones)) != len(zones):
        yield Problem("availability_zones", f"{list(zones)} names a zone twice; name each once")
    if tier is Tier.PRODUCTION and len(set(zones)) < 2:
        yield Problem(
            "availability_zones", f"{list(zones)} survives no zone's failure; production needs at least two zones"
        )


@doubt("state_backend.replication", "region")
def _geo_replication_has_a_pair(replication: Replication, name: str) -> Iterator[str]:
    region = REGIONS.get(name)
    if region is not None and region.pair is None and replication is Replication.GEO_ZONE:
        yield f"{replication} needs a paired region, {name} has none; use ZRS"


@doubt("state_backend.replication", "region", "tier")
def _state_survives(replication: Replication, name: str, tier: Tier) -> Iterator[str]:
    region = REGIONS.get(name)
    if tier is Tier.PRODUCTION and replication is Replication.ZONE and region is not None and region.pair is not None:
        abroad = f", in {region.pair}, another country" if region.pair_is_abroad else f", in {region.pair}"
        yield f"{replication} loses the state with its region; production needs GZRS, which keeps a copy{abroad}"
