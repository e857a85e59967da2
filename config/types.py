"""The vocabulary of the settings: identifiers, regions, address ranges and names, each with the rule Azure gives it."""

import re
from dataclasses import dataclass
from enum import StrEnum
from ipaddress import IPv4Address, IPv4Network
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    PlainValidator,
)
from pydantic_core.core_schema import CoreSchema, no_info_after_validator_function

NIL_GUID = "00000000-0000-0000-0000-000000000000"


class Settings(BaseModel):
    """A frozen table of settings; an unknown key or a value of another type is an error, never a conversion."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        strict=True,
        allow_inf_nan=False,
        validate_default=True,
    )


@dataclass(frozen=True)
class Text:
    """Text that matches a pattern as a whole; in reports and in docs/settings.md the words stand for the pattern."""

    pattern: str
    """Must find its way without going back: what is tried may be long."""

    words: str

    is_free: bool = False
    """Whether people write what they like, which a report never repeats."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return no_info_after_validator_function(self._matching, handler(source))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return {**handler(schema), "pattern": f"^({self.pattern})$"}

    def _matching(self, text: str) -> str:
        if not re.fullmatch(self.pattern, text):
            raise ValueError(f"must be {self.words}")
        return text


class Tier(StrEnum):
    """How much an environment's loss would hurt; decides what Terraform refuses to destroy."""

    NONPRODUCTION = "nonproduction"
    """May be destroyed and re-created at any time."""

    PRODUCTION = "production"
    """What nobody can make again carries `prevent_destroy`, what holds data a lock besides, and settings that cannot
    carry production are refused."""


def _not_nil(guid: str) -> str:
    if guid == NIL_GUID:
        raise ValueError("is the all-zero GUID, which names nobody; give the real one")
    return guid


def wrong_number(address: str) -> str | None:
    """Which of the four numbers of an IPv4 address is wrong, and why; None: none is, or there are not four."""
    if not re.fullmatch(r"[0-9]{1,9}(\.[0-9]{1,9}){3}", address):
        return None
    for number in address.split("."):
        if len(number) > 1 and number.startswith("0"):
            return f"{number} in it has a leading zero; write {int(number)}"
        if int(number) > 255:
            return f"{number} in it is more than 255; each number must be 0 to 255"
    return None


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
        wrong = wrong_number(value.partition("/")[0])
        raise ValueError(f"must be an IPv4 range, and {wrong}" if wrong else shape) from None
    if str(network) != value:
        raise ValueError(f"must have no host bits; did you mean {str(network)!r}?")
    return network


def ipv4_address(value: Any) -> IPv4Address:
    """IPv4 address, such as `10.10.0.4`."""
    try:
        return value if isinstance(value, IPv4Address) else IPv4Address(value if isinstance(value, str) else "")
    except ValueError:
        wrong = wrong_number(value) if isinstance(value, str) else None
        mend = f", and {wrong}" if wrong else ", such as '10.10.0.4'"
        raise ValueError(f"must be an IPv4 address{mend}") from None


Guid = Annotated[
    str,
    Text(
        r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}",
        "a GUID in lower case with hyphens, such as '7c1f6a52-0f0e-4b3f-9a39-2d6a4c0b9e11'",
    ),
    AfterValidator(_not_nil),
]
"""A tenant, a subscription or the object id of an Entra principal."""

Cidr = Annotated[IPv4Network, PlainValidator(ipv4_range, json_schema_input_type=str)]
"""IPv4 range with a prefix length and no host bits."""

WorkloadName = Annotated[
    str, Text(r"[a-z][a-z0-9]{1,7}", "two to eight lower-case letters and digits, the first a letter")
]

EnvironmentName = Annotated[
    str, Text(r"[a-z][a-z0-9]{1,11}", "two to twelve lower-case letters and digits, the first a letter")
]
"""It is also the name of the environment's file."""

AvailabilityZone = Annotated[int, Field(ge=1, le=3)]
"""Logical number of an availability zone in the subscription."""

HostName = Annotated[
    str,
    Text(
        r"(?=.{4,253}$)(\*\.)?([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]",
        "a host name in lower case, such as 'api.example.com' or '*.example.com'",
    ),
]
"""Name of a host, or of all below one."""

Ipv4Address = Annotated[IPv4Address, PlainValidator(ipv4_address, json_schema_input_type=str)]
"""One IPv4 address."""

_PRINTABLE = r"(?! )[^\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]{%s}(?<! )"

# Azure takes any character in a tag's value, of which there may be 256.
# https://learn.microsoft.com/azure/azure-resource-manager/management/tag-resources#limitations
TagText = Annotated[
    str,
    Text(_PRINTABLE % "1,256", "1 to 256 characters in one line, with no space first or last", is_free=True),
]
"""A tag's value."""

Because = Annotated[
    str,
    Text(_PRINTABLE % "10,140", "10 to 140 characters in one line, with no space first or last", is_free=True),
]
"""A reason, for those who read it later."""

DisplayName = Annotated[
    str,
    Text(_PRINTABLE % "2,128", "2 to 128 characters in one line, with no space first or last", is_free=True),
]
"""How Entra shows a user, a group or an application."""

VariableName = Annotated[
    str, Text(r"[A-Za-z_][A-Za-z0-9_]{0,127}", "at most 128 letters, digits and _, the first no digit")
]
"""Name of an environment variable."""

VariableText = Annotated[
    str,
    Text(_PRINTABLE % "1,1024", "1 to 1024 characters in one line, with no space first or last", is_free=True),
]
"""What an environment variable, or an argument of a command, says."""

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
