"""The state backend: the account in which all four stacks of the environment, this one included, keep their state."""

from collections.abc import Iterator
from typing import get_args

from cdktf_cdktf_provider_azurerm.role_assignment import RoleAssignment
from constructs import Construct

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
        storage.lock(after=[*self._open_to_people(storage), *self._open_to_pipelines(storage)])

    def _open_to_people(self, storage: StateBackend) -> Iterator[RoleAssignment]:
        operators = self.environment.state_backend.operators_group_id
        for stack in get_args(StackPurpose):
            grantee = "operators" if stack == "state-backend" else f"{stack}-operators"
            yield storage.grant_write(grantee, stack, operators, principal_type="Group")

    def _open_to_pipelines(self, storage: StateBackend) -> Iterator[RoleAssignment]:
        environment, identities = self.environment, self.environment.identities
        for stack in get_args(PipelineStack):
            deployer = environment.deployer_of(stack)
            yield storage.grant_write(stack, stack, deployer, principal_type="ServicePrincipal")
            yield storage.grant_plans(stack, stack, deployer)
        if identities.network_plan:
            yield storage.grant_read("network-plan", "network", identities.network_plan)
            yield storage.grant_plans("network-plan", "network", identities.network_plan)
        if identities.cluster_plan:
            yield storage.grant_read("cluster-plan", "cluster", identities.cluster_plan)
            yield storage.grant_plans("cluster-plan", "cluster", identities.cluster_plan)
        # The workloads take from the cluster's state what only Azure knows of it.
        if environment.deployer_of("workloads") != environment.deployer_of("cluster"):
            yield storage.grant_read("workloads", "cluster", environment.deployer_of("workloads"))
