"""A machine inside the network that has no public address and no password, and that only Bastion reaches."""

from collections.abc import Sequence

from cdktf import ITerraformDependable
from cdktf_cdktf_provider_azurerm.linux_virtual_machine import (
    LinuxVirtualMachine,
    LinuxVirtualMachineAdminSshKey,
    LinuxVirtualMachineIdentity,
    LinuxVirtualMachineOsDisk,
    LinuxVirtualMachineSourceImageReference,
)
from cdktf_cdktf_provider_azurerm.network_interface import NetworkInterface, NetworkInterfaceIpConfiguration
from cdktf_cdktf_provider_azurerm.subnet import Subnet
from cdktf_cdktf_provider_azurerm.virtual_machine_extension import VirtualMachineExtension
from constructs import Construct

from config.network.jump_box import JumpBoxLogin, JumpBoxSettings
from constructs_lib.role_assignment import assign_role

# Who has the key signs in under this name; people with an Entra login have names of their own.
ADMINISTRATOR = "azureuser"


class JumpBox(Construct):
    """Holds nothing that must be kept. Who may sign in with Entra is opened with `grant_login`."""

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        name: str,
        network_interface_name: str,
        resource_group_name: str,
        location: str,
        availability_zones: Sequence[int],
        subnet: Subnet,
        settings: JumpBoxSettings,
        after: Sequence[ITerraformDependable],
    ) -> None:
        """Start the machine `after` its subnet is guarded and leads out, which signing in and updates need."""
        super().__init__(scope, id_)
        self._entra = settings.login is JumpBoxLogin.ENTRA
        self._interface = NetworkInterface(
            self,
            "interface",
            name=network_interface_name,
            resource_group_name=resource_group_name,
            location=location,
            ip_forwarding_enabled=False,
            ip_configuration=[
                NetworkInterfaceIpConfiguration(
                    name="private", subnet_id=subnet.id, private_ip_address_allocation="Dynamic"
                )
            ],
        )
        # Without extensions Azure cannot patch; the image then does so by itself, as Ubuntu's does every day.
        # https://learn.microsoft.com/azure/virtual-machines/automatic-vm-guest-patching#enablement-and-assessment
        patching = "AutomaticByPlatform" if self._entra else "ImageDefault"
        self.resource = LinuxVirtualMachine(
            self,
            "machine",
            name=name,
            resource_group_name=resource_group_name,
            location=location,
            size=settings.vm_size,
            network_interface_ids=[self._interface.id],
            source_image_reference=LinuxVirtualMachineSourceImageReference(
                publisher="Canonical", offer="ubuntu-24_04-lts", sku="server", version="latest"
            ),
            # Of single machines, those on premium disks have Azure's highest promise; one in a zone fails with nothing
            # but that. https://learn.microsoft.com/azure/reliability/reliability-virtual-machines
            zone=str(availability_zones[0]) if availability_zones else None,
            os_disk=LinuxVirtualMachineOsDisk(caching="ReadWrite", storage_account_type="Premium_LRS"),
            admin_username=ADMINISTRATOR,
            admin_ssh_key=[LinuxVirtualMachineAdminSshKey(username=ADMINISTRATOR, public_key=settings.ssh_public_key)],
            disable_password_authentication=True,
            # The login extension asks Entra in the machine's own name.
            identity=LinuxVirtualMachineIdentity(type="SystemAssigned"),
            # Extensions run anything as root, for whoever may change the machine: only where one is needed.
            allow_extension_operations=self._entra,
            patch_mode=patching,
            patch_assessment_mode=patching,
            secure_boot_enabled=True,
            vtpm_enabled=True,
            encryption_at_host_enabled=True,
            # No boot diagnostics: with them comes the serial console, a way in past Bastion.
            # https://learn.microsoft.com/troubleshoot/azure/virtual-machines/windows/serial-console-enable-disable
            depends_on=after,
        )
        if self._entra:
            # https://learn.microsoft.com/entra/identity/devices/howto-vm-sign-in-azure-ad-linux
            VirtualMachineExtension(
                self,
                "entra-login",
                name="AADSSHLoginForLinux",
                virtual_machine_id=self.resource.id,
                publisher="Microsoft.Azure.ActiveDirectory",
                type="AADSSHLoginForLinux",
                type_handler_version="1.0",
                auto_upgrade_minor_version=True,
            )

    def grant_login(self, grantee: str, group_id: str) -> None:
        """Let a group find the machine through Bastion and, where Entra decides, sign in as administrators."""
        # https://learn.microsoft.com/azure/bastion/bastion-entra-id-authentication#assign-roles
        self._assign(f"{grantee}-reads-machine", "Reader", self.resource.id, group_id)
        self._assign(f"{grantee}-reads-interface", "Reader", self._interface.id, group_id)
        if self._entra:
            self._assign(f"{grantee}-login", "Virtual Machine Administrator Login", self.resource.id, group_id)

    def _assign(self, id_: str, role: str, on: str, group_id: str) -> None:
        assign_role(self, id_, role=role, on=on, principal_id=group_id, principal_type="Group")
