"""What the owner of an environment knows better than the tables and the caution of this program."""

from typing import Annotated

from config.types import Because, Settings, Text


class AcceptSettings(Settings):
    """A value that is right though it is refused.

    It came after the tables here, or there is a reason for it. Its form is checked all the same, and every synth names
    it. An entry that nothing needs is a mistake.
    """

    setting: Annotated[
        str,
        Text(
            r"[a-z_]{1,40}(\.[a-z0-9_]{1,40}){0,5}",
            "the path of a setting, such as 'region' or 'cluster.sql.database_sku_name'",
        ),
    ]
    """Path of the setting, as the report gives it."""

    because: Because
    """Why its value is right."""
