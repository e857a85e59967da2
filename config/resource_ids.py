"""Ids of Azure Resource Manager for what others own, in the one form that the provider takes."""

import re
from typing import Annotated

from pydantic import AfterValidator

RESOURCE_GROUP = r"/subscriptions/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})/resourceGroups/([\w.()-]{1,89}[\w()-])"
"""Pattern of the id of a resource group, with which the ids of all in it begin."""

_RESOURCE_GROUP = re.compile(RESOURCE_GROUP, re.IGNORECASE | re.ASCII)
_VIRTUAL_NETWORK = re.compile(
    RESOURCE_GROUP + r"/providers/Microsoft\.Network/virtualNetworks/([a-z0-9][\w.-]{0,62}\w)", re.IGNORECASE | re.ASCII
)
_DDOS_PROTECTION_PLAN = re.compile(
    RESOURCE_GROUP + r"/providers/Microsoft\.Network/ddosProtectionPlans/([a-z0-9][\w.-]{0,78}\w)",
    re.IGNORECASE | re.ASCII,
)
_LONGEST = 300


def refused_id(form: re.Pattern[str], what: str, text: str) -> ValueError:
    """What is wrong with an id that has not this form, and with which end of it, if that is all."""
    end = text[-40:]
    if text.endswith("/") and form.fullmatch(text.rstrip("/")):
        return ValueError(f"must be {what}, and {end!r} is its end; remove the '/' after the name")
    return ValueError(f"must be {what}")


def _resource_group_id(text: str) -> str:
    """ARM id of a resource group, `/subscriptions/…/resourceGroups/<name>`."""
    match = _RESOURCE_GROUP.fullmatch(text[:_LONGEST])
    if match is None:
        what = "the ARM id of a resource group, '/subscriptions/…/resourceGroups/<name>'"
        raise refused_id(_RESOURCE_GROUP, what, text[:_LONGEST])
    # Azure's own pages write it in lower case too, which the provider does not take.
    subscription, group = match.groups()
    return f"/subscriptions/{subscription.lower()}/resourceGroups/{group}"


def _virtual_network_id(text: str) -> str:
    """ARM id of a virtual network, `/subscriptions/…/providers/Microsoft.Network/virtualNetworks/<name>`."""
    match = _VIRTUAL_NETWORK.fullmatch(text[:_LONGEST])
    if match is None:
        what = (
            "the ARM id of a virtual network, "
            "'/subscriptions/…/resourceGroups/…/providers/Microsoft.Network/virtualNetworks/<name>'"
        )
        raise refused_id(_VIRTUAL_NETWORK, what, text[:_LONGEST])
    subscription, group, name = match.groups()
    return (
        f"/subscriptions/{subscription.lower()}/resourceGroups/{group}"
        f"/providers/Microsoft.Network/virtualNetworks/{name}"
    )


def _ddos_protection_plan_id(text: str) -> str:
    """ARM id of a DDoS protection plan, `/subscriptions/…/providers/Microsoft.Network/ddosProtectionPlans/<name>`."""
    match = _DDOS_PROTECTION_PLAN.fullmatch(text[:_LONGEST])
    if match is None:
        what = (
            "the ARM id of a DDoS protection plan, "
            "'/subscriptions/…/resourceGroups/…/providers/Microsoft.Network/ddosProtectionPlans/<name>'"
        )
        raise refused_id(_DDOS_PROTECTION_PLAN, what, text[:_LONGEST])
    subscription, group, name = match.groups()
    return (
        f"/subscriptions/{subscription.lower()}/resourceGroups/{group}"
        f"/providers/Microsoft.Network/ddosProtectionPlans/{name}"
    )


ResourceGroupId = Annotated[str, AfterValidator(_resource_group_id)]
"""ARM id of a resource group."""

VirtualNetworkId = Annotated[str, AfterValidator(_virtual_network_id)]
"""ARM id of a virtual network."""

DdosProtectionPlanId = Annotated[str, AfterValidator(_ddos_protection_plan_id)]
"""ARM id of a DDoS protection plan."""


def subscription_of(id_: str) -> str:
    """The subscription in which the resource with this id lies."""
    return id_.split("/")[2]


def resource_group_of(id_: str) -> str:
    """Name of the resource group with this id, or of that in which the resource with this id lies."""
    return id_.split("/")[4]


def name_of(id_: str) -> str:
    """Name of the resource with this id."""
    return id_.rpartition("/")[2]
