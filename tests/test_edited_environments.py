"""Whatever an adopter writes into `environments/`, the tests over it are green once its snapshots are accepted.

Each test edits a copy of the checkout, and then does there what README.md tells the adopter to do.
"""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.config.environment_file import (
    ABSENT,
    NO_AGENTS,
    SINGLE,
    SSH_KEY,
    WITH_FRONT_DOOR,
    WITH_GATEWAY,
    WITH_JUMP_BOX,
    write_environment,
)
from tests.product import CHECKOUT, ENVIRONMENTS_OF_THE_TESTS, PURPOSES

NOT_COPIED = (".*", "node_modules", "cdktf.out", "bootstrap", "__snapshots__")
JUMP_BOX_OF_THE_PAGE = re.compile(r"```toml\n(\[network\.jump_box\].*?)```", re.DOTALL)

EDITS_OF_DEV = {
    'vm_size = "Standard_D2ds_v5"': 'vm_size = "Standard_D4ds_v5"',
    "max_count = 3": "max_count = 4",
    'sku_tier = "Free"': 'sku_tier = "Free"\nkubernetes_version = "1.34"',
    "retention_in_days = 30": "retention_in_days = 45",
    '"10.10.': '"10.110.',
}
ANOTHER_RULE = """
[[network.firewall.extra_rules]]
name = "gitops"
hosts = ["github.com"]
because = "Argo CD reads its repository."
"""

OWN = {
    "workload": "acme",
    "tenant_id": "11111111-aaaa-4aaa-8aaa-000000000001",
    "pipeline_principal_id": "11111111-aaaa-4aaa-8aaa-000000000002",
    "cluster_admin_group_id": "11111111-aaaa-4aaa-8aaa-000000000003",
    "state_backend.operators_group_id": "11111111-aaaa-4aaa-8aaa-000000000004",
    "cluster.sql.administrator.object_id": "11111111-aaaa-4aaa-8aaa-000000000005",
    "workloads.applications.0.name": "web",
    "workloads.applications.0.namespace": "front",
}
# The new file's name, the file of the tests that it is made from, and what is different in it.
OWN_FILES: dict[str, tuple[str, dict[str, Any]]] = {
    "li": (
        "dev",
        {
            **SINGLE,
            **NO_AGENTS,
            "subscription_id": "22222222-aaaa-4aaa-8aaa-000000000001",
            "region": "norwayeast",
            "network.spoke.address_space": "192.168.64.0/20",
            "network.remote_ranges": ["172.16.0.0/16", "100.64.0.0/16"],
            "network.egress": "load_balancer",
            "network.bastion": "none",
            **WITH_FRONT_DOOR,
        },
    ),
    "live": (
        "prod",
        {
            **WITH_GATEWAY,
            **WITH_JUMP_BOX,
            "subscription_id": "22222222-aaaa-4aaa-8aaa-000000000002",
            "pipeline_principal_id": "11111111-aaaa-4aaa-8aaa-000000000012",
            "region": "northeurope",
            "network.hub.address_space": "172.20.0.0/22",
            "network.spoke.address_space": "172.20.64.0/18",
            "network.egress": "nat_gateway",
            "network.firewall": ABSENT,
            "network.agents": "managed_devops_pool",
        },
    ),
    "stage": (
        "test",
        {
            "tier": "production",
            "subscription_id": "22222222-aaaa-4aaa-8aaa-000000000003",
            "pipeline_principal_id": "11111111-aaaa-4aaa-8aaa-000000000013",
            "region": "eastus2",
            "cluster.vault_secrets": ABSENT,
            "cluster.kubernetes.customer_managed_disk_key": True,
            "defender.plans": "elsewhere",
            "network.spoke.address_space": "10.0.0.0/16",
            "network.subnets.private_endpoints": "10.0.255.0/24",
            "cluster.kubernetes.system_pool.min_count": 3,
            "cluster.kubernetes.user_pools.0.min_count": 3,
        },
    ),
    # As it is during a first deployment, whose state is a file.
    "new": (
        "dev",
        {
            "subscription_id": "22222222-aaaa-4aaa-8aaa-000000000004",
            "state_backend.bootstrap": True,
            "network.firewall": {"sku_tier": "Basic", "published_port": 8443},
            "cluster.registry.untagged_retention_in_days": 7,
        },
    ),
}


def copy_checkout(folder: Path) -> Path:
    """A copy with the tests' own environments for the adopter's, and no snapshot yet."""
    shutil.copytree(CHECKOUT, folder, ignore=shutil.ignore_patterns(*NOT_COPIED))
    shutil.rmtree(folder / "environments")
    shutil.copytree(ENVIRONMENTS_OF_THE_TESTS, folder / "environments")
    # A secret that a deployment is given wants a line in the pipelines, which its test says.
    test = folder / "environments" / "test.toml"
    test.write_text(test.read_text(encoding="utf-8").replace('[[cluster.vault_secrets]]\nname = "first-value"\n', ""))
    return folder


def name_in_the_pipelines(checkout: Path, *environments: str) -> None:
    """Offer these environments, as docs/azure-devops.md says of new ones."""
    for file in ("deploy.yml", "destroy.yml", "database-users.yml"):
        pipeline = checkout / "pipelines" / file
        document = yaml.safe_load(pipeline.read_text(encoding="utf-8"))
        document["parameters"][0] |= {"values": list(environments), "default": environments[0]}
        pipeline.write_text(yaml.safe_dump(document, sort_keys=False), encoding="utf-8")
    drift = checkout / "pipelines" / "drift.yml"
    document = yaml.safe_load(drift.read_text(encoding="utf-8"))
    document["stages"] = [
        {
            "template": "templates/drift.yml",
            "parameters": {
                "environment": one,
                "readConnection": f"{one}-plan",
                "workloadsConnection": f"{one}-deploy",
            },
        }
        for one in environments
    ]
    drift.write_text(yaml.safe_dump(document, sort_keys=False), encoding="utf-8")


def edit_dev(file: Path) -> None:
    """Change some values, and append a rule and the jump box that docs/first-deployment.md shows."""
    text = file.read_text(encoding="utf-8")
    for old, new in EDITS_OF_DEV.items():
        assert old in text
        text = text.replace(old, new)
    (jump_box,) = JUMP_BOX_OF_THE_PAGE.findall((CHECKOUT / "docs" / "first-deployment.md").read_text(encoding="utf-8"))
    file.write_text(text + jump_box.replace("ssh-ed25519 AAAA…", SSH_KEY) + ANOTHER_RULE, encoding="utf-8")


def lock(checkout: Path, *named: str) -> subprocess.CompletedProcess[str]:
    """Run `make lock`, without installing anything."""
    return run(checkout, "make", "--old-file=setup", "lock", *named)


def allow_and_lock(checkout: Path) -> None:
    """Allow whatever `make lock` refuses for dev, with a reason and a last day, and run it again."""
    refused = lock(checkout)
    assert refused.returncode == 2, refused.stdout + refused.stderr
    allowed = checkout / "environments" / "allowed" / "dev.toml"
    allowed.parent.mkdir()
    tomorrow = datetime.now(UTC).date() + timedelta(days=1)
    for entries in re.findall(r"has it reviewed\.\n(.*?until =)(?:\n\n|$)", refused.stderr, re.DOTALL):
        entries = entries.replace('because = ""', 'because = "dev moves to ranges of its own."')
        with allowed.open("a", encoding="utf-8") as file:
            file.write(entries.replace("until =", f"until = {tomorrow}") + "\n")
    done = lock(checkout)
    assert done.returncode == 0, done.stdout + done.stderr


def run(checkout: Path, *command: str) -> subprocess.CompletedProcess[str]:
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    environment = {
        name: value for name, value in os.environ.items() if name != "MAKEFLAGS" and not name.startswith("PYTEST_")
    }
    return subprocess.run(  # noqa: S603 - written here
        command, cwd=checkout, env={**environment, "PATH": path}, capture_output=True, text=True, check=False
    )


def accept_snapshots(checkout: Path) -> str:
    """Run `make snapshots`, without installing anything, and return what it printed."""
    done = run(checkout, "make", "--old-file=setup", "snapshots")
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def assert_green(checkout: Path) -> None:
    done = run(checkout, "pytest", "-q", "-m", "deployed")
    assert done.returncode == 0, done.stdout + done.stderr


def one_edited_one_removed_and_one_new(checkout: Path) -> None:
    accept_snapshots(checkout)
    assert lock(checkout, "ENVIRONMENTS=dev,test").returncode == 0
    environments = checkout / "environments"
    edit_dev(environments / "dev.toml")
    (environments / "prod.toml").rename(environments / "qa.toml")

    report = run(checkout, "pytest", "-q", "-m", "deployed", "tests/stacks").stdout
    locks = re.findall(r"^FAILED tests/stacks/test_address_locks.py::\w+\[(\w+)\]", report, re.MULTILINE)
    assert locks == ["dev"]
    assert re.search(r"^E +replace  azurerm_private_endpoint\.\S+$", report, re.MULTILINE)
    faults = re.findall(r"^E +AssertionError: (\S+) (.*?)\. `make snapshots`", report, re.MULTILINE)
    assert sorted(fault for fault in faults if fault[0] != "environments/") == [
        ("dev-cluster", "is not what was accepted"),
        ("dev-network", "is not what was accepted"),
        ("dev-workloads", "is not what was accepted"),
        *((f"qa-{purpose}", "has no snapshot yet") for purpose in sorted(PURPOSES)),
    ]
    ((_, stale),) = [fault for fault in faults if fault[0] == "environments/"]
    assert set(re.findall(r"\[([\w-]+)\]", stale)) == {f"prod-{purpose}" for purpose in PURPOSES}

    printed = accept_snapshots(checkout)
    done = re.findall(r"^(Updated|Generated|Deleted) .*\[([\w-]+)\]\.json\)$", printed, re.MULTILINE)
    assert sorted(done) == [
        *(("Deleted", f"prod-{purpose}") for purpose in sorted(PURPOSES)),
        *(("Generated", f"qa-{purpose}") for purpose in sorted(PURPOSES)),
        *(("Updated", f"dev-{purpose}") for purpose in ("cluster", "network", "workloads")),
    ]
    allow_and_lock(checkout)
    name_in_the_pipelines(checkout, "dev", "test", "qa")
    assert_green(checkout)


def nothing_in_common_with_ours(checkout: Path) -> None:
    environments = checkout / "environments"
    shutil.rmtree(environments)
    for name, (base, changes) in OWN_FILES.items():
        write_environment(checkout, base, OWN | changes).rename(environments / f"{name}.toml")

    accept_snapshots(checkout)
    name_in_the_pipelines(checkout, *OWN_FILES)
    assert_green(checkout)


CASES = (one_edited_one_removed_and_one_new, nothing_in_common_with_ours)


@pytest.fixture(scope="module")
def under_way(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Future[None]]]:
    """All cases at the same time, as each mostly waits for one process."""
    with ThreadPoolExecutor(len(CASES)) as together:
        yield {
            case.__name__: together.submit(case, copy_checkout(tmp_path_factory.mktemp(case.__name__) / "checkout"))
            for case in CASES
        }


@pytest.mark.parametrize("case", [case.__name__ for case in CASES])
def test_edited_environments_are_green_once_their_snapshots_are_accepted(
    case: str, under_way: dict[str, Future[None]]
) -> None:
    under_way[case].result()
