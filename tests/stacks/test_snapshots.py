"""Nothing that Terraform would be told changes unnoticed."""

from pathlib import Path

import pytest
from syrupy.assertion import SnapshotAssertion
from syrupy.extensions.json import JSONSnapshotExtension

from tests.product import STACKS
from tests.template import Template

HOW_TO_ACCEPT = "If every difference is meant: `make snapshots`, then read and commit the changed files."


@pytest.mark.parametrize("stack", STACKS)
def test_synthesised_stack(stack: str, synthesised: Path, snapshot: SnapshotAssertion) -> None:
    document = Template.read(synthesised / "stacks" / stack).document

    assert document == snapshot(extension_class=JSONSnapshotExtension), HOW_TO_ACCEPT
