"""The namespace `default`, in which nothing runs: what names no namespace is refused, and not mixed with others."""

from cdktf_cdktf_provider_kubernetes.network_policy_v1 import (
    NetworkPolicyV1,
    NetworkPolicyV1Metadata,
    NetworkPolicyV1Spec,
    NetworkPolicyV1SpecPodSelector,
)
from cdktf_cdktf_provider_kubernetes.resource_quota_v1 import (
    ResourceQuotaV1,
    ResourceQuotaV1Metadata,
    ResourceQuotaV1Spec,
)
from constructs import Construct

NAMESPACE = "default"


class ClosedDefaultNamespace(Construct):
    """Holds without Azure Policy too, which a cluster without egress does not have (CIS 4.6.3).

    The service account there stays as it is: it opens nothing without a pod, and Azure's policy of the default
    namespace refuses every change of it.
    """

    def __init__(self, scope: Construct, id_: str) -> None:
        super().__init__(scope, id_)
        ResourceQuotaV1(
            self,
            "quota",
            metadata=ResourceQuotaV1Metadata(name="nothing", namespace=NAMESPACE),
            # Of services the API server's own is there; none may lead in from outside.
            spec=ResourceQuotaV1Spec(
                hard={
                    "pods": "0",
                    "services.loadbalancers": "0",
                    "services.nodeports": "0",
                    "persistentvolumeclaims": "0",
                }
            ),
        )
        # For pods that were there before the quota was.
        NetworkPolicyV1(
            self,
            "deny-everything",
            metadata=NetworkPolicyV1Metadata(name="deny-everything", namespace=NAMESPACE),
            spec=NetworkPolicyV1Spec(pod_selector=NetworkPolicyV1SpecPodSelector(), policy_types=["Ingress", "Egress"]),
        )
