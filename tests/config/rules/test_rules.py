"""Rules between settings: each can fail, none is stricter than Azure, and none hides behind another mistake."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from config.loading import ConfigurationError, load_environment
from config.rules import rule as mechanism
from config.rules.rule import Problem, Rule
from tests.config.bad_inputs import BAD_INPUTS
from tests.config.environment_file import (
    EXTRA_RULE,
    NO_AGENTS,
    SETTING_PATHS,
    SINGLE,
    SSH_KEY,
    WITH_GATEWAY,
    WORKSPACE,
    write_environment,
)


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
        ("prod", {"availability_zones": [1, 3]}),
        ("dev", {"region": "italynorth"}),
        ("prod", {"region": "polandcentral", "state_backend.replication": "ZRS"}),
        ("dev", {"state_backend.allowed_ip_ranges": ["20.50.2.7", "20.50.2.4/30", "20.50.0.0/16"]}),
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
        ("dev", {"network.subnets.application_gateway": "10.99.0.0/29"}),
        ("dev", {"network.firewall": {"sku_tier": "Basic", "published_port": 63999}}),
        ("dev", {"network.firewall.extra_rules": [EXTRA_RULE, EXTRA_RULE | {"name": "g", "source": "agents"}]}),
        ("dev", {"network.remote_ranges": ["192.168.0.0/24", "192.168.1.0/24"]}),
        ("dev", NO_AGENTS | {"network.egress": "none"}),
        ("dev", {"network.jump_box.ssh_public_key": SSH_KEY + "== ops@example.com"}),
        (
            "dev",
            WITH_GATEWAY
            | {
                "network.subnets.application_gateway": "10.10.21.0/26",
                "network.application_gateway.min_capacity": 59,
                "network.application_gateway.max_capacity": 59,
            },
        ),
        ("dev", {"network.log_analytics": {"existing_workspace_id": WORKSPACE}}),
        ("dev", {"network.subnets.firewall": "10.10.1.64/26", "network.subnets.agents": "10.10.0.0/28"}),
        ("dev", {"cluster.kubernetes.service_cidr": "172.18.0.0/27"}),
        ("dev", {"cluster.kubernetes.service_cidr": "100.64.0.0/13"}),
        ("dev", {"cluster.kubernetes.pod_cidr": "10.244.0.0/21"}),
        ("dev", {"cluster.kubernetes.user_pool.max_count": 190}),
        ("dev", {"cluster.kubernetes.user_pool.max_count": 762, "cluster.kubernetes.pod_cidr": "172.20.0.0/14"}),
        ("dev", {"cluster.kubernetes.user_pool.os_disk_size_gb": 75}),
        (
            "dev",
            {
                "cluster.kubernetes.user_pool": {
                    "vm_size": "Standard_D2ads_v6",
                    "os_disk_size_gb": 110,
                    "min_count": 3,
                    "max_count": 3,
                }
            },
        ),
        ("prod", {"cluster.kubernetes.user_pool.min_count": 2, "workloads.application.min_replicas": 2}),
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
        ("dev", {"workloads.application.min_replicas": 2, "workloads.application.namespace": "kubeflow"}),
        ("dev", {"workloads.application.vault_secrets": ["db", "db2"]}),
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
            {"cluster.kubernetes.user_pool.max_count": 900},
            "network.subnets.aks_nodes",
        ),
        (
            {"cluster.kubernetes.pod_cidr": "x"},
            {"cluster.kubernetes.user_pool.min_count": 9},
            "cluster.kubernetes.user_pool.min_count",
        ),
        ({"cluster.sql": "none"}, {"workloads.application.min_replicas": 9}, "workloads.application.min_replicas"),
        ({"workloads.application.name": "A"}, {"cluster.sql.zone_redundant": True}, "cluster.sql.zone_redundant"),
    ],
)
def test_a_mistake_hides_no_rule_that_does_not_read_it(
    mistake_elsewhere: dict[str, Any], broken_rule: dict[str, Any], reported: str, tmp_path: Path
) -> None:
    with pytest.raises(ConfigurationError) as raised:
        load_environment(write_environment(tmp_path, "dev", mistake_elsewhere | broken_rule))

    keys = {line.split(": ")[1] for line in raised.value.lines}
    assert {reported, *mistake_elsewhere} <= keys
