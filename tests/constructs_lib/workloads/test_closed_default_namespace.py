"""Nothing runs in the namespace `default`."""

import pytest
from cdktf import TerraformStack, Testing

from constructs_lib.workloads.closed_default_namespace import ClosedDefaultNamespace
from tests.template import Template


@pytest.fixture(scope="module")
def template() -> Template:
    stack = TerraformStack(Testing.app(), "test")
    ClosedDefaultNamespace(stack, "default-namespace")
    return Template.of(stack)


@pytest.mark.req(73)
def test_no_pod_starts_and_no_service_leads_in(template: Template) -> None:
    quota = template.resource("kubernetes_resource_quota_v1")

    assert quota["metadata"]["namespace"] == "default"
    # https://kubernetes.io/docs/concepts/policy/resource-quotas/#quota-on-object-count
    assert quota["spec"]["hard"] == dict.fromkeys(
        ("pods", "services.loadbalancers", "services.nodeports", "persistentvolumeclaims"), "0"
    )


def test_what_runs_there_already_speaks_with_nobody(template: Template) -> None:
    policy = template.resource("kubernetes_network_policy_v1")

    assert policy["metadata"]["namespace"] == "default"
    assert policy["spec"] == {"pod_selector": {}, "policy_types": ["Ingress", "Egress"]}


def test_what_azure_policy_refuses_to_change_there_is_left_alone(template: Template) -> None:
    """The rule's kinds: pods, services and service accounts. A change of the default account would fail the stack."""
    types = set(template.document["resource"])

    assert types == {"kubernetes_resource_quota_v1", "kubernetes_network_policy_v1"}
