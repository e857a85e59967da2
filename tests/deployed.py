"""The environments that are deployed, from `environments/`, whatever files are there: they are the adopter's.

A test that runs over them asserts only what holds for every valid file, and carries the mark `deployed`. A mistake in
one of the files stops the tests as it stops a synth: with the report, and 2. `ENVIRONMENTS` narrows nothing here.
"""

from config.environment import EnvironmentSettings
from config.loading import ENVIRONMENTS_FOLDER, load_or_exit
from tests.product import PURPOSES

DEPLOYED_ENVIRONMENTS: dict[str, EnvironmentSettings] = {
    environment.name: environment for environment in load_or_exit({})
}

DEPLOYED_FOLDER = ENVIRONMENTS_FOLDER
LOCKED_ENVIRONMENTS = {path.stem for path in (DEPLOYED_FOLDER / "locks").glob("*.json")}

DEPLOYED_STACKS = [f"{environment}-{purpose}" for environment in DEPLOYED_ENVIRONMENTS for purpose in PURPOSES]
