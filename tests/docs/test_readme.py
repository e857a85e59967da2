"""What README shows of the product is what the product shows."""

import difflib
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from config.loading import ConfigurationError, load_environment
from stacks.environments import build
from tests.config.environment_file import write_environment
from tests.docs.typed_commands import FENCE, REPOSITORY
from tests.template import Template

README = (REPOSITORY / "README.md").read_text(encoding="utf-8")
(REFUSAL,), (EXCERPT,), (DIFFERENCE,) = (
    [fence[3] for fence in FENCE.finditer(README) if fence[2] == language] for language in ("text", "json", "diff")
)


def synthesise(folder: Path, changes: Mapping[str, Any]) -> dict[str, list[str]]:
    """The lines of each stack of the development environment."""
    from cdktf import App

    folder.mkdir()
    app = App(outdir=str(folder))
    build(app, [load_environment(write_environment(folder, "dev", changes))])
    app.synth()
    return {
        file.parent.name: json.dumps(json.loads(file.read_text()), indent=2).splitlines()
        for file in folder.glob("stacks/*/cdk.tf.json")
    }


def test_a_refusal_reads_as_shown(tmp_path: Path) -> None:
    wrong = {
        "regoin": "westeurope",
        "network.subnets.firewall": "10.10.0.0/27",
        "workloads.applications.0.image_digest": "latest",
    }
    with pytest.raises(ConfigurationError) as refused:
        load_environment(write_environment(tmp_path, "dev", wrong))

    assert str(refused.value) == REFUSAL.strip()


def test_the_json_reads_as_shown(synthesised: Path) -> None:
    cluster = Template.read(synthesised / "stacks" / "dev-cluster").resource("azurerm_kubernetes_cluster")

    assert json.loads(EXCERPT).items() <= cluster.items()


def test_one_setting_changes_what_is_shown_and_nothing_else(tmp_path: Path) -> None:
    before = synthesise(tmp_path / "before", {})
    after = synthesise(tmp_path / "after", {"cluster.kubernetes.user_pools.0.max_count": 6})
    changed = [
        line
        for stack, lines in before.items()
        for line in difflib.unified_diff(lines, after[stack], lineterm="", n=0)
        if not re.match(r"---|\+\+\+|@@", line)
    ]

    assert changed == DIFFERENCE.splitlines()


@pytest.mark.parametrize(
    "page", [REPOSITORY / "README.md", *sorted((REPOSITORY / "docs").rglob("*.md"))], ids=lambda page: page.name
)
def test_links_between_pages_lead_somewhere(page: Path) -> None:
    text = page.read_text(encoding="utf-8")

    for target, _, anchor in (link.partition("#") for link in re.findall(r"\]\((?!https?:)([^)\s]+)\)", text)):
        file = (page.parent / target).resolve() if target else page
        assert file.exists(), target
        if anchor:
            headings = re.findall(r"^#+ (.+)$", file.read_text(encoding="utf-8"), re.MULTILINE)
            assert anchor in {_anchor(heading) for heading in headings}, anchor


def _anchor(heading: str) -> str:
    """The name that GitHub and Azure DevOps give a heading."""
    return re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-")
