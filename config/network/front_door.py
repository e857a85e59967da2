"""Settings of the Front Door that leads from the Internet to the application."""

from config.types import Settings


class FrontDoorSettings(Settings):
    """Front Door Premium at Microsoft's edge, through a private link to approve by hand. About USD 330 a month."""
