"""Azure's regions: which have availability zones, where their data rest, and which of them replicate to another.

Sources, read 2026-11-26: https://learn.microsoft.com/azure/reliability/regions-list (2026-08-20), and the answer to
`az account list-locations` (2026-03-12), which agrees. A region that came after is named under `[[accept]]`.
"""

import re
from dataclasses import dataclass
from typing import Annotated

from pydantic import AfterValidator


@dataclass(frozen=True, slots=True)
class Region:
    """A region with availability zones, which the state's replication needs."""

    code: str
    """Stands for the region in names. One that was ever used must not change."""

    country: str
    """Where the data rest."""

    pair: str | None = None
    """Where geo-redundant storage is copied to; None: there is no such storage."""

    pair_is_abroad: bool = False
    """Whether that is another country."""


REGIONS: dict[str, Region] = {
    "australiaeast": Region("aue", "Australia", "australiasoutheast"),
    "austriaeast": Region("ate", "Austria"),
    "belgiumcentral": Region("bec", "Belgium"),
    "brazilsouth": Region("brs", "Brazil", "southcentralus", pair_is_abroad=True),
    "canadacentral": Region("cac", "Canada", "canadaeast"),
    "centralindia": Region("inc", "India", "southindia"),
    "centralus": Region("cus", "the United States", "eastus2"),
    "chilecentral": Region("clc", "Chile"),
    "denmarkeast": Region("dke", "Denmark"),
    "eastasia": Region("ea", "Hong Kong", "southeastasia", pair_is_abroad=True),
    "eastus": Region("eus", "the United States", "westus"),
    "eastus2": Region("eus2", "the United States", "centralus"),
    "francecentral": Region("frc", "France", "francesouth"),
    "germanywestcentral": Region("gwc", "Germany", "germanynorth"),
    "indiasouthcentral": Region("insc", "India", "centralindia"),
    "indonesiacentral": Region("idc", "Indonesia"),
    "israelcentral": Region("ilc", "Israel"),
    "italynorth": Region("itn", "Italy"),
    "japaneast": Region("jpe", "Japan", "japanwest"),
    "japanwest": Region("jpw", "Japan", "japaneast"),
    "koreacentral": Region("krc", "Korea", "koreasouth"),
    "malaysiawest": Region("myw", "Malaysia"),
    "mexicocentral": Region("mxc", "Mexico"),
    "newzealandnorth": Region("nzn", "New Zealand"),
    "northeurope": Region("neu", "Ireland", "westeurope", pair_is_abroad=True),
    "norwayeast": Region("nwe", "Norway", "norwaywest"),
    "polandcentral": Region("plc", "Poland"),
    "qatarcentral": Region("qac", "Qatar"),
    "southafricanorth": Region("san", "South Africa", "southafricawest"),
    "southcentralus": Region("scus", "the United States", "northcentralus"),
    "southeastasia": Region("sea", "Singapore", "eastasia", pair_is_abroad=True),
    "spaincentral": Region("spc", "Spain"),
    "swedencentral": Region("sdc", "Sweden", "swedensouth"),
    "switzerlandnorth": Region("szn", "Switzerland", "switzerlandwest"),
    "uaenorth": Region("uan", "the United Arab Emirates", "uaecentral"),
    "uksouth": Region("uks", "the United Kingdom", "ukwest"),
    "westeurope": Region("weu", "the Netherlands", "northeurope", pair_is_abroad=True),
    "westus2": Region("wus2", "the United States", "westcentralus"),
    "westus3": Region("wus3", "the United States", "eastus"),
}
"""By programmatic name. The code of a region that is added later is the start of its name: see `region_code`."""

REGIONS_WITHOUT_ZONES = frozenset(
    [
        "australiacentral",
        "australiacentral2",
        "australiasoutheast",
        "brazilsoutheast",
        "canadaeast",
        "francesouth",
        "germanynorth",
        "jioindiacentral",
        "jioindiawest",
        "koreasouth",
        "northcentralus",
        "norwaywest",
        "southafricawest",
        "southindia",
        "swedensouth",
        "switzerlandwest",
        "uaecentral",
        "ukwest",
        "westcentralus",
        "westindia",
        "westus",
    ]
)
"""The other regions of the public cloud."""

# First letters of the regions of Azure Government and of Azure in China.
_OTHER_CLOUDS = ("usgov", "usdod", "china")

_FORM = re.compile(r"[a-z]{4,20}[0-9]{0,2}")
_DIRECTION = r"(?:north|south|east|west|central)"
# South Africa is the one country with a direction in its name.
_DIRECTIONS = re.compile(rf"^(?!southafrica){_DIRECTION}{{1,3}}(?=[a-z]{{2}})|{_DIRECTION}{{1,3}}[0-9]*$|[0-9]+$")


def region_code(region: str) -> str:
    """What stands for the region in names; for one that only its user knows, the start of its name, for ever."""
    return REGIONS[region].code if region in REGIONS else region[:12]


def same_country(region: str) -> list[str]:
    """Regions with zones in the country whose name the region's own name holds; none where that is not certain."""
    place = _place(region)
    found = [name for name in REGIONS if _place(name) == place]
    return found if len({REGIONS[name].country for name in found}) == 1 else []


def misspelt(region: str) -> str | None:
    """The region that was meant if one letter is wrong, missing, too many, or changed places with its neighbour.

    No looser likeness: Austria's name is almost Australia's.
    """
    return next((name for name in REGIONS if _is_one_slip(region, name)), None)


def _place(region: str) -> str:
    return _DIRECTIONS.sub("", region)


def _is_one_slip(one: str, other: str) -> bool:
    start = next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    one, other = one[start:], other[start:]
    while one and other and one[-1] == other[-1]:
        one, other = one[:-1], other[:-1]
    return max(len(one), len(other)) == 1 or (len(one) == 2 and one == other[::-1])


def _programmatic(region: str) -> str:
    """Programmatic name of an Azure region, lower case without spaces, such as `westeurope`."""
    if region.startswith(_OTHER_CLOUDS):
        raise ValueError("is a region of another cloud, whose private names differ; give one of Azure's public cloud")
    if len(region) <= 22 and _FORM.fullmatch(region):
        return region
    meant = "".join(region[:50].lower().split())
    mend = f"did you mean {meant!r}?" if meant in REGIONS else "it needs 4 to 22 lower-case letters, digits last"
    raise ValueError(f"is not the programmatic name of a region; {mend}")


AzureRegion = Annotated[str, AfterValidator(_programmatic)]
"""Programmatic name of an Azure region, lower case without spaces, such as `westeurope`."""
