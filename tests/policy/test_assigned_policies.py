"""Azure Policy refuses in production what the platform's own pods and services never do."""

import json
from collections.abc import Callable, Mapping
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from config.cluster.policy import BuiltInPolicy
from config.workloads.pod import PodResources
from constructs_lib.policy.policy_rows import LARGEST_CONTAINER, allowed_images
from tests.policy.gatekeeper import RULES, Object, quantity, refusals, sent_by_terraform
from tests.policy.network_options import ACCEPTED, Row
from tests.template import Arguments, Template

ASSIGNMENT = "azurerm_resource_group_policy_assignment"

# What each definition takes besides its effect, as `properties.parameters` of its file says; those with a star must be
# given. https://github.com/Azure/azure-policy/tree/f4a50bacae07ddb096943c597669bcae494a6e29/built-in-policies
_OF_OBJECTS: dict[str, type] = {"excludedNamespaces": list, "namespaces": list}
DEFINITIONS: dict[str, dict[str, type]] = {
    # policySetDefinitions/Kubernetes/PSPRestrictedStandard.json
    "42b8ef37-b724-4e24-bbc8-7a7708edfe00": {
        **_OF_OBJECTS,
        "allowedCapabilities": list,
        "requiredDropCapabilities": list,
    },
    # policyDefinitions/Kubernetes: ContainerAllowedImages, ContainerResourceLimits, ReadOnlyRootFileSystem,
    # BlockAutomountToken, BlockDefaultNamespace, LoadbalancerNoPublicIPs, AllowedExternalIPs and IngressHttpsOnly.json
    "febd0533-8e55-448f-b837-bd0e06f16469": {**_OF_OBJECTS, "allowedContainerImagesRegex*": str},
    "e345eecc-fa47-480f-9e88-67dcc122b164": {**_OF_OBJECTS, "cpuLimit*": str, "memoryLimit*": str},
    "df49d893-a74c-421d-bc95-c663042e5b80": _OF_OBJECTS,
    "423dd1ba-798e-40e4-9c4d-b6902674b423": _OF_OBJECTS,
    "9f061a12-e40d-4183-a00e-171812443373": _OF_OBJECTS,
    "3fc4dc25-5baf-40d8-9b05-7fe74c1bc64e": _OF_OBJECTS,
    "d46c275d-1680-448d-b2ec-e495a3b6cc89": {**_OF_OBJECTS, "allowedExternalIPs": list},
    "1a5b4dca-0b6f-4cf5-907c-56316bc1bf3d": _OF_OBJECTS,
    # policyDefinitions: Kubernetes/AKS_DisableLocalAccounts_Deny, Kubernetes/AKS_PrivateCluster_Deny,
    # Storage/StorageAccountAllowSharedKeyAccess_Audit, Storage/StoragePublicNetworkAccess_AuditDeny,
    # Container Registry/ACR_PublicNetworkAccess_AuditDeny, Key Vault/PublicNetworkAccess_Audit,
    # SQL/SqlServer_PublicNetworkAccess_Audit
    "993c2fcd-2b29-49d2-9eb0-df2c3a730c32": {},
    "040732e8-d947-40b8-95d6-854c95024bf8": {},
    "8c6a50c6-9ffd-4ae7-986f-5fa6111f9a54": {},
    "b2982f36-99f2-4db5-8eff-283140c09693": {},
    "0fdf0491-d080-4575-b627-ad0e843cba0f": {},
    "405c5871-3e91-4644-8a63-58e19d68ff5b": {},
    "1b8ca024-1d5c-4dec-8995-b1a932b41780": {},
}
OF_THE_RESOURCE_MANAGER = {id_ for id_, parameters in DEFINITIONS.items() if not parameters}


def _definition(assignment: Arguments) -> str:
    return str(assignment["policy_definition_id"]).rpartition("/")[2]


def _sent(assignment: Arguments) -> dict[str, Any]:
    return {key: value["value"] for key, value in json.loads(assignment["parameters"]).items()}


def _assignments(stack: Path) -> list[Arguments]:
    return list(Template.read(stack).resources(ASSIGNMENT).values())


@pytest.fixture(scope="module")
def production(synthesised: Path) -> list[Arguments]:
    return _assignments(synthesised / "stacks" / "prod-cluster")


@pytest.mark.req(73)
def test_every_policy_is_assigned_to_the_group_of_the_cluster(production: list[Arguments]) -> None:
    assert sorted(map(_definition, production)) == sorted(DEFINITIONS)
    assert len(production) == len(BuiltInPolicy)
    initiatives = {
        one["policy_definition_id"] for one in production if "/policySetDefinitions/" in one["policy_definition_id"]
    }
    assert initiatives == {
        "/providers/Microsoft.Authorization/policySetDefinitions/42b8ef37-b724-4e24-bbc8-7a7708edfe00"
    }
    assert {one["resource_group_id"] for one in production} == {"${azurerm_resource_group.resource-group.id}"}


def test_definitions_take_what_they_are_sent(every_resource: Mapping[str, list[Arguments]]) -> None:
    for assignment in every_resource[ASSIGNMENT]:
        taken = DEFINITIONS[_definition(assignment)]
        sent = _sent(assignment)
        types = {"effect": str, **{key.rstrip("*"): type_ for key, type_ in taken.items()}}

        assert {key: type(value) for key, value in sent.items()}.items() <= types.items()
        assert {key.rstrip("*") for key in taken if key.endswith("*")} <= sent.keys()
        assert sent["effect"] in ("Deny", "Audit")
        # https://github.com/hashicorp/terraform-provider-azurerm/blob/v4.81.0/internal/services/policy/resource_group_policy_assignment_resource.go
        assert 1 <= len(assignment["name"]) <= 64
        # https://learn.microsoft.com/azure/governance/policy/concepts/assignment-structure#display-name-and-description
        assert len(assignment["display_name"]) <= 128
        assert len(assignment["description"]) <= 512


@pytest.mark.req(73)
@pytest.mark.parametrize(("environment", "effect"), [("prod", "Deny"), ("dev", "Audit"), ("test", "Audit")])
def test_production_refuses_and_others_report(synthesised: Path, environment: str, effect: str) -> None:
    assignments = _assignments(synthesised / "stacks" / f"{environment}-cluster")

    assert assignments
    assert {_sent(one)["effect"] for one in assignments} == {effect}
    # Not enforced, an assignment with the effect Deny refuses nothing.
    assert {one.get("enforce", True) for one in assignments} == {True}


@pytest.mark.req(73)
def test_nobodys_namespace_but_azures_is_excluded(production: list[Arguments]) -> None:
    excluded = [
        _sent(one)["excludedNamespaces"] for one in production if _definition(one) not in OF_THE_RESOURCE_MANAGER
    ]

    # The default of every definition.
    azures = ["kube-system", "gatekeeper-system", "azure-arc", "azure-extensions-usage-system"]
    assert excluded == [azures] * 9


def test_a_cluster_without_egress_has_the_policies_of_its_resources_alone(with_options: Callable[[Row], Path]) -> None:
    """The add-on, which is off there, fetches from Azure what it judges by."""
    stacks = with_options(("no_egress", "no_agents", "gateway"))

    assert {_definition(one) for one in _assignments(stacks / "dev-cluster")} == OF_THE_RESOURCE_MANAGER


# What the platform itself sends.


@pytest.mark.req(73)
def test_the_platforms_own_pods_and_services_pass(
    production: list[Arguments], every_resource: Mapping[str, list[Arguments]]
) -> None:
    own = list(sent_by_terraform(every_resource))

    assert {one["kind"] for one in own} == {"Pod", "Service"}
    # The images are of each environment's own registry; this table's is production's.
    others = [one for one in production if _definition(one) != "febd0533-8e55-448f-b837-bd0e06f16469"]
    assert [(one["metadata"]["name"], broken) for one in own if (broken := refusals(one, others))] == []


@pytest.mark.parametrize("environment", ["prod", "dev", "test"])
def test_the_platforms_own_images_pass(synthesised: Path, environment: str) -> None:
    assignments = [
        {**one, "parameters": one["parameters"].replace('"Audit"', '"Deny"')}
        for one in _assignments(synthesised / "stacks" / f"{environment}-cluster")
    ]
    workloads = Template.read(synthesised / "stacks" / f"{environment}-workloads").document["resource"]
    own = list(sent_by_terraform({type_: list(named.values()) for type_, named in workloads.items()}))

    assert own
    assert [refusals(one, assignments) for one in own] == [set()] * len(own)


def test_the_images_of_another_environment_are_refused(production: list[Arguments], synthesised: Path) -> None:
    of_dev = Template.read(synthesised / "stacks" / "dev-workloads").resources("kubernetes_deployment_v1")
    pods = list(sent_by_terraform({"kubernetes_deployment_v1": list(of_dev.values())}))

    assert pods
    assert [refusals(pod, production) for pod in pods] == [{"images"}] * len(pods)


# By definition: the resources that it judges, and the value that it wants, in Terraform's terms. Each is the `if` of
# the definition turned round; the aliases are properties of the resource that azurerm writes from this argument.
WANTED: dict[str, tuple[str, str, bool]] = {
    "993c2fcd-2b29-49d2-9eb0-df2c3a730c32": ("azurerm_kubernetes_cluster", "local_account_disabled", True),
    "040732e8-d947-40b8-95d6-854c95024bf8": ("azurerm_kubernetes_cluster", "private_cluster_enabled", True),
    "8c6a50c6-9ffd-4ae7-986f-5fa6111f9a54": ("azurerm_storage_account", "shared_access_key_enabled", False),
    "b2982f36-99f2-4db5-8eff-283140c09693": ("azurerm_storage_account", "public_network_access_enabled", False),
    "0fdf0491-d080-4575-b627-ad0e843cba0f": ("azurerm_container_registry", "public_network_access_enabled", False),
    "405c5871-3e91-4644-8a63-58e19d68ff5b": ("azurerm_key_vault", "public_network_access_enabled", False),
    "1b8ca024-1d5c-4dec-8995-b1a932b41780": ("azurerm_mssql_server", "public_network_access_enabled", False),
}


def test_no_resource_of_the_group_is_refused(synthesised: Path, with_options: Callable[[Row], Path]) -> None:
    """A resource that a policy refuses would fail the deployment that makes it."""
    assert WANTED.keys() == OF_THE_RESOURCE_MANAGER
    for stack in (
        synthesised / "stacks" / "prod-cluster",
        *(with_options(row) / f"{'prod' if 'production' in row else 'dev'}-cluster" for row in ACCEPTED),
    ):
        template = Template.read(stack)
        for type_, argument, wanted in WANTED.values():
            assert {one[argument] for one in template.resources(type_).values()} == {wanted}


def test_a_container_may_have_all_that_settings_can_give_it() -> None:
    largest = PodResources(cpu_millicores=4000, cpu_limit_millicores=16000, memory_mib=16384, memory_limit_mib=16384)

    assert quantity(LARGEST_CONTAINER["cpuLimit"]) == largest.most_millicores / 1000
    assert quantity(LARGEST_CONTAINER["memoryLimit"]) == largest.most_memory_mib * 1024**2
    for one_more in ({"cpu_limit_millicores": 16001}, {"cpu_millicores": 4001}, {"memory_limit_mib": 16385}):
        with pytest.raises(ValidationError):
            PodResources(**one_more)


# What they refuse. Registry and digest of no environment: the table of images below tries those.

IMAGE = f"crcompany.azurecr.io/shop/orders@sha256:{'3b' * 32}"
GOOD_CONTAINER: Object = {
    "name": "application",
    "image": IMAGE,
    "resources": {"limits": {"cpu": "1", "memory": "1Gi"}},
    "securityContext": {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    },
}
GOOD: dict[str, Object] = {
    "Pod": {
        "kind": "Pod",
        "metadata": {"name": "orders", "namespace": "orders"},
        "spec": {
            "automountServiceAccountToken": False,
            "securityContext": {
                "runAsNonRoot": True,
                "runAsUser": 10001,
                "runAsGroup": 10001,
                "fsGroup": 10001,
                "supplementalGroups": [10001],
                "seccompProfile": {"type": "RuntimeDefault"},
            },
            "containers": [GOOD_CONTAINER],
        },
    },
    "Service": {
        "kind": "Service",
        "metadata": {
            "name": "orders",
            "namespace": "orders",
            "annotations": {"service.beta.kubernetes.io/azure-load-balancer-internal": "true"},
        },
        "spec": {"type": "LoadBalancer"},
    },
    "Ingress": {
        "kind": "Ingress",
        "metadata": {
            "name": "orders",
            "namespace": "orders",
            "annotations": {"kubernetes.io/ingress.allow-http": "false"},
        },
        "spec": {"tls": [{"hosts": ["shop.example.com"]}]},
    },
    "ServiceAccount": {"kind": "ServiceAccount", "metadata": {"name": "orders", "namespace": "orders"}, "spec": {}},
}
ABSENT = object()
_OF_THE_CONTAINER, _CONTEXT = "spec.containers.0", "spec.containers.0.securityContext"

# The rule that refuses, the kind of object, and the one change that breaks it.
BAD: tuple[tuple[str, str, str, Any], ...] = (
    ("NoPrivilegedContainers", "Pod", f"{_CONTEXT}.privileged", True),
    ("NoPrivilegeEscalation", "Pod", f"{_CONTEXT}.allowPrivilegeEscalation", ABSENT),
    ("BlockUsingHostNetwork", "Pod", "spec.hostNetwork", True),
    ("BlockUsingHostNetwork", "Pod", f"{_OF_THE_CONTAINER}.ports", [{"hostPort": 8080}]),
    ("BlockUsingHostProcessIDAndIPC", "Pod", "spec.hostPID", True),
    ("BlockUsingHostProcessIDAndIPC", "Pod", "spec.hostIPC", True),
    ("ContainerCapabilities", "Pod", f"{_CONTEXT}.capabilities", {"drop": ["ALL"], "add": ["NET_RAW"]}),
    ("ContainerCapabilities", "Pod", f"{_CONTEXT}.capabilities", ABSENT),
    ("ContainerCapabilities", "Pod", f"{_CONTEXT}.capabilities", {"drop": ["NET_RAW"]}),
    ("AllowedVolumeTypes", "Pod", "spec.volumes", [{"name": "node", "hostPath": {"path": "/"}}]),
    ("AllowedVolumeTypes", "Pod", "spec.volumes", [{"name": "share", "nfs": {"server": "10.0.0.4"}}]),
    ("AllowedUsersGroups", "Pod", "spec.securityContext.runAsUser", 0),
    ("AllowedUsersGroups", "Pod", f"{_CONTEXT}.runAsUser", 0),
    ("AllowedUsersGroups", "Pod", "spec.securityContext.runAsGroup", 0),
    ("AllowedUsersGroups", "Pod", "spec.securityContext.fsGroup", ABSENT),
    ("AllowedUsersGroups", "Pod", "spec.securityContext.supplementalGroups", [10001, 0]),
    ("AllowedSeccompProfiles", "Pod", "spec.securityContext.seccompProfile", ABSENT),
    ("AllowedSeccompProfiles", "Pod", f"{_CONTEXT}.seccompProfile", {"type": "Unconfined"}),
    ("images", "Pod", f"{_OF_THE_CONTAINER}.image", "docker.io/library/alpine:3"),
    ("images", "Pod", "spec.initContainers", [{**GOOD_CONTAINER, "name": "init", "image": "alpine"}]),
    ("limits", "Pod", f"{_OF_THE_CONTAINER}.resources", ABSENT),
    ("limits", "Pod", f"{_OF_THE_CONTAINER}.resources.limits", {"cpu": "1"}),
    ("limits", "Pod", f"{_OF_THE_CONTAINER}.resources.limits.memory", "17Gi"),
    ("limits", "Pod", f"{_OF_THE_CONTAINER}.resources.limits.cpu", "16001m"),
    ("read-only root", "Pod", f"{_CONTEXT}.readOnlyRootFilesystem", ABSENT),
    ("tokens", "Pod", "spec.automountServiceAccountToken", True),
    ("default namespace", "Pod", "metadata.namespace", "default"),
    ("default namespace", "Service", "metadata.namespace", ABSENT),
    ("default namespace", "ServiceAccount", "metadata.namespace", "default"),
    ("load balancers", "Service", "metadata.annotations", ABSENT),
    ("external addresses", "Service", "spec.externalIPs", ["20.50.1.1"]),
    ("HTTPS", "Ingress", "spec.tls", ABSENT),
    ("HTTPS", "Ingress", "metadata.annotations", ABSENT),
)


def _changed(kind: str, path: str, value: Any) -> Object:
    changed = deepcopy(GOOD[kind])
    inner: Any = changed
    *parents, key = path.split(".")
    for step in parents:
        inner = inner[int(step)] if isinstance(inner, list) else inner[step]
    if value is ABSENT:
        del inner[key]
    else:
        inner[key] = value
    return changed


@pytest.fixture(scope="module")
def with_the_companys_images(production: list[Arguments]) -> list[Arguments]:
    """Production's assignments, whose images are of the registry above."""
    pattern = json.dumps(allowed_images(["crcompany.azurecr.io"]))
    return [
        {
            **one,
            "parameters": f'{{"effect": {{"value": "Deny"}}, "allowedContainerImagesRegex": {{"value": {pattern}}}}}',
        }
        if _definition(one) == "febd0533-8e55-448f-b837-bd0e06f16469"
        else one
        for one in production
    ]


@pytest.mark.parametrize("kind", GOOD)
def test_what_breaks_no_rule_is_let_in(kind: str, with_the_companys_images: list[Arguments]) -> None:
    assert refusals(GOOD[kind], with_the_companys_images) == set()


@pytest.mark.req(74)
@pytest.mark.parametrize(("rule", "kind", "path", "value"), BAD)
def test_what_breaks_a_rule_is_refused_by_it(
    rule: str, kind: str, path: str, value: Any, with_the_companys_images: list[Arguments]
) -> None:
    assert refusals(_changed(kind, path, value), with_the_companys_images) == {rule}


def test_every_rule_refuses_something() -> None:
    assert {rule for rule, *_ in BAD} == {rule.name for rules in RULES.values() for rule in rules}


REGISTRIES = ["crshop1a2b3.azurecr.io", "registry.example.com"]
DIGEST = "a1" * 32


@pytest.mark.req(73)
@pytest.mark.parametrize(
    ("image", "is_allowed"),
    [
        ("crshop1a2b3.azurecr.io/orders", True),
        ("crshop1a2b3.azurecr.io/shop/orders_api-v2.x:1.4.0-RC1", True),
        (f"crshop1a2b3.azurecr.io/shop/orders@sha256:{DIGEST}", True),
        (f"registry.example.com/shop/orders:1@sha256:{DIGEST}", True),
        # The registry's name in front of another's, behind it, and in another's path.
        ("crshop1a2b3.azurecr.io.evil.example/orders", False),
        ("evil.example/crshop1a2b3.azurecr.io/orders", False),
        ("evilcrshop1a2b3.azurecr.io/orders", False),
        ("crshop1a2b3.azurecr.io:443/orders", False),
        ("crshop1a2b3.azurecr.io@evil.example/orders", False),
        # A dot that is any letter, and a registry that begins alike.
        ("crshop1a2b3xazurecr.io/orders", False),
        ("crshop1a2b3.azurecr.iox/orders", False),
        ("crshop1a2b3.azurecr.io", False),
        ("crshop1a2b3.azurecr.io/", False),
        ("CRSHOP1A2B3.azurecr.io/orders", False),
        ("crshop1a2b3.azurecr.io/Orders", False),
        ("crshop1a2b3.azurecr.io/../evil/orders", False),
        ("crshop1a2b3.azurecr.io/orders\nevil.example/orders", False),
        ("evil.example/orders\ncrshop1a2b3.azurecr.io/orders", False),
        ("crshop1a2b3.azurecr.io/orders\n", False),
        (" crshop1a2b3.azurecr.io/orders", False),
        ("crshop1a2b3.azurecr.io/orders@sha256:a1", False),
        ("crshop1a2b3.azurecr.io/orders@evil.example", False),
        ("mcr.microsoft.com/azuredocs/aks-helloworld:v1", False),
        ("nginx", False),
        ("", False),
    ],
)
def test_only_images_of_the_registries_run(image: str, is_allowed: bool) -> None:  # noqa: FBT001 - a row of the table
    assignment = {
        "policy_definition_id": "/febd0533-8e55-448f-b837-bd0e06f16469",
        "parameters": json.dumps(
            {"effect": {"value": "Deny"}, "allowedContainerImagesRegex": {"value": allowed_images(REGISTRIES)}}
        ),
    }

    assert (refusals(_changed("Pod", f"{_OF_THE_CONTAINER}.image", image), [assignment]) == set()) is is_allowed
