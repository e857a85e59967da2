"""Rules between settings: each can fail, none is stricter than Azure, and none hides behind another mistake."""

import re
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Any, get_args

import pytest

from config.loading import ConfigurationError, load_environment, load_environments
from config.notices import notices
from config.rules import registration as mechanism
from config.rules.identities import IDENTIFIERS, IN_LISTS
from config.rules.registration import Problem, Rule
from config.settings_tree import field_at
from config.types import Guid
from tests.config.bad_inputs import BAD_INPUTS
from tests.config.environment_file import (
    ABSENT,
    EXTRA_RULE,
    HTTP_RULE,
    HUB,
    JOINED,
    NO_AGENTS,
    ORDERS,
    PROXY,
    RSA_KEY,
    SETTING_PATHS,
    SINGLE,
    SSH_KEY,
    TCP_RULE,
    WITH_GATEWAY,
    WITH_JUMP_BOX,
    WITH_PROXY,
    WITH_WORKSPACE,
    WORKSPACE,
    WORKSPACE_CUSTOMER_ID,
    ZONES,
    write_environment,
)

PIPELINE = "b8a1c7d4-52e3-4f96-8c0b-1e7d93f5a601"
OTHER_WORKSPACE = {"existing_workspace_id": f"{WORKSPACE}-2", "existing_workspace_customer_id": WORKSPACE_CUSTOMER_ID}
GUID = "0c8f2a7e-5b1d-4f3a-9e6c-2d7b8a1f4c05"
SQL = {"administrator": {"login_name": "sql-admins", "object_id": "94c3f8a6-1d72-4e0b-b5f9-8a6e20d7c901"}}
HOSTS = ["*.contoso.com", "shop.xn--p1ai", "x.azurewebsites.net"]


def test_every_rule_refuses_some_bad_input(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    refused: set[int] = set()

    def noting(number: int, rule: Rule) -> Rule:
        def check(*values: Any) -> Iterator[Problem]:
            for problem in rule.check(*values):
                refused.add(number)
                yield problem

        return Rule(rule.paths, check)

    all_rules = list(mechanism.RULES)
    monkeypatch.setattr(mechanism, "RULES", [noting(number, rule) for number, rule in enumerate(all_rules)])
    for mistake in BAD_INPUTS:
        with pytest.raises(ConfigurationError):
            load_environment(write_environment(tmp_path, mistake.environment, mistake.changes))

    assert [rule.paths for number, rule in enumerate(all_rules) if number not in refused] == []


@pytest.mark.parametrize("path", SETTING_PATHS)
def test_every_setting_has_a_bad_input(path: str) -> None:
    """A number in a path is a place in a list."""
    assert path in {re.sub(r"\.\d+", "", mistake.path) for mistake in BAD_INPUTS}


@pytest.mark.parametrize(
    ("environment", "changes"),
    [
        ("dev", {"availability_zones": [2]}),
        ("dev", {"region": "japanwest"}),
        ("dev", {"region": "austriaeast"}),
        ("dev", {"tags.owner": "R&D (K\u00f6ln), \u00dcberwachung; 24/7, 100 %", "tags.cost_center": "a;b"}),
        ("dev", {"cluster.sql.administrator.login_name": "SQL Admins (Produktion) & Betrieb"}),
        ("dev", {"cluster.sql.administrator.login_name": "SQL Admins (Dev) & Ops <EU>"}),
        ("dev", {"tags.owner": "Platform Team <platform@example.com>", "tags.cost_center": "<ops@example.com>"}),
        ("dev", {"workload": "todo", "workloads.applications.0.name": "todo"}),
        (
            "dev",
            {"network.firewall.extra_rules": [EXTRA_RULE | {"because": "Charts are pulled from it, <first> of all."}]},
        ),
        ("dev", {"cluster.sql": SQL | {"database_sku_name": "GP_S_Gen5_1", "max_size_gb": 512}}),
        ("prod", {"cluster.sql": SQL | {"database_sku_name": "GP_Gen5_8", "max_size_gb": 2048}}),
        ("prod", {"cluster.sql": SQL | {"database_sku_name": "BC_Gen5_128", "max_size_gb": 4096}}),
        ("dev", {"cluster.kubernetes.user_pools.0.min_count": 0}),
        ("dev", {"workloads.applications.0.image_repository": "my.team/shop.orders--v2/api__1"}),
        (
            "dev",
            {
                "network.log_analytics": WITH_WORKSPACE["network.log_analytics"]
                | {"existing_workspace_id": WORKSPACE.lower()}
            },
        ),
        *(
            ("dev", {f"cluster.kubernetes.{pool}.vm_size": size})
            for pool in ("system_pool", "user_pools")
            for size in (
                "Standard_D4s_v5",
                "Standard_DC4ads_v5",
                "Standard_D4ads_v7",
                "Standard_E4bds_v6",
                "Standard_D8lds_v6",
                "Standard_E16-4ds_v5",
            )
        ),
        *(
            ("dev", WITH_JUMP_BOX | {"network.jump_box.vm_size": size})
            for size in ("Standard_D2s_v6", "Standard_D2as_v7", "Standard_B2s_v2", "Standard_B2ms", "Standard_E2ads_v6")
        ),
        ("dev", {"network.jump_box.ssh_public_key": RSA_KEY + " Ops Team (Berlin)"}),
        (
            "dev",
            {"network.firewall.extra_rules": [EXTRA_RULE | {"hosts": HOSTS}]},
        ),
        ("dev", {"workload": "winshop", "workloads.applications.0.namespace": "azure-billing"}),
        ("dev", {"cluster.sql.administrator.object_id": PIPELINE, "pipeline_principal_id": PIPELINE}),
        ("dev", {"workloads.applications": [ORDERS | {"min_replicas": 12, "max_replicas": 12}]}),
        ("prod", {"availability_zones": [1, 3]}),
        ("dev", {"region": "italynorth"}),
        ("prod", {"region": "polandcentral", "state_backend.replication": "ZRS"}),
        ("dev", {"state_backend.allowed_ip_ranges": ["20.50.2.8", "20.50.2.4/30", "20.51.0.0/16"]}),
        ("dev", {"network.hub.address_space": "100.64.0.0/23"}),
        ("dev", {"network.spoke.address_space": "10.10.16.0/21"}),
        (
            "dev",
            {
                "network.spoke.address_space": "10.10.16.0/25",
                "network.subnets": {
                    "aks_nodes": "10.10.16.0/26",
                    "private_endpoints": "10.10.16.64/28",
                    "load_balancers": "10.10.16.80/29",
                },
            },
        ),
        ("dev", SINGLE | {"network.spoke.address_space": "10.10.16.0/20"}),
        ("dev", {"network.egress": "nva", "network.nva_address": "10.10.0.4"}),
        ("dev", SINGLE | {"network.egress": "nva", "network.nva_address": "10.10.31.4"}),
        ("dev", {"network.firewall": {"sku_tier": "Basic", "published_port": 63999}}),
        ("dev", {"network.firewall.extra_rules": [EXTRA_RULE, EXTRA_RULE | {"name": "g", "source": "agents"}]}),
        ("dev", {"network.remote_ranges": ["192.168.0.0/24", "192.168.1.0/24"]}),
        ("dev", {"network.remote_ranges": ["10.0.0.0/8", "172.16.0.0/12"]}),
        ("dev", WITH_PROXY | {f"{PROXY}.https": "https://192.168.7.4:65535", f"{PROXY}.no_proxy": ["10.0.0.0/8", "a"]}),
        ("dev", {"network.firewall.extra_rules": [HTTP_RULE | {"hosts": ["*.example.com"], "ports": [8080, 64000]}]}),
        ("dev", {"network.firewall.extra_rules": [TCP_RULE | {"addresses": ["10.0.0.0/8", "51.20.7.0/24"]}]}),
        ("dev", {"network.firewall.extra_rules": [TCP_RULE | {"source": "agents", "protocol": "udp"}]}),
        ("dev", {"network.firewall.extra_rules": [TCP_RULE | {"addresses": [], "hosts": ["q.example.com"]}]}),
        (
            "dev",
            SINGLE
            | {
                "network.firewall.extra_rules": [
                    TCP_RULE | {"addresses": [], "hosts": ["q.example.com"], "source": "agents"}
                ]
            },
        ),
        ("dev", WITH_JUMP_BOX | {"network.firewall.extra_rules": [HTTP_RULE | {"source": "jump_box", "ports": [443]}]}),
        ("dev", {"network.agents": "none", "network.callers.api_server": ["192.168.0.0/24"]}),
        ("dev", {"tags.more": [{"name": f"t_{n}.x-Y", "value": "\u00fc: $ % 1"} for n in range(9)]}),
        ("dev", {"tags.managed_by_others": ["Cost Center (SAP)", "hidden-link: x", "Stra\u00dfe"]}),
        ("dev", NO_AGENTS | {"network.egress": "none"}),
        ("dev", {"network.jump_box.ssh_public_key": SSH_KEY + " ops@example.com"}),
        (
            "dev",
            WITH_GATEWAY
            | {
                "network.subnets.application_gateway": "10.10.21.0/26",
                "network.application_gateway.min_capacity": 59,
                "network.application_gateway.max_capacity": 59,
            },
        ),
        ("dev", WITH_WORKSPACE),
        ("dev", {"network.subnets.firewall": "10.10.1.64/26", "network.subnets.agents": "10.10.0.0/28"}),
        ("dev", {"cluster.kubernetes.service_cidr": "172.18.0.0/27"}),
        ("dev", {"cluster.kubernetes.service_cidr": "100.64.0.0/13"}),
        ("dev", {"cluster.kubernetes.pod_cidr": "10.244.0.0/21"}),
        ("dev", {"cluster.kubernetes.user_pools.0.max_count": 190}),
        ("dev", {"cluster.kubernetes.user_pools.0.max_count": 762, "cluster.kubernetes.pod_cidr": "172.20.0.0/14"}),
        ("dev", {"cluster.kubernetes.user_pools.0.os_disk_size_gb": 75}),
        (
            "dev",
            {
                "cluster.kubernetes.user_pools": [
                    {
                        "name": "nine9nine",
                        "vm_size": "Standard_D2ads_v6",
                        "os_disk_size_gb": 110,
                        "min_count": 3,
                        "max_count": 3,
                        "labels": ["example.com/team=A_b.c", "empty="],
                        "availability_zones": [2],
                    },
                    {"name": "cheap", "spot": True, "min_count": 0, "max_count": 3},
                    {"name": "arm", "vm_size": "Standard_D2pds_v6", "min_count": 0, "max_count": 3},
                    {"name": "gpu", "vm_size": "Standard_NC4as_T4_v3", "min_count": 0, "max_count": 1},
                    {"name": "closed", "vm_size": "Standard_DC4as_v5", "min_count": 1, "max_count": 1},
                    {"name": "kept", "min_count": 0, "max_count": 9, "taints": ["example.com/team=a:NoSchedule"]},
                ]
            },
        ),
        ("prod", {"cluster.kubernetes.user_pools.0.min_count": 2, "workloads.applications.0.min_replicas": 2}),
        ("dev", {"cluster.sql.auto_pause_delay_in_minutes": 15}),
        (
            "dev",
            {
                "cluster.sql.zone_redundant": True,
                "cluster.sql.database_sku_name": "BC_Gen5_2",
                "cluster.sql.auto_pause_delay_in_minutes": -1,
                "availability_zones": [1],
            },
        ),
        ("dev", {"workloads.applications.0.min_replicas": 2, "workloads.applications.0.namespace": "kubeflow"}),
        ("dev", {"workloads.applications.0.max_replicas": 24}),
        ("dev", {"workloads.applications.0.vault_secrets": ["db", "db2"]}),
        # 57 nodes while upgrading, the five that Azure keeps, the load balancer's and the API server's.
        (
            "dev",
            {
                "network.subnets.aks_nodes": "10.10.16.0/26",
                "cluster.kubernetes.system_pool.max_count": 2,
                "cluster.kubernetes.user_pools.0.max_count": 40,
            },
        ),
        # https://learn.microsoft.com/azure/aks/free-standard-pricing-tiers
        (
            "dev",
            {
                "cluster.kubernetes.sku_tier": "Free",
                "cluster.kubernetes.system_pool.max_count": 500,
                "cluster.kubernetes.user_pools.0.max_count": 500,
                "cluster.kubernetes.pod_cidr": "100.64.0.0/10",
                "network.spoke.address_space": "10.96.0.0/12",
                "network.subnets.aks_nodes": "10.104.0.0/20",
            },
        ),
    ],
    ids=str,
)
def test_what_azure_just_accepts_is_accepted(environment: str, changes: dict[str, Any], tmp_path: Path) -> None:
    load_environment(write_environment(tmp_path, environment, changes))


@pytest.mark.parametrize(
    ("mistake_elsewhere", "broken_rule", "reported"),
    [
        ({"tags.owner": ""}, {"network.hub.address_space": "10.10.0.0/25"}, "network.hub.address_space"),
        ({"network.firewall.sku_tier": "Free"}, {"network.egress": "none"}, "network.agents"),
        ({"network.spoke.typo": 1}, {"cluster.kubernetes.pod_cidr": "10.10.0.0/16"}, "cluster.kubernetes.pod_cidr"),
        (
            {"cluster.kubernetes.sku_tier": "Paid"},
            {"cluster.kubernetes.user_pools.0.max_count": 900},
            "network.subnets.aks_nodes",
        ),
        (
            {"cluster.kubernetes.pod_cidr": "x"},
            {"cluster.kubernetes.user_pools.0.min_count": 9},
            "cluster.kubernetes.user_pools.0.min_count",
        ),
        (
            {"cluster.sql": "none"},
            {"workloads.applications.0.min_replicas": 9},
            "workloads.applications.0.min_replicas",
        ),
        ({"workloads.applications.0.name": "A"}, {"cluster.sql.zone_redundant": True}, "cluster.sql.zone_redundant"),
    ],
)
def test_a_mistake_hides_no_rule_that_does_not_read_it(
    mistake_elsewhere: dict[str, Any], broken_rule: dict[str, Any], reported: str, tmp_path: Path
) -> None:
    with pytest.raises(ConfigurationError) as raised:
        load_environment(write_environment(tmp_path, "dev", mistake_elsewhere | broken_rule))

    keys = {line.split(": ")[1] for line in raised.value.lines}
    assert {reported, *mistake_elsewhere} <= keys


# Whether one application's pods, and the cluster's own, fit is an estimate.
SMALL_NODES = {"cluster.kubernetes.user_pools.0.vm_size": "Standard_D2ds_v5"}
ACCEPTABLE: list[tuple[str, str, dict[str, Any]]] = [
    ("dev", "region", {"region": "taiwannorth"}),
    ("dev", "region", {"region": "westus"}),
    ("dev", "workload", {"workload": "office"}),
    ("prod", "tier", {"tier": "nonproduction"}),
    ("prod", "network.log_analytics.daily_quota_gb", {"network.log_analytics.daily_quota_gb": 500.0}),
    ("prod", "state_backend.replication", {"state_backend.replication": "ZRS"}),
    ("prod", "state_backend.allowed_ip_ranges", {"state_backend.public_network_access": True}),
    *(
        ("dev", path, {path: ["51.20.0.0/16"]})
        for path in (
            "network.remote_ranges",
            *(f"network.callers.{key}" for key in ("application", "vault", "sql", "api_server")),
        )
    ),
    (
        "dev",
        "network.dns_servers",
        {
            "network.egress": "nat_gateway",
            "network.dns_servers": ["51.20.0.5"],
            "network.private_dns.zones_resource_group_id": ZONES,
        },
    ),
    (
        "dev",
        "network.firewall.extra_rules",
        {"network.firewall.extra_rules": [EXTRA_RULE | {"hosts": ["*.github.io"]}]},
    ),
    ("dev", "network.jump_box.vm_size", WITH_JUMP_BOX | {"network.jump_box.vm_size": "Standard_D4s_v9"}),
    ("prod", "cluster.sql.backup_retention_in_days", {"cluster.sql.backup_retention_in_days": 1}),
    (
        "prod",
        "cluster.kubernetes.customer_managed_disk_key",
        {"cluster.kubernetes.customer_managed_disk_key": False},
    ),
    ("prod", "cluster.policy.effect", {"cluster.policy.effect": "Audit"}),
    ("prod", "network.log_analytics.daily_quota_gb", {"network.log_analytics.daily_quota_gb": 5.0}),
    ("dev", "cluster.kubernetes.kubernetes_version", {"cluster.kubernetes.kubernetes_version": "1.41"}),
    ("dev", "cluster.kubernetes.system_pool.vm_size", {"cluster.kubernetes.system_pool.vm_size": "Standard_D4ds_v9"}),
    ("dev", "cluster.kubernetes.user_pools.vm_size", {"cluster.kubernetes.user_pools.vm_size": "Standard_D4ds_v9"}),
    *(
        ("dev", f"cluster.kubernetes.{pool}.os_disk_size_gb", {f"cluster.kubernetes.{pool}.os_disk_size_gb": 100})
        for pool in ("system_pool", "user_pools")
    ),
    ("dev", "cluster.sql.max_size_gb", {"cluster.sql.max_size_gb": 2048}),
    ("dev", "state_backend.replication", {"region": "italynorth", "state_backend.replication": "GZRS"}),
    ("dev", "cluster.kubernetes.system_pool.max_count", {"cluster.kubernetes.system_pool.max_count": 1}),
    ("dev", "cluster.sql.database_sku_name", {"cluster.sql.database_sku_name": "GP_S_Gen9_4"}),
    ("dev", "cluster.sql.zone_redundant", {"cluster.sql.zone_redundant": True, "availability_zones": [1]}),
    ("dev", "cluster.sql.administrator.login_name", {"cluster.sql.administrator.login_name": "admin"}),
    ("prod", "monitoring.alerts", {"monitoring.alerts": ABSENT}),
    ("prod", "defender.plans", {"defender.plans": "off"}),
    (
        "dev",
        "workloads.applications",
        SMALL_NODES | {"workloads.applications.0.resources.cpu_millicores": 1300},
    ),
    (
        "dev",
        "workloads.applications",
        SMALL_NODES | {"workloads.applications.0.resources.memory_mib": 4500},
    ),
    ("dev", "workloads.applications", {"workloads.applications.0.max_replicas": 25}),
    (
        "dev",
        "workloads.applications",
        {"workloads.applications.0.min_replicas": 13, "workloads.applications.0.max_replicas": 13},
    ),
]


def accepting(settings: Iterable[str]) -> list[dict[str, str]]:
    return [{"setting": setting, "because": "We asked Azure, and it said yes."} for setting in settings]


@pytest.mark.parametrize(("environment", "setting", "changes"), ACCEPTABLE, ids=lambda value: str(value)[:60])
def test_whoever_knows_better_is_believed(
    environment: str, setting: str, changes: dict[str, Any], tmp_path: Path
) -> None:
    """With the entry the file loads; without it, the report names the setting and the entry that would be needed."""
    accepted = load_environment(write_environment(tmp_path, environment, changes | {"accept": accepting([setting])}))
    assert [entry.setting for entry in accepted.accept] == [setting]

    with pytest.raises(ConfigurationError) as raised:
        load_environment(write_environment(tmp_path, environment, changes))
    assert [line.split(": ")[1] for line in raised.value.lines] == [setting]
    assert raised.value.lines[0].endswith("r, where you know better, say why under [[accept]]")


def test_every_doubt_can_be_accepted() -> None:
    assert {rule.doubted for rule in mechanism.RULES} - {None} == {setting for _, setting, _ in ACCEPTABLE}


@pytest.mark.parametrize(
    "changes",
    [
        {"region": "Taiwan North"},
        {"region": "usgovvirginia"},
        {"cluster.kubernetes.system_pool.vm_size": "Standard_D4d_v9"},
        {"cluster.kubernetes.kubernetes_version": "latest"},
        {"cluster.sql.database_sku_name": "S0"},
        {"network.remote_ranges": ["0.0.0.0/0"]},
    ],
)
def test_no_acceptance_lets_a_wrong_form_through(changes: dict[str, Any], tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError):
        load_environment(write_environment(tmp_path, "dev", changes | {"accept": accepting(changes)}))


def test_an_acceptance_for_what_is_left_out_is_a_mistake(tmp_path: Path) -> None:
    accept = {"accept": accepting(["network.jump_box.vm_size"])}

    with pytest.raises(ConfigurationError, match="needs no acceptance; remove the entry"):
        load_environment(write_environment(tmp_path, "dev", accept))


def test_what_a_mistake_hides_may_still_need_its_acceptance(tmp_path: Path) -> None:
    """The entry is reported as unneeded first when the setting itself can be judged."""
    mistake = {"region": 1, "accept": accepting(["region"])}

    with pytest.raises(ConfigurationError) as raised:
        load_environment(write_environment(tmp_path, "dev", mistake))

    assert len(raised.value.lines) == 1


def test_every_id_is_compared_with_the_others() -> None:
    def is_id(path: str) -> bool:
        field = field_at(tuple(path.split(".")))
        wanted = get_args(Guid)[1]
        return field is not None and (
            wanted in field.metadata or any(wanted in get_args(one) for one in get_args(field.annotation))
        )

    assert {path for path in SETTING_PATHS if is_id(path)} == {*IDENTIFIERS, *IN_LISTS}


# A setting, its value in production and in the others, and the setting there.
SHARED = [
    ("subscription_id", "3f5e0d1c-8a47-4d6b-b2a0-61c9e7f4d201", "subscription_id"),
    ("pipeline_principal_id", PIPELINE, "pipeline_principal_id"),
    *((f"identities.{one}", PIPELINE, "pipeline_principal_id") for one in ("network", "cluster", "workloads")),
    ("identities.network", GUID, "identities.cluster"),
    ("identities.network_plan", GUID, "identities.cluster_plan"),
    ("identities.cluster_plan", GUID, "identities.cluster_plan"),
]


def mistakes(folder: Path, environments: str = "") -> tuple[str, ...]:
    try:
        load_environments(folder, {"ENVIRONMENTS": environments})
    except ConfigurationError as error:
        return error.lines
    return ()


@pytest.mark.parametrize(("setting", "value", "there"), SHARED)
def test_production_shares_nothing_with_other_environments(
    setting: str, value: str, there: str, tmp_path: Path
) -> None:
    shared = {setting: value}
    for other in ("dev", "test"):
        # Whoever only plans cannot be asked for what is written into the vault.
        write_environment(tmp_path, other, {there: value, "cluster.vault_secrets": []})

    folder = write_environment(tmp_path, "prod", shared).parent
    (line,) = mistakes(folder)
    assert line.startswith(f"environments/prod.toml: {setting}: {value} is that of dev, test too: who")
    # Nothing is known of environments that are not loaded.
    assert mistakes(folder, "prod") == ()

    write_environment(tmp_path, "prod", shared | {"accept": accepting([setting])})
    assert mistakes(folder) == mistakes(folder, "prod") == ()

    write_environment(tmp_path, "prod", {"accept": accepting([setting])})
    assert mistakes(folder) == (f'environments/prod.toml: accept: "{setting}" needs no acceptance; remove the entry',)


# The plans of a subscription are switched on by one of those in it.
WATCHED = {"defender.plans": "elsewhere"}


def test_a_copy_of_production_under_another_name_is_doubted_on_both_sides(tmp_path: Path) -> None:
    folder = write_environment(tmp_path, "prod", WATCHED).parent
    (folder / "acc.toml").write_bytes((folder / "prod.toml").read_bytes())

    copied, original = mistakes(folder)
    assert copied.startswith("environments/acc.toml: subscription_id: ")
    assert "is that of prod too" in copied
    assert original.startswith("environments/prod.toml: subscription_id: ")

    write_environment(tmp_path, "prod", {**WATCHED, "accept": accepting(["subscription_id"])})
    (folder / "acc.toml").write_bytes((folder / "prod.toml").read_bytes())
    assert mistakes(folder) == ()

    # Two regions of one application, each with a pipeline of its own.
    write_environment(tmp_path, "prod", WATCHED)
    text = (folder / "prod.toml").read_text(encoding="utf-8")
    assert "93f5a603" in text
    (folder / "acc.toml").write_text(text.replace("93f5a603", "93f5a609"), encoding="utf-8")
    assert mistakes(folder) == ()


def test_spokes_that_join_one_hub_keep_apart(tmp_path: Path) -> None:
    joined = {**JOINED, "network.egress": "nva", "network.nva_address": "10.0.0.4"}
    for change, expected in [
        ({"network.spoke.address_space": "10.10.0.0/18"}, 1),
        ({"network.spoke.address_space": "10.10.32.0/20"}, 0),
        ({"network.company_hub.virtual_network_id": f"{HUB}-2"}, 0),
    ]:
        file = write_environment(tmp_path, "dev", joined | change)
        file.rename(file.with_stem("next"))
        write_environment(tmp_path, "dev", joined)

        lines = mistakes(file.parent)
        assert len(lines) == expected
        assert all(
            line.startswith("environments/next.toml: network.spoke.address_space: 10.10.0.0/18 overlaps 10.10.16.0/20")
            for line in lines
        )


def test_one_workspace_gets_the_activity_log_of_a_subscription_once(tmp_path: Path) -> None:
    cases: list[tuple[dict[str, Any], int]] = [
        ({}, 1),
        ({"monitoring.activity_log": False}, 0),
        ({"subscription_id": GUID}, 0),
        ({"network.log_analytics": OTHER_WORKSPACE}, 0),
        ({"network.log_analytics": {}}, 0),
    ]
    for change, expected in cases:
        file = write_environment(tmp_path, "dev", {**WITH_WORKSPACE, **change})
        file.rename(file.with_stem("next"))
        write_environment(tmp_path, "dev", WITH_WORKSPACE)

        lines = mistakes(file.parent)
        assert len(lines) == expected
        assert all(
            line.startswith("environments/next.toml: monitoring.activity_log: true is that of dev too")
            for line in lines
        )


def test_plans_of_one_subscription_are_switched_on_once(tmp_path: Path) -> None:
    on: dict[str, Any] = {"defender.plans": "on"}
    cases: list[tuple[dict[str, Any], int]] = [
        (on, 1),
        ({"defender.plans": "elsewhere"}, 0),
        ({**on, "subscription_id": GUID}, 0),
    ]
    for change, expected in cases:
        file = write_environment(tmp_path, "dev", change)
        file.rename(file.with_stem("next"))
        write_environment(tmp_path, "dev", on)

        lines = mistakes(file.parent)
        assert len(lines) == expected
        assert all(line.startswith("environments/next.toml: defender.plans: on is that of dev too") for line in lines)


def test_what_was_accepted_and_what_should_not_stay_is_said_at_every_synth(tmp_path: Path) -> None:
    changes: dict[str, Any] = {
        "region": "taiwannorth",
        "network.firewall.extra_rules": [EXTRA_RULE | {"hosts": ["*.github.io"]}],
        "state_backend.bootstrap": True,
        "accept": accepting(["region", "network.firewall.extra_rules"]),
    }
    environment = load_environment(write_environment(tmp_path, "dev", changes))

    assert list(notices(environment, date(2026, 12, 1))) == [
        'accepted: region = "taiwannorth", network.firewall.extra_rules',
        "state_backend.bootstrap: true keeps the state in a local file; remove it after the first deployment",
    ]
    one = load_environment(
        write_environment(tmp_path, "dev", {"region": "taiwannorth", "accept": accepting(["region"])})
    )
    assert list(notices(one, date(2026, 12, 1))) == ['accepted: region = "taiwannorth"']
    assert list(notices(load_environment(write_environment(tmp_path, "dev", {})), date(2027, 2, 1))) == [
        'cluster.kubernetes.kubernetes_version: "1.35" is supported until 2027-03-31 only; upgrade'
    ]
    # https://learn.microsoft.com/azure/aks/supported-kubernetes-versions#lts-versions
    long = load_environment(write_environment(tmp_path, "dev", {"cluster.kubernetes.sku_tier": "Premium"}))
    assert list(notices(long, date(2027, 2, 1))) == []
    assert list(notices(long, date(2028, 2, 1))) == [
        'cluster.kubernetes.kubernetes_version: "1.35" is supported until 2028-03-31 only; upgrade'
    ]


def test_a_size_of_several_pools_is_accepted_once_and_said_so(tmp_path: Path) -> None:
    size = {"vm_size": "Standard_D4ds_v9", "min_count": 1, "max_count": 2}
    changes = {
        "cluster.kubernetes.user_pools": [size | {"name": "one"}, size | {"name": "two"}],
        "accept": accepting(["cluster.kubernetes.user_pools.vm_size"]),
    }

    environment = load_environment(write_environment(tmp_path, "dev", changes))
    assert list(notices(environment, date(2026, 12, 1))) == ["accepted: cluster.kubernetes.user_pools.vm_size"]
