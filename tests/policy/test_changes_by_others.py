"""For every type of resource it was decided what others may change; that is ignored, and nothing else."""

from collections.abc import Mapping

import pytest

from constructs_lib.changes_by_others import CHANGES_BY_OTHERS, LetBe, Written
from rehearsal.core import schema_of
from rehearsal.drift import is_written, steps
from tests.template import Arguments

LET_BE = [(type_, row) for type_, rows in CHANGES_BY_OTHERS.items() for row in rows if isinstance(row, LetBe)]
WRITTEN = {Written.NEVER: {False}, Written.SOMETIMES: {False, True}, Written.TOO: {True}}


def test_every_type_of_resource_was_thought_of(every_resource: Mapping[str, list[Arguments]]) -> None:
    """A new type gets a row in `CHANGES_BY_OTHERS`: an empty one says that nobody else changes anything."""
    assert CHANGES_BY_OTHERS.keys() == every_resource.keys()


@pytest.mark.req(33)
@pytest.mark.parametrize("type_", CHANGES_BY_OTHERS)
def test_what_others_change_is_ignored_and_nothing_else(
    type_: str, every_resource: Mapping[str, list[Arguments]]
) -> None:
    rows = [row for of_type, row in LET_BE if of_type == type_ and not row.computed]

    for resource in every_resource[type_]:
        # Tags are left to others by settings, and held by tests/stacks/test_tags.py.
        ignored = resource.get("lifecycle", {}).get("ignore_changes", [])
        assert [path for path in ignored if not path.startswith("tags[")] == [
            row.argument
            for row in rows
            if row.written is not Written.SOMETIMES or not is_written(row.argument, resource)
        ]


@pytest.mark.parametrize(
    ("type_", "row"), [pytest.param(type_, row, id=f"{type_}.{row.argument}") for type_, row in LET_BE]
)
def test_no_row_ignores_a_setting_unless_it_says_so(
    type_: str, row: LetBe, every_resource: Mapping[str, list[Arguments]]
) -> None:
    written = any(is_written(row.argument, resource) for resource in every_resource[type_])

    assert written in WRITTEN[row.written]


@pytest.mark.parametrize("type_", CHANGES_BY_OTHERS)
def test_every_row_names_an_argument_of_the_provider(type_: str) -> None:
    for row in CHANGES_BY_OTHERS[type_]:
        block = schema_of(type_)
        *blocks, name = [step for step in steps(row.argument) if f'["{step}"]' not in row.argument]
        for outer in blocks:
            block = block["block_types"][outer]["block"]
        flags = block["attributes"].get(name, {}).keys()
        assert name in block["block_types"] or flags & {"optional", "required"}
        # What the provider takes as it finds it is the same as in the schema: optional, and computed.
        assert not isinstance(row, LetBe) or row.computed == ("computed" in flags) or row.written is not Written.NEVER
