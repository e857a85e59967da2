"""What a change of a setting does to an environment that stands, in the order in which Terraform does it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from cdktf import App

from config.loading import load_environment
from rehearsal.cloud import Cloud, Object
from rehearsal.core import Terraform, TerraformError, offline
from rehearsal.local_state import local_copy
from rehearsal.rehearsal import Rehearsal
from stacks.environments import build
from tests.config.environment_file import JOINED, ZONES, write_environment

KUBERNETES_VERSION = "cluster.kubernetes.kubernetes_version"
FIREWALL, POLICY, RULES = "azurerm_firewall", "azurerm_firewall_policy", "azurerm_firewall_policy_rule_collection_group"


@dataclass(frozen=True)
class Step:
    """Something that Terraform began, or ended, during an apply."""

    begun: bool
    action: str
    type: str
    name: str


class Standing:
    """One environment's stacks, deployed and then changed."""

    def __init__(self, terraform: Terraform, cloud: Cloud, folder: Path) -> None:
        self.terraform, self.cloud, self._folder = terraform, cloud, folder
        self.stacks = folder / "deployed"

    def deploy(self, synthesised: Path, *stacks: str) -> None:
        """Apply stacks for the first time."""
        environment = load_environment(next((synthesised.parent / "environments").glob("*.toml")))
        rehearsal = Rehearsal(self.terraform, self.cloud, synthesised, environment, self.stacks, print)
        for stack in stacks:
            rehearsal.deploy(stack)

    def plan(self, synthesised: Path, stack: str, *arguments: str) -> dict[str, str]:
        """Plan what was synthesised for other settings."""
        copy = local_copy(synthesised / "stacks" / stack, self.stacks / stack, self.stacks / "states")
        return self.terraform.plan(copy, *arguments)

    def change(self, synthesised: Path, stack: str) -> list[Step]:
        """Apply what was synthesised for other settings, and leave nothing to do."""
        copy = local_copy(synthesised / "stacks" / stack, self.stacks / stack, self.stacks / "states")
        steps = [
            Step(
                event["type"] == "apply_start",
                hook["action"],
                hook["resource"]["resource_type"],
                hook["resource"]["addr"],
            )
            for event in self.terraform.events(copy, "apply", "-auto-approve")
            if event["type"] in {"apply_start", "apply_complete"}
            for hook in [event["hook"]]
            if hook["action"] != "read"
        ]
        assert self.terraform.plan(copy) == {}
        return steps


def synthesise(folder: Path, changes: Mapping[str, Any]) -> Path:
    """The stacks of the development environment with other settings."""
    folder.mkdir()
    app = App(outdir=str(folder / "cdktf.out"))
    build(app, [load_environment(write_environment(folder, "dev", changes))])
    app.synth()
    return folder / "cdktf.out"


@pytest.fixture(scope="module")
def tiers(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Path]:
    """The stacks for each tier of the firewall, a port of which leads to the application."""
    folder = tmp_path_factory.mktemp("tiers")
    return {
        tier: synthesise(folder / tier, {"network.firewall.sku_tier": tier, "network.firewall.published_port": 8443})
        for tier in ("Basic", "Standard", "Premium")
    }


@pytest.fixture(scope="module")
def standing(tiers: Mapping[str, Path], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Standing]:
    """What every test of this file changes and leaves as it was."""
    with offline(tiers["Standard"]) as (terraform, cloud):
        standing = Standing(terraform, cloud, tmp_path_factory.mktemp("standing"))
        standing.deploy(tiers["Standard"], "dev-state-backend", "dev-network", "dev-cluster")
        yield standing


def test_the_firewall_changes_its_tier_without_a_moment_in_which_nothing_is_allowed(
    standing: Standing, tiers: Mapping[str, Path]
) -> None:
    for tier in ("Premium", "Standard"):
        steps = standing.change(tiers[tier], "dev-network")
        changed = {(step.action, step.type) for step in steps}
        assert changed == {
            ("update", FIREWALL),
            *((action, type_) for action in ("create", "delete") for type_ in (POLICY, RULES)),
        }
        (goes_over,) = [at for at, step in enumerate(steps) if step.begun and step.type == FIREWALL]
        (is_over,) = [at for at, step in enumerate(steps) if not step.begun and step.type == FIREWALL]
        new_rules = [
            at for at, step in enumerate(steps) if not step.begun and step.action == "create" and step.type == RULES
        ]
        old_rules = [
            at
            for at, step in enumerate(steps)
            if step.begun and step.action == "delete" and step.type == RULES and "application" not in step.name
        ]
        assert max(new_rules) < goes_over < is_over < min(old_rules)
        assert len(old_rules) == len(new_rules) - 1  # what leads in is not there twice


def test_a_firewall_that_becomes_or_was_basic_is_built_again_in_one_go(
    standing: Standing, tiers: Mapping[str, Path]
) -> None:
    for tier in ("Basic", "Standard"):
        steps = standing.change(tiers[tier], "dev-network")
        assert {step.action for step in steps if step.type == FIREWALL} == {"create", "delete"}


def test_the_lock_of_the_state_account_makes_way_for_another_group_of_operators(
    standing: Standing, tiers: Mapping[str, Path], tmp_path: Path
) -> None:
    """Azure deletes no role assignment below a lock."""
    other = synthesise(tmp_path / "other", {"state_backend.operators_group_id": "0c8f2a7e-5b1d-4f3a-9e6c-2d7b8a1f4c05"})
    steps = [(step.action, step.type) for step in standing.change(other, "dev-state-backend") if step.begun]

    lock, role = "azurerm_management_lock", "azurerm_role_assignment"
    assert (steps[0], steps[-1]) == (("delete", lock), ("create", lock))
    # One for each stack's state.
    assert sorted(steps[1:-1]) == [("create", role)] * 4 + [("delete", role)] * 4
    standing.change(tiers["Standard"], "dev-state-backend")


def test_the_lock_of_the_state_account_makes_way_for_an_identity_that_comes_or_goes(
    standing: Standing, tiers: Mapping[str, Path], tmp_path: Path
) -> None:
    planned = synthesise(tmp_path / "planned", {"identities.network_plan": "0c8f2a7e-5b1d-4f3a-9e6c-2d7b8a1f4c05"})
    lock, role = "azurerm_management_lock", "azurerm_role_assignment"

    for stacks, action in ((planned, "create"), (tiers["Standard"], "delete")):
        steps = [(step.begun, step.action, step.type) for step in standing.change(stacks, "dev-state-backend")]
        # Not before the lock is gone, and over before it comes back.
        assert steps[:2] == [(True, "delete", lock), (False, "delete", lock)]
        assert steps[-2:] == [(True, "create", lock), (False, "create", lock)]
        # One on the stack's state, one on its plans.
        assert sorted(steps[2:-2]) == [(False, action, role)] * 2 + [(True, action, role)] * 2


def test_a_tag_that_others_manage_stays_and_every_other_is_set_right(
    tiers: Mapping[str, Path], standing: Standing, tmp_path: Path
) -> None:
    ignoring = synthesise(tmp_path / "ignoring", {"tags.managed_by_others": ["CreatedBy"]})
    moved = synthesise(tmp_path / "moved", {"tags.managed_by_others": ["CreatedBy"], "tags.owner": "others"})
    cluster: dict[str, Object] = {}

    def tag(name: str, value: str) -> None:
        def change(found: Object) -> None:
            cluster["tags"] = found["tags"]
            found["tags"][name] = value

        standing.cloud.drift("azurerm_kubernetes_cluster", "/managedClusters/aks-shop-dev-weu", change)

    standing.change(ignoring, "dev-cluster")
    tag("CreatedBy", "a policy")
    assert standing.plan(ignoring, "dev-cluster") == {}
    tag("owner", "somebody")
    assert list(standing.plan(ignoring, "dev-cluster").values()) == ["update"]
    standing.change(moved, "dev-cluster")
    tag("CreatedBy", "a policy")
    assert (cluster["tags"]["owner"], cluster["tags"]["CreatedBy"]) == ("others", "a policy")
    standing.change(tiers["Standard"], "dev-cluster")


def runs(standing: Standing, version: str) -> None:
    """What Azure reports once it has patched or upgraded the cluster, to whatever it was asked for by alias."""

    def change(cluster: Object) -> None:
        cluster["kubernetes_version"] = version
        cluster["default_node_pool"][0]["orchestrator_version"] = version

    standing.cloud.drift("azurerm_kubernetes_cluster", "/managedClusters/aks-shop-dev-weu", change)


def test_a_patch_that_came_by_itself_is_not_turned_back(tiers: Mapping[str, Path], standing: Standing) -> None:
    runs(standing, "1.35.7")
    assert standing.plan(tiers["Standard"], "dev-cluster") == {}


def test_another_minor_version_is_refused_until_the_cluster_has_it(
    tiers: Mapping[str, Path], standing: Standing, tmp_path: Path
) -> None:
    of_1_35, of_1_36 = tiers["Standard"], synthesise(tmp_path / "1.36", {KUBERNETES_VERSION: "1.36"})
    upgrade = (
        "az aks upgrade --resource-group rg-cluster-shop-dev-weu --name aks-shop-dev-weu --kubernetes-version 1.36"
    )

    runs(standing, "1.35.7")
    with pytest.raises(TerraformError, match=upgrade):
        standing.plan(of_1_36, "dev-cluster")
    runs(standing, "1.36.2")
    assert standing.plan(of_1_36, "dev-cluster") == {}
    with pytest.raises(TerraformError, match="If it was upgraded, say so in the settings"):
        standing.plan(of_1_35, "dev-cluster")
    assert set(standing.plan(of_1_35, "dev-cluster", "-destroy").values()) == {"delete"}
    runs(standing, "1.35.7")


def test_what_stands_in_a_companys_subscription_goes_when_others_make_it(tmp_path: Path) -> None:
    """Its provider stays, by which alone it can be destroyed."""
    joined = {
        **JOINED,
        "network.egress": "nat_gateway",
        "network.private_dns": {"zones_resource_group_id": ZONES},
        "network.company_hub.peering": "both",
    }
    by_policy = {"network.private_dns": {"zones_resource_group_id": ZONES, "records": "policy"}}
    here = synthesise(tmp_path / "here", joined)
    by_others = synthesise(tmp_path / "by-others", {**joined, **by_policy, "network.company_hub.peering": "spoke"})

    with offline(here) as (terraform, cloud):
        standing = Standing(terraform, cloud, tmp_path / "standing")
        standing.deploy(here, "dev-state-backend", "dev-network")
        steps = standing.change(by_others, "dev-network")

    assert {(step.action, step.type) for step in steps} == {
        ("delete", "azurerm_private_dns_a_record"),
        ("delete", "azurerm_virtual_network_peering"),
    }
