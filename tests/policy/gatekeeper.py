"""What Gatekeeper would answer, inside a cluster, to an object that breaks a policy of Azure's.

Azure keeps the rules' own text (Rego) in a store that no test reaches. They are told again here, in the words of the
library that Azure took them from, https://github.com/open-policy-agent/gatekeeper-library/tree/master/src, or of the
templates that people printed from their clusters. On every object of `test_assigned_policies.py`, and on production's
own, they answered as that library's Rego did when it was run beside them (its commit 5c441fb). A rule judges by the
parameters that the assignment sends, and by those of the initiative where it has them.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import Any, NamedTuple

from tests.template import Arguments

Object = dict[str, Any]
Parameters = Mapping[str, Any]


def _containers(pod: Object) -> Iterator[Object]:
    spec = pod["spec"]
    yield from (*spec.get("containers", ()), *spec.get("initContainers", ()), *spec.get("ephemeralContainers", ()))


def _of_context(field: str, container: Object, pod: Object) -> Any:
    """What a container says of itself goes before what its pod says."""
    own = container.get("securityContext", {})
    return own[field] if field in own else pod["spec"].get("securityContext", {}).get(field)


def _privileged(pod: Object, _: Parameters) -> bool:
    return any(one.get("securityContext", {}).get("privileged") for one in _containers(pod))


def _escalating(pod: Object, _: Parameters) -> bool:
    return any(one.get("securityContext", {}).get("allowPrivilegeEscalation") is not False for one in _containers(pod))


def _on_the_hosts_network(pod: Object, parameters: Parameters) -> bool:
    ports = [port["hostPort"] for one in _containers(pod) for port in one.get("ports", ()) if "hostPort" in port]
    outside = any(not parameters["minPort"] <= port <= parameters["maxPort"] for port in ports)
    return outside or bool(pod["spec"].get("hostNetwork") and not parameters["allowHostNetwork"])


def _among_the_hosts_processes(pod: Object, _: Parameters) -> bool:
    return bool(pod["spec"].get("hostPID") or pod["spec"].get("hostIPC"))


def _capable(pod: Object, parameters: Parameters) -> bool:
    allowed, required = (
        {name.lower() for name in parameters[key]} for key in ("allowedCapabilities", "requiredDropCapabilities")
    )
    for one in _containers(pod):
        said = one.get("securityContext", {}).get("capabilities", {})
        added, dropped = ({name.lower() for name in said.get(key, ())} for key in ("add", "drop"))
        if added - allowed or (required - dropped and "all" not in dropped):
            return True
    return False


def _with_other_volumes(pod: Object, parameters: Parameters) -> bool:
    kinds = {kind for volume in pod["spec"].get("volumes", ()) for kind in volume if kind != "name"}
    return not kinds <= set(parameters["allowedVolumeTypes"])


def _as_somebody_else(pod: Object, parameters: Parameters) -> bool:
    for one in _containers(pod):
        user = _of_context("runAsUser", one, pod)
        if user == 0 or (user is None and not _of_context("runAsNonRoot", one, pod)):
            return True
        for field in ("runAsGroup", "supplementalGroups", "fsGroup"):
            assert parameters[f"{field}Rule"] == "MustRunAs"
            value = _of_context(field, one, pod)
            groups = value if isinstance(value, list) else [value]
            ranges = parameters[f"{field}Ranges"]["ranges"]
            if value in (None, []) or not all(any(r["min"] <= g <= r["max"] for r in ranges) for g in groups):
                return True
    return False


def _without_seccomp(pod: Object, parameters: Parameters) -> bool:
    names = {"RuntimeDefault": "runtime/default", "Unconfined": "unconfined"}
    for one in _containers(pod):
        profile = _of_context("seccompProfile", one, pod) or {}
        if names.get(profile.get("type", ""), "not configured") not in parameters["allowedProfiles"]:
            return True
    return False


def _from_elsewhere(pod: Object, parameters: Parameters) -> bool:
    # Go's `$` is the end of the text, Python's may stand before a last line break.
    pattern = re.sub(r"\$$", r"\\Z", parameters["allowedContainerImagesRegex"])
    return any(not re.search(pattern, one["image"]) for one in _containers(pod))


_UNITS: dict[str, int | str] = {"m": "0.001", "": 1, "k": 10**3, "M": 10**6, "Ki": 2**10, "Mi": 2**20, "Gi": 2**30}


def quantity(text: str) -> Decimal:
    """A quantity of Kubernetes' as a number: https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/."""
    number, unit = re.fullmatch(r"([0-9.]+)([A-Za-z]*)", text).groups()  # type: ignore[union-attr]
    return Decimal(number) * Decimal(_UNITS[unit])


def _without_limits(pod: Object, parameters: Parameters) -> bool:
    for one in _containers(pod):
        limits = one.get("resources", {}).get("limits", {})
        for key in ("cpu", "memory"):
            if key not in limits or quantity(limits[key]) > quantity(parameters[f"{key}Limit"]):
                return True
    return False


def _writable(pod: Object, _: Parameters) -> bool:
    return any(not one.get("securityContext", {}).get("readOnlyRootFilesystem") for one in _containers(pod))


_TOKENS = "/var/run/secrets/kubernetes.io/serviceaccount"


def _with_token(pod: Object, _: Parameters) -> bool:
    mounts = {mount["mountPath"] for one in _containers(pod) for mount in one.get("volumeMounts", ())}
    automounts = pod["spec"].get("automountServiceAccountToken")
    return automounts is True or (automounts is None and _TOKENS in mounts)


def _in_the_default_namespace(any_object: Object, _: Parameters) -> bool:
    return bool(any_object["metadata"].get("namespace", "default") == "default")


def _public(service: Object, _: Parameters) -> bool:
    annotations = service["metadata"].get("annotations", {})
    internal = annotations.get("service.beta.kubernetes.io/azure-load-balancer-internal") == "true"
    return service["spec"].get("type") == "LoadBalancer" and not internal


def _claiming(service: Object, parameters: Parameters) -> bool:
    return not set(service["spec"].get("externalIPs", ())) <= set(parameters["allowedExternalIPs"])


def _in_the_clear(ingress: Object, _: Parameters) -> bool:
    annotations = ingress["metadata"].get("annotations", {})
    return not ingress["spec"].get("tls") or annotations.get("kubernetes.io/ingress.allow-http") != "false"


class Rule(NamedTuple):
    """Whether an object of one of the kinds breaks a definition."""

    name: str
    kinds: tuple[str, ...]
    is_broken_by: Callable[[Object, Parameters], bool]
    parameters: Parameters = MappingProxyType({})
    """Those that the initiative itself gives."""


_GROUPS = {"ranges": [{"min": 1, "max": 65535}]}
_POD = ("Pod",)

# By the definition's id. The first is built-in-policies/policySetDefinitions/Kubernetes/PSPRestrictedStandard.json.
RULES: dict[str, tuple[Rule, ...]] = {
    "42b8ef37-b724-4e24-bbc8-7a7708edfe00": (
        Rule("NoPrivilegedContainers", _POD, _privileged),
        Rule("NoPrivilegeEscalation", _POD, _escalating),
        Rule(
            "BlockUsingHostNetwork",
            _POD,
            _on_the_hosts_network,
            {"allowHostNetwork": False, "minPort": 0, "maxPort": 0},
        ),
        Rule("BlockUsingHostProcessIDAndIPC", _POD, _among_the_hosts_processes),
        Rule("ContainerCapabilities", _POD, _capable),
        Rule(
            "AllowedVolumeTypes",
            _POD,
            _with_other_volumes,
            {
                "allowedVolumeTypes": [
                    *("configMap", "csi", "downwardAPI", "emptyDir"),
                    *("ephemeral", "persistentVolumeClaim", "projected", "secret"),
                ]
            },
        ),
        Rule(
            "AllowedUsersGroups",
            _POD,
            _as_somebody_else,
            {f"{field}Rule": "MustRunAs" for field in ("runAsGroup", "supplementalGroups", "fsGroup")}
            | {f"{field}Ranges": _GROUPS for field in ("runAsGroup", "supplementalGroups", "fsGroup")},
        ),
        Rule(
            "AllowedSeccompProfiles", _POD, _without_seccomp, {"allowedProfiles": ["runtime/default", "docker/default"]}
        ),
    ),
    "febd0533-8e55-448f-b837-bd0e06f16469": (Rule("images", _POD, _from_elsewhere),),
    "e345eecc-fa47-480f-9e88-67dcc122b164": (Rule("limits", _POD, _without_limits),),
    "df49d893-a74c-421d-bc95-c663042e5b80": (Rule("read-only root", _POD, _writable),),
    "423dd1ba-798e-40e4-9c4d-b6902674b423": (Rule("tokens", _POD, _with_token),),
    "9f061a12-e40d-4183-a00e-171812443373": (
        Rule("default namespace", ("Pod", "Service", "ServiceAccount"), _in_the_default_namespace),
    ),
    "3fc4dc25-5baf-40d8-9b05-7fe74c1bc64e": (Rule("load balancers", ("Service",), _public),),
    "d46c275d-1680-448d-b2ec-e495a3b6cc89": (Rule("external addresses", ("Service",), _claiming),),
    "1a5b4dca-0b6f-4cf5-907c-56316bc1bf3d": (Rule("HTTPS", ("Ingress",), _in_the_clear),),
}


def refusals(one: Object, assignments: list[Arguments]) -> set[str]:
    """The rules that the object breaks, of those assigned with the effect Deny."""
    broken = set()
    for assignment in assignments:
        sent = {key: value["value"] for key, value in json.loads(assignment["parameters"]).items()}
        namespace = one["metadata"].get("namespace", "default")
        if sent["effect"] != "Deny" or namespace in sent.get("excludedNamespaces", ()):
            continue
        for rule in RULES.get(assignment["policy_definition_id"].rpartition("/")[2], ()):
            if one["kind"] in rule.kinds and rule.is_broken_by(one, {**sent, **rule.parameters}):
                broken.add(rule.name)
    return broken


# Terraform's names of lists, where they are not Kubernetes' in another spelling.
_LISTS = {
    "container": "containers",
    "init_container": "initContainers",
    "port": "ports",
    "volume": "volumes",
    "volume_mount": "volumeMounts",
    "external_ips": "externalIPs",
    "host_pid": "hostPID",
    "host_ipc": "hostIPC",
}
_NUMBERS = {"run_as_user", "run_as_group", "fs_group"}


def _spelled(value: Any) -> Any:
    match value:
        case dict():
            return {
                _LISTS.get(key, re.sub(r"_([a-z])", lambda found: found[1].upper(), key)): int(inner)
                if key in _NUMBERS
                else _spelled(inner)
                for key, inner in value.items()
            }
        case list():
            return [_spelled(inner) for inner in value]
        case _:
            return value


def sent_by_terraform(resources: Mapping[str, list[Arguments]]) -> Iterator[Object]:
    """The pods and services that these resources, by type, lead to."""
    for type_, of_type in resources.items():
        for resource in of_type:
            if not type_.startswith("kubernetes_"):
                break
            metadata = resource.get("metadata", {})
            spec = resource.get("spec", {})
            if type_ == "kubernetes_service_v1":
                yield {"kind": "Service", "metadata": metadata, "spec": _spelled(spec)}
            elif isinstance(spec, dict) and "template" in spec:
                yield {"kind": "Pod", "metadata": metadata, "spec": _spelled(spec["template"]["spec"])}
