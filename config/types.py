"""The vocabulary of the settings: identifiers, regions, address ranges and names, each with the rule Azure gives it."""

import re
from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum
from ipaddress import IPv4Address, IPv4Network
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, GetCoreSchemaHandler, PlainValidator
from pydantic_core.core_schema import CoreSchema, no_info_after_validator_function

NIL_GUID = "00000000-0000-0000-0000-000000000000"


class Settings(BaseModel):
    """A frozen table of settings; an unknown key or a value of another type is an error, never a conversion."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        strict=True,
        allow_inf_nan=False,
        use_attribute_docstrings=True,
        validate_default=True,
    )


@dataclass(frozen=True)
class Text:
    """Text that matches a pattern as a whole; in reports and in docs/settings.md the words stand for the pattern."""

    pattern: str
    words: str

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return no_info_after_validator_function(self._matching, handler(source))

    def _matching(self, text: str) -> str:
        if not re.fullmatch(self.pattern, text):
            raise ValueError(f"must be {self.words}")
        return text


class Tier(StrEnum):
    """How much an environment's loss would hurt; decides what Terraform refuses to destroy."""

    NONPRODUCTION = "nonproduction"
    """May be destroyed and built anew at any time."""

    PRODUCTION = "production"
    """Stateful resources carry `prevent_destroy`, and settings that cannot carry production are refused."""


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


def _not_nil(guid: str) -> str:
    if guid == NIL_GUID:
        raise ValueError("is the all-zero GUID, which names nobody; give the real one")
    return guid


def ipv4_range(value: Any) -> IPv4Network:
    """IPv4 range without host bits, such as `10.20.0.0/20`."""
    if isinstance(value, IPv4Network):
        return value
    shape = "must be an IPv4 range with a prefix length, such as '10.20.0.0/20'"
    # The standard library also takes net masks, and prefix lengths with leading zeros.
    if not isinstance(value, str) or not re.fullmatch(r"[0-9.]+/(0|[1-9][0-9]?)", value):
        raise ValueError(shape)
    try:
        network = IPv4Network(value, strict=False)
    except ValueError:
        raise ValueError(shape) from None
    if str(network) != value:
        raise ValueError(f"must have no host bits; did you mean {str(network)!r}?")
    return network


def ipv4_address(value: Any) -> IPv4Address:
    """IPv4 address, such as `10.10.0.4`."""
    try:
        return value if isinstance(value, IPv4Address) else IPv4Address(value if isinstance(value, str) else "")
    except ValueError:
        raise ValueError("must be an IPv4 address, such as '10.10.0.4'") from None


AzureRegion = Annotated[str, AfterValidator(_known_region)]
"""Programmatic name of an Azure region, lower case without spaces, such as `westeurope`."""

UNPAIRED_REGIONS = frozenset({"italynorth", "polandcentral", "spaincentral"})
"""They replicate to no other region: https://learn.microsoft.com/azure/reliability/regions-list"""

Guid = Annotated[
    str,
    Text(
        r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}",
        "a GUID in lower case with hyphens, such as '7c1f6a52-0f0e-4b3f-9a39-2d6a4c0b9e11'",
    ),
    AfterValidator(_not_nil),
]
"""A tenant, a subscription or the object id of an Entra principal."""

Cidr = Annotated[IPv4Network, PlainValidator(ipv4_range)]
"""IPv4 range with a prefix length and no host bits."""

WorkloadName = Annotated[
    str, Text(r"[a-z][a-z0-9]{1,7}", "two to eight lower-case letters and digits, the first a letter")
]
"""The longest that still fits a key vault's 24 characters."""

EnvironmentName = Annotated[
    str, Text(r"[a-z][a-z0-9]{1,5}", "two to six lower-case letters and digits, the first a letter")
]
"""It is also the name of the environment's file."""

AvailabilityZone = Annotated[int, Field(ge=1, le=3)]
"""Logical number of an availability zone in the subscription."""

VmSize = Annotated[
    str,
    Text(
        r"Standard_(D(2|4|8|16|32|48|64|96)(ds_v[456]|ads_v[56]|lds_v[56]|alds_v6)"
        r"|E(2|4|8|16|20|32|48|64|96)(ds_v[456]|ads_v[56]|bds_v[56]))",
        "a D or E size with a local disk (a 'd' after the number), generation 4 to 6, such as 'Standard_D4ds_v5'",
    ),
]
"""Size of a node. The families are those whose local disk grows with the virtual processors, so that its size is known;
Arm sizes ('p') are left out because images are built for x86, confidential ones ('C') until they are supported."""

VmSizeName = Annotated[
    str,
    Text(
        r"Standard_[A-Z]+[0-9]+(-[0-9]+)?[a-oq-z]*(_v[0-9]+)?",
        "a virtual machine size with x86 processors (no 'p' after the number), such as 'Standard_D2s_v5'",
    ),
]
"""Size of a machine that is no node."""

HostName = Annotated[
    str,
    Text(
        r"(?=.{4,253}$)(\*\.)?([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}",
        "a host name in lower case, such as 'api.example.com' or '*.example.com'",
    ),
]
"""Name of a host, or of all below one."""

Ipv4Address = Annotated[IPv4Address, PlainValidator(ipv4_address)]
"""One IPv4 address."""

TagText = Annotated[
    str,
    Text(
        r"[A-Za-z0-9]([A-Za-z0-9 ._@:/+-]{0,254}[A-Za-z0-9._@:/+-])?",
        "at most 256 letters, digits, spaces and ._@:/+-, with a letter or digit first and no space last",
    ),
]
"""A tag's value."""

VaultObjectName = Annotated[str, Text(r"[0-9A-Za-z-]{1,127}", "at most 127 letters, digits and hyphens")]
"""Name of a secret or a certificate in the environment's key vault."""

KubernetesName = Annotated[
    str,
    Text(
        r"[a-z]([-a-z0-9]{0,38}[a-z0-9])?",
        "at most 40 lower-case letters, digits and hyphens, with a letter first and no hyphen last",
    ),
]
"""A DNS label: the name of a namespace, a service account or a service."""
