"""What outside judges are given, and what the page says of their verdict."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from deployment.kinds import KINDS
from rehearsal.core import executable
from tests.product import CHECKOUT, PURPOSES, copy_program
from tests.template import Template

ROW = re.compile(r"^\| (CKV2?_AZURE_\d+) \| (\d+) \| `(azurerm_\w+)` \| (.+) \|$", re.MULTILINE)


@pytest.fixture(scope="module")
def page() -> str:
    return (CHECKOUT / "docs" / "outside-judges.md").read_text(encoding="utf-8")


def test_each_failure_has_a_reason_and_the_numbers_add_up(page: str) -> None:
    rows = ROW.findall(page)
    passed, all_checks = map(int, re.findall(r"\*\*(\d+) of (\d+) checks pass", page)[0])

    assert len({check for check, *_ in rows}) == len(rows) == page.count("\n| CKV")
    assert sum(int(number) for _, number, *_ in rows) == all_checks - passed
    assert passed / all_checks >= 0.92
    assert not [type_ for _, _, type_, _ in rows if "kubernetes" in type_]


def test_what_fails_is_of_a_type_that_is_made(page: str) -> None:
    assert [type_ for _, _, type_, _ in ROW.findall(page) if type_ not in KINDS] == []


def test_a_checklists_point_is_on_a_type_that_is_made_and_has_a_reason(page: str) -> None:
    rows = page.partition("| Asked for |")[2].splitlines()[2:]
    points = [re.fullmatch(r"\| ([^|]+) \| `(\w+)` \| ([^|]+\.) \|", row) for row in rows]

    assert rows
    assert [row for row, point in zip(rows, points, strict=True) if not (point and point[2] in KINDS)] == []


def test_what_trivy_passes_over_is_on_the_page_with_a_reason_and_no_more(page: str) -> None:
    exceptions = yaml.safe_load((CHECKOUT / "reference" / "trivy-exceptions.yaml").read_text(encoding="utf-8"))

    rows = re.findall(r"^\| (AZU-\d{4}|KUBE-\d{4}) \| `(\w+)` \| (CKV2?_AZURE_\d+) above\. \|$", page, re.MULTILINE)
    assert {one["id"] for one in exceptions["misconfigurations"]} == {check for check, *_ in rows}
    assert all(one["statement"] and one["paths"] for one in exceptions["misconfigurations"])
    # The reason stands where checkov finds the same on the same type.
    assert {(check, type_) for _, type_, check in rows} <= {(check, type_) for check, _, type_, _ in ROW.findall(page)}


def test_what_is_written_for_judges_can_be_parsed(tmp_path: Path) -> None:
    """A file that cannot be parsed is one in which they find nothing."""
    program, output = copy_program(tmp_path / "program"), tmp_path / "output"
    shutil.copytree(CHECKOUT / "reference", program / "reference")
    subprocess.run(  # noqa: S603 - written here
        [sys.executable, "-m", "reference.for_judges", str(output)],
        cwd=program,
        env={**os.environ, "ENV": "prod"},
        check=True,
    )
    terraform = executable(tmp_path)
    stacks = [f"prod-{purpose}" for purpose in PURPOSES]
    for_checkov, for_trivy = output / "json" / "stacks", output / "hcl" / "stacks"

    assert sorted(path.name for path in for_trivy.iterdir()) == sorted(stacks)
    assert sorted(path.name for path in for_checkov.iterdir()) == sorted(stacks)
    for stack in stacks:
        document = Template.read(for_checkov / stack).document
        hcl = for_trivy / stack / "cdk.tf"
        parsed = subprocess.run(  # noqa: S603 - found by the project
            [terraform, "fmt", "-write=false", str(hcl)], capture_output=True, text=True, check=False
        )
        assert parsed.returncode == 0, parsed.stderr
        assert 'resource "azurerm_resource_group"' in hcl.read_text(encoding="utf-8")
        assert document["resource"]["azurerm_resource_group"]
        assert "moved" not in document
        assert "required_version" not in document["terraform"]
