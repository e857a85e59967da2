"""The vault."""

import pytest
from cdktf import TerraformStack, Testing

from constructs_lib.services.key_vault import PrivateKeyVault
from tests.constructs_lib.networks import ENDPOINTS
from tests.template import Arguments, Template


def _vault(*, keys_in_hardware: bool = False) -> Arguments:
    stack = TerraformStack(Testing.app(), "test")
    PrivateKeyVault(
        stack,
        "vault",
        name="kv-shop",
        resource_group_name="rg",
        location="westeurope",
        tenant_id="7c1f6a52-0f0e-4b3f-9a39-2d6a4c0b9e11",
        network=ENDPOINTS,
        keys_in_hardware=keys_in_hardware,
    )
    return Template.of(stack).resource("azurerm_key_vault")


@pytest.fixture(scope="module")
def vault() -> Arguments:
    return _vault()


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


@pytest.mark.parametrize(("keys_in_hardware", "tier"), [(False, "standard"), (True, "premium")])
def test_only_keys_in_hardware_need_the_dearer_tier(keys_in_hardware: bool, tier: str) -> None:  # noqa: FBT001
    """https://learn.microsoft.com/azure/key-vault/keys/about-keys#compliance."""
    assert _vault(keys_in_hardware=keys_in_hardware)["sku_name"] == tier
