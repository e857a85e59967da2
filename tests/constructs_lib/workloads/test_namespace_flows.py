"""Whom an application speaks with where policies know names; `tests/policy/test_reachability.py` judges where not."""

import pytest
from cdktf import TerraformStack, Testing

from config.workloads.application import ApplicationSettings
from constructs_lib.naming import Naming
from constructs_lib.workloads.named_hosts_policy import NamedHostsPolicy
from constructs_lib.workloads.namespace_flows import application_flows, application_hosts
from tests.constructs_lib.networks import ENDPOINTS
from tests.constructs_lib.workloads.parts import application
from tests.template import Template

NAMING = Naming("shop", "dev", "westeurope", "3f5e0d1c-8a47-4d6b-b2a0-61c9e7f4d201")
API, ORDERS = application("api"), application("orders", database=True, reached_hosts=("pay.example.com",))
WEB = application("web", namespace="front", calls=("api", "orders"))
ALL = (WEB, API, ORDERS)
# Names are asked for with no suffix tried, so a caller has the whole one:
# https://kubernetes.io/docs/concepts/services-networking/dns-pod-service/#a-aaaa-records
OF_APIS = ("api.api.svc.cluster.local", "orders.orders.svc.cluster.local")


@pytest.mark.req(115)
@pytest.mark.parametrize(
    ("one", "reached", "resolved"),
    [
        (WEB, (), OF_APIS),
        (ORDERS, ("login.microsoftonline.com", "pay.example.com"), (NAMING.sql_server_host,)),
        (application("mail", vault_keys=("k",)), ("login.microsoftonline.com",), (NAMING.key_vault_host,)),
        (application("batch", identity=True), ("login.microsoftonline.com",), ()),
    ],
    ids=lambda one: one.name if isinstance(one, ApplicationSettings) else "",
)
def test_names_are_those_that_its_settings_call_for(
    one: ApplicationSettings, reached: tuple[str, ...], resolved: tuple[str, ...]
) -> None:
    hosts = application_hosts(one, ALL, NAMING)

    assert hosts is not None
    assert (hosts.reached, hosts.resolved) == (reached, resolved)


def test_an_application_that_calls_nobody_asks_for_no_name() -> None:
    assert application_hosts(API, ALL, NAMING) is None


def test_no_policy_without_names_opens_dns_or_public_addresses_beside() -> None:
    """Policies add up."""
    flows = [
        flow.name for one in ALL for flow in application_flows(one, ALL, ENDPOINTS.address_plan, names_are_known=True)
    ]

    assert flows == ["call-to-api", "call-to-orders", "call-from-web", "call-from-web", "database"]


def test_who_calls_no_public_name_is_only_let_ask_the_dns() -> None:
    stack = TerraformStack(Testing.app(), "test")
    hosts = application_hosts(WEB, ALL, NAMING)
    assert hosts is not None
    NamedHostsPolicy(stack, "names", namespace="front", hosts=hosts)
    (rule,) = Template.of(stack).resource("kubernetes_manifest")["manifest"]["spec"]["egress"]

    # Without names, `toFQDNs` would let out to none, or to all: the field says nothing of it.
    assert rule["toPorts"][0]["rules"]["dns"] == [{"matchPattern": name} for name in OF_APIS]
    assert rule.keys() == {"toEndpoints", "toPorts"}
