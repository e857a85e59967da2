"""How people come in: Bastion and the jump box, both opened to the administrators of the cluster."""

from collections.abc import Sequence

from cdktf import ITerraformDependable
from cdktf_cdktf_provider_azurerm.subnet import Subnet

from config.network.jump_box import JumpBoxSettings
from constructs_lib.access.bastion_host import BastionHost
from constructs_lib.network.network_security_group import NetworkSecurityGroup
from constructs_lib.network.virtual_network import VirtualNetwork
from stacks.platform_stack import PlatformStack


def make_bastion(
    stack: PlatformStack,
    resource_group_name: str,
    *,
    subnet: Subnet,
    security: NetworkSecurityGroup,
    beyond: VirtualNetwork | None,
) -> BastionHost:
    """Bastion, which also leads to what stands in the network `beyond` its own."""
    environment, naming = stack.environment, stack.naming
    host = BastionHost(
        stack,
        "bastion",
        name=naming.bastion,
        public_ip_name=naming.bastion_public_ip,
        resource_group_name=resource_group_name,
        location=environment.region,
        subnet=subnet,
        security=security,
        availability_zones=environment.availability_zones,
        ddos_ip_protection=environment.network.ddos_ip_protection,
    )
    host.grant_use("cluster-administrators", environment.cluster_admin_group_id, beyond=beyond)
    return host


def make_jump_box(
    stack: PlatformStack,
    resource_group_name: str,
    *,
    settings: JumpBoxSettings,
    subnet: Subnet,
    after: Sequence[ITerraformDependable],
) -> None:
    """A machine inside, made once `after` is there: what guards its subnet, and leads out of it."""
    # Imported here, as the bindings of a machine cost a synth that has none.
    from constructs_lib.access.jump_box import JumpBox

    environment, naming = stack.environment, stack.naming
    jump_box = JumpBox(
        stack,
        "jump-box",
        name=naming.jump_box,
        network_interface_name=naming.jump_box_network_interface,
        resource_group_name=resource_group_name,
        location=environment.region,
        availability_zones=environment.availability_zones,
        subnet=subnet,
        settings=settings,
        after=after,
    )
    jump_box.grant_login("cluster-administrators", environment.cluster_admin_group_id)
