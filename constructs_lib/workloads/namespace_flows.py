"""Whom the pods of an application speak with, as data: the network policies, and the flow table in the docs, follow it.

An application has the flows that its settings call for, and no others.
"""

from collections.abc import Iterator, Sequence
from ipaddress import IPv4Network

from config.network.address_plan import AddressPlan
from config.network.private_endpoints import PrivateAddress
from config.workloads.application import ApplicationSettings, Ingress
from config.workloads.gateway import GATEWAY_NAME, GATEWAY_NAMESPACE
from constructs_lib.naming import Naming
from constructs_lib.network.ports import DNS, HTTPS, SQL
from constructs_lib.workloads.network_flow import (
    AddressRanges,
    Flow,
    NamedHosts,
    Pods,
    allow_egress,
    allow_ingress,
    tcp,
    udp,
)

ENTRA = "login.microsoftonline.com"

EVERYWHERE = IPv4Network("0.0.0.0/0")
# Where nothing public lives; the link-local range holds the nodes' metadata service, which hands out their identities.
NOT_PUBLIC = tuple(
    IPv4Network(text) for text in ("10.0.0.0/8", "100.64.0.0/10", "169.254.0.0/16", "172.16.0.0/12", "192.168.0.0/16")
)


def pods_of(application: ApplicationSettings) -> Pods:
    """The pods that run the application, and no others."""
    return Pods(application.namespace, {"app.kubernetes.io/name": application.name})


# https://gateway-api.sigs.k8s.io/geps/gep-1762/#resource-attachment
GATEWAY_PODS = Pods(GATEWAY_NAMESPACE, {"gateway.networking.k8s.io/gateway-name": GATEWAY_NAME})
"""Those that AKS makes of the environment's gateway."""


def application_hosts(
    application: ApplicationSettings, applications: Sequence[ApplicationSettings], naming: Naming
) -> NamedHosts | None:
    """What the application calls by name, where policies know names; None if it calls nobody."""
    called = [f"{one.name}.{one.namespace}.svc.cluster.local" for one in _called(application, applications)]
    reached = ((ENTRA,) if application.has_identity else ()) + application.reached_hosts
    resolved = (
        *((naming.sql_server_host,) if application.database else ()),
        *((naming.key_vault_host,) if application.vault_objects else ()),
        *called,
    )
    if not (reached or resolved):
        return None
    return NamedHosts(reached, resolved, because="The pods find by name what their settings let them call.")


def application_flows(
    application: ApplicationSettings,
    applications: Sequence[ApplicationSettings],
    plan: AddressPlan,
    callers: Sequence[IPv4Network] = (),
    *,
    names_are_known: bool,
) -> tuple[Flow, ...]:
    """Of one of the applications; `names_are_known` where `application_hosts` opens DNS and public names.

    `callers` come from other networks, through an ingress.
    """
    flows = [
        *_inward(application, applications, plan, callers),
        *_to_applications(application, applications),
        *_to_services(application, plan),
    ]
    outward = any(flow.direction == "Egress" for flow in flows) or application.has_identity
    if outward and not names_are_known:
        flows.append(_dns())
    if application.has_identity and not names_are_known:
        flows.append(_entra())
    return tuple(flows)


def gateway_flows(
    applications: Sequence[ApplicationSettings], plan: AddressPlan, callers: Sequence[IPv4Network] = ()
) -> tuple[Flow, ...]:
    """Of the gateway's pods; `callers` come from other networks, unless something stands in front."""
    return (
        allow_ingress(
            "clients",
            from_=AddressRanges(plan.callers_of_the_gateway(callers)),
            ports=tcp(HTTPS),
            because="Clients call the gateway through its internal load balancer, or what stands in front does.",
        ),
        *(
            allow_egress(
                f"route-to-{one.name}",
                to=pods_of(one),
                ports=tcp(one.port),
                because=f"Routes lead from the gateway to {one.name}.",
            )
            for one in applications
            if one.ingress is Ingress.GATEWAY
        ),
        allow_egress(
            "control-plane",
            # Its port for those who show a certificate: https://istio.io/latest/docs/ops/deployment/application-requirements/#ports-used-by-istio
            to=Pods("aks-istio-system", {"app": "istiod"}),
            ports=tcp(15012),
            because="Istio's control plane tells the gateway its routes and certificates.",
        ),
        # Any name, even where policies know names: nobody chooses how these pods ask, and they reach nobody else.
        _dns(),
    )


def _called(
    application: ApplicationSettings, applications: Sequence[ApplicationSettings]
) -> Iterator[ApplicationSettings]:
    return (one for one in applications if one.name in application.calls)


def _inward(
    application: ApplicationSettings,
    applications: Sequence[ApplicationSettings],
    plan: AddressPlan,
    callers: Sequence[IPv4Network],
) -> Iterator[Flow]:
    if application.ingress is Ingress.LOAD_BALANCER:
        yield allow_ingress(
            "clients",
            from_=AddressRanges((*plan.virtual_networks.values(), *callers)),
            ports=tcp(application.port),
            because="Clients in the hub and the spoke call the application through its internal load balancer.",
        )
    if application.ingress is Ingress.GATEWAY:
        yield allow_ingress(
            "gateway",
            from_=GATEWAY_PODS,
            ports=tcp(application.port),
            because="The gateway hands on what its routes lead here, and nobody else comes from outside the cluster.",
        )
    for one in applications:
        if application.name in one.calls:
            yield allow_ingress(
                f"call-from-{one.name}",
                from_=pods_of(one),
                ports=tcp(application.port),
                because=f"{one.name} calls {application.name}.",
            )


def _to_applications(application: ApplicationSettings, applications: Sequence[ApplicationSettings]) -> Iterator[Flow]:
    for one in _called(application, applications):
        yield allow_egress(
            f"call-to-{one.name}",
            # A policy sees the pod that a service's name led to, and the pod's port.
            to=pods_of(one),
            ports=tcp(one.port),
            because=f"{application.name} calls {one.name}.",
        )


def _to_services(application: ApplicationSettings, plan: AddressPlan) -> Iterator[Flow]:
    if application.vault_objects:
        yield allow_egress(
            "key-vault",
            to=AddressRanges((IPv4Network(plan.private_address(PrivateAddress.KEY_VAULT)),)),
            ports=tcp(HTTPS),
            because="The application uses its key vault, which answers on its private endpoint alone.",
        )
    if application.database:
        yield allow_egress(
            "database",
            to=AddressRanges((IPv4Network(plan.private_address(PrivateAddress.SQL_SERVER)),)),
            ports=tcp(SQL),
            because="The application uses its database, which answers on its private endpoint alone.",
        )


def _dns() -> Flow:
    # From Kubernetes 1.37 on, AKS may answer on the node itself (LocalDNS), which only a CiliumNetworkPolicy can allow:
    # https://learn.microsoft.com/azure/aks/localdns-custom
    return allow_egress(
        "dns",
        to=Pods("kube-system", {"k8s-app": "kube-dns"}),
        ports=(*udp(DNS), *tcp(DNS)),
        because="Names are resolved by the cluster's DNS.",
    )


def _entra() -> Flow:
    return allow_egress(
        "entra",
        # A network policy knows no names. The firewall does, and lets through few of these addresses.
        to=AddressRanges((EVERYWHERE,), without=NOT_PUBLIC),
        ports=tcp(HTTPS),
        because="Entra exchanges the token of the pods' service account for one of their Azure identity.",
    )
