"""The stacks that the repository's own environments yield, known without building them."""

from config.environment import EnvironmentSettings
from config.loading import ENVIRONMENTS_FOLDER, load_environments

PURPOSES = ("state-backend", "network", "cluster", "workloads")

ENVIRONMENTS: dict[str, EnvironmentSettings] = {
    environment.name: environment for environment in load_environments(ENVIRONMENTS_FOLDER, {})
}

STACKS = [f"{environment}-{purpose}" for environment in ENVIRONMENTS for purpose in PURPOSES]
