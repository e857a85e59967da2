"""Where an application is called inside the networks, as annotations by which AKS makes an internal load balancer."""

from dataclasses import dataclass
from ipaddress import IPv4Address


@dataclass(frozen=True)
class PrivateLinkService:
    """A way to the load balancer from outside the networks, for those whose request somebody approves."""

    name: str
    subnet: str
    """Where callers get their addresses; not the nodes' own, since a node takes those for its neighbours.
    https://cloud-provider-azure.sigs.k8s.io/topics/pls-integration/#restrictions
    """

    visible_to_subscription: str
    """Nobody else sees that there is something to ask for."""


@dataclass(frozen=True)
class InternalLoadBalancer:
    """A private address, and no way to a public one."""

    subnet: str
    address: IPv4Address
    """Fixed: what stands in front of the application knows the address and not the name."""

    private_link_service: PrivateLinkService | None = None

    @property
    def annotations(self) -> dict[str, str]:
        """Of a Kubernetes service of type `LoadBalancer`: https://learn.microsoft.com/azure/aks/internal-lb ."""
        balancer = {
            "azure-load-balancer-internal": "true",
            "azure-load-balancer-internal-subnet": self.subnet,
            "azure-load-balancer-ipv4": str(self.address),
        }
        link = self.private_link_service
        if link is not None:
            # Nobody's requests approve themselves: AKS takes a list of such subscriptions only together with
            # visibility to everybody. https://cloud-provider-azure.sigs.k8s.io/topics/pls-integration/
            balancer |= {
                "azure-pls-create": "true",
                "azure-pls-name": link.name,
                "azure-pls-ip-configuration-subnet": link.subnet,
                "azure-pls-visibility": link.visible_to_subscription,
            }
        return {f"service.beta.kubernetes.io/{key}": value for key, value in balancer.items()}
