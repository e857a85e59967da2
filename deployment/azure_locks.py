"""What Azure refuses to delete while a lock stands on what it lies below: docs/changes.md, *What production keeps*.

A stack's own locks make way in its own plan. Those of another stack are lifted by an Owner while the apply waits.
"""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

from deployment.plan import Action, Plan

LOCK = "azurerm_management_lock"
LOCK_NAME = "holds-data"

# What carries a lock in production, as Azure writes it in an id; the account of the states does everywhere.
LOCKED_TYPES = frozenset(
    {
        "Microsoft.ContainerRegistry/registries",
        "Microsoft.Dashboard/grafana",
        "Microsoft.KeyVault/vaults",
        "Microsoft.Monitor/accounts",
        "Microsoft.OperationalInsights/workspaces",
        "Microsoft.Sql/servers",
        "Microsoft.Storage/storageAccounts",
    }
)
OF_THE_STATES = "Microsoft.Storage/storageAccounts"

_RESOURCE = re.compile(
    r"/subscriptions/[^/]+/resourceGroups/(?P<group>[^/]+)/providers/(?P<type>[^/]+/[^/]+)/(?P<name>[^/]+)"
)


def is_production(settings: Path) -> bool:
    """Whether an environment's file says so; of a file that is gone or damaged it is taken for granted."""
    try:
        return bool(tomllib.loads(settings.read_text(encoding="utf-8"))["tier"] == "production")
    except (OSError, tomllib.TOMLDecodeError, KeyError):
        return True


def held(plan: Plan, *, production: bool) -> Iterator[str]:
    """A sentence for each resource that keeps its lock, and from below which something of the plan goes."""
    going = [change for change in plan.changes if change.action in (Action.DESTROY, Action.REPLACE)]
    making_way = {change.lies_below for change in going if change.type == LOCK}
    for id_ in sorted({change.lies_below for change in going} - making_way):
        found = _RESOURCE.match(id_)
        if found is None or found["type"] not in LOCKED_TYPES or not (production or found["type"] == OF_THE_STATES):
            continue
        addresses = ", ".join(sorted(change.address for change in going if change.lies_below == id_))
        yield (
            f"Azure refuses to take from below {found['name']}, while its lock stands: {addresses}. Before this is "
            f"applied, an Owner runs: az lock delete --name {LOCK_NAME} --resource-group {found['group']} "
            f"--resource-type {found['type']} --resource {found['name']}"
        )
