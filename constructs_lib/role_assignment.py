"""A role granted on one resource to one principal, in the form that does not race with Entra's replication."""

from typing import Literal

from cdktf import TerraformResourceLifecycle
from cdktf_cdktf_provider_azurerm.role_assignment import RoleAssignment
from constructs import Construct

PrincipalType = Literal["ServicePrincipal", "Group"]


def assign_role(
    scope: Construct,
    id_: str,
    *,
    role: str,
    on: str,
    principal_id: str,
    principal_type: PrincipalType = "ServicePrincipal",
    create_before_destroy: bool = False,
) -> RoleAssignment:
    """Grant the built-in `role` on the resource with the ARM id `on`.

    With `create_before_destroy`, who gets the role by a change of the settings has it before whoever had it loses it.
    Terraform then replaces in that way whatever the assignment refers to as well, which must be able to stand twice.
    """
    return RoleAssignment(
        scope,
        id_,
        scope=on,
        role_definition_name=role,
        principal_id=principal_id,
        principal_type=principal_type,
        # An identity made a moment ago is not yet known everywhere in Entra: the type is stated instead of looked up.
        # https://learn.microsoft.com/azure/role-based-access-control/troubleshooting#symptom---assigning-a-role-to-a-new-principal-sometimes-fails
        skip_service_principal_aad_check=True if principal_type == "ServicePrincipal" else None,
        lifecycle=TerraformResourceLifecycle(create_before_destroy=True) if create_before_destroy else None,
    )
