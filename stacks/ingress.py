"""What the workloads stack makes of `workloads.gateway`; imported where an environment has one."""

from collections.abc import Sequence
from dataclasses import dataclass

from cdktf_cdktf_provider_kubernetes.service_v1 import ServiceV1
from constructs import Construct

from config.workloads.application import ApplicationSettings, Ingress, probed_from_outside
from config.workloads.gateway import GATEWAY_NAMESPACE, GatewaySettings
from constructs_lib.ingress.http_routes import HttpRoutes
from constructs_lib.ingress.ingress_gateway import IngressGateway
from constructs_lib.ingress.internal_load_balancer import InternalLoadBalancer
from constructs_lib.ingress.site import Site
from constructs_lib.workloads.namespace_flows import gateway_flows
from stacks.platform_stack import PlatformStack


@dataclass(frozen=True)
class WayIn:
    """The gateway, and the names by which whatever stands in front of it must call it."""

    gateway: IngressGateway
    sites: tuple[Site, ...]

    def lead_to(self, application: ApplicationSettings, service: ServiceV1, scope: Construct) -> None:
        """Let the gateway hand to an application what its routes say, if it has any."""
        if application.ingress is Ingress.GATEWAY:
            HttpRoutes(scope, "routes", settings=application, gateway=self.gateway, service=service)


def make_gateway(
    stack: PlatformStack,
    settings: GatewaySettings,
    applications: Sequence[ApplicationSettings],
    *,
    resource_group_name: str,
    issuer_url: str,
    load_balancer: InternalLoadBalancer,
) -> WayIn:
    """The gateway for those of the applications that are called by it."""
    environment, naming = stack.environment, stack.naming
    network = environment.network
    gateway = IngressGateway(
        stack,
        "ingress-gateway",
        gateway_class=settings.gateway_class,
        listeners=settings.listeners,
        routed_namespaces=[one.namespace for one in applications if one.ingress is Ingress.GATEWAY],
        flows=gateway_flows(
            applications,
            network.address_plan,
            network.callers_from_outside(environment.cluster.kubernetes.pod_cidr).application,
        ),
        load_balancer_annotations=load_balancer.annotations,
        identity_name=naming.workload_identity(GATEWAY_NAMESPACE),
        resource_group_name=resource_group_name,
        location=environment.region,
        issuer_url=issuer_url,
        vault_host=naming.key_vault_host,
        vault_id=naming.key_vault_id,
    )
    # What stands in front may name one of the listeners as its own: that comes first.
    own = network.application_gateway.host_name if network.application_gateway is not None else ""
    listeners = sorted(settings.listeners, key=lambda one: one.host_name != own)
    return WayIn(
        gateway,
        tuple(
            Site(one.host_name, one.certificate_name, probed_from_outside(one.host_name, applications) or "/")
            for one in listeners
        ),
    )
