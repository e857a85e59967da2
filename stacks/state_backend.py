"""The state backend: the account in which all four stacks of the environment, this one included, keep their state."""

from typing import Literal, get_args

from constructs import Construct

from config.azure_devops import AzureDevopsSettings
from config.environment import EnvironmentSettings
from config.identities import PipelineStack
from constructs_lib.naming import StackPurpose
from constructs_lib.services.state_backend import StateBackend
from stacks.platform_stack import PlatformStack


class StateBackendStack(PlatformStack):
    """Deployed by hand, rarely; docs/first-deployment.md says how its own state gets into the account it makes."""

    def __init__(self, scope: Construct, environment: EnvironmentSettings) -> None:
        super().__init__(scope, environment, "state-backend")
        storage = StateBackend(
            self,
            "state",
            resource_group_name=self.naming.state_resource_group,
            account_name=self.naming.state_storage_account,
            container_names={stack: self.naming.state_container(stack) for stack in get_args(StackPurpose)},
            plan_container_names={stack: self.naming.plan_container(stack) for stack in get_args(PipelineStack)},
            location=environment.region,
            settings=environment.state_backend,
        )
        self._resource_group_name = storage.group.name
        self._open_to_people(storage)
        self._open_to_pipelines(storage)

    def _open_to_people(self, storage: StateBackend) -> None:
        operators = self.environment.state_backend.operators_group_id
        for stack in get_args(StackPurpose):
            grantee = "operators" if stack == "state-backend" else f"{stack}-operators"
            storage.grant_write(grantee, stack, operators, principal_type="Group")

    def _open_to_pipelines(self, storage: StateBackend) -> None:
        settings, identities = self.environment.azure_devops, self.environment.identities
        # Made here, an identity is known before its object id stands in the file.
        deploys = self._identity("deploy", settings) if settings else self.environment.pipeline_principal_id
        plans = self._identity("plan", settings) if settings else None
        deployers = {stack: getattr(identities, stack) or deploys for stack in get_args(PipelineStack)}
        for stack, deployer in deployers.items():
            storage.grant_write(stack, stack, deployer, principal_type="ServicePrincipal")
            storage.grant_plans(stack, stack, deployer)
        if planner := identities.network_plan or plans:
            storage.grant_read("network-plan", "network", planner)
            storage.grant_plans("network-plan", "network", planner)
        if planner := identities.cluster_plan or plans:
            storage.grant_read("cluster-plan", "cluster", planner)
            storage.grant_plans("cluster-plan", "cluster", planner)
        # The workloads take from the cluster's state what only Azure knows of it.
        if deployers["workloads"] != deployers["cluster"]:
            storage.grant_read("workloads", "cluster", deployers["workloads"])

    def _identity(self, task: Literal["deploy", "plan"], settings: AzureDevopsSettings) -> str:
        """Make an identity for a service connection; returns its object id."""
        from constructs_lib.services.pipeline_identity import PipelineIdentity, federation_subject

        tenant_id = self.environment.tenant_id
        connection_id = settings.deploy_connection_id if task == "deploy" else settings.plan_connection_id
        identity = PipelineIdentity(
            self,
            f"{task}-identity",
            name=self.naming.pipeline_identity(task),
            resource_group_name=self._resource_group_name,
            location=self.environment.region,
            tenant_id=tenant_id,
            subject=connection_id and federation_subject(tenant_id, settings.organization_id, connection_id),
        )
        principal_id: str = identity.resource.principal_id
        return principal_id
