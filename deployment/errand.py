"""A pod that does one errand in the cluster: in a namespace of its own, which goes with it.

It meets the restricted pod security standard and the platform's policies, reaches what its errand needs and nothing
else, has no identity, and ends by itself after a quarter of an hour, whatever becomes of who sent it.
"""

import json
import secrets
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from deployment.kubectl import Kubectl, KubectlError

# Kubernetes' own image for looking at networks: it has `dig` and `nc`.
# https://github.com/kubernetes/kubernetes/tree/master/test/images/agnhost
IMAGE = "e2e-test-images/agnhost@sha256:99c6b4bb4a1e1df3f0b3752168c89358794d02258ebebc26bf21c29399011a85"
_TAG = "e2e-test-images/agnhost:2.53"
_USER = 10001
_LONGEST_SECONDS = 900

Manifest = dict[str, Any]
Egress = Sequence[Mapping[str, Any]]
"""Rules of a network policy."""

# https://kubernetes.io/docs/concepts/services-networking/dns-pod-service/
TO_THE_CLUSTERS_DNS: Mapping[str, Any] = {
    "to": [
        {
            "namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "kube-system"}},
            "podSelector": {"matchLabels": {"k8s-app": "kube-dns"}},
        }
    ],
    "ports": [{"protocol": "UDP", "port": 53}, {"protocol": "TCP", "port": 53}],
}


class Errand:
    """The pod, once it runs."""

    def __init__(self, kubectl: Kubectl, namespace: str) -> None:
        self.kubectl = kubectl
        self._namespace = namespace

    def within(self, *command: str) -> list[str]:
        """The arguments by which kubectl runs a command in the pod, with the caller's input and output."""
        return ["exec", "--stdin", "--namespace", self._namespace, "errand", "--", *command]


def registry_of(workloads: Mapping[str, Any]) -> str:
    """The host of the registry that the environment's pods come from."""
    deployment = next(iter(workloads["resource"]["kubernetes_deployment_v1"].values()))
    image: str = deployment["spec"]["template"]["spec"]["container"][0]["image"]
    return image.partition("/")[0]


def manifests(namespace: str, registry: str, egress: Egress) -> list[Manifest]:
    """The namespace, what its pods may reach, and the pod."""
    labels = {"app.kubernetes.io/managed-by": "deployment.errand"}
    return [
        {
            "apiVersion": "v1",
            "kind": "Namespace",
            "metadata": {"name": namespace, "labels": {**labels, "pod-security.kubernetes.io/enforce": "restricted"}},
        },
        {
            "apiVersion": "networking.k8s.io/v1",
            "kind": "NetworkPolicy",
            "metadata": {"name": "errand", "namespace": namespace},
            "spec": {"podSelector": {}, "policyTypes": ["Ingress", "Egress"], "egress": list(egress)},
        },
        {
            "apiVersion": "v1",
            "kind": "Pod",
            "metadata": {"name": "errand", "namespace": namespace, "labels": labels},
            "spec": {
                "activeDeadlineSeconds": _LONGEST_SECONDS,
                "automountServiceAccountToken": False,
                "containers": [
                    {
                        "name": "errand",
                        "image": f"{registry}/{IMAGE}",
                        "args": ["pause"],
                        "resources": {
                            "requests": {"cpu": "10m", "memory": "32Mi"},
                            "limits": {"cpu": "100m", "memory": "64Mi"},
                        },
                        "securityContext": {
                            "allowPrivilegeEscalation": False,
                            "capabilities": {"drop": ["ALL"]},
                            "readOnlyRootFilesystem": True,
                        },
                    }
                ],
                "enableServiceLinks": False,
                "restartPolicy": "Never",
                "securityContext": {
                    "fsGroup": _USER,
                    "runAsGroup": _USER,
                    "runAsNonRoot": True,
                    "runAsUser": _USER,
                    "seccompProfile": {"type": "RuntimeDefault"},
                    "supplementalGroups": [_USER],
                },
                "terminationGracePeriodSeconds": 5,
            },
        },
    ]


@contextmanager
def errand(kubectl: Kubectl, registry: str, egress: Egress) -> Iterator[Errand]:
    """Send a pod, and take it back with all that came with it.

    Raises:
        KubectlError: it does not start; the message says what to look for.

    """
    namespace = f"errand-{secrets.token_hex(4)}"
    documents = {"apiVersion": "v1", "kind": "List", "items": manifests(namespace, registry, egress)}
    try:
        kubectl.run("apply", "--filename", "-", given=json.dumps(documents))
        try:
            kubectl.run("wait", "pod/errand", "--namespace", namespace, "--for=condition=Ready", "--timeout=3m")
        except KubectlError:
            print(kubectl.run("get", "events", "--namespace", namespace))
            command = (
                f"az acr import --name {registry.partition('.')[0]} --source registry.k8s.io/{IMAGE} --image {_TAG}"
            )
            raise KubectlError(
                f"the pod does not start; if its image is not in the registry, `{command}` brings it there"
            ) from None
        yield Errand(kubectl, namespace)
    finally:
        kubectl.run("delete", "namespace", namespace, "--ignore-not-found", "--wait=false")
