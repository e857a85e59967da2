"""The SQL server, its database and its auditing."""

import pytest
from cdktf import TerraformStack, Testing

from config.cluster.sql import LongTermBackupSettings, SqlAdministratorSettings, SqlServerSettings
from constructs_lib.services.sql_server import PrivateSqlServer
from constructs_lib.services.storage_account import KeylessStorageAccount
from tests.constructs_lib.networks import ENDPOINTS
from tests.template import Template

ADMINISTRATOR = SqlAdministratorSettings(login_name="sql-admins", object_id="94c3f8a6-1d72-4e0b-b5f9-8a6e20d7c901")
WORKSPACE_ID = "/workspaces/log"
ACCOUNT, IMMUTABILITY = "azurerm_storage_account", "azurerm_storage_container_immutability_policy"


def _synthesise(settings: SqlServerSettings, *, production: bool = False, defender: bool = False) -> Template:
    stack = TerraformStack(Testing.app(), "test")
    audit_storage = KeylessStorageAccount(
        stack,
        "audit",
        name="stshopaudit",
        resource_group_name="rg",
        location="westeurope",
        replication="ZRS",
        soft_delete_days=30,
        versioning=False,
        public_network_access=False,
    )
    PrivateSqlServer(
        stack,
        "sql",
        name="sql-shop",
        database_name="sqldb-shop",
        resource_group_name="rg",
        location="westeurope",
        tenant_id="7c1f6a52-0f0e-4b3f-9a39-2d6a4c0b9e11",
        subscription_id="3f5e0d1c-8a47-4d6b-b2a0-61c9e7f4d201",
        settings=settings,
        network=ENDPOINTS,
        audit_storage=audit_storage,
        workspace_id=WORKSPACE_ID,
        watched_by_defender=defender,
        alert_emails=["platform-team@example.com"],
        backup_storage="Geo" if production else "Local",
    )
    return Template.of(stack)


@pytest.fixture(scope="module")
def template() -> Template:
    return _synthesise(SqlServerSettings(administrator=ADMINISTRATOR))


@pytest.mark.req(13)
@pytest.mark.req(87)
@pytest.mark.req(89)
def test_there_is_no_login_with_a_password(template: Template) -> None:
    server = template.resource("azurerm_mssql_server")

    assert server["azuread_administrator"]["azuread_authentication_only"]
    assert not [argument for argument in server if argument.startswith("administrator_login")]


@pytest.mark.req(39)
def test_the_private_endpoint_is_the_only_way_in(template: Template) -> None:
    server = template.resource("azurerm_mssql_server")

    assert not server["public_network_access_enabled"]
    # The endpoint's subnet lets in 1433 alone, which any other policy would leave for higher ports.
    assert server["connection_policy"] == "Proxy"
    assert not template.resources("azurerm_mssql_firewall_rule")
    assert not template.resources("azurerm_mssql_virtual_network_rule")


@pytest.mark.req(87)
def test_the_database_is_serverless_by_default(template: Template) -> None:
    assert template.resource("azurerm_mssql_database")["sku_name"].startswith("GP_S_")


@pytest.mark.req(87)
def test_old_protocols_are_refused(template: Template) -> None:
    assert template.resource("azurerm_mssql_server")["minimum_tls_version"] == "1.2"


@pytest.mark.parametrize(
    ("sku_name", "fewest_cores"),
    [("GP_S_Gen5_2", 0.5), ("GP_S_Gen5_4", 0.5), ("GP_S_Gen5_6", 0.75), ("GP_S_Gen5_18", 2.25), ("GP_S_Gen5_40", 5)],
)
def test_a_serverless_database_shrinks_as_far_as_azure_lets_it(sku_name: str, fewest_cores: float) -> None:
    settings = SqlServerSettings(
        administrator=ADMINISTRATOR, database_sku_name=sku_name, auto_pause_delay_in_minutes=60
    )
    database = _synthesise(settings).resource("azurerm_mssql_database")

    assert (database["min_capacity"], database["auto_pause_delay_in_minutes"]) == (fewest_cores, 60)


def test_a_serverless_database_pauses_only_where_it_is_told_to(template: Template) -> None:
    assert template.resource("azurerm_mssql_database")["auto_pause_delay_in_minutes"] == -1


def test_the_replica_that_comes_with_business_critical_can_be_read() -> None:
    can_be_read = {
        sku_name: _synthesise(SqlServerSettings(administrator=ADMINISTRATOR, database_sku_name=sku_name)).resource(
            "azurerm_mssql_database"
        )["read_scale"]
        for sku_name in ("GP_S_Gen5_2", "GP_Gen5_2", "BC_Gen5_4")
    }

    assert can_be_read == {"GP_S_Gen5_2": False, "GP_Gen5_2": False, "BC_Gen5_4": True}


@pytest.mark.parametrize("sku_name", ["GP_Gen5_2", "BC_Gen5_4"])
def test_other_databases_say_nothing_of_serverless(sku_name: str) -> None:
    settings = SqlServerSettings(administrator=ADMINISTRATOR, database_sku_name=sku_name)
    database = _synthesise(settings).resource("azurerm_mssql_database")

    assert {"min_capacity", "auto_pause_delay_in_minutes"} & database.keys() == set()


def test_backups_survive_the_region_in_production_alone() -> None:
    settings = SqlServerSettings(administrator=ADMINISTRATOR, backup_retention_in_days=21)
    databases = [
        _synthesise(settings, production=production).resource("azurerm_mssql_database") for production in (True, False)
    ]

    assert [database["storage_account_type"] for database in databases] == ["Geo", "Local"]
    assert [database["short_term_retention_policy"] for database in databases] == [{"retention_days": 21}] * 2


@pytest.mark.req(88)
def test_the_server_writes_its_audit_as_itself_once_it_may(template: Template) -> None:
    policy = template.resource("azurerm_mssql_server_extended_auditing_policy")

    assert not [argument for argument in policy if "access_key" in argument]
    (role,) = [address for address in policy["depends_on"] if address.startswith("azurerm_role_assignment.")]
    grant = template.resources("azurerm_role_assignment")[role.split(".")[1]]
    assert grant["role_definition_name"] == "Storage Blob Data Contributor"
    assert grant["scope"].startswith("${azurerm_storage_account.")
    assert grant["principal_id"].startswith("${azurerm_mssql_server.")
    # Two changes of the server at a time are refused.
    (database,) = template.resources("azurerm_mssql_database")
    assert f"azurerm_mssql_database.{database}" in policy["depends_on"]


def test_the_server_reaches_nothing_but_its_audit_storage(template: Template) -> None:
    """https://learn.microsoft.com/azure/azure-sql/database/outbound-firewall-rule-overview."""
    ((rule, reached),) = template.resources("azurerm_mssql_outbound_firewall_rule").items()

    assert template.resource("azurerm_mssql_server")["outbound_network_restriction_enabled"] is True
    assert (
        reached["name"] == f"${{azurerm_storage_account.{next(iter(template.resources(ACCOUNT)))}.primary_blob_host}}"
    )
    # And auditing comes after the database: two changes of the server at a time are refused.
    assert template.resource("azurerm_mssql_database")["depends_on"] == [f"azurerm_mssql_outbound_firewall_rule.{rule}"]


@pytest.mark.req(88)
def test_nobody_erases_an_audit_log_before_its_time() -> None:
    """https://learn.microsoft.com/azure/azure-sql/database/auditing-overview#remarks."""
    template = _synthesise(SqlServerSettings(administrator=ADMINISTRATOR, audit_retention_in_days=400), production=True)
    ((container, _),) = template.resources("azurerm_storage_container").items()
    ((name, policy),) = template.resources(IMMUTABILITY).items()
    (rule,) = template.resource("azurerm_storage_management_policy")["rule"]

    assert template.resource("azurerm_storage_container")["name"] == "sqldbauditlogs"
    assert policy == {
        "immutability_period_in_days": 400,
        "locked": False,
        "protected_append_writes_enabled": True,
        "storage_container_resource_manager_id": f"${{azurerm_storage_container.{container}.id}}",
    }
    assert rule["actions"]["base_blob"] == {"delete_after_days_since_modification_greater_than": 400}
    auditing = template.resource("azurerm_mssql_server_extended_auditing_policy")
    assert f"{IMMUTABILITY}.{name}" in auditing["depends_on"]


def test_the_retention_of_audit_logs_is_locked_where_it_is_asked_for() -> None:
    settings = SqlServerSettings(administrator=ADMINISTRATOR, audit_immutability_locked=True)

    assert _synthesise(settings).resource(IMMUTABILITY)["locked"] is True


def test_defender_watches_server_and_database_where_it_is_asked_to() -> None:
    """https://learn.microsoft.com/azure/azure-sql/database/azure-defender-for-sql."""
    template = _synthesise(SqlServerSettings(administrator=ADMINISTRATOR), defender=True)
    ((name, alerts),) = template.resources("azurerm_mssql_server_security_alert_policy").items()
    database = template.resource("azurerm_mssql_database")

    assert template.resource("azurerm_mssql_server")["express_vulnerability_assessment_enabled"] is True
    assert (alerts["state"], alerts["email_account_admins"], alerts.get("disabled_alerts")) == ("Enabled", True, None)
    assert database["threat_detection_policy"] == {"email_account_admins": "Enabled", "state": "Enabled"}
    assert alerts["email_addresses"] == ["platform-team@example.com"]
    # One change of the server after another: its firewall, its alerts, its database.
    assert database["depends_on"] == [f"azurerm_mssql_server_security_alert_policy.{name}"]
    (rule,) = template.resources("azurerm_mssql_outbound_firewall_rule")
    assert alerts["depends_on"] == [f"azurerm_mssql_outbound_firewall_rule.{rule}"]


def test_without_defender_nothing_is_said_of_it(template: Template) -> None:
    """A plan for the whole subscription may have switched it on."""
    assert not template.resources("azurerm_mssql_server_security_alert_policy")
    assert "express_vulnerability_assessment_enabled" not in template.resource("azurerm_mssql_server")
    assert "threat_detection_policy" not in template.resource("azurerm_mssql_database")


@pytest.mark.parametrize(
    ("kept", "durations"),
    [
        (None, ("PT0S", "PT0S", "PT0S")),
        (LongTermBackupSettings(weeks=6), ("P6W", "PT0S", "PT0S")),
        (LongTermBackupSettings(months=12, years=10), ("PT0S", "P12M", "P10Y")),
    ],
)
def test_backups_are_kept_for_years_where_it_is_asked_for(
    kept: LongTermBackupSettings | None, durations: tuple[str, ...]
) -> None:
    """Durations as ISO 8601 writes them."""
    settings = SqlServerSettings(administrator=ADMINISTRATOR, long_term_backups=kept)
    policy = _synthesise(settings).resource("azurerm_mssql_database")["long_term_retention_policy"]

    assert tuple(policy[f"{each}_retention"] for each in ("weekly", "monthly", "yearly")) == durations


def test_a_database_that_pauses_has_no_long_term_backups() -> None:
    settings = SqlServerSettings(administrator=ADMINISTRATOR, auto_pause_delay_in_minutes=60)

    assert "long_term_retention_policy" not in _synthesise(settings).resource("azurerm_mssql_database")


def test_audit_events_of_every_database_reach_the_workspace_through_master(template: Template) -> None:
    (server,) = template.resources("azurerm_mssql_server")
    setting = template.resource("azurerm_monitor_diagnostic_setting")

    assert template.resource("azurerm_mssql_server_extended_auditing_policy")["log_monitoring_enabled"]
    assert setting["target_resource_id"] == f"${{azurerm_mssql_server.{server}.id}}/databases/master"
    assert setting["enabled_log"] == [{"category": "SQLSecurityAuditEvents"}]
    assert setting["log_analytics_workspace_id"] == WORKSPACE_ID
