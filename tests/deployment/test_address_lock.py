"""What the lock of an environment keeps, what it says when that would go, and how it is renewed.

Whether it flags what Terraform would destroy is for `test_dangerous_changes.py`.
"""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from deployment.address_lock import InvalidLockError, fault, read_lock, refusal, written
from deployment.allowed import STACKS
from deployment.locked import Locked
from deployment.plan import Action, Change

TODAY = date(2026, 11, 26)
STATE = {
    "subscription_id": "0c8f2a7e-5b1d-4f3a-9e6c-2d7b8a1f4c05",
    "resource_group_name": "rg-tfstate",
    "storage_account_name": "sttfstate",
    "container_name": "tfstate-cluster",
    "key": "dev/cluster.tfstate",
}
VAULT = "azurerm_key_vault.vault"
ENDPOINT = "azurerm_private_endpoint.endpoint"


def program(state: dict[str, str] | None = None, **blocks: Any) -> dict[str, Any]:
    """A stack with a vault, its endpoint, and two roles at it."""
    each = blocks.pop("for_each", '${toset(["one", "two"])}')
    resources = {
        "azurerm_key_vault": {"vault": {"name": "kv", "location": "westeurope", "sku_name": "standard"}},
        "azurerm_private_endpoint": {
            "endpoint": {
                "name": "pe",
                "private_service_connection": [
                    {"name": "pe", "private_connection_resource_id": "${azurerm_key_vault.vault.id}"}
                ],
            }
        },
        "azurerm_role_assignment": {"read": {"for_each": each, "scope": "${azurerm_key_vault.vault.id}"}},
    }
    return {"terraform": {"backend": {"azurerm": STATE if state is None else state}}, "resource": resources, **blocks}


def gone(before: dict[str, Any], after: dict[str, Any]) -> list[tuple[str, str]]:
    changes = Locked.of(before).moved_as(after).changes(after)
    return sorted((change.action, change.address) for change in changes)


def renamed(text: dict[str, Any], old: str, new: str) -> dict[str, Any]:
    edited: dict[str, Any] = json.loads(json.dumps(text).replace(f"{old}.", f"{new}."))
    type_, _, name = new.partition(".")
    edited["resource"][type_][name] = edited["resource"][type_].pop(old.partition(".")[2])
    return edited


def test_it_keeps_names_and_what_cannot_be_changed_in_place_and_nothing_else() -> None:
    locked = Locked.of(program())
    assert locked.state == STATE
    assert locked.resources[VAULT] == {"name": "kv", "resource_group_name": None, "location": "westeurope"}
    assert (
        locked.resources[ENDPOINT]["private_service_connection.private_connection_resource_id"]
        == "${azurerm_key_vault.vault.id}"
    )
    assert [address for address in locked.resources if "role" in address] == [
        'azurerm_role_assignment.read["one"]',
        'azurerm_role_assignment.read["two"]',
    ]


def test_what_is_renamed_is_gone_unless_it_moved_by_one_step_or_more() -> None:
    after = renamed(program(), VAULT, "azurerm_key_vault.now")
    # What stands in it, or refers to it, goes with it.
    assert gone(program(), after)[0] == (Action.DESTROY, VAULT)
    one = [{"from": VAULT, "to": "azurerm_key_vault.now"}]
    two = [{"from": VAULT, "to": "azurerm_key_vault.then"}, {"from": "azurerm_key_vault.then", "to": one[0]["to"]}]
    for moved in (one, two, two[::-1]):
        assert gone(program(), {**after, "moved": moved}) == []
    # To something that is not there, it is gone all the same.
    assert gone(program(), {**after, "moved": two[:1]})[0] == (Action.DESTROY, "azurerm_key_vault.then")


def test_what_is_forgotten_stands_on_and_what_is_removed_does_not() -> None:
    after = program()
    del after["resource"]["azurerm_private_endpoint"]
    removed = {"from": ENDPOINT, "lifecycle": {"destroy": False}}
    assert gone(program(), {**after, "removed": [removed]}) == [(Action.FORGET, ENDPOINT)]
    assert gone(program(), {**after, "removed": [{"from": ENDPOINT}]}) == [(Action.DESTROY, ENDPOINT)]


@pytest.mark.parametrize("each", ['${toset(["two", "three"])}', {"two": "2", "three": "3"}])
def test_of_several_instances_those_are_gone_whose_keys_are(each: Any) -> None:
    assert gone(program(), program(for_each=each)) == [(Action.DESTROY, 'azurerm_role_assignment.read["one"]')]


@pytest.mark.parametrize("key", STATE)
def test_a_state_that_is_looked_for_elsewhere_forgets_all(key: str) -> None:
    ((action, address),) = gone(program(), program({**STATE, key: "another"}))
    assert (action, address) == (Action.FORGET, "*")


def test_the_first_state_of_the_backend_moves_from_its_file() -> None:
    in_file = {**program(), "terraform": {"backend": {"local": {"path": "dev.tfstate"}}}}
    assert gone(in_file, program()) == []
    assert gone(program(), in_file) == [(Action.FORGET, "*")]


def test_what_was_not_known_to_be_fixed_is_not_held_against_an_old_lock() -> None:
    locked = Locked.of(program())
    del locked.resources[VAULT]["location"]
    assert list(locked.changes(program())) == []


def test_a_replacement_names_what_forces_it() -> None:
    after = program()
    after["resource"]["azurerm_key_vault"]["vault"]["name"] = "kv-2"
    changes = {change.address: change for change in Locked.of(program()).changes(after)}
    assert changes[VAULT] == Change(
        Action.REPLACE, VAULT, "azurerm_key_vault", forced_by=("name",), reason="what triggers it is replaced"
    )
    assert changes[ENDPOINT].forced_by == ("private_service_connection.private_connection_resource_id",)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The folder of the environments, where `dev` is locked as it is synthesised beside it."""
    environments = tmp_path / "environments"
    for path in (environments / "locks", environments / "allowed"):
        path.mkdir(parents=True)
    (environments / "dev.toml").touch()
    synthesise(tmp_path, program())
    (environments / "locks" / "dev.json").write_text(written("dev", tmp_path), encoding="utf-8")
    return environments


def synthesise(output: Path, cluster: dict[str, Any]) -> None:
    for purpose in STACKS:
        stack = output / "stacks" / f"dev-{purpose}"
        stack.mkdir(parents=True, exist_ok=True)
        one = cluster if purpose == "cluster" else {"terraform": {"backend": {"local": {}}}}
        (stack / "cdk.tf.json").write_text(json.dumps(one), encoding="utf-8")


def test_what_is_locked_as_it_is_has_no_fault(folder: Path) -> None:
    assert fault("dev", folder.parent, folder, TODAY) == ""
    assert fault("never-deployed", folder.parent, folder, TODAY) == ""
    # A line for each resource, for whoever reads a difference.
    assert f'\n   "{VAULT}": {{"name": "kv", ' in (folder / "locks" / "dev.json").read_text(encoding="utf-8")


def test_what_is_new_asks_for_the_lock_to_be_renewed_and_for_nothing_else(folder: Path) -> None:
    more = program()
    more["resource"]["azurerm_subnet"] = {"one": {"name": "snet-one"}}
    synthesise(folder.parent, more)
    assert refusal("dev", folder.parent, folder, TODAY) == ""
    assert fault("dev", folder.parent, folder, TODAY) == (
        "environments/locks/dev.json: is not what the program says; "
        "`make lock` renews it, and you commit it with the change"
    )


def test_what_would_go_is_told_until_it_is_allowed(folder: Path) -> None:
    synthesise(folder.parent, renamed(program(), VAULT, "azurerm_key_vault.now"))
    told = fault("dev", folder.parent, folder, TODAY)
    assert told.startswith("dev-cluster: 1 to destroy, 3 to replace\n")
    assert f"destroy  {VAULT}\n" in told
    assert "Lost: its secrets, keys and certificates" in told
    assert "let the program say so with `moved`" in told

    entries = told.partition("has it reviewed.\n")[2].partition("\n\n")[0]
    allowed = entries.replace('because = ""', 'because = "Its secrets were written anew."')
    (folder / "allowed" / "dev.toml").write_text(allowed.replace("until =", "until = 2026-12-01"), encoding="utf-8")
    assert refusal("dev", folder.parent, folder, TODAY) == ""
    assert refusal("dev", folder.parent, folder, date(2026, 12, 2)) != ""


def test_a_lock_whose_environment_is_gone_is_named(folder: Path) -> None:
    (folder / "dev.toml").unlink()
    assert "environments/dev.toml is gone. Take the environment down" in fault("dev", folder.parent, folder, TODAY)


@pytest.mark.parametrize("text", ["<<<<<<< HEAD", "[]", '{"cluster": {"state": {}}}'])
def test_a_damaged_lock_is_named(text: str, folder: Path) -> None:
    file = folder / "locks" / "dev.json"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(InvalidLockError, match=r"^environments/locks/dev\.json: is damaged"):
        read_lock(file)
