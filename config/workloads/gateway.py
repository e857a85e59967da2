"""Settings of the gateway by which applications are called from outside the cluster."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from config.types import HostName, Settings, Text, VaultObjectName

MeshRevision = Annotated[str, Text(r"asm-1-[1-9][0-9]", "a revision of the Istio add-on, such as 'asm-1-28'")]
"""`az aks mesh get-revisions` lists those of a region."""


GATEWAY_NAMESPACE = "ingress-gateway"
"""Namespace that the gateway has to itself; the identity and the account that read certificates are called so, too."""


GATEWAY_NAME = "gateway"
"""The gateway's own name, by which AKS's makers of gateways label its pods."""


class GatewayClass(StrEnum):
    """Which of AKS's two makers of gateways makes it; a cluster has one of them. See docs/ingress.md."""

    APPLICATION_ROUTING = "approuting-istio"
    """That of application routing: a gateway and no mesh. Azure upgrades it with the cluster."""

    ISTIO = "istio"
    """That of the Istio add-on, for whom the mesh is there anyway. Somebody upgrades it, revision by revision."""


class ListenerSettings(Settings):
    """A host name that the gateway answers to, by HTTPS."""

    host_name: HostName
    """The name, without `*`. Its record must lead to the gateway's address, or to what stands in front of it."""

    certificate_name: VaultObjectName
    """Name of the certificate for that name in the environment's key vault; it must be there before the gateway."""


class GatewaySettings(Settings):
    """A gateway at the environment's internal address: TLS, and a way to several applications by host and path."""

    gateway_class: GatewayClass = GatewayClass.APPLICATION_ROUTING
    """Who makes the gateway; somebody switches it on by a command. A change interrupts the way in: docs/ingress.md."""

    mesh_revisions: Annotated[tuple[MeshRevision, ...], Field(max_length=2)] = ()
    """Revisions of the Istio add-on, two while one takes the other's place; with class `istio`, which needs one."""

    # The API takes 64. https://gateway-api.sigs.k8s.io/reference/spec/#gatewayspec
    listeners: Annotated[tuple[ListenerSettings, ...], Field(max_length=20)]
    """The names that it answers to; another name gets no certificate, and no answer."""
