"""The state backend: the account in which all four stacks of the environment, this one included, keep their state."""

from constructs import Construct

from config.environment import EnvironmentSettings
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
            container_name=self.naming.state_container,
            location=environment.region,
            settings=environment.state_backend,
        )
        grants = [
            storage.grant_state_access(
                "pipeline", environment.pipeline_principal_id, principal_type="ServicePrincipal"
            ),
            storage.grant_state_access(
                "operators", environment.state_backend.operators_group_id, principal_type="Group"
            ),
        ]
        storage.lock(after=grants)
