"""A storage account that is reached by nobody but Azure's own trusted services."""

import pytest
from cdktf import TerraformStack, Testing

from constructs_lib.services.storage_account import KeylessStorageAccount
from tests.template import Template


@pytest.mark.req(39)
def test_a_private_account_is_closed_in_both_ways_and_not_to_azure_itself() -> None:
    stack = TerraformStack(Testing.app(), "test")
    KeylessStorageAccount(
        stack,
        "audit",
        name="stshopaudit",
        resource_group_name="rg",
        location="westeurope",
        replication="ZRS",
        soft_delete_days=30,
        versioning=False,
        public_network_access=False,
    )
    template = Template.of(stack)

    storage = template.resource("azurerm_storage_account")
    assert not storage["public_network_access_enabled"]
    assert storage["blob_properties"]["versioning_enabled"] is False
    # Trusted services, of which SQL auditing is one, keep their exception: it is all that the rules are for.
    assert (storage["network_rules"]["default_action"], storage["network_rules"]["bypass"]) == (
        "Deny",
        ["AzureServices"],
    )
