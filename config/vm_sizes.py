"""Sizes of virtual machines: what the letters of a name say, and what one has."""

import re
from dataclasses import dataclass
from functools import cache
from typing import Annotated

from pydantic import AfterValidator

from config.types import Text
from config.vm_series import HALVED, SERIES

LARGEST_EPHEMERAL_OS_DISK_GIB = 2040

# https://learn.microsoft.com/azure/virtual-machines/vm-naming-conventions
_NAME = re.compile(
    r"Standard_([A-Z]{1,4})([1-9][0-9]{0,3}|0)(-[1-9][0-9]{0,3})?([a-z]{0,8})((?:_[A-Za-z0-9]{1,8}){0,3})"
)


def _spelt_as_azure_does(name: str) -> str:
    """The name; raises ValueError with the right one if only its case or its beginning is wrong."""
    match = re.fullmatch(
        r"(?i:standard[_ -])?([a-zA-Z]+)([0-9]+(?:-[0-9]+)?)([a-zA-Z]*)((?:[_ -]?[vV][0-9]+)?)", name[:40]
    )
    if match:
        family, number, letters, version = match.groups()
        meant = f"Standard_{family.upper()}{number}{letters.lower()}{version and '_' + version.strip('_ -').lower()}"
        if meant != name and known_size(meant):
            raise ValueError(f"must be a size of Azure's virtual machines; did you mean {meant!r}?")
    return name


VmSizeName = Annotated[
    str,
    AfterValidator(_spelt_as_azure_does),
    Text(_NAME.pattern, "a size of Azure's virtual machines, such as 'Standard_D4ds_v5'"),
]
"""Name of a size, whether or not it is known here."""


@dataclass(frozen=True, slots=True)
class VmSize:
    """What one size of machine has."""

    processors: int
    """Virtual processors."""

    memory_gib: float

    ephemeral_os_disk_gib: int
    """Largest operating system disk that the machine itself can hold; 0: none."""

    is_burstable: bool


@cache
def known_size(name: str) -> VmSize | None:
    """What the size of this name has; None if no series here sells it."""
    match = _NAME.fullmatch(name)
    if match is None:
        return None
    family, digits, of_these, letters, version = match.groups()
    series, number = SERIES.get(f"{family}{letters}{version}"), int(digits)
    if series is None or number not in series.numbers:
        return None
    processors = int(of_these[1:]) if of_these else number
    if of_these and not (series.constrained and number in HALVED and 2 <= processors in (number // 2, number // 4)):
        return None
    return VmSize(
        processors=processors,
        memory_gib=(series.exceptions or {}).get(number, series.memory * number),
        ephemeral_os_disk_gib=min(int(series.local * number), LARGEST_EPHEMERAL_OS_DISK_GIB),
        is_burstable=family == "B",
    )


def numbers_of_series(name: str) -> tuple[int, ...]:
    """The numbers that the series of this name is sold with; none if it is not known here, or the name has two."""
    match = _NAME.fullmatch(name)
    series = SERIES.get(f"{match[1]}{match[4]}{match[5]}") if match and not match[3] else None
    return series.numbers if series else ()


def is_arm(name: str) -> bool:
    """Whether the processors are Arm's, for which images are built of their own."""
    return "p" in _letters(name)[1]


def has_gpu(name: str) -> bool:
    """Whether the size brings a graphics processor."""
    family = _letters(name)[0]
    return family.startswith("N") and family != "NP"


def is_confidential(name: str) -> bool:
    """Whether the machine, or a part of it, is closed to the host it runs on."""
    return _letters(name)[0] in ("DC", "EC", "NCC")


def has_local_disk(name: str) -> bool:
    """Whether the machine itself can hold its operating system; of sizes not known here, the letter `d` says so."""
    size = known_size(name)
    return size.ephemeral_os_disk_gib > 0 if size else "d" in _letters(name)[1]


def lacking(name: str) -> str | None:
    """What the letters of a size's name say that every machine here needs, and the size has not; None: nothing."""
    family, letters = _letters(name)
    # The old DS sizes write the letter into the family.
    if "s" not in letters and not family.endswith("S"):
        return "has no premium storage (no 's' after the number); choose a size with it, such as 'Standard_D4ds_v5'"
    return None


def _letters(name: str) -> tuple[str, str]:
    match = _NAME.fullmatch(name)
    return (match[1], match[4]) if match else ("", "")
