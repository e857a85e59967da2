"""Which requests a gateway hands to an application, as routes of the Gateway API in the application's namespace."""

from cdktf_cdktf_provider_kubernetes.manifest import Manifest
from cdktf_cdktf_provider_kubernetes.service_v1 import ServiceV1
from constructs import Construct

from config.workloads.application import ApplicationSettings
from config.workloads.gateway import GATEWAY_NAME
from constructs_lib.ingress.ingress_gateway import API_VERSION, IngressGateway, listener_name
from constructs_lib.ingress.site import ANSWERED_IN_SECONDS
from constructs_lib.network.ports import HTTP


class HttpRoutes(Construct):
    """A route for each host, to the application's service; it sees the host and the path that were called."""

    def __init__(
        self, scope: Construct, id_: str, *, settings: ApplicationSettings, gateway: IngressGateway, service: ServiceV1
    ) -> None:
        super().__init__(scope, id_)
        hosts = dict.fromkeys(route.host for route in settings.routes)
        for number, host in enumerate(hosts, start=1):
            Manifest(
                self,
                # By their place: a host that is changed changes the route, and replaces none.
                f"route-{number}",
                manifest={
                    "apiVersion": API_VERSION,
                    "kind": "HTTPRoute",
                    "metadata": {
                        "name": settings.name if number == 1 else f"{settings.name}-{number}",
                        "namespace": service.metadata.namespace,
                    },
                    "spec": {
                        "parentRefs": [
                            {
                                "name": GATEWAY_NAME,
                                "namespace": gateway.namespace,
                                "sectionName": listener_name(host),
                            }
                        ],
                        "hostnames": [host],
                        "rules": [
                            {
                                "matches": [
                                    {"path": {"type": "PathPrefix", "value": route.path}}
                                    for route in settings.routes
                                    if route.host == host
                                ],
                                "backendRefs": [{"name": service.metadata.name, "port": HTTP}],
                                "timeouts": {"request": f"{ANSWERED_IN_SECONDS}s"},
                            }
                        ],
                    },
                },
                depends_on=[gateway.resource],
            )
