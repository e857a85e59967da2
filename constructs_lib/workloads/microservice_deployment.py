"""Pods of one application that run as nobody, write to folders of their own alone, and never outgrow their share."""

from math import ceil
from typing import TypedDict

from cdktf_cdktf_provider_kubernetes.deployment_v1 import (
    DeploymentV1,
    DeploymentV1Metadata,
    DeploymentV1Spec,
    DeploymentV1SpecSelector,
    DeploymentV1SpecStrategy,
    DeploymentV1SpecStrategyRollingUpdate,
    DeploymentV1SpecTemplate,
    DeploymentV1SpecTemplateMetadata,
    DeploymentV1SpecTemplateSpec,
    DeploymentV1SpecTemplateSpecContainer,
    DeploymentV1SpecTemplateSpecContainerEnv,
    DeploymentV1SpecTemplateSpecContainerLifecycle,
    DeploymentV1SpecTemplateSpecContainerLifecyclePreStop,
    DeploymentV1SpecTemplateSpecContainerLifecyclePreStopExec,
    DeploymentV1SpecTemplateSpecContainerLivenessProbe,
    DeploymentV1SpecTemplateSpecContainerLivenessProbeHttpGet,
    DeploymentV1SpecTemplateSpecContainerPort,
    DeploymentV1SpecTemplateSpecContainerReadinessProbe,
    DeploymentV1SpecTemplateSpecContainerReadinessProbeHttpGet,
    DeploymentV1SpecTemplateSpecContainerResources,
    DeploymentV1SpecTemplateSpecContainerSecurityContext,
    DeploymentV1SpecTemplateSpecContainerSecurityContextCapabilities,
    DeploymentV1SpecTemplateSpecContainerStartupProbe,
    DeploymentV1SpecTemplateSpecContainerStartupProbeHttpGet,
    DeploymentV1SpecTemplateSpecContainerVolumeMount,
    DeploymentV1SpecTemplateSpecDnsConfig,
    DeploymentV1SpecTemplateSpecDnsConfigOption,
    DeploymentV1SpecTemplateSpecSecurityContext,
    DeploymentV1SpecTemplateSpecSecurityContextSeccompProfile,
    DeploymentV1SpecTemplateSpecTopologySpreadConstraint,
    DeploymentV1SpecTemplateSpecTopologySpreadConstraintLabelSelector,
    DeploymentV1SpecTemplateSpecVolume,
    DeploymentV1SpecTemplateSpecVolumeCsi,
    DeploymentV1SpecTemplateSpecVolumeEmptyDir,
    DeploymentV1Timeouts,
)
from constructs import Construct

from config.workloads.application import ApplicationSettings
from config.workloads.pod import PodResources
from constructs_lib.workloads.kubernetes_quantity import cpu, memory
from constructs_lib.workloads.namespace_flows import pods_of
from constructs_lib.workloads.restricted_namespace import RestrictedNamespace
from constructs_lib.workloads.service_account import USE_LABEL, ServiceAccount
from constructs_lib.workloads.vault_files import VaultFiles

FILES_FOLDER = "/mnt/secrets-store"
SHUTDOWN_DELAY_SECONDS = 15
STARTUP_STEP_SECONDS = 5
# Where nodes have a proxy, AKS gives its address to every container, and the namespace's flows lead past it.
# https://learn.microsoft.com/azure/aks/http-proxy
NO_PROXY_VARIABLES = {"kubernetes.azure.com/no-http-proxy-vars": "true"}


class MicroserviceDeployment(Construct):
    """Meets the namespace's restricted pod security; starts after its safeguards, its identity and its files."""

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        settings: ApplicationSettings,
        registry_host: str,
        namespace: RestrictedNamespace,
        account: ServiceAccount,
        database_url: str | None,
        files: VaultFiles | None,
        behind_proxy: bool,
    ) -> None:
        super().__init__(scope, id_)
        self.labels = pods_of(settings).labels
        """Selects the pods."""
        identity = account.identity
        ports = [settings.port, *([settings.management_port] if settings.management_port else [])]
        environment = {
            **({} if database_url is None else {settings.database_url_variable: database_url}),
            **{variable.name: variable.value for variable in settings.environment},
        }
        container = DeploymentV1SpecTemplateSpecContainer(
            name="application",
            image=f"{registry_host}/{settings.image_repository}@{settings.image_digest}",
            # Also on a node that has the image: the registry decides each time who may run it (CKV_K8S_15).
            image_pull_policy="Always",
            args=list(settings.arguments) or None,
            port=[DeploymentV1SpecTemplateSpecContainerPort(container_port=port) for port in ports],
            env=[
                DeploymentV1SpecTemplateSpecContainerEnv(name=name, value=value) for name, value in environment.items()
            ]
            or None,
            resources=_resources(settings.resources),
            security_context=DeploymentV1SpecTemplateSpecContainerSecurityContext(
                allow_privilege_escalation=False,
                # Though the pod says it already: left out, the provider sends `false`, which the namespace refuses.
                # https://github.com/hashicorp/terraform-provider-kubernetes/blob/v2.38.0/kubernetes/structures_container.go
                run_as_non_root=True,
                read_only_root_filesystem=True,
                capabilities=DeploymentV1SpecTemplateSpecContainerSecurityContextCapabilities(drop=["ALL"]),
            ),
            volume_mount=_mounts(settings, files),
            lifecycle=_go_on_while_others_still_call(),
            **_probes(settings),
        )
        pod = DeploymentV1SpecTemplateSpec(
            service_account_name=account.name,
            automount_service_account_token=False,
            enable_service_links=False,
            security_context=DeploymentV1SpecTemplateSpecSecurityContext(
                run_as_non_root=True,
                # Nobody on the nodes and in the image, whatever the image says (CKV_K8S_40).
                run_as_user=str(settings.user_id),
                run_as_group=str(settings.user_id),
                # Azure's policy of restricted pods wants both said. Neither gives the pod anything that it has not.
                # https://github.com/Azure/azure-policy/blob/master/built-in-policies/policySetDefinitions/Kubernetes/PSPRestrictedStandard.json
                fs_group=str(settings.user_id),
                supplemental_groups=[settings.user_id],
                seccomp_profile=DeploymentV1SpecTemplateSpecSecurityContextSeccompProfile(type="RuntimeDefault"),
            ),
            dns_config=_whole_names_first() if namespace.asks_for_whole_names else None,
            termination_grace_period_seconds=SHUTDOWN_DELAY_SECONDS + settings.stop_seconds,
            topology_spread_constraint=[
                self._spread_over("topology.kubernetes.io/zone"),
                self._spread_over("kubernetes.io/hostname"),
            ],
            container=[container],
            volume=_volumes(settings, files),
        )
        self.resource = DeploymentV1(
            self,
            "deployment",
            metadata=DeploymentV1Metadata(name=settings.name, namespace=namespace.name, labels=self.labels),
            # Without `replicas`, which are the autoscaler's. The provider still sends a number with every change of the
            # pods, the one that it read when it planned; what was scaled since, the autoscaler scales again.
            # https://github.com/hashicorp/terraform-provider-kubernetes/blob/v2.38.0/kubernetes/resource_kubernetes_deployment_v1.go#L286
            spec=DeploymentV1Spec(
                selector=DeploymentV1SpecSelector(match_labels=self.labels),
                strategy=DeploymentV1SpecStrategy(
                    type="RollingUpdate",
                    rolling_update=DeploymentV1SpecStrategyRollingUpdate(max_surge="25%", max_unavailable="0"),
                ),
                template=DeploymentV1SpecTemplate(
                    metadata=DeploymentV1SpecTemplateMetadata(
                        labels={**self.labels, **(USE_LABEL if identity else {})},
                        # Most programs read files when they start: another list needs other pods.
                        annotations={**_names_of(files), **(NO_PROXY_VARIABLES if behind_proxy else {})} or None,
                    ),
                    spec=pod,
                ),
            ),
            # Longer than the ten minutes after which Kubernetes itself gives a rollout up, and says so.
            timeouts=DeploymentV1Timeouts(create="15m", update="15m"),
            depends_on=[
                *namespace.safeguards,
                *([identity.trust] if identity else ()),
                *(files.ready if files else ()),
            ],
        )

    def _spread_over(self, topology_key: str) -> DeploymentV1SpecTemplateSpecTopologySpreadConstraint:
        return DeploymentV1SpecTemplateSpecTopologySpreadConstraint(
            topology_key=topology_key,
            max_skew=1,
            # A preference: as a rule it would keep pods from moving to the other zones when one fails.
            when_unsatisfiable="ScheduleAnyway",
            label_selector=[
                DeploymentV1SpecTemplateSpecTopologySpreadConstraintLabelSelector(match_labels=self.labels)
            ],
            # In a rollout the new pods are spread among themselves, not around the old ones.
            match_label_keys=["pod-template-hash"],
        )


def _go_on_while_others_still_call() -> DeploymentV1SpecTemplateSpecContainerLifecycle:
    # Load balancers, and nodes, learn some seconds late that a pod is going, and call it until then. An image without
    # `sleep` only loses the delay. https://docs.spring.io/spring-boot/how-to/deployment/cloud.html#howto.deployment.cloud.kubernetes.container-lifecycle
    delay = DeploymentV1SpecTemplateSpecContainerLifecyclePreStopExec(command=["sleep", str(SHUTDOWN_DELAY_SECONDS)])
    return DeploymentV1SpecTemplateSpecContainerLifecycle(
        pre_stop=[DeploymentV1SpecTemplateSpecContainerLifecyclePreStop(exec=delay)]
    )


def _whole_names_first() -> DeploymentV1SpecTemplateSpecDnsConfig:
    # Kubernetes has a name of few dots tried with the cluster's suffixes first, and the policy refuses those; what then
    # happens differs by C library. https://kubernetes.io/docs/concepts/services-networking/dns-pod-service/#pod-dns-config
    return DeploymentV1SpecTemplateSpecDnsConfig(
        option=[DeploymentV1SpecTemplateSpecDnsConfigOption(name="ndots", value="1")]
    )


class _Probes(TypedDict):
    startup_probe: DeploymentV1SpecTemplateSpecContainerStartupProbe
    liveness_probe: DeploymentV1SpecTemplateSpecContainerLivenessProbe
    readiness_probe: DeploymentV1SpecTemplateSpecContainerReadinessProbe


def _probes(settings: ApplicationSettings) -> _Probes:
    probes, port = settings.probes, str(settings.management_port or settings.port)
    return {
        # Until it succeeds the other two wait.
        "startup_probe": DeploymentV1SpecTemplateSpecContainerStartupProbe(
            http_get=DeploymentV1SpecTemplateSpecContainerStartupProbeHttpGet(path=probes.liveness, port=port),
            period_seconds=STARTUP_STEP_SECONDS,
            failure_threshold=ceil(probes.startup_seconds / STARTUP_STEP_SECONDS),
        ),
        "liveness_probe": DeploymentV1SpecTemplateSpecContainerLivenessProbe(
            http_get=DeploymentV1SpecTemplateSpecContainerLivenessProbeHttpGet(path=probes.liveness, port=port),
            timeout_seconds=5,
        ),
        "readiness_probe": DeploymentV1SpecTemplateSpecContainerReadinessProbe(
            http_get=DeploymentV1SpecTemplateSpecContainerReadinessProbeHttpGet(path=probes.readiness, port=port),
            timeout_seconds=5,
        ),
    }


def _resources(resources: PodResources) -> DeploymentV1SpecTemplateSpecContainerResources:
    return DeploymentV1SpecTemplateSpecContainerResources(
        requests={"cpu": cpu(resources.cpu_millicores), "memory": memory(resources.memory_mib)},
        limits={"cpu": cpu(resources.most_millicores), "memory": memory(resources.most_memory_mib)},
    )


def _names_of(files: VaultFiles | None) -> dict[str, str]:
    return {"vault-secrets": ",".join(files.files)} if files else {}


def _mounts(
    settings: ApplicationSettings, files: VaultFiles | None
) -> list[DeploymentV1SpecTemplateSpecContainerVolumeMount]:
    scratch = [
        DeploymentV1SpecTemplateSpecContainerVolumeMount(name=f"writable-{index}", mount_path=folder)
        for index, folder in enumerate(settings.writable_folders)
    ]
    vault = DeploymentV1SpecTemplateSpecContainerVolumeMount(name="secrets", mount_path=FILES_FOLDER, read_only=True)
    return [*scratch, vault] if files else scratch


def _volumes(settings: ApplicationSettings, files: VaultFiles | None) -> list[DeploymentV1SpecTemplateSpecVolume]:
    scratch = [
        DeploymentV1SpecTemplateSpecVolume(
            name=f"writable-{index}", empty_dir=DeploymentV1SpecTemplateSpecVolumeEmptyDir(size_limit="256Mi")
        )
        for index in range(len(settings.writable_folders))
    ]
    if files is None:
        return scratch
    vault = DeploymentV1SpecTemplateSpecVolume(
        name="secrets",
        csi=DeploymentV1SpecTemplateSpecVolumeCsi(
            driver="secrets-store.csi.k8s.io",
            read_only=True,
            volume_attributes={"secretProviderClass": files.name},
        ),
    )
    return [*scratch, vault]
