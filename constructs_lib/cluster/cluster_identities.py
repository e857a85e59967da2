"""The two identities of a cluster, with every role that they need before the cluster is made."""

from collections.abc import Sequence

from cdktf_cdktf_provider_azurerm.role_assignment import RoleAssignment
from cdktf_cdktf_provider_azurerm.user_assigned_identity import UserAssignedIdentity
from constructs import Construct

from constructs_lib.role_assignment import assign_role
from constructs_lib.services.container_registry import PrivateContainerRegistry


class ClusterIdentities(Construct):
    """The cluster must wait for `role_assignments`, and be destroyed before them: it works with them to its end.

    The identities are made before the cluster so that their roles can be, too: an identity that AKS makes itself is
    known only when the nodes already try to pull.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        control_plane_name: str,
        kubelet_name: str,
        resource_group_name: str,
        location: str,
        virtual_network_id: str,
        private_dns_zone_id: str | None,
        registry: PrivateContainerRegistry,
    ) -> None:
        super().__init__(scope, id_)
        self.control_plane = UserAssignedIdentity(
            self, "control-plane", name=control_plane_name, resource_group_name=resource_group_name, location=location
        )
        self.kubelet = UserAssignedIdentity(
            self, "kubelet", name=kubelet_name, resource_group_name=resource_group_name, location=location
        )
        self.role_assignments = (
            *self._grant_names(private_dns_zone_id),
            # Joins nodes and load balancers to their subnet. On the whole network, because AKS also links the zone to
            # it: https://learn.microsoft.com/azure/aks/private-clusters#hub-and-spoke-with-custom-dns-for-private-aks-clusters
            assign_role(
                self,
                "virtual-network",
                role="Network Contributor",
                on=virtual_network_id,
                principal_id=self.control_plane.principal_id,
            ),
            # Gives the kubelet's identity to the nodes.
            # https://learn.microsoft.com/azure/aks/use-managed-identity#bring-your-own-kubelet-identity
            assign_role(
                self,
                "kubelet-identity",
                role="Managed Identity Operator",
                on=self.kubelet.id,
                principal_id=self.control_plane.principal_id,
            ),
            registry.grant_pull("kubelet", self.kubelet.principal_id),
        )

    def _grant_names(self, private_dns_zone_id: str | None) -> Sequence[RoleAssignment]:
        if private_dns_zone_id is None:
            return []
        # Writes the API server's name into a zone that AKS does not own.
        # https://learn.microsoft.com/azure/aks/private-clusters#configure-a-private-dns-zone
        role = assign_role(
            self,
            "private-dns-zone",
            role="Private DNS Zone Contributor",
            on=private_dns_zone_id,
            principal_id=self.control_plane.principal_id,
        )
        return [role]
