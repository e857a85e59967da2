"""A Kubernetes namespace whose pods run without privileges, stay within a budget and speak only where a flow allows."""

from collections.abc import Sequence
from typing import Literal

from cdktf import ITerraformDependable
from cdktf_cdktf_provider_kubernetes.default_service_account_v1 import (
    DefaultServiceAccountV1,
    DefaultServiceAccountV1Metadata,
)
from cdktf_cdktf_provider_kubernetes.limit_range_v1 import (
    LimitRangeV1,
    LimitRangeV1Metadata,
    LimitRangeV1Spec,
    LimitRangeV1SpecLimit,
)
from cdktf_cdktf_provider_kubernetes.manifest import Manifest
from cdktf_cdktf_provider_kubernetes.namespace_v1 import NamespaceV1, NamespaceV1Metadata
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

from config.workloads.pod import PodResources
from constructs_lib.workloads.kubernetes_quantity import cpu, memory
from constructs_lib.workloads.named_hosts_policy import NamedHostsPolicy
from constructs_lib.workloads.network_flow import Flow, NamedHosts
from constructs_lib.workloads.network_policy import NetworkPolicy


class RestrictedNamespace(Construct):
    """Holds pods of one size; the API server refuses one that asks for privileges, or for more than the budget.

    Pods have the given flows; every other packet is dropped, in both directions. Where the cluster's policies know
    names, they resolve those of `hosts` alone. `enforced` is `baseline` for pods that others make, and that break the
    restricted standard in a way nobody can mend; they are reported.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        name: str,
        most_pods: int,
        resources: PodResources,
        flows: Sequence[Flow],
        hosts: NamedHosts | None = None,
        enforced: Literal["restricted", "baseline"] = "restricted",
    ) -> None:
        super().__init__(scope, id_)
        self.resource = NamespaceV1(
            self, "boundary", metadata=NamespaceV1Metadata(name=name, labels=_pod_security_labels(enforced))
        )
        self.name = self.resource.metadata.name
        """Reference to the name: whoever uses it comes after the namespace."""
        self.asks_for_whole_names = hosts is not None
        """Whether the DNS answers no name that is tried with a suffix."""
        self.safeguards: list[ITerraformDependable] = [
            self._deny_everything(),
            *([] if hosts is None else [self._allow_hosts(hosts)]),
            *(self._allow(flow) for flow in flows),
            self._bound_the_namespace(most_pods, resources),
            self._bound_each_container(resources),
        ]
        """What must stand before the first pod starts, and fall after the last one ended."""
        # A pod that names no service account gets this one: it must open nothing (CIS 4.1.5).
        DefaultServiceAccountV1(
            self,
            "default-service-account",
            metadata=DefaultServiceAccountV1Metadata(namespace=self.name),
            automount_service_account_token=False,
        )

    def _deny_everything(self) -> NetworkPolicyV1:
        return NetworkPolicyV1(
            self,
            "deny-everything",
            metadata=NetworkPolicyV1Metadata(name="deny-everything", namespace=self.name),
            spec=NetworkPolicyV1Spec(pod_selector=NetworkPolicyV1SpecPodSelector(), policy_types=["Ingress", "Egress"]),
        )

    def _allow(self, flow: Flow) -> NetworkPolicyV1:
        return NetworkPolicy(self, f"allow-{flow.name}", namespace=self.name, flow=flow).resource

    def _allow_hosts(self, hosts: NamedHosts) -> Manifest:
        return NamedHostsPolicy(self, "allow-named-hosts", namespace=self.name, hosts=hosts).resource

    def _bound_the_namespace(self, most_pods: int, resources: PodResources) -> ResourceQuotaV1:
        # In a rollout at full size, new pods run beside old ones that are still ending.
        pods = 2 * most_pods
        return ResourceQuotaV1(
            self,
            "quota",
            metadata=ResourceQuotaV1Metadata(name="budget", namespace=self.name),
            spec=ResourceQuotaV1Spec(
                hard={
                    "pods": str(pods),
                    "requests.cpu": cpu(pods * resources.cpu_millicores),
                    "limits.cpu": cpu(pods * resources.most_millicores),
                    "requests.memory": memory(pods * resources.memory_mib),
                    "limits.memory": memory(pods * resources.most_memory_mib),
                }
            ),
        )

    def _bound_each_container(self, resources: PodResources) -> LimitRangeV1:
        most = {"cpu": cpu(resources.most_millicores), "memory": memory(resources.most_memory_mib)}
        return LimitRangeV1(
            self,
            "limits",
            metadata=LimitRangeV1Metadata(name="container", namespace=self.name),
            spec=LimitRangeV1Spec(
                limit=[
                    LimitRangeV1SpecLimit(
                        type="Container",
                        default_request={"cpu": cpu(resources.cpu_millicores), "memory": memory(resources.memory_mib)},
                        default=most,
                        max=most,
                    )
                ]
            ),
        )


def _pod_security_labels(enforced: str) -> dict[str, str]:
    # `latest`: what a Kubernetes upgrade learns to refuse is refused. https://kubernetes.io/docs/concepts/security/pod-security-admission/
    return {
        f"pod-security.kubernetes.io/{mode}{suffix}": value
        for mode, standard in (("enforce", enforced), ("audit", "restricted"), ("warn", "restricted"))
        for suffix, value in (("", standard), ("-version", "latest"))
    }
