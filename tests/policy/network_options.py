"""Every option of the network: alone against the default, and together with every option that another setting has.

Two options meet in a row of `TOGETHER`, or `REFUSED` says why they cannot: `test_option_pairs.py` counts the pairs.
"""

from collections.abc import Iterator, Sequence
from itertools import combinations
from pathlib import Path
from typing import Any

from config.environment import EnvironmentSettings
from config.loading import load_environment
from tests.config.environment_file import (
    ABSENT,
    EXTRA_RULE,
    HTTP_RULE,
    JOINED,
    NO_AGENTS,
    SINGLE,
    TCP_RULE,
    WITH_GATEWAY,
    WITH_JUMP_BOX,
    WITH_WORKSPACE,
    ZONES,
    write_environment,
)

Row = tuple[str, ...]

# By what is chosen: of one choice, no two options can be had together.
CHOICES: dict[str, dict[str, dict[str, Any]]] = {
    # The repository's own production, with the default network and no secrets, which need a way to Entra.
    "tier": {
        "production": {
            "network.firewall": ABSENT,
            "network.log_analytics": ABSENT,
            "workloads.applications.0.vault_secrets": ABSENT,
        }
    },
    "topology": {"single": SINGLE, "spoke": JOINED},
    "tier of the firewall": {
        "basic": {"network.firewall.sku_tier": "Basic"},
        "premium": {"network.firewall.sku_tier": "Premium"},
    },
    "egress": {
        "appliance": {"network.egress": "nva", "network.nva_address": "192.168.7.4"},
        "nat_gateway": {"network.egress": "nat_gateway"},
        "load_balancer": {"network.egress": "load_balancer"},
        "no_egress": {"network.egress": "none"},
    },
    "DNS servers": {"dns": {"network.dns_servers": ["10.0.0.5", "10.0.0.6"]}},
    "private DNS": {
        "zones": {"network.private_dns": {"zones_resource_group_id": ZONES}},
        "policy_names": {
            "network.private_dns": {
                "zones_resource_group_id": ZONES,
                "records": "policy",
                "policy_covers": ["blob_storage", "key_vault"],
            }
        },
    },
    "published port": {"published_port": {"network.firewall.published_port": 8080}},
    "extra rules": {"extra_rules": {"network.firewall.extra_rules": [EXTRA_RULE, HTTP_RULE, TCP_RULE]}},
    "agents": {"managed_pool": {"network.agents": "managed_devops_pool"}, "no_agents": NO_AGENTS},
    "API server": {"api_inside": {"network.api_server": "vnet_integration"}},
    "Bastion": {"no_bastion": {"network.bastion": "none", "network.remote_ranges": ["192.168.0.0/24"]}},
    "jump box": {
        "jump_box": WITH_JUMP_BOX,
        "keyed_jump_box": WITH_JUMP_BOX | {"network.jump_box.login": "ssh_key"},
    },
    "web application firewall": {
        "gateway": WITH_GATEWAY,
        "front_door": {"network.front_door": {}},
    },
    "workspace": {"workspace": WITH_WORKSPACE},
    # The second encloses the environments' own networks.
    "callers": {
        "callers": {
            "network.callers.application": ["192.168.2.0/24", "10.0.0.0/11"],
            "network.callers.vault": ["192.168.3.0/24"],
            "network.callers.sql": [],
            "network.callers.api_server": ["192.168.4.0/24"],
        }
    },
    "remote ranges": {"remote": {"network.remote_ranges": ["192.168.0.0/24", "192.168.1.0/24"]}},
}
OPTIONS = {name: changes for options in CHOICES.values() for name, changes in options.items()}

DEFAULT: Row = ()

TOGETHER: tuple[Row, ...] = tuple(
    tuple(line.split())
    for line in (
        "production single premium extra_rules no_agents api_inside keyed_jump_box workspace remote zones callers",
        "single premium published_port extra_rules no_agents api_inside keyed_jump_box workspace remote policy_names",
        "production single nat_gateway managed_pool api_inside no_bastion front_door workspace remote policy_names",
        "single basic extra_rules managed_pool api_inside jump_box gateway workspace remote zones callers",
        "production single load_balancer no_agents api_inside no_bastion gateway workspace remote zones dns callers",
        "production single appliance no_agents api_inside jump_box front_door workspace remote zones dns callers",
        "production single no_egress no_agents api_inside no_bastion front_door workspace remote policy_names dns",
        "production spoke appliance managed_pool api_inside jump_box gateway workspace remote policy_names dns callers",
        "spoke nat_gateway no_agents no_bastion front_door zones dns callers",
        "spoke load_balancer no_agents policy_names dns callers",
        "spoke no_egress no_agents zones callers",
        "spoke nat_gateway keyed_jump_box dns policy_names callers",
        "basic published_port extra_rules no_agents no_bastion policy_names callers",
        "appliance managed_pool keyed_jump_box gateway zones",
        "basic extra_rules keyed_jump_box front_door",
        "premium published_port managed_pool jump_box zones",
        "nat_gateway no_agents keyed_jump_box gateway",
        "premium no_bastion front_door",
        "load_balancer no_agents front_door",
        "premium gateway",
        "no_egress no_agents gateway",
        "nat_gateway jump_box",
        "appliance no_bastion",
    )
)

_NO_FIREWALL = "network.firewall: is not used by egress"
_NO_WAY = "gives it none"
_FIREWALL_BESIDE_THE_HUBS = "network.egress: firewall"
_PAST_THE_WAF = "would lead past the web application firewall"

REFUSED: dict[Row, str] = {
    # Alone: agents are the default.
    ("load_balancer",): f"network.agents: self_hosted needs a way to Azure DevOps, and egress load_balancer {_NO_WAY}",
    ("no_egress",): f"network.agents: self_hosted needs a way to Azure DevOps, and egress none {_NO_WAY}",
    # Alone: so are a firewall, and zones that only the networks of the environment see.
    ("spoke",): _FIREWALL_BESIDE_THE_HUBS,
    ("dns",): "network.private_dns: is missing; the servers of network.dns_servers do not see zones",
    # In pairs.
    **{
        ("spoke", feature): f"{_FIREWALL_BESIDE_THE_HUBS} would make another one beside the hub's"
        for feature in ("basic", "premium", "published_port", "extra_rules")
    },
    **{
        ("dns", feature): "network.dns_servers: is not used with egress firewall"
        for feature in ("basic", "premium", "published_port", "extra_rules")
    },
    **{
        (way, feature): _NO_FIREWALL
        for way in ("appliance", "nat_gateway", "load_balancer", "no_egress")
        for feature in ("basic", "premium", "published_port", "extra_rules")
    },
    **{
        (way, who): f"{setting}: {text}"
        for way in ("load_balancer", "no_egress")
        for who, setting, text in (
            ("managed_pool", "network.agents", "managed_devops_pool needs a way to Azure DevOps"),
            ("jump_box", "network.jump_box", "needs a way to updates and to Entra"),
            ("keyed_jump_box", "network.jump_box", "needs a way to updates and to Entra"),
        )
    },
    ("no_bastion", "jump_box"): "network.jump_box: is reached through Bastion alone",
    ("no_bastion", "keyed_jump_box"): "network.jump_box: is reached through Bastion alone",
    ("published_port", "gateway"): f"network.firewall.published_port: 8080 {_PAST_THE_WAF}",
    ("published_port", "front_door"): f"network.firewall.published_port: 8080 {_PAST_THE_WAF}",
    ("published_port", "production"): "network.firewall.published_port: 8080 would offer the application unencrypted",
    ("basic", "production"): "network.firewall.sku_tier: Basic lets known bad destinations pass",
}

ACCEPTED: tuple[Row, ...] = (DEFAULT, *((option,) for option in OPTIONS if (option,) not in REFUSED), *TOGETHER)


def load(row: Row, folder: Path) -> EnvironmentSettings:
    """The settings of an environment with these options; raises ConfigurationError if a rule refuses them."""
    name = "prod" if "production" in row else "dev"
    # In the order of OPTIONS: production first takes away what others may set anew.
    changes = {path: value for option in OPTIONS if option in row for path, value in OPTIONS[option].items()}
    return load_environment(write_environment(folder, name, changes))


def pairs(options: Sequence[str]) -> Iterator[frozenset[str]]:
    """Every two options that different settings have."""
    choice_of = {option: choice for choice, options in CHOICES.items() for option in options}
    for one, other in combinations(options, 2):
        if choice_of[one] != choice_of[other]:
            yield frozenset((one, other))
