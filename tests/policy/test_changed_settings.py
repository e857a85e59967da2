"""What each setting does when it changes: its value is deployed, and replaces nothing, or no more than it says.

What the provider cannot change in place is destroyed, and only then made again, since it cannot stand twice under one
name: whatever uses it is interrupted. Where the name changes too, or is of no account, the new one is made first.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest
from cdktf import App

from config.environment import EnvironmentSettings
from config.loading import load_environment
from config.meanings import meaning_of
from config.settings_tree import nested_settings
from config.types import Settings
from deployment.replacements import fixed_values, replaced
from rehearsal.dropped_facts import DROPPED_FACTS
from stacks.environments import build
from tests.config.environment_file import ABSENT, INGRESS, SETTING_PATHS, write_environment
from tests.policy.changed_settings import APPLICATION, BEFORE, CHANGES, IDENTITIES, KUBERNETES, MOVES, UNTRIED, changed
from tests.template import Arguments

Resources = dict[str, Arguments]
"""Those of all stacks, by `<stack> <type> <name>`."""

CLUSTER = {
    "azurerm_kubernetes_cluster",
    "azurerm_kubernetes_cluster_node_pool",
    "azurerm_monitor_data_collection_rule_association",
    "azurerm_monitor_diagnostic_setting",
    "azurerm_role_assignment",
}
REPLACED: dict[str, set[str]] = {
    "availability_zones": {
        "azurerm_application_gateway",
        "azurerm_bastion_host",
        "azurerm_firewall",
        "azurerm_linux_virtual_machine",
        "azurerm_monitor_diagnostic_setting",
        "azurerm_public_ip",
        "azurerm_role_assignment",
        "azurerm_virtual_machine_extension",
    },
    **{key: {"azurerm_management_lock", "azurerm_role_assignment"} for key in ("pipeline_principal_id", *IDENTITIES)},
    "cluster_admin_group_id": {"azurerm_role_assignment"},
    "cluster.namespace_access.role": {"azurerm_role_assignment"},
    "monitoring.budget.first_month": {"azurerm_consumption_budget_subscription"},
    "state_backend.operators_group_id": {"azurerm_management_lock", "azurerm_role_assignment"},
    **{
        f"network.log_analytics.{key}": {"azurerm_monitor_scheduled_query_rules_alert_v2"}
        for key in ("existing_workspace_id", "existing_workspace_customer_id")
    },
    "network.spoke.address_space": {"azurerm_private_endpoint"},
    "network.subnets.private_endpoints": {"azurerm_private_endpoint"},
    "network.topology": {
        "azurerm_bastion_host",
        "azurerm_firewall",
        "azurerm_monitor_diagnostic_setting",
        "azurerm_role_assignment",
        "azurerm_subnet_network_security_group_association",
        "azurerm_subnet_route_table_association",
    },
    "network.company_hub.virtual_network_id": {"azurerm_virtual_network_peering"},
    "network.private_dns.zones_resource_group_id": CLUSTER | {"azurerm_private_dns_a_record"},
    "network.private_dns.kubernetes_zone": CLUSTER,
    "network.firewall.sku_tier": {"azurerm_firewall", "azurerm_monitor_diagnostic_setting"},
    "network.api_server": CLUSTER | {"azurerm_private_dns_zone", "azurerm_private_dns_zone_virtual_network_link"},
    "network.jump_box.ssh_public_key": {
        "azurerm_linux_virtual_machine",
        "azurerm_role_assignment",
        "azurerm_virtual_machine_extension",
    },
    f"{KUBERNETES}.user_pools.spot": {"azurerm_kubernetes_cluster_node_pool"},
    f"{KUBERNETES}.customer_managed_disk_key": CLUSTER,
    **{
        f"cluster.registry.cache_rules.{key}": {"azurerm_container_registry_cache_rule"}
        for key in ("source_repo", "target_repo")
    },
    f"{KUBERNETES}.pod_cidr": CLUSTER,
    f"{KUBERNETES}.service_cidr": CLUSTER,
    f"{APPLICATION}.namespace": {
        "kubernetes_default_service_account_v1",
        "kubernetes_deployment_v1",
        "kubernetes_horizontal_pod_autoscaler_v2",
        "kubernetes_limit_range_v1",
        "kubernetes_namespace_v1",
        "kubernetes_network_policy_v1",
        "kubernetes_pod_disruption_budget_v1",
        "kubernetes_resource_quota_v1",
        "kubernetes_service_account_v1",
        "kubernetes_service_v1",
    },
}


# They reach no resource: who tests what they do.
ELSEWHERE = {
    "azure_devops.organization_id",  # nothing without a connection: tests/stacks/test_state_backend.py
    "cluster.policy.left_out.because",  # for people: tests/config/
    f"{APPLICATION}.database_roles",  # an output: tests/stacks/test_workloads_wiring.py
    f"{APPLICATION}.identity",  # what reads the vault has one: tests/constructs_lib/workloads/
    # A name that the firewall lets pass, where a firewall is: tests/stacks/test_network_options.py
    "network.log_analytics.existing_workspace_customer_id",
    "state_backend.bootstrap",  # the backend: tests/stacks/test_state_backend.py
}

# What a value becomes, where it is not written as it is given; nothing, where it only decides what there is.
WRITTEN: dict[str, list[Any]] = {
    "network.topology": [],
    "network.company_hub.peering": [],
    "network.private_dns.records": [],
    "network.private_dns.policy_covers": [],
    "network.agents": [],
    "network.api_server": [],
    "network.bastion": [],
    "network.log_analytics.daily_quota_gb": [5],
    "cluster.policy.left_out.policy": [],
    f"{APPLICATION}.ingress": [],
    f"{APPLICATION}.calls": ["allow-call-from-orders"],
    f"{INGRESS}.gateway_class": [],
    f"{KUBERNETES}.user_pools.availability_zones": [],
    "network.jump_box.login": [],
    "network.private_dns.kubernetes_zone": ["System"],
    "network.firewall.extra_rules.source": [],
    "network.firewall.extra_rules.protocol": [80],
    f"{APPLICATION}.probes.startup_seconds": [12],  # attempts, one each five seconds
    f"{APPLICATION}.stop_seconds": [45],  # besides the time in which callers learn of it
    f"{KUBERNETES}.company_certificates": ["LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0t"],  # -----BEGIN CERTIFICATE-----
    f"{KUBERNETES}.user_pools.labels": ["payments"],
    "cluster.namespace_access.role": ["Azure Kubernetes Service RBAC Writer"],
    "cluster.policy.image_registries": [r"crcompany\\.azurecr\\.io"],
    f"{APPLICATION}.resources.memory_mib": ["2Gi"],
    f"{APPLICATION}.resources.memory_limit_mib": ["2Gi"],
}


def test_another_value_is_tried_for_every_setting() -> None:
    """A new setting gets a row in `CHANGES` and, where its change replaces something, one in `REPLACED`."""
    assert CHANGES.keys() | MOVES | UNTRIED == set(SETTING_PATHS)
    assert REPLACED.keys() <= CHANGES.keys()


@pytest.fixture(scope="module")
def synthesise(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Mapping[str, Any]], Resources]:
    """Gives the resources of the environment with some settings changed."""
    known: dict[str, Resources] = {}

    def synthesise(changes: Mapping[str, Any]) -> Resources:
        if (key := repr(changes)) not in known:
            known[key] = build_with(changes)
        return known[key]

    def build_with(changes: Mapping[str, Any]) -> Resources:
        folder = tmp_path_factory.mktemp("changes")
        gone = {path for path, value in changes.items() if value is ABSENT and path in BEFORE}
        settings = {path: value for path, value in {**BEFORE, **changes}.items() if path not in gone}
        app = App(outdir=str(folder / "cdktf.out"))
        build(app, [load_environment(write_environment(folder, "dev", settings))])
        app.synth()
        return {
            f"{program.parent.name} {type_} {name}": arguments
            for program in folder.glob("cdktf.out/stacks/*/cdk.tf.json")
            for type_, resources in json.loads(program.read_text())["resource"].items()
            for name, arguments in resources.items()
        }

    return synthesise


@pytest.mark.parametrize("setting", CHANGES)
def test_a_change_interrupts_no_more_than_the_setting_says(
    setting: str, synthesise: Callable[[Mapping[str, Any]], Resources]
) -> None:
    beside, changes = changed(setting)
    before = synthesise(beside)
    after = synthesise(beside | changes)
    gone = _replaced(before, after)

    interrupted = {where.split()[1] for where in gone if not _overlaps(where, before, after, gone)}
    assert interrupted == REPLACED.get(setting, set())
    if interrupted:
        assert re.search(r"\b[Cc]hange", _meaning(setting)), f"{setting} does not say what its change interrupts"


@pytest.mark.parametrize("setting", sorted(CHANGES.keys() - ELSEWHERE))
def test_the_value_is_deployed(setting: str, synthesise: Callable[[Mapping[str, Any]], Resources]) -> None:
    beside, changes = changed(setting)
    before, after = synthesise(beside), synthesise(beside | changes)
    assert before != after

    for value in WRITTEN.get(setting, _given(setting)):
        assert _times(after, value) > _times(before, value), value


def test_what_is_written_in_other_words_is_a_setting() -> None:
    assert WRITTEN.keys() | ELSEWHERE <= CHANGES.keys()


@pytest.mark.parametrize("setting", sorted(MOVES - {"name"}))
def test_what_moves_an_environment_says_so(setting: str) -> None:
    assert "docs/changes.md" in _meaning(setting)


def _given(setting: str) -> Iterator[Any]:
    """What can be looked for of a setting's other value."""
    _, changes = changed(setting)
    key = setting.rpartition(".")[2]
    for path, value in changes.items():
        if path in (setting, f"{setting.rpartition('.')[0]}.1.{key}"):
            yield from _plain(value)
        elif setting.startswith(f"{path}."):
            rows = value if isinstance(value, list) else [value]
            yield from (found for row in rows for found in _plain(row[key]))


def _plain(value: Any) -> Iterator[Any]:
    if isinstance(value, list):
        for one in value:
            yield from _plain(one)
    elif value is not ABSENT and isinstance(value, str | int | float) and not isinstance(value, bool):
        yield value


def _times(part: Any, value: Any) -> int:
    """How many arguments are this value, or have it in their text."""
    if isinstance(part, dict):
        return sum(_times(inner, value) for inner in part.values()) + (value in part)
    if isinstance(part, list):
        return sum(_times(inner, value) for inner in part)
    if isinstance(part, str):
        return re.search(rf"(?<![\d.]){re.escape(str(value))}(?![\d.])", part) is not None
    return part == value and not isinstance(part, bool)


def _replaced(before: Resources, after: Resources) -> set[str]:
    """What stands in both, and cannot become what it should be."""
    found = set()
    for stack in {where.split()[0] for where in before}:
        one, other = ({address: there[where] for where, address in _in(there, stack)} for there in (before, after))
        fixed = {address: fixed_values(address, arguments) for address, arguments in one.items()}
        found |= {f"{stack} {address.replace('.', ' ', 1)}" for address in replaced(fixed, other)}
    return found


def _in(resources: Resources, stack: str) -> Iterator[tuple[str, str]]:
    """The resources of a stack, each with its address."""
    for where in resources:
        if where.startswith(f"{stack} "):
            yield where, where.partition(" ")[2].replace(" ", ".")


def _overlaps(where: str, before: Resources, after: Resources, gone: set[str]) -> bool:
    """Whether the new one is made first, and can be: under another name, in another parent, or without a name."""
    stack, type_, _ = where.split()
    if not after[where].get("lifecycle", {}).get("create_before_destroy"):
        return False
    if "name" not in after[where] or before[where]["name"] != after[where]["name"]:
        return True
    parents = [value for key, value in after[where].items() if key in DROPPED_FACTS[type_].replaced_by]
    found = re.findall(r"\$\{(\w+)\.([\w-]+)\.id\}", json.dumps(parents))
    return bool(gone & {f"{stack} {of_type} {name}" for of_type, name in found})


def _meaning(setting: str) -> str:
    *tables, key = setting.split(".")
    model: type[Settings] = EnvironmentSettings
    for table in tables:
        nested = nested_settings(model, table)
        assert nested
        model = nested
    return meaning_of(model, key)
