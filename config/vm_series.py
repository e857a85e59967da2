"""Series of virtual machines: which numbers each is sold with, and what these stand for.

Sources, read 2026-11-26: https://learn.microsoft.com/azure/virtual-machines/sizes/overview, one page a series (2024-07
to 2026-03); for what is sold, Azure's price list (2026-06-18) and its list of resource SKUs (2026-07-16); for operating
systems on local disks, https://learn.microsoft.com/azure/virtual-machines/ephemeral-os-disks (2026-09-08). A size that
came after, or of a series that is left out here (isolated, high performance, most GPUs), is named under `[[accept]]`,
unless the letters of its name rule it out.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Series:
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
_E32 = (2, 4, 8, 16, 20, 32)
_E64 = (*_E32, 48, 64)
_E96 = (*_E64, 96)
_E128 = (*_E96, 128)
_F6 = (1, *_64, 72)
_F7 = (1, *_64, 80)
_B = (2, 4, 8, 16, 32)
HALVED = frozenset({4, 8, 16, 32, 64, 96, 128})
"""Numbers of which a part of the processors is sold too."""
_TEMP, _NVME = 37.5, 55  # of generations 4 and 5, and of 6 and 7

SERIES: dict[str, Series] = {
    # General purpose.
    "Ds_v3": Series(_64, 4, 25),
    "Ds_v4": Series(_64, 4),
    "Dds_v4": Series(_64, 4, _TEMP),
    "Das_v4": Series(_96, 4, 25),
    "Ds_v5": Series(_96, 4),
    "Dds_v5": Series(_96, 4, _TEMP),
    "Das_v5": Series(_96, 4),
    "Dads_v5": Series(_96, 4, _TEMP),
    "Dls_v5": Series(_96, 2),
    "Dlds_v5": Series(_96, 2, _TEMP),
    "Ds_v6": Series(_192, 4),
    "Dds_v6": Series(_192, 4, _NVME),
    "Das_v6": Series(_96, 4),
    "Dads_v6": Series(_96, 4, _NVME),
    "Dls_v6": Series(_128, 2),
    "Dlds_v6": Series(_128, 2, _NVME),
    "Dals_v6": Series(_96, 2),
    "Dalds_v6": Series(_96, 2, _NVME),
    "Dns_v6": Series(_128, 4),
    "Dnds_v6": Series(_128, 4, _NVME),
    "Dnls_v6": Series(_128, 2),
    "Dnlds_v6": Series(_128, 2, _NVME),
    "Ds_v7": Series((*_192, 248, 372), 4),
    "Dds_v7": Series((*_192, 248, 372), 4, _NVME),
    "Das_v7": Series(_160, 4),
    "Dads_v7": Series(_160, 4, _NVME),
    "Dls_v7": Series((*_192, 248), 2),
    "Dlds_v7": Series((*_192, 248), 2, _NVME),
    "Dals_v7": Series(_160, 2),
    "Dalds_v7": Series(_160, 2, _NVME),
    # Burstable.
    "Bts_v2": Series((2,), 0.5),
    "Bls_v2": Series(_B, 2),
    "Bs_v2": Series(_B, 4),
    "Bats_v2": Series((2,), 0.5),
    "Bals_v2": Series(_B, 2),
    "Bas_v2": Series(_B, 4),
    "Bs": Series((1, 2), 2, 0, {1: 1}),
    "Bms": Series((2, 4, 8, 12, 16, 20), 4, 8),
    # Memory optimized.
    "Es_v3": Series(_E64, 8, 25, {64: 432}, constrained=True),
    "Es_v4": Series(_E64, 8, 0, {64: 504}, constrained=True),
    "Eds_v4": Series(_E64, 8, _TEMP, {64: 504}, constrained=True),
    "Eas_v4": Series(_E96, 8, 25, {96: 672}, constrained=True),
    "Es_v5": Series(_E96, 8, 0, {96: 672}, constrained=True),
    "Eds_v5": Series(_E96, 8, _TEMP, {96: 672}, constrained=True),
    "Eas_v5": Series(_E96, 8, 0, {96: 672}, constrained=True),
    "Eads_v5": Series(_E96, 8, _TEMP, {96: 672}, constrained=True),
    "Ebs_v5": Series(_96, 8, 0, {96: 672}),
    "Ebds_v5": Series(_96, 8, _TEMP, {96: 672}),
    "Es_v6": Series(_E128, 8, constrained=True),
    "Eds_v6": Series(_E128, 8, _NVME, constrained=True),
    "Eas_v6": Series(_E96, 8, 0, {96: 672}, constrained=True),
    "Eads_v6": Series(_E96, 8, _NVME, {96: 672}, constrained=True),
    "Ebs_v6": Series(_128, 8),
    "Ebds_v6": Series(_128, 8, _NVME),
    "Ens_v6": Series(_128, 8),
    "Ends_v6": Series(_128, 8, _NVME),
    "Es_v7": Series((*_E128, 192, 248), 8),
    "Eds_v7": Series((*_E128, 192, 248), 8, _NVME),
    "Eas_v7": Series(_160, 8, constrained=True),
    "Eads_v7": Series(_160, 8, _NVME, constrained=True),
    # Compute optimized.
    "Fs_v2": Series((*_64, 72), 2, 16),
    "Fals_v6": Series(_F6, 2),
    "Fas_v6": Series(_F6, 4),
    "Fams_v6": Series((1, *_64), 8),
    "Fals_v7": Series(_F7, 2),
    "Falds_v7": Series(_F7, 2, 110),
    "Fas_v7": Series(_F7, 4),
    "Fads_v7": Series(_F7, 4, 110),
    "Fams_v7": Series(_F7, 8),
    "Famds_v7": Series(_F7, 8, 110),
    # Storage optimized; the NVMe disks of generation 3 hold no operating system.
    "Ls_v3": Series((8, 16, 32, 48, 64, 80), 8, 10),
    "Las_v3": Series((8, 16, 32, 48, 64, 80), 8, 10),
    "Ls_v4": Series((2, 4, 8, 16, 32, 48, 64, 80, 96), 8, 223.5),
    "Las_v4": Series((2, 4, 8, 16, 32, 48, 64, 80, 96), 8, 223.5),
    "Laos_v4": Series((2, 4, 8, 12, 16, 24, 32), 8, 670.5),
    # General purpose and memory optimized, with Arm processors.
    "Dps_v5": Series(_64, 4, 0, {64: 208}),
    "Dpds_v5": Series(_64, 4, _TEMP, {64: 208}),
    "Dpls_v5": Series(_64, 2),
    "Dplds_v5": Series(_64, 2, _TEMP),
    "Dps_v6": Series(_96, 4),
    "Dpds_v6": Series(_96, 4, _NVME),
    "Dpls_v6": Series(_96, 2),
    "Dplds_v6": Series(_96, 2, _NVME),
    "Eps_v5": Series(_E32, 8, 0, {32: 208}),
    "Epds_v5": Series(_E32, 8, _TEMP, {32: 208}),
    "Eps_v6": Series(_96, 8, 0, {96: 672}),
    "Epds_v6": Series(_96, 8, _NVME, {96: 672}),
    # Confidential, with AMD SEV-SNP.
    "DCas_v5": Series(_96, 4),
    "DCads_v5": Series(_96, 4, _TEMP),
    "DCas_v6": Series(_96, 4),
    "DCads_v6": Series(_96, 4, _TEMP),
    "ECas_v5": Series(_E96, 8, 0, {96: 672}),
    "ECads_v5": Series(_E96, 8, _TEMP, {96: 672}),
    "ECas_v6": Series(_96, 8, 0, {96: 672}),
    "ECads_v6": Series(_96, 8, _TEMP, {96: 672}),
    # With GPUs of NVIDIA. Where local disks do not grow with the number, what is true of the least is said of all.
    "NCas_T4_v3": Series((4, 8, 16, 64), 7, 22, {16: 110, 64: 440}),
    "NCads_A100_v4": Series((24, 48, 96), 220 / 24, 64 / 24),
    "NCads_H100_v5": Series((40,), 8, 3576 / 40),
    "NVads_A10_v5": Series((6, 12, 18, 36, 72), 55 / 6, 30, {18: 220, 36: 440, 72: 880}),
}
"""By the letters of the name without its number. All have premium storage and host encryption."""
