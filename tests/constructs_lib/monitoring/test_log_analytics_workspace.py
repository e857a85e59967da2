"""The workspace for logs."""

import pytest
from cdktf import TerraformStack, Testing

from config.network.log_analytics import LogAnalyticsWorkspaceSettings
from constructs_lib.monitoring.log_analytics_workspace import LogAnalyticsWorkspace
from tests.template import Arguments, Template


def _workspace(settings: LogAnalyticsWorkspaceSettings) -> Arguments:
    stack = TerraformStack(Testing.app(), "test")
    LogAnalyticsWorkspace(
        stack,
        "logs",
        name="log",
        resource_group_name="rg",
        location="westeurope",
        settings=settings,
    )
    return Template.of(stack).resource("azurerm_log_analytics_workspace")


@pytest.mark.req(76)
def test_no_key_writes_logs() -> None:
    assert _workspace(LogAnalyticsWorkspaceSettings())["local_authentication_enabled"] is False


@pytest.mark.req(76)
def test_logs_outlive_mistakes() -> None:
    workspace = _workspace(LogAnalyticsWorkspaceSettings(retention_in_days=180))

    assert workspace["retention_in_days"] == 180


def test_ingestion_is_limited_only_where_the_environment_says_so() -> None:
    limited = _workspace(LogAnalyticsWorkspaceSettings(daily_quota_gb=1.5))
    unlimited = _workspace(LogAnalyticsWorkspaceSettings())

    assert limited["daily_quota_gb"] == 1.5
    assert "daily_quota_gb" not in unlimited
