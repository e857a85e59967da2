"""One flow as a Kubernetes network policy that says why it exists.

A policy only adds to what is allowed; `RestrictedNamespace` denies everything first.
"""

from cdktf_cdktf_provider_kubernetes.network_policy_v1 import (
    NetworkPolicyV1,
    NetworkPolicyV1Metadata,
    NetworkPolicyV1Spec,
    NetworkPolicyV1SpecEgress,
    NetworkPolicyV1SpecEgressPorts,
    NetworkPolicyV1SpecEgressTo,
    NetworkPolicyV1SpecEgressToIpBlock,
    NetworkPolicyV1SpecEgressToNamespaceSelector,
    NetworkPolicyV1SpecEgressToPodSelector,
    NetworkPolicyV1SpecIngress,
    NetworkPolicyV1SpecIngressFrom,
    NetworkPolicyV1SpecIngressFromIpBlock,
    NetworkPolicyV1SpecIngressFromNamespaceSelector,
    NetworkPolicyV1SpecIngressFromPodSelector,
    NetworkPolicyV1SpecIngressPorts,
    NetworkPolicyV1SpecPodSelector,
)
from constructs import Construct

from constructs_lib.workloads.network_flow import AddressRanges, Flow, Pods

# Kubernetes sets it on every namespace.
# https://kubernetes.io/docs/reference/labels-annotations-taints/#kubernetes-io-metadata-name
NAMESPACE_NAME_LABEL = "kubernetes.io/metadata.name"


class NetworkPolicy(Construct):
    """Lets every pod of the namespace have the flow; its reason stands in the policy's annotation `because`."""

    def __init__(self, scope: Construct, id_: str, *, namespace: str, flow: Flow) -> None:
        super().__init__(scope, id_)
        outward = flow.direction == "Egress"
        self.resource = NetworkPolicyV1(
            self,
            "policy",
            metadata=NetworkPolicyV1Metadata(
                name=f"allow-{flow.name}", namespace=namespace, annotations={"because": flow.because}
            ),
            spec=NetworkPolicyV1Spec(
                pod_selector=NetworkPolicyV1SpecPodSelector(),
                policy_types=[flow.direction],
                egress=[_egress(flow)] if outward else None,
                ingress=None if outward else [_ingress(flow)],
            ),
        )


def _egress(flow: Flow) -> NetworkPolicyV1SpecEgress:
    return NetworkPolicyV1SpecEgress(
        to=[_to_pods(flow.peer)] if isinstance(flow.peer, Pods) else _to_addresses(flow.peer),
        ports=[NetworkPolicyV1SpecEgressPorts(protocol=port.protocol, port=str(port.number)) for port in flow.ports],
    )


def _to_pods(pods: Pods) -> NetworkPolicyV1SpecEgressTo:
    return NetworkPolicyV1SpecEgressTo(
        namespace_selector=NetworkPolicyV1SpecEgressToNamespaceSelector(
            match_labels={NAMESPACE_NAME_LABEL: pods.namespace}
        ),
        pod_selector=NetworkPolicyV1SpecEgressToPodSelector(match_labels=pods.labels),
    )


def _to_addresses(addresses: AddressRanges) -> list[NetworkPolicyV1SpecEgressTo]:
    without = list(map(str, addresses.without)) or None
    return [
        NetworkPolicyV1SpecEgressTo(ip_block=NetworkPolicyV1SpecEgressToIpBlock(cidr=str(network), except_=without))
        for network in addresses.ranges
    ]


def _ingress(flow: Flow) -> NetworkPolicyV1SpecIngress:
    return NetworkPolicyV1SpecIngress(
        from_=[_from_pods(flow.peer)] if isinstance(flow.peer, Pods) else _from_addresses(flow.peer),
        ports=[NetworkPolicyV1SpecIngressPorts(protocol=port.protocol, port=str(port.number)) for port in flow.ports],
    )


def _from_pods(pods: Pods) -> NetworkPolicyV1SpecIngressFrom:
    return NetworkPolicyV1SpecIngressFrom(
        namespace_selector=NetworkPolicyV1SpecIngressFromNamespaceSelector(
            match_labels={NAMESPACE_NAME_LABEL: pods.namespace}
        ),
        pod_selector=NetworkPolicyV1SpecIngressFromPodSelector(match_labels=pods.labels),
    )


def _from_addresses(addresses: AddressRanges) -> list[NetworkPolicyV1SpecIngressFrom]:
    without = list(map(str, addresses.without)) or None
    return [
        NetworkPolicyV1SpecIngressFrom(
            ip_block=NetworkPolicyV1SpecIngressFromIpBlock(cidr=str(network), except_=without)
        )
        for network in addresses.ranges
    ]
