"""The jump box: who gets in, and how little it exposes."""

import pytest
from cdktf import TerraformStack, Testing

from config.network.jump_box import JumpBoxLogin, JumpBoxSettings
from constructs_lib.access.jump_box import JumpBox
from constructs_lib.network.network_security_group import NetworkSecurityGroup
from tests.constructs_lib.networks import RANGE, network_in
from tests.template import Template

GROUP = "e2d9b6f0-7c14-4a58-91d3-5f08a3c6b701"
PUBLIC_KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGruEy0RpSc+R3AHO4dXGZpp9QhkWDIp5O8OC6eNW2tq ops@example.com"


def _synthesise(login: JumpBoxLogin = JumpBoxLogin.ENTRA, availability_zones: tuple[int, ...] = (2, 3)) -> Template:
    stack = TerraformStack(Testing.app(), "test")
    hub = network_in(stack)
    subnet = hub.add_subnet("jump-box", name="snet", address_range=RANGE)
    security = NetworkSecurityGroup(
        stack, "security", name="nsg", resource_group_name="rg", location="westeurope", subnet=subnet, rules=()
    )
    jump_box = JumpBox(
        stack,
        "jump-box",
        name="vm",
        network_interface_name="nic",
        resource_group_name="rg",
        location="westeurope",
        availability_zones=availability_zones,
        subnet=subnet,
        settings=JumpBoxSettings(login=login, ssh_public_key=PUBLIC_KEY),
        after=[security.association],
    )
    jump_box.grant_login("administrators", GROUP)
    return Template.of(stack)


@pytest.mark.req(58)
@pytest.mark.parametrize("login", JumpBoxLogin)
def test_neither_a_public_address_nor_a_password_nor_the_serial_console_leads_in(login: JumpBoxLogin) -> None:
    template = _synthesise(login)
    machine = template.resource("azurerm_linux_virtual_machine")

    (configuration,) = template.resource("azurerm_network_interface")["ip_configuration"]
    assert "public_ip_address_id" not in configuration
    assert not template.resources("azurerm_public_ip")
    assert machine["disable_password_authentication"] is True
    assert not {"admin_password", "boot_diagnostics", "custom_data", "user_data"} & machine.keys()


@pytest.mark.req(58)
def test_with_entra_a_group_signs_in_through_the_extension() -> None:
    template = _synthesise(JumpBoxLogin.ENTRA)
    extension = template.resource("azurerm_virtual_machine_extension")

    assert (extension["publisher"], extension["type"]) == (
        "Microsoft.Azure.ActiveDirectory",
        "AADSSHLoginForLinux",
    )
    assert template.resource("azurerm_linux_virtual_machine")["identity"] == {"type": "SystemAssigned"}
    login = template.resource("azurerm_role_assignment", role_definition_name="Virtual Machine Administrator Login")
    assert (login["principal_id"], login["principal_type"]) == (GROUP, "Group")
    assert login["scope"].startswith("${azurerm_linux_virtual_machine.")


@pytest.mark.req(58)
def test_with_a_key_nothing_can_be_run_on_the_machine_from_outside() -> None:
    template = _synthesise(JumpBoxLogin.SSH_KEY)
    machine = template.resource("azurerm_linux_virtual_machine")

    assert machine["allow_extension_operations"] is False
    assert not template.resources("azurerm_virtual_machine_extension")
    assert {role["role_definition_name"] for role in template.resources("azurerm_role_assignment").values()} == {
        "Reader"
    }


def test_with_a_key_the_machine_patches_itself() -> None:
    machine = _synthesise(JumpBoxLogin.SSH_KEY).resource("azurerm_linux_virtual_machine")

    # Azure patches through an extension.
    assert (machine["patch_mode"], machine["patch_assessment_mode"]) == ("ImageDefault", "ImageDefault")


def test_where_extensions_run_azure_patches_the_machine() -> None:
    machine = _synthesise(JumpBoxLogin.ENTRA).resource("azurerm_linux_virtual_machine")

    assert machine["allow_extension_operations"] is True
    assert (machine["patch_mode"], machine["patch_assessment_mode"]) == ("AutomaticByPlatform", "AutomaticByPlatform")


def test_people_find_the_machine_through_bastion() -> None:
    template = _synthesise()
    seen = {
        role["scope"].split(".")[0]
        for role in template.resources("azurerm_role_assignment").values()
        if role["role_definition_name"] == "Reader"
    }

    assert seen == {"${azurerm_linux_virtual_machine", "${azurerm_network_interface"}


@pytest.mark.parametrize("login", JumpBoxLogin)
def test_it_boots_only_what_is_signed(login: JumpBoxLogin) -> None:
    machine = _synthesise(login).resource("azurerm_linux_virtual_machine")

    for feature in ("secure_boot", "vtpm"):
        assert machine[f"{feature}_enabled"] is True, feature


@pytest.mark.parametrize("login", JumpBoxLogin)
def test_its_disks_are_encrypted_on_the_host(login: JumpBoxLogin) -> None:
    assert _synthesise(login).resource("azurerm_linux_virtual_machine")["encryption_at_host_enabled"] is True


def test_it_starts_after_its_subnet_is_guarded() -> None:
    (before,) = _synthesise().resource("azurerm_linux_virtual_machine")["depends_on"]

    assert before.startswith("azurerm_subnet_network_security_group_association.")


def test_it_stands_in_one_zone_on_a_premium_disk() -> None:
    # https://learn.microsoft.com/azure/virtual-machines/disks-types#premium-ssds
    machine = _synthesise().resource("azurerm_linux_virtual_machine")

    assert (machine["zone"], machine["os_disk"]["storage_account_type"]) == ("2", "Premium_LRS")
    assert "zone" not in _synthesise(availability_zones=()).resource("azurerm_linux_virtual_machine")
