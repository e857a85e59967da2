"""Writes an environment's file: one of the tests' own, with some settings changed."""

import json
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from config.environment import EnvironmentSettings
from config.error_report import nested_settings
from config.types import Settings
from tests.product import ENVIRONMENTS_OF_THE_TESTS

ABSENT = object()
"""As a setting's new value: leave the setting out."""

# Settings that go together.
GATEWAY = "network.application_gateway"
WITH_GATEWAY = {
    f"{GATEWAY}.host_name": "shop.example.com",
    f"{GATEWAY}.certificate_name": "shop",
}
EXTRA_RULE = {"name": "gitops", "hosts": ["github.com"], "because": "Argo CD reads its repository."}
SSH_KEY = f"ssh-rsa {'A' * 300}"
WITH_JUMP_BOX = {"network.jump_box.ssh_public_key": SSH_KEY}
WITH_FRONT_DOOR: dict[str, Any] = {"network.front_door": {}}
NO_AGENTS = {"network.agents": "none", "network.remote_ranges": ["192.168.0.0/24"]}
SINGLE = {"network.topology": "single", "network.hub": ABSENT}
WORKSPACE = (
    "/subscriptions/3f5e0d1c-8a47-4d6b-b2a0-61c9e7f4d201/resourceGroups/rg-logs"
    "/providers/Microsoft.OperationalInsights/workspaces/log-shop"
)


def _paths(model: type[Settings], prefix: str = "") -> Iterator[str]:
    for key in model.model_fields:
        nested = nested_settings(model, key)
        yield from _paths(nested, f"{prefix}{key}.") if nested else [prefix + key]


SETTING_PATHS = list(_paths(EnvironmentSettings))
"""Every setting, tables left out, such as `cluster.sql.max_size_gb`."""


def write_environment(folder: Path, name: str, changes: Mapping[str, Any]) -> Path:
    """Write `<folder>/environments/<name>.toml`; a change's key is a path such as `cluster.sql.max_size_gb`."""
    source = ENVIRONMENTS_OF_THE_TESTS / f"{name}.toml"
    table = tomllib.loads(source.read_text(encoding="utf-8"))
    for path, value in changes.items():
        *parents, key = path.split(".")
        parent = table
        for step in parents:
            parent = parent.setdefault(step, {})
        if value is ABSENT:
            del parent[key]
        else:
            parent[key] = value
    file = folder / "environments" / f"{name}.toml"
    file.parent.mkdir(exist_ok=True)
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
