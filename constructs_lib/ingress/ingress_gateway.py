"""A gateway of the Gateway API at one internal address: TLS with certificates of the vault, to routes it allows."""

import hashlib
from collections.abc import Mapping, Sequence

from cdktf import TerraformIterator, Token
from cdktf_cdktf_provider_kubernetes.manifest import (
    Manifest,
    ManifestWait,
    ManifestWaitCondition,
)
from constructs import Construct

from config.workloads.gateway import GATEWAY_NAME, GATEWAY_NAMESPACE, GatewayClass, ListenerSettings
from config.workloads.pod import PodResources
from constructs_lib.network.ports import HTTPS
from constructs_lib.role_assignment import assign_role
from constructs_lib.workloads.network_flow import Flow
from constructs_lib.workloads.network_policy import NAMESPACE_NAME_LABEL
from constructs_lib.workloads.restricted_namespace import RestrictedNamespace
from constructs_lib.workloads.service_account import USE_LABEL, ServiceAccount
from constructs_lib.workloads.workload_identity import WorkloadIdentity

API_VERSION = "gateway.networking.k8s.io/v1"

# AKS keeps two to five pods of a gateway, and one that stays through any drain; of each listener's certificate one more
# pod of its own, which mounts it. https://learn.microsoft.com/azure/aks/app-routing-gateway-api#upgrades
MOST_PODS = 5

# What Istio gives a proxy, written down lest the namespace's budget miss it:
# https://github.com/istio/istio/blob/master/manifests/charts/istio-control/istio-discovery/values.yaml
RESOURCES = PodResources(cpu_millicores=100, cpu_limit_millicores=2000, memory_mib=128, memory_limit_mib=1024)


class IngressGateway(Construct):
    """Answers HTTPS by the names of its listeners, and nothing else: there is no listener for HTTP.

    AKS makes deployment, service, autoscaler and disruption budget, all called `gateway-<class>`. Terraform plans a
    custom resource against the API server: somebody must have switched the class on by then (docs/ingress.md).
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        gateway_class: GatewayClass,
        listeners: Sequence[ListenerSettings],
        routed_namespaces: Sequence[str],
        flows: Sequence[Flow],
        load_balancer_annotations: Mapping[str, str],
        identity_name: str,
        resource_group_name: str,
        location: str,
        issuer_url: str,
        vault_host: str,
        vault_id: str,
    ) -> None:
        super().__init__(scope, id_)
        namespace = RestrictedNamespace(
            self,
            "namespace",
            name=GATEWAY_NAMESPACE,
            most_pods=MOST_PODS + len(listeners),
            resources=RESOURCES,
            flows=flows,
            # Istio's template gives its pods no seccomp profile, and AKS lets nobody add one. In all else they meet the
            # restricted standard. https://github.com/istio/istio/blob/master/manifests/charts/istio-control/istio-discovery/files/kube-gateway.yaml
            # https://learn.microsoft.com/azure/aks/istio-gateway-api#deployment-customization-allow-list-fields
            enforced="baseline",
        )
        identity = WorkloadIdentity(
            self,
            "identity",
            name=identity_name,
            resource_group_name=resource_group_name,
            location=location,
            issuer_url=issuer_url,
            namespace=namespace.name,
            service_account_name=GATEWAY_NAMESPACE,
        )
        reader = ServiceAccount(
            self, "reader", name=GATEWAY_NAMESPACE, namespace=namespace.name, identity=identity, labels=USE_LABEL
        )
        each = TerraformIterator.from_list(list(dict.fromkeys(one.certificate_name for one in listeners)))
        grants = assign_role(
            self,
            "read",
            role="Key Vault Secrets User",
            # With its private key, a certificate is a secret of the same name.
            on=f"{vault_id}/secrets/{Token.as_string(each.value)}",
            principal_id=identity.resource.principal_id,
            # While the gateway goes over to another certificate it needs the one that it serves.
            create_before_destroy=True,
        )
        grants.for_each = each
        customization = self._customize(namespace.name)
        self.resource = Manifest(
            self,
            "gateway",
            # What others add later (`certificateRefs` of a listener, by AKS) is in no manifest, and so changes no plan.
            # https://github.com/hashicorp/terraform-provider-kubernetes/blob/v2.38.0/manifest/provider/plan.go
            manifest={
                "apiVersion": API_VERSION,
                "kind": "Gateway",
                "metadata": {"name": GATEWAY_NAME, "namespace": namespace.name},
                "spec": {
                    "gatewayClassName": gateway_class,
                    "infrastructure": {
                        "annotations": dict(load_balancer_annotations),
                        "parametersRef": {"group": "", "kind": "ConfigMap", "name": "gateway-options"},
                    },
                    "listeners": [
                        _listener(one, f"https://{vault_host}", reader.name, routed_namespaces) for one in listeners
                    ],
                },
            },
            # Until it has certificates and its address: what stands in front, or calls it, comes after.
            wait=ManifestWait(condition=[ManifestWaitCondition(type="Programmed", status="True")]),
            depends_on=[*namespace.safeguards, identity.trust, grants, customization],
        )
        self.namespace = namespace.name
        """Reference to the name: whoever uses it comes after the namespace."""

    def _customize(self, namespace: str) -> Manifest:
        return Manifest(
            self,
            "options",
            manifest={
                "apiVersion": "v1",
                "kind": "ConfigMap",
                "metadata": {"name": "gateway-options", "namespace": namespace},
                "data": {"service": _SERVICE, "deployment": _DEPLOYMENT},
            },
        )


# `Local` keeps the caller's address, by which the namespace's flows know it, as in `Microservice`. Then the balancer
# asks the nodes: the probes that AKS writes for its own default must go. The status port is the kubelet's,
# and no rule of the balancer leads there.
# https://learn.microsoft.com/azure/aks/app-routing-gateway-api#gateway-resource-customization
# https://cloud-provider-azure.sigs.k8s.io/topics/loadbalancer/#loadbalancer-annotations
_PROBED = "".join(
    f"    service.beta.kubernetes.io/port_{port}_health-probe_{what}: null\n"
    for port in (HTTPS, 15021)
    for what in ("port", "protocol", "request-path")
)
_SERVICE = f"""\
metadata:
  annotations:
    service.beta.kubernetes.io/port_15021_no_lb_rule: "true"
{_PROBED}spec:
  externalTrafficPolicy: Local
"""

_DEPLOYMENT = f"""\
spec:
  template:
    spec:
      containers:
        - name: istio-proxy
          resources:
            requests:
              cpu: {RESOURCES.cpu_millicores}m
              memory: {RESOURCES.memory_mib}Mi
            limits:
              cpu: {RESOURCES.most_millicores}m
              memory: {RESOURCES.most_memory_mib}Mi
      topologySpreadConstraints:
        - maxSkew: 1
          topologyKey: kubernetes.io/hostname
          whenUnsatisfiable: ScheduleAnyway
          labelSelector:
            matchLabels:
              gateway.networking.k8s.io/gateway-name: {GATEWAY_NAME}
"""


def listener_name(host: str) -> str:
    """By which the API tells listeners apart: short, since AKS makes a label of it, and a host's own in any order."""
    return f"{host.partition('.')[0][:20].rstrip('-')}-{hashlib.sha256(host.encode()).hexdigest()[:8]}"


def _listener(
    settings: ListenerSettings, vault: str, reader: str, routed_namespaces: Sequence[str]
) -> dict[str, object]:
    return {
        "name": listener_name(settings.host_name),
        "hostname": settings.host_name,
        "port": HTTPS,
        "protocol": "HTTPS",
        "tls": {
            "mode": "Terminate",
            # AKS fetches the certificate, and what is renewed under its name.
            # https://learn.microsoft.com/azure/aks/app-routing-gateway-api-dns-tls#tls-integration
            "options": {
                "kubernetes.azure.com/tls-cert-keyvault-uri": f"{vault}/certificates/{settings.certificate_name}",
                "kubernetes.azure.com/tls-cert-service-account": reader,
            },
        },
        # Nobody else in the cluster takes requests of these names.
        "allowedRoutes": {
            "namespaces": {
                "from": "Selector",
                "selector": {
                    "matchExpressions": [
                        {"key": NAMESPACE_NAME_LABEL, "operator": "In", "values": list(routed_namespaces)}
                    ]
                },
            }
        },
    }
