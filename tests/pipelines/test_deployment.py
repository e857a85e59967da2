"""The steps that the YAML holds take an environment from nothing to nothing, and stop where they should."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from constructs_lib.naming import Naming
from rehearsal.plugin_protocol import RefusedError
from tests.pipelines.conftest import Platform
from tests.pipelines.templates import PIPELINES, expand, of_dev
from tests.product import ENVIRONMENTS

DEPLOY = of_dev(PIPELINES / "deploy.yml")
DESTROY = of_dev(PIPELINES / "destroy.yml")
DATABASE_USERS = of_dev(PIPELINES / "database-users.yml")
DRIFT = expand(
    PIPELINES / "templates" / "drift.yml",
    {"environment": "dev", "readConnection": "dev-plan", "workloadsConnection": "dev-deploy"},
)

APPLIES = ["dev_network_apply", "dev_cluster_apply", "dev_workloads_apply"]


def allow_to_destroy(*stacks: str) -> str:
    """What a reviewed file says of stacks that are taken down."""
    until = (datetime.now(UTC) + timedelta(days=2)).date()
    return "\n".join(
        f"""[[allow]]
stack = "{stack}"
addresses = ["*"]
action = "destroy"
loses_data = true
because = "The team has moved to another environment."
until = {until}
"""
        for stack in stacks
    )


@pytest.mark.req(8)
@pytest.mark.req(18)
@pytest.mark.req(24)
def test_an_environment_comes_stands_drifts_and_goes(platform: Platform) -> None:
    agent, cloud = platform.agent, platform.cloud
    asked: list[str] = []

    def approve(stage: str) -> bool:
        asked.append(stage)
        return True

    before = len(cloud)
    assert set(agent.run(DEPLOY, approve).values()) == {"Succeeded"}, agent.said
    assert asked == APPLIES
    assert len(cloud) > before
    assert "Names that must be private: " in agent.said
    assert "kubectl wait deployment --all --for=condition=Available --timeout=5m --namespace orders" in agent.said
    assert "From a pod, aks.example.com leads to 10.0.0.9" in agent.said

    assert set(agent.run(DATABASE_USERS, approve).values()) == {"Succeeded"}, agent.said
    assert "id-orders-shop-dev-weu" in agent.said.splitlines()[-1]
    assert asked == APPLIES  # the one who runs it meant it

    # A commit that changes nothing asks nobody.
    results = agent.run(DEPLOY, approve)
    assert {stage for stage, result in results.items() if result == "Skipped"} == set(APPLIES), agent.said
    assert asked == APPLIES

    assert set(agent.run(DRIFT).values()) == {"Succeeded"}, agent.said
    change_outbound_type(platform)
    assert agent.run(DRIFT)["dev_drift"] == "Failed"
    assert re.search(r"dev-cluster: azurerm_kubernetes_cluster\.\S+: update \(network_profile", agent.said), agent.said
    assert "dev-network: stands as its program says" in agent.said
    assert set(agent.run(DEPLOY).values()) == {"Succeeded", "Skipped"}  # put back

    # Destroying is refused until somebody says in a reviewed file that it is meant, stack by stack.
    standing = len(cloud)
    assert agent.run(DESTROY)["dev_workloads_plan"] == "Failed"
    assert len(cloud) == standing
    assert "is not allowed" in agent.said
    (agent.allowed / "dev.toml").write_text(allow_to_destroy("workloads"))
    results = agent.run(DESTROY)
    assert (results["dev_workloads_apply"], results["dev_cluster_plan"]) == ("Succeeded", "Failed")
    assert results["dev_unlock"] == "Skipped"

    (agent.allowed / "dev.toml").write_text(allow_to_destroy("workloads", "cluster", "network"))
    assert set(agent.run(DESTROY).values()) == {"Succeeded", "Skipped"}, agent.said
    assert len(cloud) == before - 1  # the lock
    assert not agent.left


def change_outbound_type(platform: Platform) -> None:
    """Somebody changes the cluster in the portal."""
    naming = Naming.of(ENVIRONMENTS["dev"])
    cluster = platform.cloud.find("azurerm_kubernetes_cluster", naming.kubernetes_cluster_id)
    assert cluster
    cluster["network_profile"][0]["outbound_type"] = "loadBalancer"


def test_what_is_not_approved_is_not_applied_and_nothing_after_it_is_planned(platform: Platform) -> None:
    before = len(platform.cloud)

    results = platform.agent.run(DEPLOY, approve=lambda _: False)

    assert results["dev_network_plan"] == "Succeeded"
    assert results["dev_network_apply"] == "Rejected"
    assert {results[f"dev_{stack}_plan"] for stack in ("cluster", "workloads")} == {"Skipped"}
    assert len(platform.cloud) == before


def test_an_apply_that_fails_half_way_goes_on_with_the_next_plan(
    platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    create = platform.cloud.create

    def out_of_quota(type_name: str, *arguments: Any, **options: Any) -> None:
        if type_name == "azurerm_kubernetes_cluster_node_pool":
            raise RefusedError("OperationNotAllowed", "The quota of the region is used up.")
        create(type_name, *arguments, **options)

    with monkeypatch.context() as quota:
        quota.setattr(platform.cloud, "create", out_of_quota)
        results = platform.agent.run(DEPLOY)
    assert (results["dev_cluster_apply"], results["dev_workloads_plan"]) == ("Failed", "Skipped")
    assert "The quota of the region is used up" in platform.agent.said
    standing = len(platform.cloud)

    results = platform.agent.run(DEPLOY)

    assert results["dev_network_apply"] == "Skipped"
    assert results["dev_cluster_apply"] == results["dev_workloads_apply"] == "Succeeded", platform.agent.said
    assert len(platform.cloud) > standing


def test_a_plan_that_somebody_changes_on_its_way_is_not_applied(platform: Platform) -> None:
    def swap(_: str) -> bool:
        for parcel in platform.agent.blobs.rglob("*.tar.gz"):
            parcel.write_bytes(b"another plan")
        return True

    results = platform.agent.run(DEPLOY, approve=swap)

    assert results["dev_network_apply"] == "Failed"
    assert "somebody has changed it" in platform.agent.said
