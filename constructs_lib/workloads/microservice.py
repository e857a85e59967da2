"""One application that survives the loss of a node and grows with its load."""

from collections.abc import Mapping

from cdktf_cdktf_provider_kubernetes.horizontal_pod_autoscaler_v2 import (
    HorizontalPodAutoscalerV2,
    HorizontalPodAutoscalerV2Metadata,
    HorizontalPodAutoscalerV2Spec,
    HorizontalPodAutoscalerV2SpecMetric,
    HorizontalPodAutoscalerV2SpecMetricResource,
    HorizontalPodAutoscalerV2SpecMetricResourceTarget,
    HorizontalPodAutoscalerV2SpecScaleTargetRef,
)
from cdktf_cdktf_provider_kubernetes.pod_disruption_budget_v1 import (
    PodDisruptionBudgetV1,
    PodDisruptionBudgetV1Metadata,
    PodDisruptionBudgetV1Spec,
    PodDisruptionBudgetV1SpecSelector,
)
from cdktf_cdktf_provider_kubernetes.service_v1 import (
    ServiceV1,
    ServiceV1Metadata,
    ServiceV1Spec,
    ServiceV1SpecPort,
)
from constructs import Construct

from config.workloads.application import ApplicationSettings
from constructs_lib.network.ports import HTTP
from constructs_lib.workloads.microservice_deployment import MicroserviceDeployment
from constructs_lib.workloads.restricted_namespace import RestrictedNamespace
from constructs_lib.workloads.service_account import ServiceAccount
from constructs_lib.workloads.vault_files import VaultFiles


class Microservice(Construct):
    """Answers HTTP at port 80 of its name in the cluster, and of an internal load balancer where it has one.

    It has no public address and no way to get one. `database_url` is that of a database which it signs in to as its own
    identity; `load_balancer_annotations` are how AKS makes the load balancer.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        settings: ApplicationSettings,
        registry_host: str,
        namespace: RestrictedNamespace,
        account: ServiceAccount,
        database_url: str | None = None,
        files: VaultFiles | None = None,
        load_balancer_annotations: Mapping[str, str] | None = None,
        behind_proxy: bool = False,
    ) -> None:
        super().__init__(scope, id_)
        self.deployment = MicroserviceDeployment(
            self,
            "pods",
            settings=settings,
            registry_host=registry_host,
            namespace=namespace,
            account=account,
            database_url=database_url,
            files=files,
            behind_proxy=behind_proxy,
        )
        self.service = ServiceV1(
            self,
            "service",
            metadata=ServiceV1Metadata(
                name=settings.name,
                namespace=namespace.name,
                annotations=load_balancer_annotations,
            ),
            spec=ServiceV1Spec(
                type="LoadBalancer" if load_balancer_annotations else "ClusterIP",
                selector=self.deployment.labels,
                # The management port is nobody's but the kubelet's.
                port=[ServiceV1SpecPort(port=HTTP, target_port=str(settings.port))],
                # Keeps the caller's address, by which the namespace's flows know it. `Cluster` hands a request to a pod
                # on another node under the address of its own node, and Cilium never matches a node by its address:
                # requests would fail by chance.
                # https://learn.microsoft.com/azure/aks/azure-cni-powered-by-cilium#limitations
                # https://learn.microsoft.com/azure/aks/migrate-from-npm-to-cilium-network-policy#ingress-policy-behavior-changes
                external_traffic_policy="Local" if load_balancer_annotations else None,
            ),
        )
        PodDisruptionBudgetV1(
            self,
            "disruption-budget",
            metadata=PodDisruptionBudgetV1Metadata(name=settings.name, namespace=namespace.name),
            spec=PodDisruptionBudgetV1Spec(
                selector=PodDisruptionBudgetV1SpecSelector(match_labels=self.deployment.labels),
                # Not a number of pods to keep: a single one could then never leave its node, and no node be upgraded.
                max_unavailable="1",
            ),
        )
        HorizontalPodAutoscalerV2(
            self,
            "autoscaler",
            metadata=HorizontalPodAutoscalerV2Metadata(name=settings.name, namespace=namespace.name),
            spec=HorizontalPodAutoscalerV2Spec(
                min_replicas=settings.min_replicas,
                max_replicas=settings.max_replicas,
                scale_target_ref=HorizontalPodAutoscalerV2SpecScaleTargetRef(
                    api_version="apps/v1", kind="Deployment", name=self.deployment.resource.metadata.name
                ),
                metric=[
                    HorizontalPodAutoscalerV2SpecMetric(
                        type="Resource",
                        resource=HorizontalPodAutoscalerV2SpecMetricResource(
                            name="cpu",
                            # Of the CPU that is promised, so that bursts have room until the next pod is there.
                            target=HorizontalPodAutoscalerV2SpecMetricResourceTarget(
                                type="Utilization", average_utilization=70
                            ),
                        ),
                    )
                ],
            ),
        )
