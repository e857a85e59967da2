"""Terraform for every test of this folder: one executable, one set of stand-in providers."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from rehearsal.core import Terraform, offline, used_schemas
from rehearsal.provider_schema import ProviderSchema

pytest.register_assert_rewrite("tests.rehearsal.command_line")  # its assertions explain themselves as a test's do


@pytest.fixture(scope="session")
def terraform(synthesised: Path) -> Iterator[Terraform]:
    """Terraform over stand-in providers, for what needs no cloud of its own."""
    with offline(synthesised) as (terraform, _):
        yield terraform


@pytest.fixture(scope="session")
def terraform_for_deployed(deployed: Path) -> Iterator[Terraform]:
    """The like for what is deployed, which may need other types of resources."""
    with offline(deployed) as (terraform, _):
        yield terraform


@pytest.fixture(scope="session")
def schemas(synthesised: Path) -> dict[str, ProviderSchema]:
    """What the stand-in providers know about themselves."""
    return used_schemas(synthesised)
