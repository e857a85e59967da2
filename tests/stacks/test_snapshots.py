"""Nothing that Terraform would be told changes unnoticed."""

from pathlib import Path

import pytest
from syrupy.assertion import SnapshotAssertion
from syrupy.extensions.json import JSONSnapshotExtension

from tests.deployed import DEPLOYED_STACKS
from tests.template import Template

SNAPSHOTS = Path(__file__).parent / "__snapshots__" / "test_snapshots"

pytestmark = pytest.mark.deployed


@pytest.mark.parametrize("stack", DEPLOYED_STACKS)
def test_synthesised_stack(stack: str, deployed: Path, snapshot: SnapshotAssertion) -> None:
    document = Template.read(deployed / "stacks" / stack).document
    fault = "is not what was accepted" if _snapshot(stack).exists() else "has no snapshot yet"

    assert document == snapshot(extension_class=JSONSnapshotExtension), (
        f"{stack} {fault}. `make snapshots` accepts it as it is now: read the difference and commit it with the change."
    )


def test_no_snapshot_outlives_its_environment(pytestconfig: pytest.Config) -> None:
    stale = sorted(path.name for path in set(SNAPSHOTS.glob("*")) - set(map(_snapshot, DEPLOYED_STACKS)))

    # `make snapshots` is about to remove them, when all tests have run.
    assert not stale or pytestconfig.getoption("update_snapshots"), (
        f"environments/ has no file for {', '.join(stale)}. `make snapshots` removes them: commit that with the change."
    )


def _snapshot(stack: str) -> Path:
    return SNAPSHOTS / f"test_synthesised_stack[{stack}].json"
