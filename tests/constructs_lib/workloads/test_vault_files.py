"""How secrets, certificates and keys get from the vault to a pod."""

import pytest
from cdktf import TerraformStack, Testing

from tests.constructs_lib.workloads.parts import SECRETS, VAULT_ID, application, files_in, identity_in
from tests.template import Template


@pytest.fixture(scope="module")
def template() -> Template:
    stack = TerraformStack(Testing.app(), "test")
    files_in(stack, "shop", identity_in(stack, "shop"), application(vault_secrets=SECRETS))
    return Template.of(stack)


@pytest.mark.req(97)
def test_the_identity_reads_the_named_secrets_and_nothing_else_in_the_vault(template: Template) -> None:
    grant = template.resource("azurerm_role_assignment")

    assert grant["role_definition_name"] == "Key Vault Secrets User"
    assert grant["scope"] == f"{VAULT_ID}/secrets/${{each.value}}"
    assert grant["for_each"] == '${toset(["payment-api-key", "mail-api-key"])}'


@pytest.mark.req(96)
def test_the_vault_is_read_as_the_workload_and_not_as_the_node(template: Template) -> None:
    (identity,) = template.resources("azurerm_user_assigned_identity")
    parameters = template.resource("kubernetes_manifest")["manifest"]["spec"]["parameters"]

    assert parameters["clientID"] == f"${{azurerm_user_assigned_identity.{identity}.client_id}}"
    assert (parameters["useVMManagedIdentity"], parameters["usePodIdentity"]) == ("false", "false")


@pytest.mark.req(99)
def test_no_copy_of_a_secret_is_left_in_kubernetes(template: Template) -> None:
    spec = template.resource("kubernetes_manifest")["manifest"]["spec"]

    assert spec.keys() == {"provider", "parameters"}
    assert template.resources("kubernetes_secret_v1") == {}


@pytest.mark.req(98)
def test_each_application_has_a_class_of_its_own_name_in_its_own_namespace() -> None:
    stack = TerraformStack(Testing.app(), "test")
    settings = application("mail", namespace="letters", vault_secrets=("mail-api-key",))
    files_in(stack, "letters", identity_in(stack, "letters"), settings)

    manifest = Template.of(stack).resource("kubernetes_manifest")["manifest"]
    assert manifest["kind"] == "SecretProviderClass"
    assert manifest["metadata"] == {"name": "mail", "namespace": "letters"}


@pytest.mark.req(98)
def test_every_named_secret_is_fetched_in_its_latest_version(template: Template) -> None:
    manifest = template.resource("kubernetes_manifest")["manifest"]

    assert manifest["spec"]["parameters"]["objects"] == (
        "array:\n"
        '  - |\n    objectName: "payment-api-key"\n    objectType: secret\n'
        '  - |\n    objectName: "mail-api-key"\n    objectType: secret\n'
    )


@pytest.fixture(scope="module")
def of_every_kind() -> Template:
    stack = TerraformStack(Testing.app(), "test")
    settings = application(vault_secrets=("mail",), vault_certificates=("partner",), vault_keys=("receipts",))
    files_in(stack, "shop", identity_in(stack, "shop"), settings)
    return Template.of(stack)


@pytest.mark.req(97)
def test_of_certificates_and_keys_only_what_is_public_can_be_read(of_every_kind: Template) -> None:
    grants = of_every_kind.resources("azurerm_role_assignment").values()

    # "Key Vault Certificate User" would read the private key, too; "Key Vault Crypto User" would sign.
    assert {(one["scope"].split("/")[-2], one["role_definition_name"], one["for_each"]) for one in grants} == {
        ("secrets", "Key Vault Secrets User", '${toset(["mail"])}'),
        ("certificates", "Key Vault Reader", '${toset(["partner"])}'),
        ("keys", "Key Vault Reader", '${toset(["receipts"])}'),
    }


@pytest.mark.req(98)
def test_a_certificate_is_fetched_as_one_and_not_as_the_secret_that_holds_its_private_key(
    of_every_kind: Template,
) -> None:
    manifest = of_every_kind.resource("kubernetes_manifest")["manifest"]

    # https://learn.microsoft.com/azure/aks/csi-secrets-store-configuration-options
    assert manifest["spec"]["parameters"]["objects"] == (
        "array:\n"
        '  - |\n    objectName: "mail"\n    objectType: secret\n'
        '  - |\n    objectName: "partner"\n    objectType: cert\n'
        '  - |\n    objectName: "receipts"\n    objectType: key\n'
    )
