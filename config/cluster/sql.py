"""Settings of the SQL server and its database."""

from typing import Annotated

from pydantic import Field

from config.types import DisplayName, Guid, Settings, Text


class SqlAdministratorSettings(Settings):
    """The Entra principal that administers the SQL server; there is no other login."""

    login_name: DisplayName
    """Display name of the principal, preferably a group."""

    object_id: Guid
    """Object id of the principal."""


class LongTermBackupSettings(Settings):
    """Full backups kept beyond `backup_retention_in_days`, also once the database is deleted; each is charged."""

    weeks: Annotated[int, Field(ge=1, le=520)] | None = None
    """Weeks for which each week's backup is kept."""

    months: Annotated[int, Field(ge=1, le=120)] | None = None
    """Months for which the first backup of each month is kept."""

    years: Annotated[int, Field(ge=1, le=10)] | None = None
    """Years for which the backup of each year's first week is kept."""


class SqlServerSettings(Settings):
    """What an environment chooses of its database."""

    administrator: SqlAdministratorSettings
    """Who administers the server."""

    database_sku_name: Annotated[
        str,
        Text(
            r"(GP_S|GP|BC)_[A-Z][A-Za-z0-9]{1,11}_[1-9][0-9]{0,2}",
            "GP_S, GP or BC with a series of hardware and a number of cores, such as 'GP_S_Gen5_2'",
        ),
    ] = "GP_S_Gen5_2"
    """Service objective; the number counts virtual cores, and `GP_S` is serverless (billed by the second)."""

    auto_pause_delay_in_minutes: Annotated[int, Field(ge=-1, le=10080)] = -1
    """Idle minutes, 15 to 10080, until a serverless database pauses; -1: never. The sign-in that wakes it fails."""

    max_size_gb: Annotated[int, Field(ge=1, le=4096)] = 32
    """Largest size of the database in gigabytes; no more than the objective holds."""

    zone_redundant: bool = False
    """Replicas in several zones; of a General Purpose (`GP`) objective, in some regions only."""

    backup_retention_in_days: Annotated[int, Field(ge=1, le=35)] = 35
    """Days back to which the database can be restored, to any second."""

    long_term_backups: LongTermBackupSettings | None = None
    """Backups for years; none where this table is left out."""

    audit_retention_in_days: Annotated[int, Field(ge=90, le=3285)] = 90
    """Days for which audit logs are kept in the storage account, from their last entry; at least 90."""

    audit_immutability_locked: bool = False
    """Whether nobody, Owners included, may take away or shorten that retention. It cannot be undone: the days can then
    not be changed any more, and the account not be deleted while it holds a log."""

    @property
    def is_serverless(self) -> bool:
        """Whether the database is billed by the second, and may pause."""
        return self.database_sku_name.startswith("GP_S_")

    @property
    def is_business_critical(self) -> bool:
        """Whether the database has replicas of its own, one of which can be read."""
        return self.database_sku_name.startswith("BC_")

    @property
    def serverless_min_capacity(self) -> float:
        """Fewest virtual cores that Azure allows a serverless database of this size to have while it runs."""
        # https://learn.microsoft.com/azure/azure-sql/database/resource-limits-vcore-single-databases
        return max(0.5, int(self.database_sku_name.rpartition("_")[2]) / 8)
