"""What pods may do in a namespace before anybody allows anything."""

from ipaddress import IPv4Network

import pytest
from cdktf import TerraformStack, Testing

from config.workloads.pod import PodResources
from constructs_lib.workloads.network_flow import AddressRanges, allow_egress, tcp
from constructs_lib.workloads.restricted_namespace import RestrictedNamespace
from tests.template import Template

ENTRA = allow_egress(
    "entra", to=AddressRanges((IPv4Network("20.0.0.0/8"),)), ports=tcp(443), because="Identities are exchanged there."
)


@pytest.fixture(scope="module")
def template() -> Template:
    stack = TerraformStack(Testing.app(), "test")
    resources = PodResources(cpu_millicores=500, memory_mib=1024)
    RestrictedNamespace(stack, "namespace", name="orders", most_pods=3, resources=resources, flows=(ENTRA,))
    return Template.of(stack)


@pytest.mark.req(104)
def test_the_api_server_refuses_pods_with_privileges(template: Template) -> None:
    labels = template.resource("kubernetes_namespace_v1")["metadata"]["labels"]

    assert labels["pod-security.kubernetes.io/enforce"] == "restricted"


@pytest.mark.req(56)
def test_no_pod_speaks_with_anybody_until_a_flow_says_so(template: Template) -> None:
    policies = template.resources("kubernetes_network_policy_v1").values()

    denials = [policy["spec"] for policy in policies if not {"ingress", "egress"} & policy["spec"].keys()]
    assert denials == [{"pod_selector": {}, "policy_types": ["Ingress", "Egress"]}]
    assert {policy["metadata"]["name"] for policy in policies} == {"deny-everything", "allow-entra"}


def test_the_budget_holds_a_rollout_at_full_size(template: Template) -> None:
    budget = template.resource("kubernetes_resource_quota_v1")["spec"]["hard"]

    assert (budget["pods"], budget["requests.cpu"], budget["requests.memory"]) == ("6", "3", "6Gi")


def test_no_container_takes_the_whole_budget(template: Template) -> None:
    budget = template.resource("kubernetes_resource_quota_v1")["spec"]["hard"]
    (limit,) = template.resource("kubernetes_limit_range_v1")["spec"]["limit"]

    # Bursts of all pods, of which a container can take one pod's share.
    assert (budget["limits.cpu"], limit["max"]["cpu"]) == ("12", "2")


def test_a_pod_that_names_no_service_account_gets_no_token(template: Template) -> None:
    assert template.resource("kubernetes_default_service_account_v1")["automount_service_account_token"] is False
