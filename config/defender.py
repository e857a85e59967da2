"""Settings of Microsoft Defender for Cloud."""

from enum import StrEnum

from config.types import Settings


class DefenderPlans(StrEnum):
    """Who switches the plans of the subscription on."""

    OFF = "off"
    """Nobody. No charge."""

    ON = "on"
    """The network stack: containers, SQL, storage and vault, for everything in the subscription; the cluster gets the
    sensor. To take the stack down switches them off again. Only if none of them is on yet; about USD 7 a month for each
    virtual core of a node, 15 for a SQL server, 10 for a storage account."""

    ELSEWHERE = "elsewhere"
    """The company, by policy, or another environment in the subscription: no stack touches plans or sensor."""


class DefenderSettings(Settings):
    """Microsoft Defender for Cloud: it looks for vulnerable images, and for attacks while they run."""

    plans: DefenderPlans = DefenderPlans.OFF
    """Who switches the plans on; production needs them. From on to off or elsewhere the sensor stays on the nodes until
    `az aks update --disable-defender`."""
