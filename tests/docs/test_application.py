"""The page for whoever builds an image says what the pods are really given, and asks for what is really demanded."""

from pathlib import Path
from typing import Any

import pytest

from tests.template import Template

PAGE = (Path(__file__).parents[2] / "docs" / "application.md").read_text(encoding="utf-8")


@pytest.fixture
def pod(synthesised: Path) -> dict[str, Any]:
    """The pods of an application with secrets."""
    stack = Template.read(synthesised / "stacks" / "prod-workloads")
    return dict(stack.resource("kubernetes_deployment_v1")["spec"]["template"]["spec"])


@pytest.fixture
def container(pod: dict[str, Any]) -> dict[str, Any]:
    (found,) = pod["container"]
    return dict(found)


@pytest.mark.req(103)
def test_the_page_asks_for_what_the_probes_ask(container: dict[str, Any]) -> None:
    port, management = (str(one["container_port"]) for one in container["port"])
    startup = container["startup_probe"]
    probes = [container[kind]["http_get"] for kind in ("startup_probe", "liveness_probe", "readiness_probe")]

    assert {probe["port"] for probe in probes} == {management}
    assert f"answers HTTP at port `{port}`" in PAGE
    assert {f"`{probe['path']}`" in PAGE for probe in probes} == {True}
    assert f"live within {startup['period_seconds'] * startup['failure_threshold']} seconds" in PAGE


@pytest.mark.req(101)
def test_the_page_tells_as_whom_and_where_it_runs(pod: dict[str, Any], container: dict[str, Any]) -> None:
    user = pod["security_context"]["run_as_user"]
    (scratch,) = [volume for volume in pod["volume"] if "empty_dir" in volume]
    mounts = {mount["name"]: mount["mount_path"] for mount in container["volume_mount"]}
    folder = mounts[scratch["name"]]

    assert pod["security_context"]["run_as_group"] == user
    assert f"as user and group `{user}`" in PAGE
    assert f"--user {user}:{user}" in PAGE
    assert container["security_context"]["read_only_root_filesystem"] is True
    assert f"writes to `{folder}` only, {scratch['empty_dir']['size_limit']} at most" in PAGE
    assert f"files below `{mounts['secrets']}`" in PAGE
    assert pod["security_context"]["seccomp_profile"]["type"] in PAGE


def test_the_page_tells_how_a_pod_ends(pod: dict[str, Any], container: dict[str, Any]) -> None:
    (before,) = container["lifecycle"]["pre_stop"]
    delay, grace = int(before["exec"]["command"][1]), pod["termination_grace_period_seconds"]

    assert f"runs `{' '.join(before['exec']['command'])}`" in PAGE
    assert f"within {grace - delay} seconds" in PAGE
    assert f"after {grace} seconds in all it is killed" in PAGE


def test_the_page_lists_the_variables_that_a_spring_boot_service_has_in_production(container: dict[str, Any]) -> None:
    variables = {variable["name"]: variable["value"] for variable in container["env"]}
    rows = [line.split(" | ") for line in PAGE.splitlines() if line.startswith("| `") and line.split("`")[1].isupper()]
    table = {name.strip("|` "): value.strip("`") for name, value, _ in rows}

    url = variables.pop("SPRING_DATASOURCE_URL")
    assert table.pop("SPRING_DATASOURCE_URL") == "with `database"
    assert f"`{url.rpartition(';')[2]}`" in PAGE
    assert table == variables


def test_the_page_says_when_pods_are_added(synthesised: Path) -> None:
    scaler = Template.read(synthesised / "stacks" / "prod-workloads").resource(
        "kubernetes_horizontal_pod_autoscaler_v2"
    )
    (metric,) = scaler["spec"]["metric"]

    assert metric["resource"]["name"] == "cpu"
    assert f"more than {metric['resource']['target']['average_utilization']} % of their `cpu_millicores`" in PAGE
