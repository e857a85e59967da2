"""Flows as Kubernetes understands them."""

from ipaddress import IPv4Network

import pytest
from cdktf import TerraformStack, Testing

from constructs_lib.workloads.network_flow import AddressRanges, Flow, Pods, allow_egress, allow_ingress, tcp
from constructs_lib.workloads.network_policy import NetworkPolicy
from tests.template import Arguments, Template

PROXY = Pods("proxy", {"app": "oauth2-proxy"})


def _policy(flow: Flow) -> Arguments:
    stack = TerraformStack(Testing.app(), "test")
    NetworkPolicy(stack, "policy", namespace="orders", flow=flow)
    return Template.of(stack).resource("kubernetes_network_policy_v1")


@pytest.mark.req(56)
@pytest.mark.parametrize(
    ("flow", "side"),
    [
        (allow_ingress("proxy", from_=PROXY, ports=tcp(80), because="It signs people in."), ("ingress", "from")),
        (allow_egress("proxy", to=PROXY, ports=tcp(80), because="It signs people in."), ("egress", "to")),
    ],
)
def test_pods_are_those_of_the_namespace_that_have_the_labels(flow: Flow, side: tuple[str, str]) -> None:
    direction, peers = side
    (rule,) = _policy(flow)["spec"][direction]

    # Both selectors in one peer: in a peer each, every pod of the other namespace would be meant.
    assert rule[peers] == [
        {
            "namespace_selector": {"match_labels": {"kubernetes.io/metadata.name": "proxy"}},
            "pod_selector": {"match_labels": {"app": "oauth2-proxy"}},
        }
    ]


def test_every_range_is_a_peer_without_what_is_not_meant() -> None:
    ranges = (IPv4Network("10.0.0.0/16"), IPv4Network("10.1.0.0/16"))
    hole = IPv4Network("10.0.0.0/24")
    flow = allow_egress(
        "office", to=AddressRanges(ranges, without=(hole,)), ports=tcp(443), because="People work there."
    )

    (rule,) = _policy(flow)["spec"]["egress"]

    assert [peer["ip_block"] for peer in rule["to"]] == [
        {"cidr": str(network), "except": [str(hole)]} for network in ranges
    ]


def test_a_flow_opens_its_own_direction_only() -> None:
    flow = allow_ingress("proxy", from_=PROXY, ports=tcp(80, 8443), because="It signs people in.")

    policy = _policy(flow)

    assert policy["spec"]["policy_types"] == ["Ingress"]
    assert "egress" not in policy["spec"]
    assert [(port["protocol"], port["port"]) for port in policy["spec"]["ingress"][0]["ports"]] == [
        ("TCP", "80"),
        ("TCP", "8443"),
    ]


def test_a_flow_says_why() -> None:
    policy = _policy(allow_ingress("proxy", from_=PROXY, ports=tcp(80), because="It signs people in."))

    assert policy["metadata"]["annotations"] == {"because": "It signs people in."}
