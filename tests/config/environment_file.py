"""Writes an environment's file: one of the tests' own, with some settings changed."""

import json
import shutil
import tomllib
from collections.abc import Iterator, Mapping
from copy import deepcopy
from pathlib import Path
from typing import Any

from config.environment import EnvironmentSettings
from config.settings_tree import nested_settings
from config.types import Settings
from tests.product import ENVIRONMENTS_OF_THE_TESTS


class _Absent:
    # The same in every process, as names of tests must be where several share the work.
    def __repr__(self) -> str:
        return "absent"


ABSENT = _Absent()
"""As a setting's new value: leave the setting out."""

ACCEPTED = {"setting": "region", "because": "It opened last week, with three zones."}

# Settings that go together.
GATEWAY = "network.application_gateway"
WITH_GATEWAY = {
    f"{GATEWAY}.host_name": "shop.example.com",
    f"{GATEWAY}.certificate_name": "shop",
}
EXTRA_RULE = {"name": "gitops", "hosts": ["github.com"], "because": "Argo CD reads its repository."}
HTTP_RULE = EXTRA_RULE | {"name": "revocation", "protocol": "http", "hosts": ["crl.example.com"]}
TCP_RULE = {
    "name": "queue",
    "protocol": "tcp",
    "addresses": ["192.168.5.0/24"],
    "ports": [5671, 5672],
    "because": "The queue in our own network takes orders.",
}
ORDERS = {
    "name": "orders",
    "namespace": "orders",
    "image_repository": "shop/orders",
    "image_digest": f"sha256:{'3b0c5f6d' * 8}",
    "ingress": "load_balancer",
    "database": True,
    "min_replicas": 1,
    "max_replicas": 2,
}
"""The application that the tests' environments have."""
BILLS = ORDERS | {"name": "bills", "namespace": "bills", "ingress": "none", "database": False}
"""Another, which uses nothing and answers nobody."""
LISTENER = {"host_name": "shop.example.com", "certificate_name": "shop"}
ROUTED = ORDERS | {"ingress": "gateway", "routes": [{"host": "shop.example.com"}]}
"""Called by the gateway."""
INGRESS = "workloads.gateway"
WITH_INGRESS: dict[str, Any] = {INGRESS: {"listeners": [LISTENER]}, "workloads.applications": [ROUTED]}
CERTIFICATE_FILE = "company-root.pem"
PROXY = "cluster.kubernetes.http_proxy"
WITH_PROXY = {f"{PROXY}.http": "http://proxy.example.com:3128"}
SSH_KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGruEy0RpSc+R3AHO4dXGZpp9QhkWDIp5O8OC6eNW2tq"
SHORT_RSA_KEY = (
    "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAAAgQDoxuxMsdmVsgdw1wc2f4qF9xDYk1BA7VRhWWL1HHbQPcrrJRsR2+I4Y9J7xBjJ"
    "Fosfv2QkMbbujkYuvNn7Xh6otno4LPnYhAT/33C4l9mcDV8BO2TWSOuMVdsMxMSmIf2JsnShWYj01anZpAWp6ZoFtaEnRNGE7UuM"
    "GS1aaKwktw=="
)
ECDSA_KEY = (
    "ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABBBLllTmAt1q6A+MXEXRUGJP8AWymj"
    "fEYilXi9oOjlErpXJOPm/rTs+1nVaI0CSbURt0mvUUTXxuyIHhYWLY133/o="
)
RSA_KEY = (
    "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQDOioZNrl3krnn67Lz91eGTXkVFEngQpGTNENaHgL9hBk8xWCoBrBOcVos/MNtE"
    "+qZPObXtifZPKRW6OMBGZwjwZkksYZRinfq6Q55muRCVYycy8R3RpNiidoOImqtCFplnPQFsYeMJN0ripQZLQyeJi1guvHxYpNdV"
    "vYFmL7Iw2XlLz8Lp6BT9IoOs6eHhI2W04YhdzS6yeaiviFmPk1P1Snja5QjmDjpYXEnhA1XgpSX1616M+fyDimC5Jrk8h2ELw7To"
    "Kgna58Or7u/xEEszaI017Zqvgf8zrbp3RyksnmqsljIFA626mAEE3MajIrhXBUa01dTkAlI+nWrk46tx"
)
WITH_JUMP_BOX = {"network.jump_box.ssh_public_key": SSH_KEY}
WITH_FRONT_DOOR: dict[str, Any] = {"network.front_door": {}}
NO_AGENTS = {"network.agents": "none", "network.remote_ranges": ["192.168.0.0/24"]}
SINGLE = {"network.topology": "single", "network.hub": ABSENT}
CONNECTIVITY = "/subscriptions/5d0c1a9b-6e2f-4b7d-9c38-1f4e7a2b6d01"
"""The company's own subscription, in which its hub and its zones are."""
HUB = f"{CONNECTIVITY}/resourceGroups/rg-hub/providers/Microsoft.Network/virtualNetworks/vnet-hub"
ZONES = f"{CONNECTIVITY}/resourceGroups/rg-dns"
JOINED: dict[str, Any] = {
    "network.topology": "spoke",
    "network.hub": ABSENT,
    "network.company_hub.virtual_network_id": HUB,
    "network.agents": "self_hosted",
    "network.bastion": "Standard",
}
"""Joined to a company's hub, with a Bastion and agents all the same; a way outside is to be chosen beside it."""
WORKSPACE = (
    "/subscriptions/3f5e0d1c-8a47-4d6b-b2a0-61c9e7f4d201/resourceGroups/rg-logs"
    "/providers/Microsoft.OperationalInsights/workspaces/log-shop"
)
DDOS_PLAN = f"{CONNECTIVITY}/resourceGroups/rg-hub/providers/Microsoft.Network/ddosProtectionPlans/ddos-company"
REGISTRY = f"{CONNECTIVITY}/resourceGroups/rg-images/providers/Microsoft.ContainerRegistry/registries/crcompany"
"""A registry that the company has already."""
CACHE_RULE = {
    "name": "oauth2-proxy",
    "source_repo": "quay.io/oauth2-proxy/oauth2-proxy",
    "target_repo": "oauth2-proxy",
}
WORKSPACE_CUSTOMER_ID = "5d0f1c3e-90a7-4b62-8c1d-7e2f4a6b9c05"
WITH_WORKSPACE = {
    "network.log_analytics": {
        "existing_workspace_id": WORKSPACE,
        "existing_workspace_customer_id": WORKSPACE_CUSTOMER_ID,
    }
}


def _paths(model: type[Settings], prefix: str = "") -> Iterator[str]:
    for key in model.model_fields:
        nested = nested_settings(model, key)
        yield from _paths(nested, f"{prefix}{key}.") if nested else [prefix + key]


SETTING_PATHS = list(_paths(EnvironmentSettings))
"""Every setting, tables left out, such as `cluster.sql.max_size_gb`."""


def write_environment(folder: Path, name: str, changes: Mapping[str, Any]) -> Path:
    """Write `<folder>/environments/<name>.toml`; a change's key is a path such as `cluster.sql.max_size_gb`.

    A number in it is a place in a list of tables; without one, the first is meant.
    """
    source = ENVIRONMENTS_OF_THE_TESTS / f"{name}.toml"
    table = tomllib.loads(source.read_text(encoding="utf-8"))
    for path, value in changes.items():
        *parents, key = path.split(".")
        parent: Any = table
        for step in parents:
            if isinstance(parent, list) and not step.isdecimal():
                parent = parent[0]
            parent = parent[int(step)] if isinstance(parent, list) else parent.setdefault(step, {})
        if isinstance(parent, list):
            parent = parent[0]
        if value is ABSENT:
            del parent[key]
        else:
            parent[key] = deepcopy(value)
    file = folder / "environments" / f"{name}.toml"
    file.parent.mkdir(exist_ok=True)
    if not (certificate := file.with_name(CERTIFICATE_FILE)).exists():
        shutil.copyfile(source.with_name(CERTIFICATE_FILE), certificate)
    file.write_text("".join(f"{json.dumps(key)} = {_toml(value)}\n" for key, value in table.items()), encoding="utf-8")
    return file


def _toml(value: Any) -> str:
    match value:
        case dict():
            return "{" + ", ".join(f"{json.dumps(key)} = {_toml(inner)}" for key, inner in value.items()) + "}"
        case list():
            return "[" + ", ".join(map(_toml, value)) + "]"
        case str() | bool():
            return json.dumps(value, ensure_ascii=False)
        case _:
            return str(value)
