"""Changes that would destroy or replace something are flagged before they do, and safe ones are not.

The address lock is asked, which needs the program alone; and the gate, which reads what the real Terraform plans, with
stand-in providers, for an environment that stands.
"""

import copy
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from cdktf import App

from config.loading import load_environment
from deployment.allowed import STACKS
from deployment.locked import Locked
from deployment.plan import read_plan
from deployment.verdict import judge
from rehearsal.cloud import Cloud
from rehearsal.core import Terraform, offline
from rehearsal.dropped_facts import DROPPED_FACTS
from rehearsal.local_state import keep_state_in
from rehearsal.rehearsal import Rehearsal
from stacks.environments import build
from tests.config.environment_file import (
    ABSENT,
    EXTRA_RULE,
    GATEWAY,
    RSA_KEY,
    SINGLE,
    WITH_GATEWAY,
    WITH_JUMP_BOX,
    WITH_WORKSPACE,
    write_environment,
)
from tests.deployment.edits import Edit, Program, renamed, with_another, with_argument, without

TODAY = date(2026, 11, 26)
GUID = "0c8f2a7e-5b1d-4f3a-9e6c-2d7b8a1f4c05"
APPLICATION, KUBERNETES = "workloads.applications", "cluster.kubernetes"
# So that as much as possible stands that a change could take away.
BEFORE: dict[str, Any] = {**WITH_JUMP_BOX, **WITH_GATEWAY, f"{APPLICATION}.vault_secrets": ["one", "two"]}

LOCK, GATE = "lock", "gate"

Flag = tuple[str, str]
"""An action, and the type of a resource."""


@dataclass(frozen=True)
class Changed:
    """A change of the settings, or of the program, and what of it must be flagged: actions and types."""

    what: str
    stack: str
    change: Mapping[str, Any] | Edit
    flagged: set[Flag] = field(default_factory=set)
    by: tuple[str, ...] = (LOCK, GATE)


def destroys(*types: str) -> set[Flag]:
    return {("destroy", type_) for type_ in types}


def replaces(*types: str) -> set[Flag]:
    return {("replace", type_) for type_ in types}


FORGETS_ALL = {("forget", "")}
CLUSTER, POOL = "azurerm_kubernetes_cluster", "azurerm_kubernetes_cluster_node_pool"
VAULT, SERVER, DATABASE = "azurerm_key_vault", "azurerm_mssql_server", "azurerm_mssql_database"
REGISTRY, ACCOUNT, CONTAINER = "azurerm_container_registry", "azurerm_storage_account", "azurerm_storage_container"
WORKSPACE, NETWORK, SUBNET = "azurerm_log_analytics_workspace", "azurerm_virtual_network", "azurerm_subnet"
FIREWALL, ADDRESS, ENDPOINT = "azurerm_firewall", "azurerm_public_ip", "azurerm_private_endpoint"
MANAGEMENT_LOCK = "azurerm_management_lock"
GROUP, ROLE, IDENTITY = "azurerm_resource_group", "azurerm_role_assignment", "azurerm_user_assigned_identity"
ZONE, MACHINE, BASTION = "azurerm_private_dns_zone", "azurerm_linux_virtual_machine", "azurerm_bastion_host"
SERVICE, DEPLOYMENT, NAMESPACE = "kubernetes_service_v1", "kubernetes_deployment_v1", "kubernetes_namespace_v1"

DANGEROUS = (
    # A construct has another id, or another scope, and nothing says that it is the same.
    Changed("rename the cluster", "cluster", renamed(CLUSTER, "aks_4F5E6D7C"), destroys(CLUSTER)),
    Changed("rename the workspace", "network", renamed(WORKSPACE, "logs"), destroys(WORKSPACE)),
    Changed("move the hub's network", "network", renamed(NETWORK, "hubs_hub_0A", "hub"), destroys(NETWORK)),
    Changed("move the database into a construct", "cluster", renamed(DATABASE, "data_db_0A"), destroys(DATABASE)),
    Changed("move a pool to another stack", "cluster", without(POOL), destroys(POOL)),
    Changed("leave the states' lock out", "state-backend", without(MANAGEMENT_LOCK), destroys(MANAGEMENT_LOCK)),
    Changed("forget a pool", "cluster", without(POOL, forgotten=True), {("forget", POOL)}),
    # Another value for what cannot be changed in place.
    Changed("name the vault otherwise", "cluster", with_argument(VAULT, "name", "kv-other"), replaces(VAULT)),
    Changed("name a group otherwise", "network", with_argument(GROUP, "name", "rg-other"), replaces(GROUP, NETWORK)),
    Changed("a server of another version", "cluster", with_argument(SERVER, "version", "2.0"), replaces(SERVER)),
    Changed(
        "encrypt the states' account twice",
        "state-backend",
        with_argument(ACCOUNT, "infrastructure_encryption_enabled", value=False),
        replaces(ACCOUNT, CONTAINER),
    ),
    Changed(
        "look for the database in another subscription",
        "cluster",
        with_argument(DATABASE, "provider", "azurerm.elsewhere"),
        replaces(DATABASE),
        by=(LOCK,),
    ),
    # Settings.
    Changed("region", "network", {"region": "northeurope"}, FORGETS_ALL, by=(LOCK,)),
    Changed("workload", "cluster", {"workload": "store"}, FORGETS_ALL, by=(LOCK,)),
    Changed("subscription", "cluster", {"subscription_id": GUID}, FORGETS_ALL, by=(LOCK,)),
    Changed("begin again", "state-backend", {"state_backend.bootstrap": True}, FORGETS_ALL, by=(LOCK,)),
    Changed("the API server's way", "cluster", {"network.api_server": "vnet_integration"}, replaces(CLUSTER, POOL)),
    Changed("pods' range", "cluster", {f"{KUBERNETES}.pod_cidr": "10.200.0.0/16"}, replaces(CLUSTER, POOL, ROLE)),
    Changed("services' range", "cluster", {f"{KUBERNETES}.service_cidr": "10.201.0.0/16"}, replaces(CLUSTER, POOL)),
    Changed("zones", "network", {"availability_zones": [1, 2, 3]}, replaces(FIREWALL, ADDRESS)),
    Changed("firewall to Basic", "network", {"network.firewall.sku_tier": "Basic"}, replaces(FIREWALL)),
    Changed("the networks become one", "network", {**SINGLE}, destroys(NETWORK)),
    Changed("another workspace", "network", WITH_WORKSPACE, destroys(WORKSPACE)),
    Changed("endpoints' range", "cluster", {"network.spoke.address_space": "10.10.32.0/20"}, replaces(ENDPOINT)),
    Changed("the jump box's key", "network", {"network.jump_box.ssh_public_key": RSA_KEY}, replaces(MACHINE)),
    Changed("no gateway", "workloads", dict.fromkeys(WITH_GATEWAY, ABSENT), destroys(ADDRESS)),
    Changed("the application's name", "workloads", {f"{APPLICATION}.name": "bills"}, destroys(IDENTITY, DEPLOYMENT)),
    Changed("its namespace", "workloads", {f"{APPLICATION}.namespace": "bills"}, replaces(NAMESPACE, SERVICE)),
    Changed("a secret less", "workloads", {f"{APPLICATION}.vault_secrets": ["one"]}, destroys(ROLE)),
    Changed("another pipeline", "state-backend", {"pipeline_principal_id": GUID}, replaces(ROLE)),
)

SAFE = (
    Changed("tags", "network", {"tags.owner": "another-team"}),
    Changed("more nodes", "cluster", {f"{KUBERNETES}.user_pools.max_count": 4}),
    Changed("larger nodes", "cluster", {f"{KUBERNETES}.user_pools.vm_size": "Standard_D4ds_v5"}),
    Changed("a control plane that is paid for", "cluster", {f"{KUBERNETES}.sku_tier": "Standard"}),
    Changed("another image", "workloads", {f"{APPLICATION}.image_digest": f"sha256:{'0123456789abcdef' * 4}"}),
    Changed("a rule more", "network", {"network.firewall.extra_rules": [EXTRA_RULE]}),
    Changed("a secret more", "workloads", {f"{APPLICATION}.vault_secrets": ["one", "three", "two"]}),
    Changed("logs for longer", "network", {"network.log_analytics.retention_in_days": 60}),
    Changed("a larger database", "cluster", {"cluster.sql.max_size_gb": 64}),
    Changed("a larger gateway", "workloads", {f"{GATEWAY}.max_capacity": 6}),
    Changed("states that are kept for longer", "state-backend", {"state_backend.soft_delete_days": 60}),
    Changed("the cluster moved", "cluster", renamed(CLUSTER, "platform_aks_0A1B", moved=True)),
    Changed("the hub's network moved", "network", renamed(NETWORK, "hubs_hub_0A", "hub", moved=True)),
    Changed("a container more", "state-backend", with_another(CONTAINER, "state_container", name="more")),
)


class Standing:
    """An environment that is deployed and locked, and what becomes of both when something is changed."""

    def __init__(self, terraform: Terraform, cloud: Cloud, synthesised: Path, folder: Path) -> None:
        self.cloud, self._terraform, self._folder = cloud, terraform, folder
        self.before = programs(synthesised)
        self._locked = {stack: Locked.of(program) for stack, program in self.before.items()}

    def after(self, changed: Changed) -> dict[str, Program]:
        """The programs of the stacks once something was changed, by their purposes."""
        if callable(changed.change):
            edited = changed.change(copy.deepcopy(self.before[changed.stack]))
            return {**self.before, changed.stack: edited}
        settings = {**BEFORE, **changed.change}
        for path in [path for path, value in changed.change.items() if value is ABSENT and path in BEFORE]:
            del settings[path]
        return programs(synthesise(self._folder, settings))

    def flagged_by_lock(self, stack: str, program: Program) -> set[Flag]:
        """What the stack's lock says of a program."""
        return {(change.action, change.type) for change in self._locked[stack].moved_as(program).changes(program)}

    def flagged_by_gate(self, stack: str, program: Program, *, refresh: bool = False) -> set[Flag]:
        """What the gate refuses of Terraform's plan for a program; `refresh` looks at the cloud first."""
        copied = self._folder / "deployed" / f"dev-{stack}"
        (copied / "cdk.tf.json").write_text(json.dumps(program))
        keep_state_in(self._folder / "deployed" / "states", copied, unprotected=True)
        self._terraform.run(copied, "plan", "-out=stack.tfplan", f"-refresh={json.dumps(refresh)}")
        plan = read_plan(self._terraform.run(copied, "show", "-json", "stack.tfplan"))
        return {(one.change.action, one.change.type) for one in judge(f"dev-{stack}", plan, (), TODAY).refused}


def synthesise(parent: Path, settings: Mapping[str, Any]) -> Path:
    folder = parent / str(len(list(parent.iterdir())))
    folder.mkdir()
    app = App(outdir=str(folder / "cdktf.out"))
    build(app, [load_environment(write_environment(folder, "dev", settings))])
    app.synth()
    return folder / "cdktf.out"


def programs(synthesised: Path) -> dict[str, Program]:
    return {
        stack: json.loads((synthesised / "stacks" / f"dev-{stack}" / "cdk.tf.json").read_text()) for stack in STACKS
    }


@pytest.fixture(scope="module")
def standing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Standing]:
    folder = tmp_path_factory.mktemp("standing")
    first = synthesise(folder, BEFORE)
    with offline(first) as (terraform, cloud):
        environment = load_environment(first.parent / "environments" / "dev.toml")
        rehearsal = Rehearsal(terraform, cloud, first, environment, folder / "deployed", print)
        for stack in STACKS:
            rehearsal.deploy(f"dev-{stack}")
        yield Standing(terraform, cloud, first, folder)


@pytest.mark.parametrize("changed", DANGEROUS, ids=lambda changed: changed.what)
def test_what_would_be_destroyed_is_flagged(changed: Changed, standing: Standing) -> None:
    program = standing.after(changed)[changed.stack]
    if LOCK in changed.by:
        assert changed.flagged <= standing.flagged_by_lock(changed.stack, program)
    if GATE in changed.by:
        assert changed.flagged <= standing.flagged_by_gate(changed.stack, program)


@pytest.mark.parametrize("changed", SAFE, ids=lambda changed: changed.what)
def test_what_is_safe_is_not_flagged(changed: Changed, standing: Standing) -> None:
    after = standing.after(changed)
    assert [flag for stack, program in after.items() for flag in standing.flagged_by_lock(stack, program)] == []
    assert standing.flagged_by_gate(changed.stack, after[changed.stack]) == set()


def test_a_release_of_the_provider_that_replaces_what_it_changed_is_flagged(
    standing: Standing, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The program does not show it: the plan does."""
    program = with_argument(REGISTRY, "sku", "Standard")(copy.deepcopy(standing.before["cluster"]))
    assert standing.flagged_by_gate("cluster", program) == set()

    facts = DROPPED_FACTS[REGISTRY]
    monkeypatch.setitem(DROPPED_FACTS, REGISTRY, replace(facts, replaced_by=(*facts.replaced_by, "sku")))
    assert replaces(REGISTRY) <= standing.flagged_by_gate("cluster", program)


def test_a_release_of_the_provider_that_reads_otherwise_what_stands_is_flagged(standing: Standing) -> None:
    program = standing.before["cluster"]
    assert standing.flagged_by_gate("cluster", program, refresh=True) == set()

    standing.cloud.drift(SERVER, "", lambda server: server.update(version="12"))
    assert replaces(SERVER) <= standing.flagged_by_gate("cluster", program, refresh=True)
