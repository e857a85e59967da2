"""What Entra knows of an application: one tenant, one way back, no secret, and whom it asks for what."""

import pytest
from cdktf import TerraformStack, Testing

from config.workloads.sign_in import SignInSettings
from constructs_lib.workloads.sign_in_registration import SignInRegistration
from tests.template import Template

DEPLOYER = "b8a1c7d4-52e3-4f96-8c0b-1e7d93f5a601"
GROUP = "94c3f8a6-1d72-4e0b-b5f9-8a6e20d7c901"
PERSON = "2f9d6b1c-7e40-4a85-93c1-d0b8e57f2a11"


def registered(**settings: object) -> Template:
    stack = TerraformStack(Testing.app(), "stack")
    SignInRegistration(
        stack,
        "registration",
        settings=SignInSettings(host_name="shop.example.com", **settings),  # type: ignore[arg-type]
        display_name="app-web-shop-dev-weu",
        deployer_id=DEPLOYER,
        issuer_url="https://issuer.example/",
        namespace="web-sign-in",
        service_account_name="web-sign-in",
    )
    return Template.of(stack)


@pytest.mark.req(108)
def test_users_of_one_tenant_come_back_to_one_address() -> None:
    application = registered().resource("azuread_application")

    assert application["sign_in_audience"] == "AzureADMyOrg"
    assert application["api"]["requested_access_token_version"] == 2
    assert application["web"]["redirect_uris"] == ["https://shop.example.com/oauth2/callback"]
    assert application["web"]["implicit_grant"] == {
        "access_token_issuance_enabled": False,
        "id_token_issuance_enabled": False,
    }


@pytest.mark.req(109)
def test_there_is_no_secret_and_the_proxys_service_account_is_trusted() -> None:
    template = registered()
    trust = template.resource("azuread_application_federated_identity_credential")

    assert "password" not in template.resource("azuread_application")
    assert not [type_ for type_ in template.document["resource"] if "password" in type_ or "certificate" in type_]
    assert trust["subject"] == "system:serviceaccount:web-sign-in:web-sign-in"
    assert trust["issuer"] == "https://issuer.example/"
    assert trust["audiences"] == ["api://AzureADTokenExchange"]


@pytest.mark.req(110)
def test_of_users_it_asks_who_they_are_and_nothing_else() -> None:
    """The ids are those of https://learn.microsoft.com/graph/permissions-reference."""
    (asked,) = registered().resource("azuread_application")["required_resource_access"]

    assert asked["resource_app_id"] == "00000003-0000-0000-c000-000000000000"
    assert {(one["id"], one["type"]) for one in asked["resource_access"]} == {
        ("37f7f235-527c-4136-accd-4a02d197296e", "Scope"),  # openid
        ("14dad69e-099b-42c9-810b-d002981feec1", "Scope"),  # profile
        ("64a6cdd6-aab1-4aaf-94b8-3cc8405e90d0", "Scope"),  # email
        ("7427e0e9-2fba-42fe-b0c0-848c9e6a8182", "Scope"),  # offline_access
    }


@pytest.mark.req(110)
def test_users_read_its_name_and_administrators_find_it() -> None:
    template = registered()

    assert template.resource("azuread_application")["display_name"] == "app-web-shop-dev-weu"
    assert template.resource("azuread_service_principal")["feature_tags"] == [{"enterprise": True}]
    assert template.resource("azuread_service_principal")["login_url"] == "https://shop.example.com/"


@pytest.mark.req(108)
@pytest.mark.parametrize("required", [True, False])
def test_whoever_is_not_assigned_stays_outside_unless_all_may_enter(required: bool) -> None:  # noqa: FBT001
    assert registered().resource("azuread_service_principal")["app_role_assignment_required"] is True

    principal = registered(assignment_required=required).resource("azuread_service_principal")
    assert principal["app_role_assignment_required"] is required


def test_groups_are_named_in_tokens_where_they_decide() -> None:
    assert "group_membership_claims" not in registered().resource("azuread_application")

    application = registered(allowed_group_ids=(GROUP,)).resource("azuread_application")
    assert application["group_membership_claims"] == ["ApplicationGroup"]


def test_whoever_deploys_it_owns_it() -> None:
    """What `Application.ReadWrite.OwnedBy` asks for, on both."""
    template = registered(owner_ids=(PERSON,))

    for type_ in ("azuread_application", "azuread_service_principal"):
        assert template.resource(type_)["owners"] == [PERSON, DEPLOYER]
