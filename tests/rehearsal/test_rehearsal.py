"""An environment is deployed, left alone by a second plan, held against drift, and destroyed to nothing."""

import json
import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from cdktf import App

from config.environment import EnvironmentSettings
from config.loading import load_environment
from constructs_lib.changes_by_others import CHANGES_BY_OTHERS, LetBe
from rehearsal.core import TerraformError, offline, used_schemas
from rehearsal.dropped_facts import unreviewed
from rehearsal.rehearsal import Drift, Rehearsal, RehearsalError, table
from stacks.environments import build
from tests.config.environment_file import (
    ABSENT,
    BILLS,
    CACHE_RULE,
    INGRESS,
    LISTENER,
    NO_AGENTS,
    PROXY,
    ROUTED,
    WITH_GATEWAY,
    WITH_JUMP_BOX,
    WITH_PROXY,
    write_environment,
)
from tests.landing_zones import LANDING_ZONES
from tests.product import ENVIRONMENTS, PURPOSES
from tests.rehearsal.command_line import synth_diff_deploy_and_destroy

# What no environment of the repository chooses, in as few deployments as the choices allow.
OTHER_CHOICES: dict[str, tuple[str, dict[str, Any]]] = {
    "nat-gateway-and-front-door": (
        "prod",
        {
            "network.egress": "nat_gateway",
            "network.firewall": ABSENT,
            "network.api_server": "vnet_integration",
            "network.front_door": {},
            "workloads.applications.0.sign_in": {"host_name": "fde-shop-prod-a1b2.z01.azurefd.net"},
            "cluster.kubernetes.advanced_networking": True,
            # What lies below locks of production: a role on the metrics is of another stack.
            "cluster.registry.cache_rules": [CACHE_RULE],
            "cluster.registry.pusher_principal_id": "0c8f2a7e-5b1d-4f3a-9e6c-2d7b8a1f4c05",
            "monitoring.prometheus": {"grafana": True},
            **WITH_JUMP_BOX,
            **WITH_PROXY,
        },
    ),
    "applications-behind-a-gateway-and-a-firewall": (
        "dev",
        {
            f"{INGRESS}.listeners": [LISTENER, LISTENER | {"host_name": "bills.example.com"}],
            f"{INGRESS}.gateway_class": "istio",
            f"{INGRESS}.mesh_revisions": ["asm-1-28"],
            "workloads.applications": [
                ROUTED,
                BILLS | {"ingress": "gateway", "routes": [{"host": "bills.example.com"}]},
            ],
            **WITH_GATEWAY,
        },
    ),
    "one-isolated-network-and-gateway": (
        "test",
        {
            **NO_AGENTS,
            "availability_zones": [],  # where Azure chooses those of the gateway
            "network.egress": "none",
            "network.nva_address": ABSENT,
            "monitoring.prometheus": ABSENT,
            PROXY: ABSENT,
            "workloads.applications.0.vault_secrets": [],  # read with a token of Entra, which is out of reach
        },
    ),
}

DEPLOYED = {**OTHER_CHOICES, **LANDING_ZONES}


UnderWay = dict[str, Future[None] | Future[list[Drift]]]


def rehearse(environment: EnvironmentSettings, synthesised: Path, directory: Path) -> list[Drift]:
    """Rehearse, and return what others changed that is left to them."""
    said: list[str] = []
    with offline(synthesised) as (terraform, cloud):
        rehearsal = Rehearsal(terraform, cloud, synthesised, environment, directory, said.append)
        rows = rehearsal.run()
    assert [row.stack for row in rows] == [f"{environment.name}-{purpose}" for purpose in PURPOSES]
    for row in rows:
        declared = json.loads((synthesised / "stacks" / row.stack / "cdk.tf.json").read_text())["resource"]
        assert row.resources >= sum(map(len, declared.values()))  # one may be made for each of several things
        assert f"{row.stack:<20} deployed {row.resources} resources" in said
        assert row.stack in table(rows)
    return rehearsal.left_to_others


@pytest.fixture(scope="module")
def under_way(synthesised: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[UnderWay]:
    """All that is long, at the same time, each with its own cloud and directory: one alone leaves processors idle."""
    folder = tmp_path_factory.mktemp
    with ThreadPoolExecutor(2 + len(DEPLOYED)) as together:
        started: UnderWay = {
            "command-line": together.submit(synth_diff_deploy_and_destroy, synthesised, folder("command-line")),
            "dev": together.submit(rehearse, ENVIRONMENTS["dev"], synthesised, folder("dev")),
        }
        for name, (base, changes) in DEPLOYED.items():
            environment = load_environment(write_environment(folder(f"{name}-settings"), base, changes))
            app = App(outdir=str(folder(f"{name}-cdktf.out")))
            build(app, [environment])
            app.synth()
            assert unreviewed(used_schemas(Path(app.outdir))) == set()
            started[name] = together.submit(rehearse, environment, Path(app.outdir), folder(name))
        yield started


@pytest.mark.parametrize("name", ["dev", *DEPLOYED])
def test_an_environment_comes_and_goes(name: str, under_way: UnderWay) -> None:
    under_way[name].result()


def test_an_environment_comes_and_goes_from_the_command_line(under_way: UnderWay) -> None:
    under_way["command-line"].result()


def test_each_row_of_what_is_left_to_others_was_acted_out(under_way: UnderWay) -> None:
    acted_out = {(drift.of.type_, drift.argument) for one in under_way.values() for drift in one.result() or ()}

    assert acted_out == {
        (type_, row.argument) for type_, rows in CHANGES_BY_OTHERS.items() for row in rows if isinstance(row, LetBe)
    }


def doctor(program: Path, mistake: Callable[[dict[str, Any]], None]) -> None:
    content = json.loads(program.read_text())
    mistake(content)
    program.write_text(json.dumps(content))


def forget_what_to_ignore_and_a_role(program: dict[str, Any]) -> None:
    roles = program["resource"]["azurerm_role_assignment"]
    (needed,) = [name for name, role in roles.items() if role["role_definition_name"] == "Network Contributor"]
    del roles[needed]
    for subnet in program["resource"]["azurerm_subnet"].values():
        subnet.pop("lifecycle", None)


def ignore_too_much(program: dict[str, Any]) -> None:
    for account in program["resource"]["azurerm_storage_account"].values():
        account["lifecycle"]["ignore_changes"].append("min_tls_version")


@pytest.fixture(scope="module")
def doctored(synthesised: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rehearsal]:
    """Stacks with mistakes, of which those that still deploy stand: state backend and network."""
    folder = tmp_path_factory.mktemp("doctored")
    copy = folder / "cdktf.out"
    shutil.copytree(synthesised, copy)
    doctor(copy / "stacks/dev-state-backend/cdk.tf.json", ignore_too_much)
    doctor(copy / "stacks/dev-network/cdk.tf.json", forget_what_to_ignore_and_a_role)
    with offline(copy) as (terraform, cloud):
        rehearsal = Rehearsal(terraform, cloud, copy, ENVIRONMENTS["dev"], folder, print)
        rehearsal.deploy("dev-state-backend")
        rehearsal.deploy("dev-network")
        yield rehearsal


@pytest.mark.req(33)
def test_a_plan_that_does_not_leave_to_others_what_is_theirs_is_reported(doctored: Rehearsal) -> None:
    with pytest.raises(RehearsalError, match=r"plan should be empty, and is \{'azurerm_subnet"):
        doctored.change_what_others_may("dev-network")


def test_what_is_ignored_and_should_be_put_back_is_reported(doctored: Rehearsal) -> None:
    with pytest.raises(RehearsalError, match=r"min_tls_version should be TLS1_2, and is TLS1_2\.1"):
        doctored.change_what_others_may_not("dev-state-backend")


def test_a_cluster_whose_network_gives_it_no_role_is_refused(doctored: Rehearsal) -> None:
    with pytest.raises(TerraformError, match="AKS lacks a role"):
        doctored.deploy("dev-cluster")


def test_a_network_that_leads_to_a_locked_state_account_stays(doctored: Rehearsal) -> None:
    # The last to use the doctored stacks: it leaves little else of the network.
    with pytest.raises(TerraformError, match="azurerm_private_endpoint is locked"):
        doctored.destroy("dev-network")
