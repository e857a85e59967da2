"""The tests' own environments, made to exercise the product, and the stacks that they yield; known without a synth.

What `environments/` holds is the adopter's: `tests/deployed.py`.
"""

import shutil
from pathlib import Path

from config.environment import EnvironmentSettings
from config.loading import load_environments

ENVIRONMENTS_OF_THE_TESTS = Path(__file__).parent / "environments"
PURPOSES = ("state-backend", "network", "cluster", "workloads")

ENVIRONMENTS: dict[str, EnvironmentSettings] = {
    environment.name: environment for environment in load_environments(ENVIRONMENTS_OF_THE_TESTS, {})
}

WITH_DEFAULT_NETWORK = ("dev", "prod")
"""Hub and spoke, a firewall, agents and a Bastion; the network of `test` is another in all that can be chosen."""

STACKS = [f"{environment}-{purpose}" for environment in ENVIRONMENTS for purpose in PURPOSES]

CHECKOUT = Path(__file__).parents[1]
PROGRAM = ("cdktf.json", "main.py", "command_line", "config", "constructs_lib", "provider_loading", "stacks")


def copy_program(folder: Path) -> Path:
    """Copy all that a synth runs into a folder, where it builds the tests' own environments; returns the folder."""
    folder.mkdir(exist_ok=True)
    for name in PROGRAM:
        source = CHECKOUT / name
        copy = shutil.copytree if source.is_dir() else shutil.copy2
        copy(source, folder / name)
    shutil.copytree(ENVIRONMENTS_OF_THE_TESTS, folder / "environments")
    return folder
