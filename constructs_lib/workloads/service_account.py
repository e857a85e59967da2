"""A Kubernetes service account that opens nothing in Kubernetes, and stands for an Azure identity or for none."""

from collections.abc import Mapping

from cdktf_cdktf_provider_kubernetes.service_account_v1 import ServiceAccountV1, ServiceAccountV1Metadata
from constructs import Construct

from constructs_lib.workloads.workload_identity import PodIdentity

CLIENT_ID_ANNOTATION = "azure.workload.identity/client-id"

USE_LABEL = {"azure.workload.identity/use": "true"}
"""Label of the pods that take on an identity; AKS gives only these a token for Entra."""


class ServiceAccount(Construct):
    """Whom the pods of one application are."""

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        name: str,
        namespace: str,
        identity: PodIdentity | None = None,
        labels: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(scope, id_)
        self.identity = identity
        account = ServiceAccountV1(
            self,
            "account",
            metadata=ServiceAccountV1Metadata(
                name=name,
                namespace=namespace,
                labels=labels,
                annotations={CLIENT_ID_ANNOTATION: identity.client_id} if identity else None,
            ),
            # A token for the Kubernetes API, which the pods do not use; the one for Entra is projected on its own.
            automount_service_account_token=False,
        )
        self.name = account.metadata.name
        """Reference to the name: whoever uses it comes after the service account."""
