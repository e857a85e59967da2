"""Sizes of virtual machines: what the letters of a name say, and what the number stands for in each series.

Sources, read 2026-11-26: https://learn.microsoft.com/azure/virtual-machines/sizes/overview, one page a series (2024-07
to 2026-03); for what is sold, Azure's price list (2026-06-18) and its list of resource SKUs (2026-07-16); for operating
systems on local disks, https://learn.microsoft.com/azure/virtual-machines/ephemeral-os-disks (2026-09-08). A size that
came after, or of a family that is left out here (GPU, isolated, high performance), is named under `[[accept]]`, unless
the letters of its name rule it out.
"""

import re
from dataclasses import dataclass
from functools import cache
from typing import Annotated

from pydantic import AfterValidator

from config.types import Text

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


@dataclass(frozen=True, slots=True)
class _Series:
    """All sizes that differ in their number only, which counts the processors."""

    numbers: tuple[int, ...]

    memory: float
    """GiB for each processor."""

    local: float = 0
    """GiB of temporary or NVMe disk for each processor, or of the cache where that is more and may hold the disk."""

    exceptions: dict[int, float] | None = None
    """Memory in GiB by number, where it is another."""

    constrained: bool = False
    """Of some numbers, a half or a quarter of the processors are sold too, as in E16-4s_v5."""


_64 = (2, 4, 8, 16, 32, 48, 64)
_96 = (*_64, 96)
_128 = (*_96, 128)
_160 = (*_128, 160)
_192 = (*_128, 192)
_E64 = (2, 4, 8, 16, 20, 32, 48, 64)
_E96 = (*_E64, 96)
_E128 = (*_E96, 128)
_F6 = (1, *_64, 72)
_F7 = (1, *_64, 80)
_B = (2, 4, 8, 16, 32)
_HALVED = frozenset({4, 8, 16, 32, 64, 96, 128})
_TEMP, _NVME = 37.5, 55  # of generations 4 and 5, and of 6 and 7

_SERIES: dict[str, _Series] = {
    # General purpose.
    "Ds_v3": _Series(_64, 4, 25),
    "Ds_v4": _Series(_64, 4),
    "Dds_v4": _Series(_64, 4, _TEMP),
    "Das_v4": _Series(_96, 4, 25),
    "Ds_v5": _Series(_96, 4),
    "Dds_v5": _Series(_96, 4, _TEMP),
    "Das_v5": _Series(_96, 4),
    "Dads_v5": _Series(_96, 4, _TEMP),
    "Dls_v5": _Series(_96, 2),
    "Dlds_v5": _Series(_96, 2, _TEMP),
    "Ds_v6": _Series(_192, 4),
    "Dds_v6": _Series(_192, 4, _NVME),
    "Das_v6": _Series(_96, 4),
    "Dads_v6": _Series(_96, 4, _NVME),
    "Dls_v6": _Series(_128, 2),
    "Dlds_v6": _Series(_128, 2, _NVME),
    "Dals_v6": _Series(_96, 2),
    "Dalds_v6": _Series(_96, 2, _NVME),
    "Dns_v6": _Series(_128, 4),
    "Dnds_v6": _Series(_128, 4, _NVME),
    "Dnls_v6": _Series(_128, 2),
    "Dnlds_v6": _Series(_128, 2, _NVME),
    "Ds_v7": _Series((*_192, 248, 372), 4),
    "Dds_v7": _Series((*_192, 248, 372), 4, _NVME),
    "Das_v7": _Series(_160, 4),
    "Dads_v7": _Series(_160, 4, _NVME),
    "Dls_v7": _Series((*_192, 248), 2),
    "Dlds_v7": _Series((*_192, 248), 2, _NVME),
    "Dals_v7": _Series(_160, 2),
    "Dalds_v7": _Series(_160, 2, _NVME),
    # Burstable.
    "Bts_v2": _Series((2,), 0.5),
    "Bls_v2": _Series(_B, 2),
    "Bs_v2": _Series(_B, 4),
    "Bats_v2": _Series((2,), 0.5),
    "Bals_v2": _Series(_B, 2),
    "Bas_v2": _Series(_B, 4),
    "Bs": _Series((1, 2), 2, 0, {1: 1}),
    "Bms": _Series((2, 4, 8, 12, 16, 20), 4, 8),
    # Memory optimized.
    "Es_v3": _Series(_E64, 8, 25, {64: 432}, constrained=True),
    "Es_v4": _Series(_E64, 8, 0, {64: 504}, constrained=True),
    "Eds_v4": _Series(_E64, 8, _TEMP, {64: 504}, constrained=True),
    "Eas_v4": _Series(_E96, 8, 25, {96: 672}, constrained=True),
    "Es_v5": _Series(_E96, 8, 0, {96: 672}, constrained=True),
    "Eds_v5": _Series(_E96, 8, _TEMP, {96: 672}, constrained=True),
    "Eas_v5": _Series(_E96, 8, 0, {96: 672}, constrained=True),
    "Eads_v5": _Series(_E96, 8, _TEMP, {96: 672}, constrained=True),
    "Ebs_v5": _Series(_96, 8, 0, {96: 672}),
    "Ebds_v5": _Series(_96, 8, _TEMP, {96: 672}),
    "Es_v6": _Series(_E128, 8, constrained=True),
    "Eds_v6": _Series(_E128, 8, _NVME, constrained=True),
    "Eas_v6": _Series(_E96, 8, 0, {96: 672}, constrained=True),
    "Eads_v6": _Series(_E96, 8, _NVME, {96: 672}, constrained=True),
    "Ebs_v6": _Series(_128, 8),
    "Ebds_v6": _Series(_128, 8, _NVME),
    "Ens_v6": _Series(_128, 8),
    "Ends_v6": _Series(_128, 8, _NVME),
    "Es_v7": _Series((*_E128, 192, 248), 8),
    "Eds_v7": _Series((*_E128, 192, 248), 8, _NVME),
    "Eas_v7": _Series(_160, 8, constrained=True),
    "Eads_v7": _Series(_160, 8, _NVME, constrained=True),
    # Compute optimized.
    "Fs_v2": _Series((*_64, 72), 2, 16),
    "Fals_v6": _Series(_F6, 2),
    "Fas_v6": _Series(_F6, 4),
    "Fams_v6": _Series((1, *_64), 8),
    "Fals_v7": _Series(_F7, 2),
    "Falds_v7": _Series(_F7, 2, 110),
    "Fas_v7": _Series(_F7, 4),
    "Fads_v7": _Series(_F7, 4, 110),
    "Fams_v7": _Series(_F7, 8),
    "Famds_v7": _Series(_F7, 8, 110),
    # Storage optimized; the NVMe disks of generation 3 hold no operating system.
    "Ls_v3": _Series((8, 16, 32, 48, 64, 80), 8, 10),
    "Las_v3": _Series((8, 16, 32, 48, 64, 80), 8, 10),
    "Ls_v4": _Series((2, 4, 8, 16, 32, 48, 64, 80, 96), 8, 223.5),
    "Las_v4": _Series((2, 4, 8, 16, 32, 48, 64, 80, 96), 8, 223.5),
    "Laos_v4": _Series((2, 4, 8, 12, 16, 24, 32), 8, 670.5),
}
"""By the letters of the name without its number. All have premium storage, host encryption, secure boot and vTPM."""


@cache
def known_size(name: str) -> VmSize | None:
    """What the size of this name has; None if no series here sells it."""
    match = _NAME.fullmatch(name)
    if match is None:
        return None
    family, digits, of_these, letters, version = match.groups()
    series, number = _SERIES.get(f"{family}{letters}{version}"), int(digits)
    if series is None or number not in series.numbers:
        return None
    processors = int(of_these[1:]) if of_these else number
    if of_these and not (series.constrained and number in _HALVED and 2 <= processors in (number // 2, number // 4)):
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
    series = _SERIES.get(f"{match[1]}{match[4]}{match[5]}") if match and not match[3] else None
    return series.numbers if series else ()


def lacking(name: str) -> str | None:
    """What the letters of a size's name say that the platform needs, and the size has not; None: nothing."""
    match = _NAME.fullmatch(name)
    if match is None:
        return None
    family, letters = match[1], match[4]
    if "p" in letters:
        return "has Arm processors (the 'p'), and the platform's images are built for x86; choose a size without it"
    if family in ("DC", "EC", "NCC"):
        return "is confidential (the 'C'), which the platform does not support; choose a size without it"
    # The old DS sizes write the letter into the family.
    if "s" not in letters and not family.endswith("S"):
        return "has no premium storage (no 's' after the number); choose a size with it, such as 'Standard_D4ds_v5'"
    return None
