"""An Azure identity that only one service connection of Azure DevOps signs in as, without any secret."""

import base64
from uuid import UUID

from cdktf_cdktf_provider_azurerm.federated_identity_credential import FederatedIdentityCredential
from cdktf_cdktf_provider_azurerm.user_assigned_identity import UserAssignedIdentity
from constructs import Construct

# What Entra expects in the token, whoever issued it.
# https://learn.microsoft.com/entra/workload-id/workload-identity-federation-create-trust-user-assigned-managed-identity
_AUDIENCE = "api://AzureADTokenExchange"

# The application that stands for Azure DevOps in every tenant.
# https://learn.microsoft.com/azure/devops/integrate/get-started/authentication/entra
_AZURE_DEVOPS = "499b84ac-1321-427f-aa17-267ca6975798"


def federation_subject(tenant_id: str, organization_id: str, connection_id: str) -> str:
    """What stands in the token of one service connection; Azure DevOps shows it with the connection.

    https://learn.microsoft.com/azure/devops/pipelines/release/configure-workload-identity
    """
    return f"/eid1/c/pub/t/{_short(tenant_id)}/a/{_short(_AZURE_DEVOPS)}/sc/{organization_id}/{connection_id}"


def _short(id_: str) -> str:
    """As Entra writes an id there: its bytes as Windows orders them, in the base64 of URLs without padding."""
    return base64.urlsafe_b64encode(UUID(id_).bytes_le).decode().rstrip("=")


class PipelineIdentity(Construct):
    """Trusts nobody until it is told a connection's subject; another identity would have none of its roles."""

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        name: str,
        resource_group_name: str,
        location: str,
        tenant_id: str,
        subject: str | None,
    ) -> None:
        super().__init__(scope, id_)
        self.resource = UserAssignedIdentity(
            self,
            "principal",
            name=name,
            resource_group_name=resource_group_name,
            location=location,
        )
        if subject is not None:
            FederatedIdentityCredential(
                self,
                "trust",
                name="azure-devops",
                resource_group_name=resource_group_name,
                parent_id=self.resource.id,
                issuer=f"https://login.microsoftonline.com/{tenant_id}/v2.0",
                subject=subject,
                audience=[_AUDIENCE],
            )
