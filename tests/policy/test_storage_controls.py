"""What protects the accounts of state and audit logs, property by property, against values that others publish."""

import json
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from tests.product import ENVIRONMENTS

# Each check by its id: https://www.checkov.io/5.Policy%20Index/azure.html
_AZURERM = "https://registry.terraform.io/providers/hashicorp/azurerm/4.81.0/docs/resources"
_LEARN = "https://learn.microsoft.com/azure/storage"
ACCOUNT, CONTAINER = "azurerm_storage_account", "azurerm_storage_container"
STATE, AUDIT = "state-backend", "cluster"


@dataclass(frozen=True)
class Control:
    """A property of every resource of a type, in the stacks of these purposes."""

    id: str
    type: str
    path: str
    source: str
    allowed: tuple[Any, ...] | range
    weakened: Any
    stacks: tuple[str, ...] = (STATE, AUDIT)
    production_only: bool = False
    named: str = ""
    """What the names of those begin with that it is asked of; saved plans, for one, are gone after a week."""


SOFT_DELETE = range(7, 366)
CONTROLS = (
    Control("tls", ACCOUNT, "min_tls_version", "CKV_AZURE_44", allowed=("TLS1_2",), weakened="TLS1_1"),
    Control("https", ACCOUNT, "https_traffic_only_enabled", "CKV_AZURE_3", allowed=(True,), weakened=False),
    Control(
        "no-public-blobs", ACCOUNT, "allow_nested_items_to_be_public", "CKV_AZURE_190", allowed=(False,), weakened=True
    ),
    Control("no-keys", ACCOUNT, "shared_access_key_enabled", "CKV2_AZURE_40", allowed=(False,), weakened=True),
    Control(
        "entra-in-the-portal",
        ACCOUNT,
        "default_to_oauth_authentication",
        f"{_LEARN}/blobs/authorize-data-operations-portal",
        allowed=(True,),
        weakened=False,
    ),
    Control("no-local-users", ACCOUNT, "local_user_enabled", "CKV_AZURE_244", allowed=(False,), weakened=True),
    Control(
        "one-tenant",
        ACCOUNT,
        "cross_tenant_replication_enabled",
        f"{_LEARN}/blobs/object-replication-prevent-cross-tenant-policies",
        allowed=(False,),
        weakened=True,
    ),
    Control(
        "encrypted-twice",
        ACCOUNT,
        "infrastructure_encryption_enabled",
        f"{_LEARN}/common/infrastructure-encryption-enable",
        allowed=(True,),
        weakened=False,
    ),
    Control(
        "denies",
        ACCOUNT,
        "network_rules.default_action",
        "CKV_AZURE_35",
        allowed=("Deny",),
        weakened="Allow",
        stacks=(AUDIT,),
    ),
    Control(
        "state-denies",
        ACCOUNT,
        "network_rules.default_action",
        "CKV_AZURE_35",
        allowed=("Deny",),
        weakened="Allow",
        stacks=(STATE,),
        production_only=True,
    ),
    Control(
        "private",
        ACCOUNT,
        "public_network_access_enabled",
        "CKV_AZURE_59",
        allowed=(False,),
        weakened=True,
        stacks=(AUDIT,),
    ),
    Control(
        "state-private",
        ACCOUNT,
        "public_network_access_enabled",
        "CKV_AZURE_59",
        allowed=(False,),
        weakened=True,
        stacks=(STATE,),
        production_only=True,
    ),
    Control(
        "blobs-kept",
        ACCOUNT,
        "blob_properties.delete_retention_policy.days",
        "CKV2_AZURE_38",
        allowed=SOFT_DELETE,
        weakened=1,
    ),
    Control(
        "containers-kept",
        ACCOUNT,
        "blob_properties.container_delete_retention_policy.days",
        f"{_LEARN}/blobs/soft-delete-container-overview",
        allowed=SOFT_DELETE,
        weakened=1,
    ),
    Control(
        "versions",
        ACCOUNT,
        "blob_properties.versioning_enabled",
        f"{_LEARN}/blobs/versioning-overview",
        allowed=(True,),
        weakened=False,
        stacks=(STATE,),
    ),
    Control(
        "change-feed",
        ACCOUNT,
        "blob_properties.change_feed_enabled",
        f"{_LEARN}/blobs/storage-blob-change-feed",
        allowed=(True,),
        weakened=False,
    ),
    Control(
        "zones",
        ACCOUNT,
        "account_replication_type",
        f"{_LEARN}/common/storage-redundancy",
        allowed=("ZRS", "GZRS"),
        weakened="LRS",
    ),
    Control(
        "regions",
        ACCOUNT,
        "account_replication_type",
        "CKV_AZURE_206",
        allowed=("GZRS",),
        weakened="ZRS",
        production_only=True,
    ),
    Control(
        "private-containers",
        CONTAINER,
        "container_access_type",
        "CKV_AZURE_34",
        allowed=("private",),
        weakened="blob",
        stacks=(STATE,),
    ),
    Control(
        "state-stays",
        ACCOUNT,
        "lifecycle.prevent_destroy",
        f"{_AZURERM}/management_lock",
        allowed=(True,),
        weakened=False,
        stacks=(STATE,),
    ),
    Control(
        "containers-stay",
        CONTAINER,
        "lifecycle.prevent_destroy",
        f"{_AZURERM}/management_lock",
        allowed=(True,),
        weakened=False,
        named="tfstate",
        stacks=(STATE,),
    ),
    Control(
        "locked",
        "azurerm_management_lock",
        "lock_level",
        f"{_LEARN}/common/lock-account-resource",
        allowed=("CanNotDelete",),
        weakened="ReadOnly",
        stacks=(STATE,),
    ),
)
ROWS = {
    "no-keys": pytest.mark.req(3),
    **dict.fromkeys(
        (
            "zones",
            "tls",
            "no-public-blobs",
            "private-containers",
            "versions",
            "blobs-kept",
            "containers-kept",
            "change-feed",
        ),
        pytest.mark.req(5),
    ),
}
"""The rows of the requirements that ask for it of the state's account."""

CASES = [
    pytest.param(
        control,
        f"{name}-{purpose}",
        id=f"{name}-{purpose}-{control.id}",
        marks=[ROWS[control.id]] if purpose == STATE and control.id in ROWS else [],
    )
    for name, environment in ENVIRONMENTS.items()
    for control in CONTROLS
    for purpose in control.stacks
    if environment.is_production or not control.production_only
]


@cache
def read(stack: Path) -> Any:
    return json.loads((stack / "cdk.tf.json").read_text(encoding="utf-8"))


def concerned(control: Control, program: Any) -> list[Any]:
    return [one for one in program["resource"][control.type].values() if one.get("name", "").startswith(control.named)]


def values(control: Control, program: Any) -> Iterator[Any]:
    """What the property is in each resource of the type; None where nothing is said."""
    for resource in concerned(control, program):
        value: Any = resource
        for key in control.path.split("."):
            value = value.get(key) if isinstance(value, dict) else None
        yield value


def violations(control: Control, program: Any) -> list[Any]:
    return [one for one in values(control, program) if one not in control.allowed]


@pytest.mark.parametrize(("control", "stack"), CASES)
def test_each_property_has_a_value_that_its_source_asks_for(control: Control, stack: str, synthesised: Path) -> None:
    program = read(synthesised / "stacks" / stack)

    assert list(values(control, program)), f"{stack} has no {control.type}"
    assert violations(control, program) == [], control.source


@pytest.mark.parametrize(("control", "stack"), [pytest.param(*case.values, id=case.id) for case in CASES])
def test_a_weaker_value_or_none_is_noticed(control: Control, stack: str, synthesised: Path) -> None:
    *parents, key = control.path.split(".")
    for changed in ({key: control.weakened}, {}):
        program = deepcopy(read(synthesised / "stacks" / stack))
        for resource in concerned(control, program):
            place = resource
            for parent in parents:
                place = place[parent]
            del place[key]
            place.update(changed)

        assert len(violations(control, program)) == len(concerned(control, program))


# https://learn.microsoft.com/azure/azure-monitor/reference/supported-logs/microsoft-storage-storageaccounts-blobservices-logs
BLOB_LOGS = {"StorageRead", "StorageWrite", "StorageDelete"}


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_what_is_done_to_blobs_is_logged(environment: str, synthesised: Path) -> None:
    """By a stack that knows the workspace: it is younger than the state account."""
    network, cluster, state = (
        read(synthesised / "stacks" / f"{environment}-{purpose}")["resource"] for purpose in ("network", AUDIT, STATE)
    )
    heard = {
        one["target_resource_id"]: {log["category"] for log in one["enabled_log"]}
        for program in (network, cluster)
        for one in program["azurerm_monitor_diagnostic_setting"].values()
    }
    ((_, account),), ((_, group),) = state[ACCOUNT].items(), state["azurerm_resource_group"].items()
    (audit,) = cluster[ACCOUNT]

    assert {target: logs for target, logs in heard.items() if "/blobServices/" in target} == {
        f"/subscriptions/{ENVIRONMENTS[environment].subscription_id}/resourceGroups/{group['name']}"
        f"/providers/Microsoft.Storage/storageAccounts/{account['name']}/blobServices/default": BLOB_LOGS,
        f"${{{ACCOUNT}.{audit}.id}}/blobServices/default": BLOB_LOGS,
    }


@pytest.mark.req(6)
@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_the_provider_asks_storage_as_an_identity_of_entra(environment: str, synthesised: Path) -> None:
    """https://registry.terraform.io/providers/hashicorp/azurerm/4.81.0/docs#storage_use_azuread."""
    for purpose in (STATE, AUDIT):
        (provider,) = read(synthesised / "stacks" / f"{environment}-{purpose}")["provider"]["azurerm"]
        assert provider["storage_use_azuread"] is True
