"""Who can take on an application's Azure identity."""

import pytest
from cdktf import TerraformStack, Testing

from constructs_lib.workloads.workload_identity import WorkloadIdentity
from tests.template import Template


@pytest.fixture(scope="module")
def template() -> Template:
    stack = TerraformStack(Testing.app(), "test")
    WorkloadIdentity(
        stack,
        "identity",
        name="id-orders",
        resource_group_name="rg-workloads",
        location="westeurope",
        issuer_url="https://issuer.example",
        namespace="shop",
        service_account_name="orders",
    )
    return Template.of(stack)


@pytest.mark.req(71)
def test_entra_trusts_one_service_account_of_one_cluster(template: Template) -> None:
    (account,) = template.resources("kubernetes_service_account_v1")
    trust = template.resource("azurerm_federated_identity_credential")

    assert trust["issuer"] == "https://issuer.example"
    assert (
        trust["subject"] == f"system:serviceaccount:shop:${{kubernetes_service_account_v1.{account}.metadata[0].name}}"
    )
    assert trust["audience"] == ["api://AzureADTokenExchange"]


@pytest.mark.req(72)
def test_the_service_account_names_the_identity_that_trusts_it_and_opens_nothing_else(template: Template) -> None:
    (identity,) = template.resources("azurerm_user_assigned_identity")
    account = template.resource("kubernetes_service_account_v1")

    assert account["metadata"]["annotations"] == {
        "azure.workload.identity/client-id": f"${{azurerm_user_assigned_identity.{identity}.client_id}}"
    }
    assert template.resource("azurerm_federated_identity_credential")["parent_id"] == (
        f"${{azurerm_user_assigned_identity.{identity}.id}}"
    )
    assert account["automount_service_account_token"] is False
