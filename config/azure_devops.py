"""Settings of the identities that Azure DevOps signs in as."""

from config.types import Guid, Settings


class AzureDevopsSettings(Settings):
    """Managed identities for the pipelines, which the state backend makes: one that deploys, one that only plans.

    Each trusts one service connection, without a secret. A connection is made for an identity that exists, and only
    then has an id: deploy the state backend, make the connections, and deploy it once more. The identities' object ids
    are `pipeline_principal_id`, `identities.network_plan` and `identities.cluster_plan`: docs/azure-devops.md.
    """

    organization_id: Guid
    """Id of the organization in Azure DevOps."""

    deploy_connection_id: Guid | None = None
    """Id of the service connection that deploys. While it is missing nobody signs in as this identity."""

    plan_connection_id: Guid | None = None
    """Id of the service connection that only plans. While it is missing nobody signs in as this identity."""
