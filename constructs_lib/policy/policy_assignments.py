"""Azure policies over a resource group: what its cluster runs, and how its services stand, whoever asks for it."""

import json
from collections.abc import Sequence

from cdktf_cdktf_provider_azurerm.resource_group_policy_assignment import (
    ResourceGroupPolicyAssignment,
    ResourceGroupPolicyAssignmentNonComplianceMessage,
)
from constructs import Construct

from config.cluster.policy import PolicyEffect
from constructs_lib.policy.policy_rows import NAMESPACES_OF_AZURE, Judge, PolicyRow


class PolicyAssignments(Construct):
    """Assigns each row with one effect.

    No assignment has an identity, since none changes anything: they refuse, or report.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        resource_group_id: str,
        rows: Sequence[PolicyRow],
        effect: PolicyEffect,
        excluded_namespaces: Sequence[str],
    ) -> None:
        super().__init__(scope, id_)
        excluded = {"excludedNamespaces": [*NAMESPACES_OF_AZURE, *excluded_namespaces]}
        for row in rows:
            in_cluster = row.judge is Judge.GATEKEEPER
            name = row.policy.replace("_", "-")
            parameters = {"effect": effect, **(excluded if in_cluster else {}), **row.parameters}
            ResourceGroupPolicyAssignment(
                self,
                name,
                name=name,
                resource_group_id=resource_group_id,
                policy_definition_id=row.definition_id,
                display_name=row.title,
                description=row.because,
                parameters=json.dumps({key: {"value": value} for key, value in parameters.items()}),
                # Gatekeeper has messages of its own, and Azure takes none for it.
                # https://learn.microsoft.com/azure/governance/policy/concepts/assignment-structure#non-compliance-messages
                non_compliance_message=None
                if in_cluster
                else [ResourceGroupPolicyAssignmentNonComplianceMessage(content=f"{row.title}. {row.because}")],
            )
