"""What each choice of ways in, out and through makes of the network stack."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from cdktf import App

from config.environment import EnvironmentSettings
from config.loading import load_environment
from config.network.subnets import SubnetKey
from constructs_lib.naming import Naming
from stacks.network import NetworkStack
from tests.config.environment_file import (
    NO_AGENTS,
    SINGLE,
    WITH_JUMP_BOX,
    WITH_WORKSPACE,
    WORKSPACE,
    WORKSPACE_CUSTOMER_ID,
    write_environment,
)
from tests.stacks.test_network_wiring import referenced, subnet_names
from tests.template import Template

TAKES_NO_SECURITY_GROUP = {"AzureFirewallSubnet", "AzureFirewallManagementSubnet"}
WRITES_TO_A_NETWORK = (
    "azurerm_subnet_network_security_group_association",
    "azurerm_subnet_route_table_association",
    "azurerm_subnet_nat_gateway_association",
    "azurerm_virtual_network_dns_servers",
    "azurerm_private_endpoint",
)


VARIANTS: dict[str, dict[str, Any]] = {
    "default": {},
    "single": SINGLE,
    "basic": {"network.firewall.sku_tier": "Basic"},
    "single-basic": {**SINGLE, "network.firewall.sku_tier": "Basic"},
    "published": {"network.firewall.published_port": 8443},
    "appliance": {"network.egress": "nva", "network.nva_address": "10.99.0.4"},
    "nat": {"network.egress": "nat_gateway", **WITH_JUMP_BOX},
    "single-nat": {**SINGLE, "network.egress": "nat_gateway"},
    "load-balancer": {"network.egress": "load_balancer", **NO_AGENTS},
    "isolated": {"network.egress": "none", **NO_AGENTS},
    "closed-state": {"state_backend.public_network_access": False, **NO_AGENTS},
    "pool": {"network.agents": "managed_devops_pool"},
    "integrated": {"network.api_server": "vnet_integration"},
    "front-door": {"network.front_door": {}},
    "logs-elsewhere": WITH_WORKSPACE,
}


def _variant(name: str, folder: Path) -> EnvironmentSettings:
    return load_environment(write_environment(folder, "dev", VARIANTS[name]))


@pytest.fixture(scope="module")
def variants(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Template]:
    """The network of `dev` with other settings."""
    found = {}
    for name in VARIANTS:
        folder = tmp_path_factory.mktemp(name)
        app = App(outdir=str(folder))
        NetworkStack(app, _variant(name, folder))
        app.synth()
        found[name] = Template.read(folder / "stacks" / "dev-network")
    return found


@pytest.mark.req(29)
@pytest.mark.parametrize("variant", VARIANTS)
def test_every_subnet_has_a_security_group_where_azure_takes_one(
    variant: str, variants: Mapping[str, Template]
) -> None:
    template = variants[variant]
    associations = template.resources("azurerm_subnet_network_security_group_association").values()
    protected = subnet_names(template, (association["subnet_id"] for association in associations))

    assert (
        protected
        == {subnet["name"] for subnet in template.resources("azurerm_subnet").values()} - TAKES_NO_SECURITY_GROUP
    )


@pytest.mark.req(26)
@pytest.mark.parametrize("variant", VARIANTS)
def test_just_the_subnets_that_are_called_for_are_there_in_their_networks(
    variant: str, variants: Mapping[str, Template], tmp_path: Path
) -> None:
    settings, template = _variant(variant, tmp_path), variants[variant]
    naming, plan, networks = (
        Naming.of(settings),
        settings.network.address_plan,
        template.resources("azurerm_virtual_network"),
    )
    homes = {
        subnet["name"]: networks[referenced(subnet["virtual_network_name"])[1]]["name"]
        for subnet in template.resources("azurerm_subnet").values()
    }

    assert {network["name"]: network["address_space"][0] for network in networks.values()} == {
        naming.virtual_network(key): str(range_) for key, range_ in plan.virtual_networks.items()
    }
    assert {s["name"]: s["address_prefixes"][0] for s in template.resources("azurerm_subnet").values()} == {
        naming.subnet(key): str(range_) for key, range_ in plan.subnets.items()
    }
    # Later stacks compute where a subnet stands.
    for key in plan.subnets:
        assert f"/virtualNetworks/{homes[naming.subnet(key)]}/subnets/" in naming.subnet_id(key)


def test_pipelines_elsewhere_come_from_the_ranges_that_are_given(variants: Mapping[str, Template]) -> None:
    (range_,) = NO_AGENTS["network.remote_ranges"]
    name = "nsg-private-endpoints-shop-dev-weu"
    open_, closed = (
        json.dumps(variants[variant].resource("azurerm_network_security_group", name=name))
        for variant in ("isolated", "default")
    )

    assert range_ in open_
    assert range_ not in closed


@pytest.mark.req(48)
def test_an_appliance_takes_the_place_of_the_firewall(variants: Mapping[str, Template]) -> None:
    template = variants["appliance"]
    (route,) = template.resource("azurerm_route_table")["route"]

    assert (route["next_hop_type"], route["next_hop_in_ip_address"]) == ("VirtualAppliance", "10.99.0.4")
    assert len(template.resources("azurerm_subnet_route_table_association")) == 2
    assert not template.resources("azurerm_firewall")
    assert not template.resources("azurerm_virtual_network_dns_servers")


@pytest.mark.parametrize(
    ("variant", "gateways"),
    [
        ("nat", {("hub", "snet-agents"), ("hub", "snet-jump-box"), ("spoke", "snet-aks-nodes")}),
        ("single-nat", {("spoke", "snet-agents"), ("spoke", "snet-aks-nodes")}),
    ],
)
def test_each_network_has_a_nat_gateway_of_its_own(
    variant: str, gateways: set[tuple[str, str]], variants: Mapping[str, Template]
) -> None:
    """A NAT gateway serves one network."""
    template = variants[variant]
    subnets = template.resources("azurerm_subnet")
    served = {
        (referenced(association["nat_gateway_id"])[1].removeprefix("egress_").split("-")[0], subnets[subnet]["name"])
        for association in template.resources("azurerm_subnet_nat_gateway_association").values()
        for _, subnet in [referenced(association["subnet_id"])]
    }

    assert served == gateways
    assert len(template.resources("azurerm_nat_gateway")) == len({home for home, _ in gateways})


@pytest.mark.parametrize("variant", ["nat", "single-nat"])
def test_no_route_leads_past_a_nat_gateway(variant: str, variants: Mapping[str, Template]) -> None:
    assert not variants[variant].resources("azurerm_route_table")


@pytest.mark.parametrize("variant", ["load-balancer", "isolated"])
def test_where_the_cluster_decides_the_network_has_no_egress(variant: str, variants: Mapping[str, Template]) -> None:
    template = variants[variant]

    assert not {"azurerm_firewall", "azurerm_nat_gateway", "azurerm_route_table"} & template.document["resource"].keys()
    assert {ip["name"] for ip in template.resources("azurerm_public_ip").values()} == {"pip-bastion-shop-dev-weu"}
    nodes = template.resource("azurerm_network_security_group", name="nsg-aks-nodes-shop-dev-weu")
    refused = [rule["name"] for rule in nodes["security_rule"] if rule["destination_address_prefix"] == "Internet"]
    assert refused == (["internet"] if variant == "isolated" else [])


@pytest.mark.req(49)
def test_what_is_published_leads_to_the_applications_own_load_balancer(
    variants: Mapping[str, Template], tmp_path: Path
) -> None:
    (collection,) = variants["published"].resource("azurerm_firewall_policy_rule_collection_group", name="application")[
        "nat_rule_collection"
    ]
    (rule,) = collection["rule"]
    plan = _variant("published", tmp_path).network.address_plan

    assert rule["translated_address"] == str(plan.application_address)
    assert plan.application_address in plan.subnets[SubnetKey.LOAD_BALANCERS]
    assert not [group for group in _nat_rules(variants["default"]) if group]


def _nat_rules(template: Template) -> Iterator[Any]:
    for group in template.resources("azurerm_firewall_policy_rule_collection_group").values():
        yield group.get("nat_rule_collection")


@pytest.mark.parametrize("variant", ["basic", "single-basic"])
def test_a_basic_firewall_resolves_no_names(variant: str, variants: Mapping[str, Template]) -> None:
    assert not variants[variant].resources("azurerm_virtual_network_dns_servers")


@pytest.mark.parametrize("variant", ["basic", "single-basic"])
def test_a_basic_firewall_has_a_subnet_for_its_management(variant: str, variants: Mapping[str, Template]) -> None:
    template = variants[variant]
    management = template.resource("azurerm_firewall")["management_ip_configuration"]

    assert subnet_names(template, iter([management["subnet_id"]])) == {"AzureFirewallManagementSubnet"}


def test_one_network_for_all_is_joined_to_nothing(variants: Mapping[str, Template]) -> None:
    assert not variants["single"].resources("azurerm_virtual_network_peering")


def test_one_network_for_all_asks_the_firewall_for_names(variants: Mapping[str, Template]) -> None:
    template = variants["single"]
    links = template.resources("azurerm_private_dns_zone_virtual_network_link")

    assert len(links) == len(template.resources("azurerm_private_dns_zone"))
    assert len(template.resources("azurerm_virtual_network_dns_servers")) == 1


@pytest.mark.parametrize(
    ("variant", "subnet", "service"),
    [
        ("pool", "snet-agents", "Microsoft.DevOpsInfrastructure/pools"),
        ("integrated", "snet-api-server", "Microsoft.ContainerService/managedClusters"),
    ],
)
def test_a_subnet_that_azure_fills_is_delegated_to_its_service_and_no_other_is(
    variant: str, subnet: str, service: str, variants: Mapping[str, Template]
) -> None:
    delegated = {
        subnet["name"]: subnet["delegation"][0]["service_delegation"]["name"]
        for subnet in variants[variant].resources("azurerm_subnet").values()
        if "delegation" in subnet
    }

    assert delegated == {subnet: service}


def test_front_doors_visitors_have_a_subnet_that_takes_a_private_link_service(variants: Mapping[str, Template]) -> None:
    subnet = variants["front-door"].resource("azurerm_subnet", name="snet-private-link-service")

    assert subnet["private_link_service_network_policies_enabled"] is False


@pytest.mark.req(35)
@pytest.mark.parametrize(
    ("variant", "zone"),
    [("default", "privatelink.westeurope.azmk8s.io"), ("integrated", "private.westeurope.azmk8s.io")],
)
def test_the_api_servers_zone_has_the_name_that_aks_writes_to(
    variant: str, zone: str, variants: Mapping[str, Template]
) -> None:
    zones = {zone["name"] for zone in variants[variant].resources("azurerm_private_dns_zone").values()}

    assert {name for name in zones if name.endswith("azmk8s.io")} == {zone}


@pytest.mark.req(34)
def test_agents_in_the_network_reach_their_state_by_a_private_address(
    variants: Mapping[str, Template], tmp_path: Path
) -> None:
    """Ranges allowed at the account's firewall never match who comes from the same region."""
    template, naming = variants["default"], Naming.of(_variant("default", tmp_path))
    ((id_, endpoint),) = template.resources("azurerm_private_endpoint").items()
    record = template.resource("azurerm_private_dns_a_record")

    assert endpoint["private_service_connection"]["private_connection_resource_id"] == naming.state_storage_account_id
    assert (record["name"], record["zone_name"]) == (
        naming.state_storage_account,
        "privatelink.blob.core.windows.net",
    )
    # A reference to the zone: the record has to wait for it.
    assert referenced(record["resource_group_name"])[0] == "azurerm_private_dns_zone"
    assert id_ in template.behind(template.data_source("azurerm_private_endpoint_connection")["name"])
    assert not variants["isolated"].resources("azurerm_private_endpoint")
    # Nothing else leads there, and whoever deploys comes from a network that is joined.
    assert variants["closed-state"].resources("azurerm_private_endpoint")


@pytest.mark.req(76)
def test_logs_go_to_the_workspace_that_is_named_and_none_is_made(variants: Mapping[str, Template]) -> None:
    template = variants["logs-elsewhere"]
    workspaces = {
        setting["log_analytics_workspace_id"]
        for setting in template.resources("azurerm_monitor_diagnostic_setting").values()
    }

    assert workspaces == {WORKSPACE}
    assert not template.resources("azurerm_log_analytics_workspace")


@pytest.mark.req(46)
def test_nodes_send_logs_to_the_one_workspace_and_to_nobody_elses(variants: Mapping[str, Template]) -> None:
    (made,) = variants["default"].resources("azurerm_log_analytics_workspace")
    expected = {
        "default": f"${{azurerm_log_analytics_workspace.{made}.workspace_id}}",
        "logs-elsewhere": WORKSPACE_CUSTOMER_ID,
    }

    for variant, customer_id in expected.items():
        group = variants[variant].resource("azurerm_firewall_policy_rule_collection_group", name="cluster")
        hosts = [
            host
            for collection in group["application_rule_collection"]
            for rule in collection["rule"]
            for host in rule.get("destination_fqdns", [])
        ]
        assert sorted(host for host in hosts if "opinsights" in host) == [
            f"{customer_id}.ods.opinsights.azure.com",
            f"{customer_id}.oms.opinsights.azure.com",
        ]
        assert not [host for host in hosts if "*" in host]


@pytest.mark.parametrize("variant", ["default", "basic", "appliance", "nat", "isolated"])
def test_networks_are_joined_after_everything_that_writes_to_them(
    variant: str, variants: Mapping[str, Template]
) -> None:
    """Azure refuses to join a network that is changing, and the provider does not wait for it."""
    template = variants[variant]
    writers = {f"{type_}.{name}" for type_ in WRITES_TO_A_NETWORK for name in template.resources(type_)}

    for peering in template.resources("azurerm_virtual_network_peering").values():
        assert writers <= set(peering["depends_on"])
