"""Every resource that can carry tags carries all of them, and only those that others manage are left to others."""

from pathlib import Path

import pytest

from tests.product import PURPOSES
from tests.template import Arguments, Template

OF_EVERYBODY = {"workload", "environment", "owner", "cost-center", "data-classification", "managed-by"}
LEFT_TO_OTHERS = ['tags["CreatedBy"]', 'tags["Cost Center"]']


def _ignored(resource: Arguments) -> list[str]:
    ignored: list[str] = resource.get("lifecycle", {}).get("ignore_changes") or []
    return ignored


@pytest.mark.parametrize("purpose", PURPOSES)
def test_every_resource_has_the_tags_that_the_settings_add_and_leaves_others_to_others(
    purpose: str, synthesised: Path
) -> None:
    stack = Template.read(synthesised / "stacks" / f"test-{purpose}")
    tagged = [one for resources in stack.document["resource"].values() for one in resources.values() if "tags" in one]

    assert tagged
    assert all(one["tags"].keys() == OF_EVERYBODY | {"Application"} for one in tagged)
    assert all(_ignored(one)[-2:] == LEFT_TO_OTHERS for one in tagged)


def test_what_a_construct_leaves_alone_stays_so_and_its_lifecycle_too(synthesised: Path) -> None:
    test, dev = (
        Template.read(synthesised / "stacks" / f"{environment}-cluster").resource("azurerm_kubernetes_cluster")
        for environment in ("test", "dev")
    )

    assert _ignored(test)[-2:] == LEFT_TO_OTHERS
    # In `test` the metrics are written, and so not left to others.
    assert set(_ignored(dev)) - set(_ignored(test)) == {"monitor_metrics"}
    assert dev["lifecycle"].keys() == test["lifecycle"].keys()
