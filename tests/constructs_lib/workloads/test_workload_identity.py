"""Who can take on an application's Azure identity."""

import pytest
from cdktf import TerraformStack, Testing

from constructs_lib.workloads.service_account import ServiceAccount
from constructs_lib.workloads.workload_identity import WorkloadIdentity
from tests.template import Template


@pytest.fixture(scope="module")
def template() -> Template:
    stack = TerraformStack(Testing.app(), "test")
    identity = WorkloadIdentity(
        stack,
        "identity",
        name="id-orders",
        resource_group_name="rg-workloads",
        location="westeurope",
        issuer_url="https://issuer.example",
        namespace="shop",
        service_account_name="orders",
    )
    ServiceAccount(stack, "service-account", name="orders", namespace="shop", identity=identity)
    ServiceAccount(stack, "another", name="bills", namespace="bills")
    return Template.of(stack)


@pytest.mark.req(71)
def test_entra_trusts_one_service_account_of_one_cluster(template: Template) -> None:
    trust = template.resource("azurerm_federated_identity_credential")

    assert trust["issuer"] == "https://issuer.example"
    assert trust["subject"] == "system:serviceaccount:shop:orders"
    assert trust["audience"] == ["api://AzureADTokenExchange"]


@pytest.mark.req(72)
def test_the_service_account_names_the_identity_that_trusts_it_and_opens_nothing_else(template: Template) -> None:
    (identity,) = template.resources("azurerm_user_assigned_identity")
    accounts = template.resources("kubernetes_service_account_v1").values()
    account, other = sorted(accounts, key=lambda one: str(one["metadata"]["name"]), reverse=True)

    assert account["metadata"]["annotations"] == {
        "azure.workload.identity/client-id": f"${{azurerm_user_assigned_identity.{identity}.client_id}}"
    }
    assert template.resource("azurerm_federated_identity_credential")["parent_id"] == (
        f"${{azurerm_user_assigned_identity.{identity}.id}}"
    )
    assert "annotations" not in other["metadata"]
    assert (account["automount_service_account_token"], other["automount_service_account_token"]) == (False, False)
