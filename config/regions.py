"""Azure's regions: which have availability zones, and which of them replicate to another."""

from difflib import get_close_matches
from typing import Annotated

from pydantic import AfterValidator

# Regions with availability zones, which the state's replication needs, and their short codes in names.
# https://learn.microsoft.com/azure/reliability/regions-list
REGIONS: dict[str, str] = {
    "australiaeast": "aue",
    "brazilsouth": "brs",
    "canadacentral": "cac",
    "centralindia": "inc",
    "centralus": "cus",
    "eastasia": "ea",
    "eastus": "eus",
    "eastus2": "eus2",
    "francecentral": "frc",
    "germanywestcentral": "gwc",
    "italynorth": "itn",
    "japaneast": "jpe",
    "koreacentral": "krc",
    "northeurope": "neu",
    "norwayeast": "nwe",
    "polandcentral": "plc",
    "southafricanorth": "san",
    "southcentralus": "scus",
    "southeastasia": "sea",
    "spaincentral": "spc",
    "swedencentral": "sdc",
    "switzerlandnorth": "szn",
    "uaenorth": "uan",
    "uksouth": "uks",
    "westeurope": "weu",
    "westus2": "wus2",
    "westus3": "wus3",
}


# First letters of the regions of Azure Government and of Azure in China.
OTHER_CLOUDS = ("usgov", "usdod", "china")


def _known_region(region: str) -> str:
    """Azure region with availability zones, in lower case without spaces."""
    if region in REGIONS:
        return region
    if region.startswith(OTHER_CLOUDS):
        raise ValueError("is a region of another cloud, whose private names differ; give one of Azure's public cloud")
    programmatic = "".join(region.lower().split())
    alike = get_close_matches(programmatic, REGIONS, n=1, cutoff=0.8)
    mend = f"did you mean {alike[0]!r}?" if alike else f"known here: {', '.join(REGIONS)}"
    raise ValueError(f"is not the programmatic name of a region with availability zones; {mend}")


AzureRegion = Annotated[str, AfterValidator(_known_region)]
"""Programmatic name of an Azure region, lower case without spaces, such as `westeurope`."""

UNPAIRED_REGIONS = frozenset({"italynorth", "polandcentral", "spaincentral"})
"""They replicate to no other region: https://learn.microsoft.com/azure/reliability/regions-list"""
