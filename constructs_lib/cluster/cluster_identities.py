"""The two identities of a cluster, with every role that they need on the network before the cluster is made."""

from cdktf_cdktf_provider_azurerm.user_assigned_identity import UserAssignedIdentity
from constructs import Construct

from constructs_lib.role_assignment import assign_role


class ClusterIdentities(Construct):
    """Made with the network, so that their roles have spread through Azure, for minutes, when the cluster is made.

    An identity that AKS makes itself is known only when the nodes already try to pull. And a cluster whose creation
    failed for want of a role stands in Azure, and not in the state.
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
    ) -> None:
        """Make the identities; without a `private_dns_zone_id`, AKS makes a zone itself and needs no role on it."""
        super().__init__(scope, id_)
        control_plane = UserAssignedIdentity(
            self,
            "control-plane",
            name=control_plane_name,
            resource_group_name=resource_group_name,
            location=location,
        )
        kubelet = UserAssignedIdentity(
            self,
            "kubelet",
            name=kubelet_name,
            resource_group_name=resource_group_name,
            location=location,
        )
        if private_dns_zone_id is not None:
            # Writes the API server's name into a zone that AKS does not own.
            # https://learn.microsoft.com/azure/aks/private-clusters#configure-a-private-dns-zone
            assign_role(
                self,
                "private-dns-zone",
                role="Private DNS Zone Contributor",
                on=private_dns_zone_id,
                principal_id=control_plane.principal_id,
            )
        # Joins nodes and load balancers to their subnet. On the whole network, because AKS also links the zone to
        # it: https://learn.microsoft.com/azure/aks/private-clusters#hub-and-spoke-with-custom-dns-for-private-aks-clusters
        assign_role(
            self,
            "virtual-network",
            role="Network Contributor",
            on=virtual_network_id,
            principal_id=control_plane.principal_id,
        )
        # Gives the kubelet's identity to the nodes.
        # https://learn.microsoft.com/azure/aks/use-managed-identity#bring-your-own-kubelet-identity
        assign_role(
            self,
            "kubelet-identity",
            role="Managed Identity Operator",
            on=kubelet.id,
            principal_id=control_plane.principal_id,
        )
