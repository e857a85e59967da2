"""What the provider makes of an argument that is left out, or does not read back, where that is not what is meant.

Found by going through the create, expand and flatten functions of every type of resource that the stacks use: azurerm
4.81.0, files below `internal/services/`, and kubernetes 2.38.0, below `kubernetes/`. No schema holds these, so neither
a plan nor `terraform validate` tells of them. What the provider of Kubernetes sends besides, which weakens nothing,
`tests/api_server/test_provider.py` knows from the objects that a real API server then holds.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest

from tests.template import Arguments

CONTAINER = "spec.template.spec.container.security_context"

# Left out, each is sent with a value that is not meant, and most are then never shown by a plan.
MUST_BE_WRITTEN: Mapping[str, tuple[str, ...]] = {
    "cdn/cdn_frontdoor_origin_resource.go#L214": ("azurerm_cdn_frontdoor_origin.enabled",),
    "loganalytics/log_analytics_workspace_resource.go#L338": (
        "azurerm_log_analytics_workspace.local_authentication_enabled",
    ),
    "mssql/mssql_database_resource.go#L431": ("azurerm_mssql_database.read_scale",),
    "network/web_application_firewall_policy_resource.go#L733": (
        "azurerm_web_application_firewall_policy.policy_settings.file_upload_enforcement",
    ),
    "structures_pod.go#L1010": ("kubernetes_deployment_v1.spec.template.spec.security_context.run_as_non_root",),
    "schema_container.go#L757": (
        f"kubernetes_deployment_v1.{CONTAINER}.allow_privilege_escalation",
        f"kubernetes_deployment_v1.{CONTAINER}.read_only_root_filesystem",
        f"kubernetes_deployment_v1.{CONTAINER}.run_as_non_root",
    ),
    "schema_pod_spec.go#L35": ("kubernetes_deployment_v1.spec.template.spec.automount_service_account_token",),
    "resource_kubernetes_service_account_v1.go#L73": ("kubernetes_service_account_v1.automount_service_account_token",),
}


def _is_azures_default(account: Arguments) -> bool:
    rules = account["network_rules"]
    exceptions = [rules.get(kind) for kind in ("ip_rules", "private_link_access", "virtual_network_subnet_ids")]
    return (rules["default_action"], rules["bypass"], any(exceptions)) == ("Allow", ["AzureServices"], False)


# Written so, each is dropped when the provider reads it: every plan would add it again.
IS_NOT_READ_BACK: Mapping[str, tuple[str, Callable[[Arguments], bool]]] = {
    "storage/storage_account_helpers_network.go#L44": ("azurerm_storage_account", _is_azures_default),
}


@pytest.mark.parametrize(
    "argument",
    [
        pytest.param(argument, id=f"{argument} ({source})")
        for source, arguments in MUST_BE_WRITTEN.items()
        for argument in arguments
    ],
)
def test_what_would_be_sent_as_a_zero_value_is_written(
    argument: str, every_resource: Mapping[str, list[Arguments]]
) -> None:
    type_, *path = argument.split(".")
    values = [value for resource in every_resource[type_] for value in _values(resource, path)]

    assert values
    assert None not in values


def _values(value: Any, path: list[str]) -> Iterator[Any]:
    """Every value at the path, through blocks that stand several times; None for one that is left out."""
    if isinstance(value, list):
        for item in value:
            yield from _values(item, path)
    elif not path or value is None:
        yield value
    else:
        yield from _values(value.get(path[0]), path[1:])


@pytest.mark.parametrize("source", IS_NOT_READ_BACK)
def test_nothing_is_written_that_the_provider_does_not_read_back(
    source: str, every_resource: Mapping[str, list[Arguments]]
) -> None:
    type_, dropped = IS_NOT_READ_BACK[source]

    assert every_resource[type_]
    assert [resource["name"] for resource in every_resource[type_] if dropped(resource)] == []
