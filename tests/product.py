"""The stacks that the repository's own environments yield, known without building them."""

from config.loading import load_environments
from config.models import EnvironmentSettings
from main import ENVIRONMENTS_FOLDER

PURPOSES = ("state-backend", "network", "cluster", "workloads")

ENVIRONMENTS: dict[str, EnvironmentSettings] = {
    environment.name: environment for environment in load_environments(ENVIRONMENTS_FOLDER, {})
}

STACKS = [f"{environment}-{purpose}" for environment in ENVIRONMENTS for purpose in PURPOSES]
