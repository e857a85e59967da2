"""Which identities deploy an environment, and which only plan it."""

from typing import Literal

from config.types import Guid, Settings

PipelineStack = Literal["network", "cluster", "workloads"]
"""A stack that a pipeline deploys; the state backend is a person's."""


class IdentitiesSettings(Settings):
    """Identities of their own for some stacks. A stack without one is `pipeline_principal_id`'s.

    Each writes the state of its stack alone. One that only plans reads the state and cannot lock it. The workloads
    stack has no such identity: to plan a manifest, Terraform asks the API server to apply it, as a trial.
    """

    network: Guid | None = None
    """Object id of the identity that deploys the network. A change takes the roles from one before the other has
    them."""

    network_plan: Guid | None = None
    """Object id of the identity that only plans the network. A change takes the role from one before the other has
    it."""

    cluster: Guid | None = None
    """Object id of the identity that deploys the cluster. A change takes the roles from one before the other has
    them."""

    cluster_plan: Guid | None = None
    """Object id of the identity that only plans the cluster. A change takes its roles from one before the other has
    them."""

    workloads: Guid | None = None
    """Object id of the identity that deploys the workloads, and administers the cluster to do so. A change takes the
    roles from one before the other has them."""
