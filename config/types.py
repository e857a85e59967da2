"""The vocabulary of the settings: identifiers, regions, address ranges and names, each with the rule Azure gives it."""

import re
from enum import StrEnum
from ipaddress import IPv4Network
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, PlainValidator, StringConstraints

GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
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


class Tier(StrEnum):
    """How much an environment's loss would hurt; decides what Terraform refuses to destroy."""

    NONPRODUCTION = "nonproduction"
    """May be destroyed and built anew at any time."""

    PRODUCTION = "production"
    """Stateful resources carry `prevent_destroy`, and settings that cannot carry production are refused."""


# Short code for names, and whether the region has availability zones.
# https://learn.microsoft.com/azure/reliability/regions-list
REGIONS: dict[str, tuple[str, bool]] = {
    "australiaeast": ("aue", True),
    "brazilsouth": ("brs", True),
    "canadacentral": ("cac", True),
    "canadaeast": ("cae", False),
    "centralindia": ("inc", True),
    "centralus": ("cus", True),
    "eastasia": ("ea", True),
    "eastus": ("eus", True),
    "eastus2": ("eus2", True),
    "francecentral": ("frc", True),
    "germanywestcentral": ("gwc", True),
    "italynorth": ("itn", True),
    "japaneast": ("jpe", True),
    "koreacentral": ("krc", True),
    "northeurope": ("neu", True),
    "norwayeast": ("nwe", True),
    "polandcentral": ("plc", True),
    "southafricanorth": ("san", True),
    "southcentralus": ("scus", True),
    "southeastasia": ("sea", True),
    "spaincentral": ("spc", True),
    "swedencentral": ("sdc", True),
    "switzerlandnorth": ("szn", True),
    "uaenorth": ("uan", True),
    "uksouth": ("uks", True),
    "ukwest": ("ukw", False),
    "westeurope": ("weu", True),
    "westus": ("wus", False),
    "westus2": ("wus2", True),
    "westus3": ("wus3", True),
}


def _known_region(region: str) -> str:
    if region not in REGIONS:
        raise ValueError(f"is not a region of Azure's public cloud known here; allowed: {', '.join(REGIONS)}")
    return region


def _guid(text: str) -> str:
    if not GUID.fullmatch(text):
        raise ValueError("is not a GUID in lower case with hyphens, such as '7c1f6a52-0f0e-4b3f-9a39-2d6a4c0b9e11'")
    if text == NIL_GUID:
        raise ValueError("is the all-zero GUID, which names nobody")
    return text


def _cidr(value: Any) -> IPv4Network:
    if isinstance(value, IPv4Network):
        return value
    if not isinstance(value, str):
        raise ValueError("must be a string such as '10.20.0.0/20'")
    if value.count("/") != 1 or not value.rpartition("/")[2].isdecimal():
        raise ValueError("must be an IPv4 range with a prefix length, such as '10.20.0.0/20'")
    try:
        return IPv4Network(value)
    except ValueError as error:
        raise ValueError(f"is not an IPv4 range: {error}") from None


AzureRegion = Annotated[str, AfterValidator(_known_region)]
"""Programmatic name of an Azure region, lower case without spaces, such as `westeurope`."""

Guid = Annotated[str, AfterValidator(_guid)]
"""Lower-case GUID with hyphens: a tenant, a subscription or the object id of an Entra principal."""

Cidr = Annotated[IPv4Network, PlainValidator(_cidr)]
"""IPv4 range with a prefix length and no host bits, such as `10.20.0.0/20`."""

WorkloadName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9]{1,7}$")]
"""Two to eight lower-case letters and digits: the longest that still fits a key vault's 24 characters."""

EnvironmentName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9]{1,5}$")]
"""Two to six lower-case letters and digits; it is also the name of the environment's file."""

AvailabilityZone = Annotated[int, Field(ge=1, le=3)]
"""Logical number of an availability zone in the subscription."""

VmSize = Annotated[str, StringConstraints(pattern=r"^Standard_[A-Z]+[0-9]+(-[0-9]+)?[a-z]*(_[A-Za-z0-9]+)*$")]
"""Azure's name of a virtual machine size, such as `Standard_D4ds_v5`."""

TagText = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9 ._@:/+-]{0,254}$")]
"""A tag's value: plain text of at most 255 characters."""

KubernetesName = Annotated[str, StringConstraints(pattern=r"^[a-z]([-a-z0-9]{0,38}[a-z0-9])?$")]
"""A DNS label of at most 40 characters: the name of a namespace, a service account or a service."""
