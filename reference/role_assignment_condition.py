"""Renders docs/role-assignment-condition.txt: the roles that a pipeline may give away, as Azure's condition on its own.

`python -m reference.role_assignment_condition` prints it; `make docs` writes it.
"""

# Every role that the stacks assign which a pipeline deploys, by its id, which is the same in every tenant.
# https://learn.microsoft.com/azure/role-based-access-control/built-in-roles
ROLES_ASSIGNED: dict[str, str] = {
    "AcrPull": "7f951dda-4ed3-4680-a7ca-43fe172d538d",
    "Azure Kubernetes Service Cluster User Role": "4abbcc35-e782-43d8-92c5-2d3f1bd2253f",
    "Azure Kubernetes Service RBAC Cluster Admin": "b1ff04bb-8a4e-4dc4-8eb5-8693973ce19b",
    "Key Vault Secrets User": "4633458b-17de-408a-b874-0445c86b69e6",
    "Managed Identity Operator": "f1a07417-d97a-45cb-824c-7a7467783830",
    "Network Contributor": "4d97b98b-1d4f-4787-a291-c67834d212e7",
    "Private DNS Zone Contributor": "b12aa53e-6015-4669-85d0-8515ebb3ae7f",
    "Reader": "acdd72a7-3385-48ef-bd42-f606fba81ae7",
    "Storage Blob Data Contributor": "ba92f5b4-2d11-453d-a403-e96b0029c9fe",
    "Virtual Machine Administrator Login": "1c0163c0-47e6-4577-8991-ea5c82e286e4",
}


def render() -> str:
    """The condition, in one line.

    https://learn.microsoft.com/azure/role-based-access-control/delegate-role-assignments-examples#example-constrain-roles
    """
    roles = ", ".join(ROLES_ASSIGNED.values())
    return (
        " AND ".join(
            f"((!(ActionMatches{{'Microsoft.Authorization/roleAssignments/{action}'}})) OR "
            f"(@{source}[Microsoft.Authorization/roleAssignments:RoleDefinitionId] "
            f"ForAnyOfAnyValues:GuidEquals {{{roles}}}))"
            for action, source in (("write", "Request"), ("delete", "Resource"))
        )
        + "\n"
    )


if __name__ == "__main__":
    print(render(), end="")
