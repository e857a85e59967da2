"""A registry that others own: roles and an endpoint, and nothing that is its owners' to set."""

from pathlib import Path
from typing import Any

import pytest
from cdktf import App

from config.loading import load_environment
from reference.charges import bill
from stacks.environments import build
from tests.config.environment_file import REGISTRY, ZONES, write_environment
from tests.reference.test_rights import roles_given
from tests.template import Template

ELSEWHERE = {
    "cluster.registry.existing_registry_id": REGISTRY,
    "cluster.registry.existing_registry_region": "northeurope",
}
REACHED_BY_OTHERS = {
    **ELSEWHERE,
    "cluster.registry.private_endpoint": False,
    "network.egress": "nat_gateway",
    "network.private_dns": {"zones_resource_group_id": ZONES},
}
PUSHER = "0c8f2a7e-5b1d-4f3a-9e6c-2d7b8a1f4c05"


def synthesise(folder: Path, changes: dict[str, Any]) -> dict[str, Template]:
    environment = load_environment(write_environment(folder, "dev", changes))
    app = App(outdir=str(folder / "cdktf.out"))
    build(app, [environment])
    app.synth()
    return {stack.name.removeprefix("dev-"): Template.read(stack) for stack in folder.glob("cdktf.out/stacks/*")}


def scopes(cluster: Template, role: str) -> dict[str, str]:
    """Where the role is held, by whom."""
    return {
        grant["principal_id"]: grant["scope"]
        for grant in cluster.resources("azurerm_role_assignment").values()
        if grant["role_definition_name"] == role
    }


@pytest.mark.req(42)
def test_it_is_reached_by_an_endpoint_under_the_names_of_its_region(tmp_path: Path) -> None:
    stacks = synthesise(tmp_path, ELSEWHERE)
    cluster = stacks["cluster"]
    (endpoint,) = (
        one
        for one in cluster.resources("azurerm_private_endpoint").values()
        if one["private_service_connection"]["private_connection_resource_id"] == REGISTRY
    )
    members = {one["member_name"]: one["private_ip_address"] for one in endpoint["ip_configuration"]}
    records = cluster.resources("azurerm_private_dns_a_record").values()
    names = {record["name"]: record["records"] for record in records if record["zone_name"] == "privatelink.azurecr.io"}

    assert names == {
        "crcompany": [members["registry"]],
        "crcompany.northeurope.data": [members["registry_data_northeurope"]],
    }
    assert not cluster.resources("azurerm_container_registry")
    assert list(scopes(cluster, "AcrPull").values()) == [REGISTRY]
    pod = stacks["workloads"].resource("kubernetes_deployment_v1")["spec"]["template"]["spec"]
    assert pod["container"][0]["image"].startswith("crcompany.azurecr.io/")


def test_one_that_the_company_leads_to_has_roles_alone(tmp_path: Path) -> None:
    stacks = synthesise(tmp_path, REACHED_BY_OTHERS)

    assert scopes(stacks["cluster"], "AcrPull")
    for stack in stacks.values():
        assert "privatelink.azurecr.io" not in str(stack.document)
        assert "registry_data_" not in str(stack.document)
    rules = [
        rule["name"]
        for group in stacks["network"].resources("azurerm_network_security_group").values()
        for rule in group["security_rule"]
    ]
    assert "sql" in " ".join(rules)
    assert "registry" not in " ".join(rules)


@pytest.mark.req(92)
@pytest.mark.parametrize("changes", [{}, ELSEWHERE], ids=["own", "existing"])
def test_the_one_who_is_named_may_push(changes: dict[str, Any], tmp_path: Path) -> None:
    cluster = synthesise(tmp_path, changes | {"cluster.registry.pusher_principal_id": PUSHER})["cluster"]
    (kubelet,) = scopes(cluster, "AcrPull").values()

    assert scopes(cluster, "AcrPush") == {PUSHER: kubelet}


@pytest.mark.req(92)
def test_nobody_else_may_push(tmp_path: Path) -> None:
    assert not scopes(synthesise(tmp_path, {})["cluster"], "AcrPush")


def test_its_owners_pay_for_it_and_give_the_rights_on_it(tmp_path: Path) -> None:
    environment = load_environment(write_environment(tmp_path, "dev", ELSEWHERE))

    assert "Container registry Premium" not in {charge.what for charge in bill(environment)}
    # Whoever makes the endpoint approves it too, and gives the nodes their role.
    assert roles_given(environment, on=REGISTRY) == {
        environment.pipeline_principal_id: ["Role Based Access Control Administrator", "Contributor"]
    }
