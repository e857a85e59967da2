"""What Terraform and a stand-in provider make of each other."""

import json
from pathlib import Path
from typing import Any

import pytest

from rehearsal.core import TerraformError, offline

GROUP = {"name": "rg", "location": "westeurope"}
PROGRAM: dict[str, Any] = {
    "terraform": {"required_providers": {"azurerm": {"source": "hashicorp/azurerm"}}},
    "provider": {"azurerm": [{"features": [{}], "subscription_id": "11111111-2222-3333-4444-555555555555"}]},
}


def written(directory: Path, **sections: Any) -> Path:
    """A program of these resources and data sources, where a synth would have written it."""
    stack = directory / "stacks" / "a"
    stack.mkdir(parents=True)
    (stack / "cdk.tf.json").write_text(json.dumps({**PROGRAM, **sections}))
    return stack


def test_a_write_only_argument_reaches_no_state(tmp_path: Path) -> None:
    server = {
        **GROUP,
        "resource_group_name": "${azurerm_resource_group.a.name}",
        "version": "12.0",
        "administrator_login": "someone",
        "administrator_login_password_wo": "a secret that Terraform must forget",
        "administrator_login_password_wo_version": 1,
    }
    stack = written(tmp_path, resource={"azurerm_resource_group": {"a": GROUP}, "azurerm_mssql_server": {"a": server}})
    with offline(tmp_path) as (terraform, _):
        terraform.run(stack, "init")
        terraform.run(stack, "apply", "-auto-approve")
        assert terraform.plan(stack) == {}
    state = (stack / "terraform.tfstate").read_text()
    assert "rg.database.windows.net" in state
    assert "must forget" not in state


def test_a_data_source_tells_what_a_resource_made(tmp_path: Path) -> None:
    identity = {**GROUP, "resource_group_name": "${azurerm_resource_group.a.name}"}
    stack = written(
        tmp_path,
        resource={"azurerm_resource_group": {"a": GROUP}, "azurerm_user_assigned_identity": {"a": identity}},
        data={
            "azurerm_user_assigned_identity": {
                "a": {"name": "${azurerm_user_assigned_identity.a.name}", "resource_group_name": "rg"}
            }
        },
        output={
            "made": {"value": "${azurerm_user_assigned_identity.a.principal_id}"},
            "read": {"value": "${data.azurerm_user_assigned_identity.a.principal_id}"},
        },
    )
    with offline(tmp_path) as (terraform, _):
        terraform.run(stack, "init")
        terraform.run(stack, "apply", "-auto-approve")
        outputs = json.loads(terraform.run(stack, "output", "-json"))
    assert outputs["made"]["value"] == outputs["read"]["value"]


def test_a_data_source_of_what_does_not_exist_is_refused(tmp_path: Path) -> None:
    stack = written(tmp_path, data={"azurerm_resource_group": {"a": {"name": "gone"}}})
    with offline(tmp_path) as (terraform, _):
        terraform.run(stack, "init")
        with pytest.raises(TerraformError, match="azurerm_resource_group was not found"):
            terraform.plan(stack)


def test_each_configuration_of_a_provider_acts_in_its_own_subscription(tmp_path: Path) -> None:
    (own,) = PROGRAM["provider"]["azurerm"]
    theirs = {**own, "alias": "theirs", "subscription_id": "99999999-2222-3333-4444-555555555555"}
    stack = written(
        tmp_path,
        provider={"azurerm": [own, theirs]},
        resource={"azurerm_resource_group": {"ours": GROUP, "theirs": {**GROUP, "provider": "azurerm.theirs"}}},
        output={"ids": {"value": ["${azurerm_resource_group.ours.id}", "${azurerm_resource_group.theirs.id}"]}},
    )
    with offline(tmp_path) as (terraform, _):
        terraform.run(stack, "init")
        terraform.run(stack, "apply", "-auto-approve")
        assert terraform.plan(stack) == {}
        outputs = json.loads(terraform.run(stack, "output", "-json"))
    assert [id_.split("/")[2][:4] for id_ in outputs["ids"]["value"]] == ["1111", "9999"]
