"""What Entra knows of an application whose users sign in, and of the proxy that signs them in."""

from collections.abc import Sequence

from cdktf_cdktf_provider_azuread.application import (
    Application,
    ApplicationApi,
    ApplicationRequiredResourceAccess,
    ApplicationRequiredResourceAccessResourceAccess,
    ApplicationWeb,
    ApplicationWebImplicitGrant,
)
from cdktf_cdktf_provider_azuread.application_federated_identity_credential import (
    ApplicationFederatedIdentityCredential,
)
from cdktf_cdktf_provider_azuread.service_principal import ServicePrincipal, ServicePrincipalFeatureTags
from constructs import Construct

from config.workloads.sign_in import SignInSettings
from constructs_lib.workloads.sign_in_proxy import CALLBACK_PATH
from constructs_lib.workloads.workload_identity import TOKEN_AUDIENCE

# The same in every tenant: https://learn.microsoft.com/graph/permissions-reference
MICROSOFT_GRAPH = "00000003-0000-0000-c000-000000000000"
DELEGATED_PERMISSIONS = {
    "openid": "37f7f235-527c-4136-accd-4a02d197296e",
    "profile": "14dad69e-099b-42c9-810b-d002981feec1",
    "email": "64a6cdd6-aab1-4aaf-94b8-3cc8405e90d0",
    "offline_access": "7427e0e9-2fba-42fe-b0c0-848c9e6a8182",
}
"""Who the user is, and that they may be asked for again: nothing of what they have."""


class SignInRegistration(Construct):
    """An application of one tenant, without a secret: only the proxy's own service account signs in as it."""

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        settings: SignInSettings,
        display_name: str,
        deployer_id: str,
        issuer_url: str,
        namespace: str,
        service_account_name: str,
    ) -> None:
        super().__init__(scope, id_)
        # With the right that the pipeline has, only owners change what they made.
        # https://registry.terraform.io/providers/hashicorp/azuread/3.7.0/docs/resources/application#api-permissions
        owners: Sequence[str] = sorted({deployer_id, *settings.owner_ids})
        application = Application(
            self,
            "application",
            display_name=display_name,
            owners=owners,
            prevent_duplicate_names=True,
            sign_in_audience="AzureADMyOrg",
            api=ApplicationApi(requested_access_token_version=2),
            web=ApplicationWeb(
                homepage_url=f"https://{settings.host_name}/",
                redirect_uris=[f"https://{settings.host_name}{CALLBACK_PATH}"],
                implicit_grant=ApplicationWebImplicitGrant(
                    access_token_issuance_enabled=False, id_token_issuance_enabled=False
                ),
            ),
            # Only groups that are assigned to it: all that a user is in may be too many for a token.
            # https://learn.microsoft.com/entra/identity/hybrid/connect/how-to-connect-fed-group-claims
            group_membership_claims=["ApplicationGroup"] if settings.allowed_group_ids else None,
            required_resource_access=[
                ApplicationRequiredResourceAccess(
                    resource_app_id=MICROSOFT_GRAPH,
                    resource_access=[
                        ApplicationRequiredResourceAccessResourceAccess(id=id_, type="Scope")
                        for id_ in DELEGATED_PERMISSIONS.values()
                    ],
                )
            ],
        )
        self.client_id = application.client_id
        """What the pods present themselves as."""
        principal = ServicePrincipal(
            self,
            "principal",
            client_id=application.client_id,
            app_role_assignment_required=settings.assignment_required,
            owners=owners,
            login_url=f"https://{settings.host_name}/",
            # Among the enterprise applications, where an administrator assigns users.
            feature_tags=[ServicePrincipalFeatureTags(enterprise=True)],
        )
        self.principal_id = principal.object_id
        """Object id, to which roles are given."""
        self.trust = ApplicationFederatedIdentityCredential(
            self,
            "trust",
            application_id=application.id,
            display_name="kubernetes-service-account",
            issuer=issuer_url,
            subject=f"system:serviceaccount:{namespace}:{service_account_name}",
            audiences=[TOKEN_AUDIENCE],
        )
        """Without it, Entra refuses the pods' tokens."""
