"""Builds every environment's stacks and writes their Terraform JSON; `cdktf synth` runs it, and so can a person."""

import os
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from command_line.faults import faults_in_one_sentence, require_node
from command_line.output_folder import renewed
from config.environment import EnvironmentSettings
from config.loading import load_or_exit

if TYPE_CHECKING:
    from cdktf import App


def build(app: "App", environments: Iterable[EnvironmentSettings]) -> None:
    """Add the four stacks of each environment to the app, in the order of their deployment."""
    # Importing a stack starts Node: first when the settings are known to be right.
    from stacks.cluster import ClusterStack
    from stacks.network import NetworkStack
    from stacks.state_backend import StateBackendStack
    from stacks.workloads import WorkloadsStack

    for environment in environments:
        StateBackendStack(app, environment)
        network = NetworkStack(app, environment)
        cluster = ClusterStack(app, environment)
        cluster.add_dependency(network)
        workloads = WorkloadsStack(app, environment)
        workloads.add_dependency(cluster)


def main() -> None:
    """Synthesise the environments that `ENVIRONMENTS` names, or all.

    Exits with 2 if their settings are wrong, or if something is missing on the machine.
    """
    environments = load_or_exit(os.environ)
    with faults_in_one_sentence():
        require_node()

        import provider_loading  # noqa: F401 - acts before the first import of cdktf

        # isort: split
        from cdktf import App

        from stacks.provider_lock import lay_beside

        with renewed(Path(os.environ.get("CDKTF_OUTDIR") or "cdktf.out")) as folder:
            app = App(outdir=str(folder))
            build(app, environments)
            app.synth()
            lay_beside(folder)


if __name__ == "__main__":
    main()
