"""The registry."""

from ipaddress import IPv4Address

import pytest
from cdktf import TerraformStack, Testing

from config.cluster.registry import CacheRuleSettings, ContainerRegistrySettings
from constructs_lib.services.container_registry import PrivateContainerRegistry
from tests.constructs_lib.networks import ENDPOINTS
from tests.template import Template

SIGN_IN_PROXY = CacheRuleSettings(
    name="oauth2-proxy", source_repo="quay.io/oauth2-proxy/oauth2-proxy", target_repo="oauth2-proxy"
)


def _synthesise(*, cached: bool = False, rules: tuple[CacheRuleSettings, ...] = ()) -> Template:
    stack = TerraformStack(Testing.app(), "test")
    registry = PrivateContainerRegistry(
        stack,
        "registry",
        name="crshop",
        resource_group_name="rg",
        location="westeurope",
        settings=ContainerRegistrySettings(untagged_retention_in_days=7, cache_rules=rules),
        network=ENDPOINTS,
    )
    registry.grant_pull("kubelet", "b8a1c7d4-52e3-4f96-8c0b-1e7d93f5a601")
    if cached:
        registry.cache_platform_images()
    return Template.of(stack)


@pytest.mark.req(42)
def test_both_addresses_of_the_registry_have_their_names() -> None:
    template = _synthesise()

    (registry,) = template.resources("azurerm_container_registry")
    name = f"${{azurerm_container_registry.{registry}.name}}"
    # https://learn.microsoft.com/azure/aks/network-isolated calls the second member so.
    addresses = {
        one["member_name"]: one["private_ip_address"]
        for one in template.resource("azurerm_private_endpoint")["ip_configuration"]
    }
    for record, member in ((name, "registry"), (f"{name}.westeurope.data", "registry_data_westeurope")):
        assert template.resource("azurerm_private_dns_a_record", name=record, zone_name="privatelink.azurecr.io")[
            "records"
        ] == [addresses[member]]


def test_in_whatever_order_azure_lists_the_two_addresses_it_is_the_written_one() -> None:
    """Each plan would replace the endpoint otherwise; nobody promises an order."""
    configurations = _synthesise().resource("azurerm_private_endpoint")["ip_configuration"]

    for key in ("name", "member_name"):
        assert sorted(configurations, key=lambda one, key=key: one[key]) == configurations  # type: ignore[misc]
    assert sorted(configurations, key=lambda one: IPv4Address(one["private_ip_address"])) == configurations


@pytest.mark.req(91)
def test_no_image_is_exported() -> None:
    registry = _synthesise().resource("azurerm_container_registry")

    # Azure lets export be forbidden in Premium registries without public access only.
    assert (registry["sku"], registry["public_network_access_enabled"]) == ("Premium", False)
    assert not registry["export_policy_enabled"]


@pytest.mark.req(91)
def test_nobody_enters_unnamed() -> None:
    registry = _synthesise().resource("azurerm_container_registry")

    assert not registry["admin_enabled"]
    assert not registry["anonymous_pull_enabled"]


@pytest.mark.req(91)
def test_untagged_images_are_kept_as_long_as_the_environment_says() -> None:
    assert _synthesise().resource("azurerm_container_registry")["retention_policy_in_days"] == 7
    assert ContainerRegistrySettings().untagged_retention_in_days is None


@pytest.mark.req(19)
def test_pulling_is_granted_on_the_registry_alone() -> None:
    grant = _synthesise().resource("azurerm_role_assignment")

    assert grant["role_definition_name"] == "AcrPull"
    assert grant["scope"].startswith("${azurerm_container_registry.")


def test_what_aks_itself_runs_is_kept_where_aks_looks() -> None:
    rule = _synthesise(cached=True).resource("azurerm_container_registry_cache_rule")

    # https://learn.microsoft.com/azure/aks/network-isolated demands just these names.
    assert (rule["name"], rule["source_repo"], rule["target_repo"]) == (
        "aks-managed-mcr",
        "mcr.microsoft.com/*",
        "aks-managed-repository/*",
    )


def test_what_aks_itself_runs_is_fetched_only_where_it_was_asked_for() -> None:
    assert not _synthesise().resources("azurerm_container_registry_cache_rule")


def test_public_images_are_cached_as_far_as_the_settings_say() -> None:
    template = _synthesise(rules=(SIGN_IN_PROXY,))
    ((registry, _),) = template.resources("azurerm_container_registry").items()

    assert template.resource("azurerm_container_registry_cache_rule") == {
        "container_registry_id": f"${{azurerm_container_registry.{registry}.id}}",
        "name": "oauth2-proxy",
        "source_repo": "quay.io/oauth2-proxy/oauth2-proxy",
        "target_repo": "oauth2-proxy",
    }
    assert not _synthesise().resources("azurerm_container_registry_cache_rule")
