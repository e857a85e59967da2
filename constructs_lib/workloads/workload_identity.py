"""An Azure identity that only the pods of one Kubernetes service account can take on, without any secret."""

from typing import Protocol

from cdktf import ITerraformDependable
from cdktf_cdktf_provider_azurerm.federated_identity_credential import FederatedIdentityCredential
from cdktf_cdktf_provider_azurerm.user_assigned_identity import UserAssignedIdentity
from constructs import Construct

# What Entra expects in the token of a federated workload, whoever issued it.
# https://learn.microsoft.com/entra/workload-id/workload-identity-federation-create-trust-user-assigned-managed-identity
TOKEN_AUDIENCE = "api://AzureADTokenExchange"  # noqa: S105 - public, no credential


class PodIdentity(Protocol):
    """What the pods of one service account are in Entra."""

    @property
    def client_id(self) -> str:
        """What they present themselves as."""

    @property
    def principal_id(self) -> str:
        """Object id, to which roles are given."""

    @property
    def trust(self) -> ITerraformDependable:
        """Without it, Entra refuses their tokens."""


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
        self.client_id = self.resource.client_id
        self.principal_id = self.resource.principal_id
        self.trust = FederatedIdentityCredential(
            self,
            "trust",
            name="kubernetes-service-account",
            resource_group_name=resource_group_name,
            parent_id=self.resource.id,
            issuer=issuer_url,
            subject=f"system:serviceaccount:{namespace}:{service_account_name}",
            audience=[TOKEN_AUDIENCE],
        )
