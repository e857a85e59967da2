"""What stands in front of the applications and of the gateway: a load balancer, and what leads the Internet to it.

Constructs are imported where they are made, as the bindings of what few environments have would cost every synth.
"""

from collections.abc import Sequence

from cdktf import ITerraformDependable, TerraformOutput

from config.network.application_gateway import ApplicationGatewaySettings
from config.network.subnets import SubnetKey
from constructs_lib.ingress.internal_load_balancer import InternalLoadBalancer, PrivateLinkService
from constructs_lib.ingress.site import Site
from constructs_lib.monitoring.diagnostics import Diagnostics
from constructs_lib.monitoring.log_categories import APPLICATION_GATEWAY_LOGS, FRONT_DOOR_LOGS
from stacks.platform_stack import PlatformStack


def publish(
    stack: PlatformStack,
    service: str,
    *,
    resource_group_name: str,
    after: ITerraformDependable,
    probe_path: str,
    sites: Sequence[Site] = (),
) -> None:
    """Let what stands in front lead to a service of this name at the internal address, or to a gateway's sites."""
    network = stack.environment.network
    if network.application_gateway is not None:
        _publish_by_gateway(stack, network.application_gateway, resource_group_name, probe_path, sites)
    if network.front_door is not None:
        _publish_by_front_door(stack, service, resource_group_name, after, probe_path, sites)


def load_balancer(stack: PlatformStack, service: str) -> InternalLoadBalancer:
    """The internal address at which AKS publishes a service of this name."""
    network, naming = stack.environment.network, stack.naming
    link = PrivateLinkService(
        name=naming.private_link_service(service),
        subnet=naming.subnet(SubnetKey.PRIVATE_LINK_SERVICE),
        visible_to_subscription=stack.environment.subscription_id,
    )
    return InternalLoadBalancer(
        subnet=naming.subnet(SubnetKey.LOAD_BALANCERS),
        address=network.address_plan.application_address,
        private_link_service=link if network.front_door is not None else None,
    )


def _publish_by_gateway(
    stack: PlatformStack,
    settings: ApplicationGatewaySettings,
    resource_group_name: str,
    probe_path: str,
    sites: Sequence[Site],
) -> None:
    from constructs_lib.ingress.application_gateway import ApplicationGateway
    from constructs_lib.ingress.gateway_certificate import GatewayCertificate
    from constructs_lib.ingress.gateway_firewall_policy import GatewayFirewallPolicy

    environment, naming = stack.environment, stack.naming
    gateway = ApplicationGateway(
        stack,
        "application-gateway",
        name=naming.application_gateway,
        public_ip_name=naming.application_gateway_public_ip,
        resource_group_name=resource_group_name,
        location=environment.region,
        availability_zones=environment.availability_zones,
        ddos_ip_protection=environment.network.ddos_ip_protection,
        subnet_id=naming.subnet_id(SubnetKey.APPLICATION_GATEWAY),
        settings=settings,
        certificate=GatewayCertificate(
            stack,
            "gateway-certificate",
            name=settings.certificate_name,
            further_names=list(
                dict.fromkeys(
                    one.certificate_name for one in sites if one.certificate_name != settings.certificate_name
                )
            ),
            vault_name=naming.key_vault,
            vault_id=naming.key_vault_id,
            reader_name=naming.application_gateway_identity,
            resource_group_name=resource_group_name,
            location=environment.region,
        ),
        firewall_policy=GatewayFirewallPolicy(
            stack,
            "gateway-firewall",
            name=naming.application_gateway_firewall_policy,
            resource_group_name=resource_group_name,
            location=environment.region,
        ),
        application_address=environment.network.address_plan.application_address,
        probe_path=probe_path,
        sites=sites,
    )
    _diagnostics(stack).collect("application-gateway", gateway.resource.id, APPLICATION_GATEWAY_LOGS)
    names = [one.host_name for one in sites] or [settings.host_name]
    TerraformOutput(
        stack,
        "application_address",
        value=gateway.public_address,
        description=f"Where the A record of {' and '.join(names)} must lead.",
    )


def _publish_by_front_door(
    stack: PlatformStack,
    service: str,
    resource_group_name: str,
    after: ITerraformDependable,
    probe_path: str,
    sites: Sequence[Site],
) -> None:
    from constructs_lib.ingress.front_door import FrontDoor
    from constructs_lib.ingress.front_door_firewall_policy import FrontDoorFirewallPolicy

    environment, naming = stack.environment, stack.naming
    front_door = FrontDoor(
        stack,
        "front-door",
        name=naming.front_door,
        endpoint_name=naming.front_door_endpoint,
        resource_group_name=resource_group_name,
        region=environment.region,
        firewall_policy=FrontDoorFirewallPolicy(
            stack,
            "front-door-firewall",
            name=naming.front_door_firewall_policy,
            resource_group_name=resource_group_name,
        ),
        application_address=environment.network.address_plan.application_address,
        probe_path=probe_path,
        private_link_service_id=naming.private_link_service_id(service),
        after=after,
        site=sites[0] if sites else None,
    )
    _diagnostics(stack).collect("front-door", front_door.resource.id, FRONT_DOOR_LOGS)
    TerraformOutput(
        stack, "application_host_name", value=front_door.host_name, description="The application's public name."
    )


def _diagnostics(stack: PlatformStack) -> Diagnostics:
    return Diagnostics(stack, "diagnostics", workspace_id=stack.naming.log_analytics_workspace_id)
