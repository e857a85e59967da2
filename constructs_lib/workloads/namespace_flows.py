"""Whom the pods of a namespace speak with, as data: the network policies, and the flow table in the docs, follow it."""

from collections.abc import Sequence
from ipaddress import IPv4Network

from config.network.address_plan import AddressPlan
from config.network.private_endpoints import PrivateAddress
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

HTTP_PORT = 8080
"""Where the application's pods answer."""

ENTRA = "login.microsoftonline.com"

EVERYWHERE = IPv4Network("0.0.0.0/0")
# Where nothing public lives; the link-local range holds the nodes' metadata service, which hands out their identities.
NOT_PUBLIC = tuple(
    IPv4Network(text) for text in ("10.0.0.0/8", "100.64.0.0/10", "169.254.0.0/16", "172.16.0.0/12", "192.168.0.0/16")
)


def dns_flow() -> Flow:
    """Of every namespace, unless policies know names.

    From Kubernetes 1.37 on, AKS may answer on the node itself (LocalDNS), which only a CiliumNetworkPolicy can allow:
    https://learn.microsoft.com/azure/aks/localdns-custom
    """
    return allow_egress(
        "dns",
        to=Pods("kube-system", {"k8s-app": "kube-dns"}),
        ports=(*udp(DNS), *tcp(DNS)),
        because="Names are resolved by the cluster's DNS.",
    )


def application_hosts(naming: Naming, reached: Sequence[str]) -> NamedHosts:
    """Of the Spring Boot service and its identity, where policies know names; `reached` are further public names."""
    return NamedHosts(
        reached=(ENTRA, *reached),
        resolved=(naming.sql_server_host, naming.key_vault_host),
        because="The pods sign in to Entra, find database and vault by name, and call what their settings name.",
    )


def application_flows(
    plan: AddressPlan, callers: Sequence[IPv4Network] = (), *, names_are_known: bool
) -> tuple[Flow, ...]:
    """Of the Spring Boot service and its identity; `names_are_known` where `application_hosts` opens Entra.

    `callers` come from other networks.
    """
    entra = allow_egress(
        "entra",
        # A network policy knows no names. The firewall does, and lets through few of these addresses.
        to=AddressRanges((EVERYWHERE,), without=NOT_PUBLIC),
        ports=tcp(HTTPS),
        because="Entra exchanges the token of the pods' service account for one of their Azure identity.",
    )
    return (
        allow_ingress(
            "clients",
            from_=AddressRanges((*plan.virtual_networks.values(), *callers)),
            ports=tcp(HTTP_PORT),
            because="Clients in the hub and the spoke call the application through its internal load balancer.",
        ),
        allow_egress(
            "key-vault",
            to=AddressRanges((IPv4Network(plan.private_address(PrivateAddress.KEY_VAULT)),)),
            ports=tcp(HTTPS),
            because="The application uses its key vault, which answers on its private endpoint alone.",
        ),
        allow_egress(
            "database",
            to=AddressRanges((IPv4Network(plan.private_address(PrivateAddress.SQL_SERVER)),)),
            ports=tcp(SQL),
            because="The application uses its database, which answers on its private endpoint alone.",
        ),
        *(() if names_are_known else (entra,)),
    )
