"""What every stack has in common, beyond what the snapshots show."""

from pathlib import Path

import pytest
from cdktf import App, TerraformOutput
from cdktf_cdktf_provider_azurerm.resource_group import ResourceGroup

from stacks.platform_stack import PlatformStack
from tests.product import ENVIRONMENTS, PURPOSES
from tests.template import Template


def test_a_reference_to_another_stack_adds_nothing_to_either(tmp_path: Path) -> None:
    app, environment = App(outdir=str(tmp_path)), ENVIRONMENTS["dev"]
    network, cluster = (PlatformStack(app, environment, purpose) for purpose in ("network", "cluster"))
    group = ResourceGroup(network, "group", name="rg", location="westeurope")
    TerraformOutput(cluster, "group_name", value=group.name)
    app.synth()

    producer, consumer = (
        Template.read(tmp_path / "stacks" / f"dev-{name}").document for name in ("network", "cluster")
    )
    assert "output" not in producer
    assert "data" not in consumer
    assert consumer["output"]["group_name"]["value"] == "${azurerm_resource_group.group.name}"


@pytest.mark.req(22)
@pytest.mark.parametrize("purpose", PURPOSES)
def test_the_provider_destroys_no_more_than_it_is_told(purpose: str, synthesised: Path) -> None:
    # https://registry.terraform.io/providers/hashicorp/azurerm/4.81.0/docs/guides/features-block
    provider = Template.read(synthesised / "stacks" / f"prod-{purpose}").document["provider"]["azurerm"][0]

    assert provider["features"] == [
        {
            "key_vault": [{"purge_soft_delete_on_destroy": False, "recover_soft_deleted_key_vaults": True}],
            "resource_group": [{"prevent_deletion_if_contains_resources": True}],
            "storage": [{"data_plane_available": False}],
        }
    ]
    assert provider["resource_provider_registrations"] == "none"
    assert provider["storage_use_azuread"] is True
    assert (provider["tenant_id"], provider["subscription_id"]) == (
        ENVIRONMENTS["prod"].tenant_id,
        ENVIRONMENTS["prod"].subscription_id,
    )


@pytest.mark.req(22)
def test_every_stack_says_which_terraform_and_which_provider_run_it(any_stack: Path) -> None:
    terraform = Template.read(any_stack).document["terraform"]

    # Write-only arguments: https://developer.hashicorp.com/terraform/language/v1.11.x/manage-sensitive-data/write-only
    assert terraform["required_version"] == ">= 1.11.0"
    # Within the last 4.x, whose Key Vault API outlives February 2027; never a 5.
    assert terraform["required_providers"]["azurerm"]["version"] == "~> 4.81"


@pytest.mark.parametrize("purpose", PURPOSES)
def test_every_resource_group_carries_the_six_tags(purpose: str, synthesised: Path) -> None:
    stack = Template.read(synthesised / "stacks" / f"prod-{purpose}")

    for group in stack.resources("azurerm_resource_group").values():
        assert group["tags"] == {
            "workload": "shop",
            "environment": "prod",
            "owner": "platform-team",
            "cost-center": "CC-2001",
            "data-classification": "confidential",
            "managed-by": "cdktf",
        }
