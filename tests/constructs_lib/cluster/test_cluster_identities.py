"""What the cluster's identities may do, and nothing more."""

import pytest
from cdktf import TerraformStack, Testing

from tests.constructs_lib.cluster.parts import identities_in, registry_in
from tests.template import Template


@pytest.mark.req(51)
@pytest.mark.req(68)
def test_each_identity_has_its_own_roles_on_single_resources() -> None:
    stack = TerraformStack(Testing.app(), "test")
    registry = registry_in(stack)
    identities = identities_in(stack, registry=registry)
    template = Template.of(stack)

    addresses = {
        identity["name"]: f"azurerm_user_assigned_identity.{address}"
        for address, identity in template.resources("azurerm_user_assigned_identity").items()
    }
    (registry_address,) = template.resources("azurerm_container_registry")
    grants = template.resources("azurerm_role_assignment").values()
    assert {(grant["principal_id"], grant["role_definition_name"], grant["scope"]) for grant in grants} == {
        (f"${{{addresses['id-aks']}.principal_id}}", "Private DNS Zone Contributor", "/privateDnsZones/azmk8s"),
        (f"${{{addresses['id-aks']}.principal_id}}", "Network Contributor", "/virtualNetworks/spoke"),
        (f"${{{addresses['id-aks']}.principal_id}}", "Managed Identity Operator", f"${{{addresses['id-kubelet']}.id}}"),
        (
            f"${{{addresses['id-kubelet']}.principal_id}}",
            "AcrPull",
            f"${{azurerm_container_registry.{registry_address}.id}}",
        ),
    }
    assert len(identities.role_assignments) == len(grants)
