"""An Azure identity that only the pods of one Kubernetes service account can take on, without any secret."""

from cdktf_cdktf_provider_azurerm.federated_identity_credential import FederatedIdentityCredential
from cdktf_cdktf_provider_azurerm.user_assigned_identity import UserAssignedIdentity
from cdktf_cdktf_provider_kubernetes.service_account_v1 import ServiceAccountV1, ServiceAccountV1Metadata
from constructs import Construct

# What Entra expects in the token of a federated workload, whoever issued it.
# https://learn.microsoft.com/entra/workload-id/workload-identity-federation-create-trust-user-assigned-managed-identity
TOKEN_AUDIENCE = "api://AzureADTokenExchange"  # noqa: S105 - public, no credential

CLIENT_ID_ANNOTATION = "azure.workload.identity/client-id"

USE_LABEL = {"azure.workload.identity/use": "true"}
"""Label of the pods that take on the identity; AKS gives only these a token for Entra."""


class WorkloadIdentity(Construct):
    """Trusts one service account of one cluster; what the identity may do is granted on what it uses."""

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        name: str,
        resource_group_name: str,
        location: str,
        issuer_url: str,
        namespace: str,
        service_account_name: str,
    ) -> None:
        super().__init__(scope, id_)
        self.resource = UserAssignedIdentity(
            self, "principal", name=name, resource_group_name=resource_group_name, location=location
        )
        account = ServiceAccountV1(
            self,
            "service-account",
            metadata=ServiceAccountV1Metadata(
                name=service_account_name,
                namespace=namespace,
                annotations={CLIENT_ID_ANNOTATION: self.resource.client_id},
            ),
            # A token for the Kubernetes API, which the pods do not use; the one for Entra is projected on its own.
            automount_service_account_token=False,
        )
        self.service_account_name = account.metadata.name
        """Reference to the name: whoever uses it comes after the service account."""
        self.trust = FederatedIdentityCredential(
            self,
            "trust",
            name="kubernetes-service-account",
            resource_group_name=resource_group_name,
            parent_id=self.resource.id,
            issuer=issuer_url,
            subject=f"system:serviceaccount:{namespace}:{account.metadata.name}",
            audience=[TOKEN_AUDIENCE],
        )
        """Without it, Entra refuses the pods' tokens."""
