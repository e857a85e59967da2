"""What the database demands of the settings."""

from collections.abc import Iterator
from ipaddress import IPv4Network

from config.cluster.sql import LongTermBackupSettings, SqlServerSettings
from config.cluster.sql_sizes import MOST_GIGABYTES
from config.rules.registration import Problem, doubt, rule
from config.types import Tier
from config.workloads.application import ApplicationSettings


@rule("cluster.sql", "tier", "availability_zones")
def _database_is_sound(sql: SqlServerSettings | None, tier: Tier, zones: tuple[int, ...]) -> Iterator[Problem]:
    if sql is None:
        return
    if sql.auto_pause_delay_in_minutes != -1:
        path = "cluster.sql.auto_pause_delay_in_minutes"
        if not sql.is_serverless:
            yield Problem(
                path, f"{sql.database_sku_name} never pauses; leave it out, or choose a serverless (GP_S) objective"
            )
        if sql.auto_pause_delay_in_minutes < 15:
            yield Problem(path, f"{sql.auto_pause_delay_in_minutes} must be -1 (never) or from 15 to 10080")
        if tier is Tier.PRODUCTION:
            yield Problem(
                path,
                f"{sql.auto_pause_delay_in_minutes} lets the database pause, and a paused one refuses the first "
                "sign-in; production must leave it out",
            )
        if sql.long_term_backups is not None:
            # https://learn.microsoft.com/azure/azure-sql/database/serverless-tier-auto-pause-resume
            yield Problem(
                path,
                f"{sql.auto_pause_delay_in_minutes} lets the database pause, which one with long-term backups cannot; "
                "leave one of them out",
            )
    if sql.long_term_backups == LongTermBackupSettings():
        yield Problem("cluster.sql.long_term_backups", "keeps no backup; give weeks, months or years, or remove it")
    if sql.zone_redundant and not zones:
        yield Problem(
            "cluster.sql.zone_redundant", "true needs zones, and availability_zones is []; name zones or leave this out"
        )


@rule("cluster.sql", "network.callers.sql")
def _callers_have_what_they_call(
    sql: SqlServerSettings | None, callers: tuple[IPv4Network, ...] | None
) -> Iterator[Problem]:
    if sql is None and callers:
        yield Problem(
            "network.callers.sql", "is of no use without a database; remove it, or describe one under [cluster.sql]"
        )


@rule("cluster.sql", "workloads.applications")
def _applications_have_the_database_they_use(
    sql: SqlServerSettings | None, applications: tuple[ApplicationSettings, ...]
) -> Iterator[Problem]:
    for index, application in enumerate(applications):
        if sql is None and application.database:
            yield Problem(
                f"workloads.applications.{index}.database",
                "is true, and there is none; leave it out, or describe one under [cluster.sql]",
            )


@doubt("cluster.sql.max_size_gb", "cluster.sql.database_sku_name")
def _data_fit(gigabytes: int, objective: str) -> Iterator[str]:
    most = MOST_GIGABYTES.get(objective)
    if most is not None and gigabytes > most:
        yield f"{gigabytes} is more than the {most} GB that {objective} holds; lower it, or choose a larger objective"


@doubt("cluster.sql.database_sku_name")
def _objective_is_known(objective: str) -> Iterator[str]:
    if objective not in MOST_GIGABYTES:
        yield f'"{objective}" is no objective that is known here; choose another, such as GP_S_Gen5_2'


@doubt("cluster.sql.zone_redundant", "cluster.sql.database_sku_name")
def _objective_has_zones(zone_redundant: bool, objective: str) -> Iterator[str]:  # noqa: FBT001 - a setting's value
    # https://learn.microsoft.com/azure/azure-sql/database/high-availability-sla-local-zone-redundancy (2025-10-21)
    if zone_redundant and not objective.startswith("BC_"):
        yield f"{objective} is zone redundant in some regions only; choose a BC objective"
