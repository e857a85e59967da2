"""Names: within Azure's limits for the longest inputs that the settings allow, and never shared by two environments."""

import re
from dataclasses import replace
from typing import get_args
from uuid import UUID

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from config.environment import EnvironmentSettings
from config.network.firewall import FirewallTier
from config.network.subnets import SUBNETS, SubnetKey, VirtualNetworkKey
from config.network.topology import Topology
from config.regions import REGIONS
from config.types import Settings, Text
from config.workloads.application import ApplicationSettings
from constructs_lib.naming import Naming, StackPurpose
from tests.config.environment_file import WORKSPACE

# https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules
STORAGE_ACCOUNT = r"[a-z0-9]{3,24}"
LIMITS = {
    "state_storage_account": STORAGE_ACCOUNT,
    "audit_storage_account": STORAGE_ACCOUNT,
    "container_registry": r"[a-zA-Z0-9]{5,50}",
    "key_vault": r"[a-zA-Z](?!.*--)[a-zA-Z0-9-]{1,22}[a-zA-Z0-9]",
    "sql_server": r"[0-9a-z]([-0-9a-z]{0,61}[0-9a-z])?",
    "front_door_endpoint": r"[a-zA-Z0-9][-a-zA-Z0-9]{0,44}[a-zA-Z0-9]",
    "front_door_firewall_policy": r"[a-zA-Z][a-zA-Z0-9]{0,127}",
}
# Narrower than what any other kind of resource allows; the shortest limit is a firewall's.
ANY_OTHER = r"[a-z][a-z0-9-]{1,54}[a-z0-9]"
NAMED_ONCE = [
    name
    for name, member in vars(Naming).items()
    if isinstance(member, property) and not name.startswith("_") and not name.endswith(("_id", "_host"))
]
UNIQUE_IN_ALL_OF_AZURE = [
    "state_storage_account",
    "audit_storage_account",
    "container_registry",
    "key_vault",
    "sql_server",
]
QUICK = settings(derandomize=True, deadline=None, database=None, max_examples=100)


def texts(model: type[Settings], key: str) -> st.SearchStrategy[str]:
    """Letters and digits that the setting allows, often as many as it allows."""
    (shape,) = (metadata for metadata in model.model_fields[key].metadata if isinstance(metadata, Text))
    longest = max(length for length in range(1, 100) if re.fullmatch(shape.pattern, "z" * length))
    return st.just("z" * longest) | st.text("az09", min_size=1, max_size=longest - 1).map("a".__add__)


NAMES = st.builds(
    Naming,
    workload=texts(EnvironmentSettings, "workload"),
    environment=texts(EnvironmentSettings, "name"),
    region=st.sampled_from([*REGIONS, "southcentralus2"]),
    subscription_id=st.uuids().map(str),
)


@QUICK
@given(NAMES)
def test_names_keep_azures_limits(naming: Naming) -> None:
    for name in NAMED_ONCE:
        assert re.fullmatch(LIMITS.get(name, ANY_OTHER), getattr(naming, name)), name


@QUICK
@given(NAMES, texts(ApplicationSettings, "name"))
def test_names_of_several_keep_azures_limits(naming: Naming, service_account: str) -> None:
    for key, slot in SUBNETS.items():
        assert re.fullmatch(ANY_OTHER, naming.virtual_network(slot.virtual_network))
        assert re.fullmatch(r"[a-zA-Z0-9][-_.a-zA-Z0-9]{0,78}[_a-zA-Z0-9]", naming.subnet(key))
        assert re.fullmatch(r"[a-zA-Z0-9][-_.a-zA-Z0-9]{0,78}[_a-zA-Z0-9]", naming.network_security_group(key))
        assert re.fullmatch(ANY_OTHER, naming.nat_gateway(slot.virtual_network))
        assert re.fullmatch(ANY_OTHER, naming.nat_gateway_public_ip(slot.virtual_network))
    for stack in get_args(StackPurpose):
        assert re.fullmatch(r"(?!.*--)[a-z0-9][a-z0-9-]{1,61}[a-z0-9]", naming.state_container(stack))
    for tier in FirewallTier:
        assert re.fullmatch(ANY_OTHER, naming.firewall_policy(tier))
    assert re.fullmatch(r"[a-zA-Z0-9][-_a-zA-Z0-9]{2,127}", naming.workload_identity(service_account))
    assert re.fullmatch(r"[a-zA-Z0-9][-_.a-zA-Z0-9]{0,78}[_a-zA-Z0-9]", naming.private_link_service(service_account))


def _global_names(naming: Naming) -> set[str]:
    return {getattr(naming, name) for name in UNIQUE_IN_ALL_OF_AZURE}


@QUICK
@given(NAMES, NAMES)
def test_two_environments_share_no_global_name(one: Naming, other: Naming) -> None:
    assume(one != other)

    assert _global_names(one).isdisjoint(_global_names(other))


@pytest.mark.parametrize(
    "other",
    [
        Naming("shop", "dev", "westeurope", str(UUID(int=2))),
        Naming("shopd", "ev", "westeurope", str(UUID(int=1))),
        Naming("sho", "pdev", "westeurope", str(UUID(int=1))),
        Naming("shop", "dev", "northeurope", str(UUID(int=1))),
    ],
    ids=["other-subscription", "longer-workload", "shorter-workload", "other-region"],
)
def test_look_alike_environments_share_no_global_name(other: Naming) -> None:
    naming = Naming("shop", "dev", "westeurope", str(UUID(int=1)))

    assert _global_names(naming).isdisjoint(_global_names(other))


@pytest.mark.req(23)
def test_global_names_stay_the_same_for_ever() -> None:
    """Another name is another vault, server or account: the old one would be destroyed."""
    naming = Naming("shop", "dev", "westeurope", "3f5e0d1c-8a47-4d6b-b2a0-61c9e7f4d201")

    assert {name: getattr(naming, name) for name in UNIQUE_IN_ALL_OF_AZURE} == {
        "state_storage_account": "stshopdevtf7feb4",
        "audit_storage_account": "stshopdevaud7feb4",
        "container_registry": "crshopdev7feb4",
        "key_vault": "kv-shop-dev-7feb4",
        "sql_server": "sql-shop-dev-7feb4",
    }


def test_long_names_are_cut_before_what_keeps_them_apart() -> None:
    one = Naming("shopshop", "production", "westeurope", str(UUID(int=1)))
    other = replace(one, environment="productive")

    assert [one.state_storage_account[:-5], one.audit_storage_account[:-5], one.key_vault[:-5]] == [
        "stshopshopproducttf",
        "stshopshopproducaud",
        "kv-shopshop-produc-",
    ]
    assert _global_names(one).isdisjoint(_global_names(other))


def test_a_name_that_is_cut_at_a_hyphen_has_no_two_of_them() -> None:
    assert Naming("shopshop" * 2, "dev", "westeurope", str(UUID(int=1))).key_vault.count("--") == 0


@QUICK
@given(NAMES)
def test_ids_name_the_parents_of_what_they_identify(naming: Naming) -> None:
    subscription = f"/subscriptions/{naming.subscription_id}/resourceGroups"
    ids = {
        naming.log_analytics_workspace_id: (naming.network_resource_group, naming.log_analytics_workspace),
        naming.kubernetes_cluster_id: (naming.cluster_resource_group, naming.kubernetes_cluster),
        naming.key_vault_id: (naming.cluster_resource_group, naming.key_vault),
        naming.private_link_service_id("orders"): (naming.node_resource_group, naming.private_link_service("orders")),
        naming.virtual_network_id(VirtualNetworkKey.HUB): (
            naming.network_resource_group,
            naming.virtual_network(VirtualNetworkKey.HUB),
        ),
        naming.private_dns_zone_id("a.b"): (naming.network_resource_group, "a.b"),
    }

    for id_, (resource_group, name) in ids.items():
        provider = rf"providers/Microsoft\.[A-Za-z]+/[A-Za-z]+/{re.escape(name)}"
        assert re.fullmatch(f"{subscription}/{resource_group}/{provider}", id_)
    assert (
        naming.subnet_id(SubnetKey.AGENTS)
        == f"{naming.virtual_network_id(VirtualNetworkKey.HUB)}/subnets/{naming.subnet(SubnetKey.AGENTS)}"
    )
    assert (
        naming.subnet_id(SubnetKey.AKS_NODES)
        == f"{naming.virtual_network_id(VirtualNetworkKey.SPOKE)}/subnets/{naming.subnet(SubnetKey.AKS_NODES)}"
    )


@QUICK
@given(NAMES)
def test_in_a_single_network_every_subnet_is_in_it(naming: Naming) -> None:
    single = replace(naming, topology=Topology.SINGLE)

    assert {single.subnet_id(key) for key in SUBNETS} == {
        f"{naming.virtual_network_id(VirtualNetworkKey.SPOKE)}/subnets/{naming.subnet(key)}" for key in SUBNETS
    }


def test_an_existing_workspace_is_named_as_it_is() -> None:
    naming = Naming("shop", "dev", "westeurope", str(UUID(int=1)), existing_workspace_id=WORKSPACE)

    assert naming.log_analytics_workspace_id == WORKSPACE
