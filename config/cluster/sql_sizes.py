"""Service objectives of Azure SQL Database: how much data each holds.

https://learn.microsoft.com/azure/azure-sql/database/resource-limits-vcore-single-databases (2024-07-02).
An objective that came after is named under `[[accept]]`.
"""

# By number of virtual cores; a family's row that differs stands after.
_GIGABYTES = {
    **dict.fromkeys((2, 4), 1024),
    6: 1536,
    **dict.fromkeys((8, 10), 2048),
    **dict.fromkeys((12, 14, 16, 18, 20), 3072),
    **dict.fromkeys((24, 32, 40, 80), 4096),
}

MOST_GIGABYTES: dict[str, int] = {
    **{f"GP_S_Gen5_{cores}": gigabytes for cores, gigabytes in (_GIGABYTES | {1: 512, 6: 1024}).items()},
    **{f"GP_Gen5_{cores}": gigabytes for cores, gigabytes in (_GIGABYTES | {128: 4096}).items()},
    **{f"BC_Gen5_{cores}": gigabytes for cores, gigabytes in (_GIGABYTES | {128: 4096}).items()},
}
"""Largest `max_size_gb` of each objective: serverless (GP_S), General Purpose and Business Critical."""
