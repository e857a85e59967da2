"""What outside judges are given, and what the page says of their verdict."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from deployment.kinds import KINDS
from reference.for_judges import hcl_for_trivy, json_for_checkov
from rehearsal.core import executable
from tests.product import CHECKOUT, STACKS, copy_program

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

    rows = re.findall(r"^\| (AZU-\d{4}|KUBE-\d{4}) \| `(\w+)` \| (CKV_AZURE_\d+) above\. \|$", page, re.MULTILINE)
    assert {one["id"] for one in exceptions["misconfigurations"]} == {check for check, *_ in rows}
    assert all(one["statement"] and one["paths"] for one in exceptions["misconfigurations"])
    # The reason stands where checkov finds the same on the same type.
    assert {(check, type_) for _, type_, check in rows} <= {(check, type_) for check, _, type_, _ in ROW.findall(page)}


def test_a_copy_lacks_what_checkov_cannot_parse_and_nothing_else() -> None:
    program = {"moved": [{}], "resource": {"a": {}}, "terraform": {"required_version": "1", "backend": {}}}

    assert json_for_checkov(program) == {"resource": {"a": {}}, "terraform": {"backend": {}}}


def test_what_cdktf_writes_for_trivy_is_hcl(tmp_path: Path) -> None:
    """A file that cannot be parsed is one in which trivy finds nothing."""
    program, output = copy_program(tmp_path / "program"), tmp_path / "output"
    subprocess.run(
        [sys.executable, "main.py"],
        cwd=program,
        env={**os.environ, "ENVIRONMENTS": "", "SYNTH_HCL_OUTPUT": "true", "CDKTF_OUTDIR": str(output)},
        check=True,
    )
    terraform, stacks = executable(tmp_path), sorted(output.glob("stacks/*/cdk.tf"))

    assert len(stacks) == len(STACKS)
    for stack in stacks:
        stack.write_text(hcl_for_trivy(stack.read_text(encoding="utf-8")), encoding="utf-8")
        parsed = subprocess.run(  # noqa: S603 - found by the project
            [terraform, "fmt", "-write=false", str(stack)], capture_output=True, text=True, check=False
        )
        assert parsed.returncode == 0, parsed.stderr
        assert 'resource "azurerm_resource_group"' in stack.read_text(encoding="utf-8")
