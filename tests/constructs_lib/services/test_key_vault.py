"""The vault."""

import pytest
from cdktf import TerraformStack, Testing

from constructs_lib.services.key_vault import PrivateKeyVault
from tests.constructs_lib.networks import ENDPOINTS
from tests.template import Arguments, Template


@pytest.fixture(scope="module")
def vault() -> Arguments:
    stack = TerraformStack(Testing.app(), "test")
    PrivateKeyVault(
        stack,
        "vault",
        name="kv-shop",
        resource_group_name="rg",
        location="westeurope",
        tenant_id="7c1f6a52-0f0e-4b3f-9a39-2d6a4c0b9e11",
        network=ENDPOINTS,
    )
    return Template.of(stack).resource("azurerm_key_vault")


@pytest.mark.req(93)
def test_roles_alone_give_access(vault: Arguments) -> None:
    assert vault["rbac_authorization_enabled"]
    assert "access_policy" not in vault


@pytest.mark.req(94)
def test_nobody_reaches_it_from_a_public_network(vault: Arguments) -> None:
    assert not vault["public_network_access_enabled"]
    assert vault["network_acls"]["default_action"] == "Deny"


@pytest.mark.req(93)
@pytest.mark.req(94)
def test_what_is_deleted_can_be_recovered(vault: Arguments) -> None:
    assert vault["purge_protection_enabled"]
    assert vault["soft_delete_retention_days"] == 90


@pytest.mark.req(94)
def test_no_virtual_machine_is_let_in(vault: Arguments) -> None:
    assert not [argument for argument in vault if argument.startswith("enabled_for_")]
