"""Each option of the network, alone and with every other: Terraform takes it, or a message says why it cannot be."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from config.loading import ConfigurationError
from reference.network import render
from rehearsal.core import offline
from tests.config.environment_file import EXTRA_RULE, TCP_RULE
from tests.policy.network_options import ACCEPTED, OPTIONS, REFUSED, TOGETHER, Row, load, pairs
from tests.template import Template

COLLECTIONS = ("application_rule_collection", "network_rule_collection", "nat_rule_collection")

Objections = Callable[[Path], list[dict[str, Any]]]


def _name(row: Row) -> str:
    return "+".join(row) or "default"


def test_every_two_options_meet_or_are_refused() -> None:
    meeting = {pair for row in TOGETHER for pair in pairs(row)}
    refused = {frozenset(row) for row in REFUSED if len(row) == 2}

    assert meeting | refused == set(pairs(list(OPTIONS)))
    assert meeting & refused == set()


@pytest.fixture(scope="module")
def objections(with_options: Callable[[Row], Path], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Objections]:
    """What Terraform has to say about a synthesised stack; it is asked once about stacks that are the same."""
    everything = tmp_path_factory.mktemp("everything")
    places: dict[bytes, Path] = {}
    for row in ACCEPTED:
        try:
            stacks = with_options(row)
        except Exception:  # noqa: S112 - the row's own test reports it
            continue
        for program in stacks.glob("*/cdk.tf.json"):
            place = places.setdefault(program.read_bytes(), everything / "stacks" / str(len(places)) / program.name)
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(program.read_bytes())
    heard: dict[Path, list[dict[str, Any]]] = {}
    with offline(everything) as (terraform, _):

        def ask(stack: Path) -> list[dict[str, Any]]:
            place = places[(stack / "cdk.tf.json").read_bytes()].parent
            if place not in heard:
                heard[place] = terraform.diagnostics(place)
            return heard[place]

        yield ask


@pytest.mark.parametrize("row", ACCEPTED, ids=_name)
def test_terraform_takes_the_options(row: Row, with_options: Callable[[Row], Path], objections: Objections) -> None:
    stacks = sorted(with_options(row).iterdir())

    assert [stack.name.partition("-")[2] for stack in stacks] == ["cluster", "network", "state-backend", "workloads"]
    assert {stack.name: said for stack in stacks if (said := objections(stack))} == {}


@pytest.mark.parametrize("row", [row for row in ACCEPTED if len(row) <= 1], ids=_name)
def test_the_page_gives_every_reason(row: Row, with_options: Callable[[Row], Path]) -> None:
    (network,) = with_options(row).glob("*-network")
    stack = Template.read(network)
    groups = stack.resources("azurerm_network_security_group").values()
    allowed = [rule for group in groups for rule in group["security_rule"] if rule["access"] == "Allow"]
    policies = stack.resources("azurerm_firewall_policy_rule_collection_group").values()
    collections = [one for policy in policies for kind in COLLECTIONS for one in policy.get(kind, [])]
    own = {EXTRA_RULE["because"], TCP_RULE["because"]}
    named = [rule for one in collections for rule in one["rule"] if rule["description"] not in own]

    page = render()
    assert [rule["name"] for rule in [*allowed, *named] if f"| {rule['description']} |" not in page] == []


@pytest.mark.parametrize("row", REFUSED, ids=_name)
def test_what_cannot_work_is_refused_with_the_reason(row: Row, tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError) as raised:
        load(row, tmp_path)

    assert any(REFUSED[row] in line for line in raised.value.lines), raised.value.lines
