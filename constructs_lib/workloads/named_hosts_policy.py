"""The names outside the cluster that pods of a namespace may use, as the policy by which Cilium knows names.

Only where Advanced Container Networking Services are on: elsewhere Cilium blocks everything that such a policy allows.
https://learn.microsoft.com/azure/aks/container-network-security-fqdn-filtering-concepts
"""

from typing import Any

from cdktf_cdktf_provider_kubernetes.manifest import Manifest
from constructs import Construct

from constructs_lib.network.ports import DNS, HTTPS
from constructs_lib.workloads.network_flow import NamedHosts


class NamedHostsPolicy(Construct):
    """Other policies only add to it: none may let the pods ask the DNS for more, or reach public addresses at all.

    Terraform plans a custom resource against the API server: the cluster must exist by then.
    """

    def __init__(self, scope: Construct, id_: str, *, namespace: str, hosts: NamedHosts) -> None:
        super().__init__(scope, id_)
        self.resource = Manifest(
            self,
            "policy",
            manifest={
                "apiVersion": "cilium.io/v2",
                "kind": "CiliumNetworkPolicy",
                "metadata": {
                    "name": "allow-named-hosts",
                    "namespace": namespace,
                    "annotations": {"because": hosts.because},
                },
                "spec": {
                    # All pods of the namespace. An empty selector means the same, but cdktf leaves it out.
                    "endpointSelector": {"matchLabels": {"k8s:io.kubernetes.pod.namespace": namespace}},
                    "egress": [_ask_the_dns(hosts), *([_call(hosts.reached)] if hosts.reached else [])],
                },
            },
        )


def _ask_the_dns(hosts: NamedHosts) -> dict[str, Any]:
    kube_dns = {"k8s:io.kubernetes.pod.namespace": "kube-system", "k8s:k8s-app": "kube-dns"}
    return {
        "toEndpoints": [{"matchLabels": kube_dns}],
        "toPorts": [
            {
                "ports": [{"port": str(DNS), "protocol": "ANY"}],
                # Cilium learns the addresses of a name from the answers that it lets through.
                "rules": {"dns": _patterns((*hosts.reached, *hosts.resolved))},
            }
        ],
    }


def _call(names: tuple[str, ...]) -> dict[str, Any]:
    return {
        "toFQDNs": _patterns(names),
        "toPorts": [{"ports": [{"port": str(HTTPS), "protocol": "TCP"}]}],
    }


def _patterns(names: tuple[str, ...]) -> list[dict[str, str]]:
    # A pattern without an asterisk is a name.
    return [{"matchPattern": name} for name in names]
