"""Where Terraform's states have the application of the time when there was one, so that it moves and is not re-created.

Terraform passes over what it does not find in the state, and what the program no longer has:
https://developer.hashicorp.com/terraform/language/modules/develop/refactoring
"""

from hashlib import md5

# By the path of what stands there now, below the application's construct.
FORMER_ADDRESSES = {
    "namespace/boundary": "kubernetes_namespace_v1.namespace_boundary_2DEB06A3",
    "namespace/default-service-account": (
        "kubernetes_default_service_account_v1.namespace_default-service-account_DCE05892"
    ),
    "namespace/deny-everything": "kubernetes_network_policy_v1.namespace_deny-everything_67C725AB",
    "namespace/allow-clients/policy": "kubernetes_network_policy_v1.namespace_allow-clients_policy_31DF6AEF",
    "namespace/allow-database/policy": "kubernetes_network_policy_v1.namespace_allow-database_policy_8AE584C6",
    "namespace/allow-dns/policy": "kubernetes_network_policy_v1.namespace_allow-dns_policy_9CFFABEB",
    "namespace/allow-entra/policy": "kubernetes_network_policy_v1.namespace_allow-entra_policy_1A850BCA",
    "namespace/allow-key-vault/policy": "kubernetes_network_policy_v1.namespace_allow-key-vault_policy_701D63FB",
    "namespace/allow-named-hosts/policy": "kubernetes_manifest.namespace_allow-named-hosts_policy_F11C6018",
    "namespace/quota": "kubernetes_resource_quota_v1.namespace_quota_6F4CBB7B",
    "namespace/limits": "kubernetes_limit_range_v1.namespace_limits_29F88B9E",
    "identity/principal": "azurerm_user_assigned_identity.identity_principal_362D3F82",
    "identity/trust": "azurerm_federated_identity_credential.identity_trust_2FC03B6E",
    "service-account/account": "kubernetes_service_account_v1.identity_service-account_97448892",
    "secrets/read": "azurerm_role_assignment.secrets_read_ABEA197E",
    "secrets/secret-provider-class": "kubernetes_manifest.secrets_secret-provider-class_00F5BB01",
    "application/pods/deployment": "kubernetes_deployment_v1.application_pods_deployment_68980306",
    "application/service": "kubernetes_service_v1.application_service_4EB805EB",
    "application/disruption-budget": ("kubernetes_pod_disruption_budget_v1.application_disruption-budget_A860D1B1"),
    "application/autoscaler": "kubernetes_horizontal_pod_autoscaler_v2.application_autoscaler_BB5C232D",
}


def of_the_first(applications: str, name: str) -> dict[str, str]:
    """The former address of each resource, and where it stands now, below a construct of this id, if it does."""
    return {
        former: f"{former.partition('.')[0]}.{_unique_id((applications, name, *path.split('/')))}"
        for path, former in FORMER_ADDRESSES.items()
    }


def _unique_id(path: tuple[str, ...]) -> str:
    """What cdktf calls a resource at this path; to ask it, resource by resource, is a sixth of what a synth says to it.

    https://github.com/hashicorp/terraform-cdk/blob/v0.21.0/packages/cdktf/lib/private/unique.ts
    """
    told: list[str] = []
    for part in path:
        if not (told and told[-1].endswith(part)):
            told.append(part)
    digest = md5("/".join(path).encode(), usedforsecurity=False).hexdigest()
    return "_".join([*told, digest[:8].upper()])
