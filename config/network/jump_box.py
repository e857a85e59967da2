"""Settings of the jump box, a machine inside the network for those who need more than a tunnel."""

from enum import StrEnum

from config.ssh_public_key import SshPublicKey
from config.types import Settings
from config.vm_sizes import VmSizeName


class JumpBoxLogin(StrEnum):
    """How people sign in to the jump box; there is never a password."""

    ENTRA = "entra"
    """With their Entra account, by a virtual machine login role on the machine."""

    SSH_KEY = "ssh_key"
    """With the private half of `ssh_public_key`; no extension runs on the machine."""


class JumpBoxSettings(Settings):
    """One Linux machine without a public address, reached through Bastion. About USD 85 a month while it runs."""

    login: JumpBoxLogin = JumpBoxLogin.ENTRA
    """How people sign in."""

    vm_size: VmSizeName = "Standard_D2s_v5"
    """Size of the machine; it must support host encryption, secure boot and vTPM."""

    ssh_public_key: SshPublicKey
    """Public key that Azure demands of every Linux machine; its owner signs in as `azureuser`, whatever the login. A
    change replaces the machine."""
