"""What is deployed keeps its addresses and names, and all else that cannot be changed in place."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from deployment.address_lock import fault
from tests.deployed import DEPLOYED_ENVIRONMENTS, DEPLOYED_FOLDER, LOCKED_ENVIRONMENTS

pytestmark = pytest.mark.deployed


@pytest.mark.parametrize("environment", sorted(DEPLOYED_ENVIRONMENTS.keys() | LOCKED_ENVIRONMENTS))
def test_what_stands_is_not_destroyed_by_what_is_synthesised(environment: str, deployed: Path) -> None:
    told = fault(environment, deployed, DEPLOYED_FOLDER, datetime.now(UTC).date())

    assert not told, f"\n{told}"
