"""The four stacks of every environment; importing this starts Node."""

from collections.abc import Iterable

from cdktf import App

from config.environment import EnvironmentSettings
from stacks.cluster import ClusterStack
from stacks.network import NetworkStack
from stacks.state_backend import StateBackendStack
from stacks.workloads import WorkloadsStack


def build(app: App, environments: Iterable[EnvironmentSettings]) -> None:
    """Add the four stacks of each environment to the app, in the order of their deployment."""
    for environment in environments:
        StateBackendStack(app, environment)
        network = NetworkStack(app, environment)
        cluster = ClusterStack(app, environment)
        cluster.add_dependency(network)
        workloads = WorkloadsStack(app, environment)
        workloads.add_dependency(cluster)
