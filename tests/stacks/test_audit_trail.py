"""What is heard of every environment: which logs of which resources reach the workspace."""

from pathlib import Path

import pytest
from cdktf import App

from config.loading import load_environment
from constructs_lib.naming import Naming
from stacks.network import NetworkStack
from tests.config.environment_file import write_environment
from tests.product import ENVIRONMENTS, WITH_DEFAULT_NETWORK
from tests.template import Template

# https://learn.microsoft.com/azure/aks/monitor-aks#aks-control-plane-resource-logs, CIS AKS 2.1.1; and
# https://learn.microsoft.com/azure/azure-monitor/reference/supported-logs/logs-index for the names.
CLUSTER = {
    "azurerm_kubernetes_cluster": {
        "kube-audit-admin",
        "guard",
        "kube-apiserver",
        "cluster-autoscaler",
        "cloud-controller-manager",
    },
    "azurerm_key_vault": {"AuditEvent", "AzurePolicyEvaluationDetails"},
    "azurerm_container_registry": {"ContainerRegistryLoginEvents", "ContainerRegistryRepositoryEvents"},
    "azurerm_storage_account": {"StorageRead", "StorageWrite", "StorageDelete"},
    "azurerm_mssql_server": {"SQLSecurityAuditEvents"},
}
ACTIVITY = {"Administrative", "Security", "ServiceHealth", "Alert", "Recommendation", "Policy", "ResourceHealth"}


def _heard(template: Template) -> dict[str, set[str]]:
    """The categories of each setting, by the type or the text of what it is about."""
    return {
        setting["target_resource_id"].removeprefix("${").partition(".")[0]: {
            log["category"] for log in setting["enabled_log"]
        }
        for setting in template.resources("azurerm_monitor_diagnostic_setting").values()
    }


@pytest.mark.req(76)
@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_whatever_keeps_a_secret_or_lets_somebody_in_tells_who_came(environment: str, synthesised: Path) -> None:
    template = Template.read(synthesised / "stacks" / f"{environment}-cluster")

    assert _heard(template) == CLUSTER
    for setting in template.resources("azurerm_monitor_diagnostic_setting").values():
        assert setting["log_analytics_workspace_id"] == Naming.of(ENVIRONMENTS[environment]).log_analytics_workspace_id


@pytest.mark.req(76)
@pytest.mark.parametrize("environment", WITH_DEFAULT_NETWORK)
def test_what_is_done_through_the_api_of_azure_is_kept_with_the_rest(environment: str, synthesised: Path) -> None:
    settings, template = ENVIRONMENTS[environment], Template.read(synthesised / "stacks" / f"{environment}-network")
    subscription = f"/subscriptions/{settings.subscription_id}"
    setting = template.resource("azurerm_monitor_diagnostic_setting", target_resource_id=subscription)

    assert _heard(template)[subscription] == ACTIVITY
    # Settings of other environments may stand beside it.
    assert setting["name"] == f"activity-log-shop-{environment}-weu"


def test_a_company_may_collect_the_activity_log_itself(tmp_path: Path) -> None:
    environment = load_environment(write_environment(tmp_path, "dev", {"monitoring.activity_log": False}))
    app = App(outdir=str(tmp_path / "cdktf.out"))
    NetworkStack(app, environment)
    app.synth()

    heard = _heard(Template.read(tmp_path / "cdktf.out" / "stacks" / "dev-network"))
    assert heard
    assert not [what for what in heard if what.startswith("/subscriptions/") and "/resourceGroups/" not in what]
