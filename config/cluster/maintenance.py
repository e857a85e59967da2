"""When Azure may upgrade a cluster by itself."""

from typing import Annotated, Literal

from pydantic import Field

from config.types import Settings, Text, Tier

Weekday = Literal["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]


class MaintenanceSettings(Settings):
    """The window of each week in which nodes get new images, and the cluster patches of Kubernetes."""

    day: Weekday | None = None
    """Day on which the window begins. None: Sunday in production, elsewhere Wednesday, so that what production gets has
    run for some days."""

    start_time: Annotated[str, Text(r"([01][0-9]|2[0-3]):[0-5][0-9]", "a time of day, such as '01:00'")] = "01:00"
    """When the window begins, in the time of `utc_offset`."""

    utc_offset: Annotated[
        str, Text(r"[+-](0[0-9]|1[0-4]):[0-5][0-9]", "hours and minutes from UTC, such as '+01:00'")
    ] = "+00:00"
    """How far that time is from UTC; it does not follow summer time."""

    duration_hours: Annotated[int, Field(ge=4, le=24)] = 6
    """Hours in which an upgrade may begin; what has begun is finished, however long it takes."""

    def day_in(self, tier: Tier) -> Weekday:
        """Day on which the window begins in an environment of this tier."""
        return self.day or ("Sunday" if tier is Tier.PRODUCTION else "Wednesday")
