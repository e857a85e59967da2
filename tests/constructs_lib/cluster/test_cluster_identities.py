"""What the cluster's identities may do, and nothing more."""

import pytest
from cdktf import TerraformStack, Testing

from constructs_lib.cluster.cluster_identities import ClusterIdentities
from tests.template import Template


def _roles(private_dns_zone_id: str | None) -> set[tuple[str, str, str]]:
    """Who has which role on what, by the names of the identities."""
    stack = TerraformStack(Testing.app(), "test")
    ClusterIdentities(
        stack,
        "identities",
        control_plane_name="id-aks",
        kubelet_name="id-kubelet",
        resource_group_name="rg",
        location="westeurope",
        virtual_network_id="/virtualNetworks/spoke",
        private_dns_zone_id=private_dns_zone_id,
    )
    template = Template.of(stack)
    identities = {
        f"${{azurerm_user_assigned_identity.{address}": identity
        for address, identity in template.resources("azurerm_user_assigned_identity").items()
    }

    def named(reference: str) -> str:
        address, _, attribute = reference.rpartition(".")
        return f"{identities[address]['name']} {attribute}" if address in identities else reference

    return {
        (named(grant["principal_id"]), grant["role_definition_name"], named(grant["scope"]))
        for grant in template.resources("azurerm_role_assignment").values()
    }


@pytest.mark.req(51)
@pytest.mark.req(68)
def test_the_control_plane_has_its_roles_on_single_resources() -> None:
    assert _roles("/privateDnsZones/azmk8s") == {
        ("id-aks principal_id}", "Private DNS Zone Contributor", "/privateDnsZones/azmk8s"),
        ("id-aks principal_id}", "Network Contributor", "/virtualNetworks/spoke"),
        ("id-aks principal_id}", "Managed Identity Operator", "id-kubelet id}"),
    }


def test_no_role_is_given_on_a_zone_that_aks_makes() -> None:
    assert {role for _, role, _ in _roles(None)} == {"Network Contributor", "Managed Identity Operator"}
