"""An Azure SQL server with one database: reached through a private endpoint, entered through Entra, and audited."""

from collections.abc import Sequence
from typing import Literal

from cdktf import ITerraformDependable
from cdktf_cdktf_provider_azurerm.monitor_diagnostic_setting import (
    MonitorDiagnosticSetting,
    MonitorDiagnosticSettingEnabledLog,
)
from cdktf_cdktf_provider_azurerm.mssql_database import (
    MssqlDatabase,
    MssqlDatabaseLongTermRetentionPolicy,
    MssqlDatabaseShortTermRetentionPolicy,
    MssqlDatabaseThreatDetectionPolicy,
)
from cdktf_cdktf_provider_azurerm.mssql_outbound_firewall_rule import MssqlOutboundFirewallRule
from cdktf_cdktf_provider_azurerm.mssql_server import (
    MssqlServer,
    MssqlServerAzureadAdministrator,
    MssqlServerIdentity,
)
from cdktf_cdktf_provider_azurerm.mssql_server_extended_auditing_policy import MssqlServerExtendedAuditingPolicy
from constructs import Construct

from config.cluster.sql import LongTermBackupSettings, SqlServerSettings
from config.network.private_endpoints import PrivateAddress
from constructs_lib.monitoring.log_categories import DATABASE_LOGS
from constructs_lib.network.private_endpoint import PrivateEndpoint, PrivateEndpointNetwork
from constructs_lib.network.private_link_resources import SQL_SERVER
from constructs_lib.services.sql_audit_container import SqlAuditContainer
from constructs_lib.services.storage_account import KeylessStorageAccount


class PrivateSqlServer(Construct):
    """No login has a password, and nothing but the audit account is reached from inside.

    Every statement is kept in that account, where nobody erases it, and can be queried in the workspace.

    Where `watched_by_defender`, Defender tells the subscription's administrators and `alert_emails` who attacks it, and
    scans it for weaknesses: a plan of the subscription does that for the server, but not for a database whose own
    setting the provider has made.

    `backup_storage` is where Azure keeps the backups: in one place (`Local`), in the zones of the region (`Zone`), or
    in the paired region too (`Geo`).
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        name: str,
        database_name: str,
        resource_group_name: str,
        location: str,
        tenant_id: str,
        subscription_id: str,
        settings: SqlServerSettings,
        network: PrivateEndpointNetwork,
        audit_storage: KeylessStorageAccount,
        workspace_id: str,
        watched_by_defender: bool,
        alert_emails: Sequence[str] = (),
        backup_storage: Literal["Local", "Zone", "Geo"],
    ) -> None:
        super().__init__(scope, id_)
        self._alert_emails = alert_emails
        self.resource = MssqlServer(
            self,
            "server",
            name=name,
            resource_group_name=resource_group_name,
            location=location,
            version="12.0",
            # Without administrator_login there is no password to leak, to rotate, or to find in the state.
            azuread_administrator=MssqlServerAzureadAdministrator(
                login_username=settings.administrator.login_name,
                object_id=settings.administrator.object_id,
                tenant_id=tenant_id,
                azuread_authentication_only=True,
            ),
            identity=MssqlServerIdentity(type="SystemAssigned"),
            minimum_tls_version="1.2",
            public_network_access_enabled=False,
            # Redirect would need every port above 1433 open to the endpoint; Proxy needs 1433 alone.
            # https://learn.microsoft.com/azure/azure-sql/database/private-endpoint-overview#use-redirect-connection-policy-with-private-endpoints
            connection_policy="Proxy",
            # Whoever may run statements could copy tables to any storage account or server of anybody.
            # https://learn.microsoft.com/azure/azure-sql/database/outbound-firewall-rule-overview
            outbound_network_restriction_enabled=True,
            # Scans by Defender, whose results Microsoft keeps: in an account of ours they would need a key of it.
            # https://learn.microsoft.com/azure/defender-for-cloud/sql-azure-vulnerability-assessment-overview
            express_vulnerability_assessment_enabled=watched_by_defender or None,
        )
        way_out = MssqlOutboundFirewallRule(
            self,
            "audit-storage-rule",
            name=audit_storage.resource.primary_blob_host,
            server_id=self.resource.id,
        )
        # Azure refuses two changes of a server at a time, and making a database is one.
        # https://github.com/Azure/azure-quickstart-templates/issues/5759
        before_database = self._watch(resource_group_name, after=way_out) if watched_by_defender else way_out
        endpoint = PrivateEndpoint(
            self,
            "private-endpoint",
            service=SQL_SERVER,
            service_name=name,
            service_id=self.resource.id,
            addresses={SQL_SERVER.member: network.address_plan.private_address(PrivateAddress.SQL_SERVER)},
            resource_group_name=resource_group_name,
            location=location,
            network=network,
        )
        endpoint.add_record(self.resource.name)
        self.database = MssqlDatabase(
            self,
            "database",
            name=database_name,
            server_id=self.resource.id,
            sku_name=settings.database_sku_name,
            max_size_gb=settings.max_size_gb,
            zone_redundant=settings.zone_redundant,
            # Business Critical comes with a replica to read from, which the provider turns off where nothing is said.
            # https://github.com/hashicorp/terraform-provider-azurerm/blob/v4.81.0/internal/services/mssql/mssql_database_resource.go#L431
            read_scale=settings.is_business_critical,
            # Azure refuses both for a database that is not serverless, and pauses a serverless one that does not say.
            min_capacity=settings.serverless_min_capacity if settings.is_serverless else None,
            auto_pause_delay_in_minutes=settings.auto_pause_delay_in_minutes if settings.is_serverless else None,
            storage_account_type=backup_storage,
            short_term_retention_policy=MssqlDatabaseShortTermRetentionPolicy(
                retention_days=settings.backup_retention_in_days
            ),
            long_term_retention_policy=_long_term_retention(settings),
            # Where nothing is said the provider makes a database that its server's policy does not watch.
            # https://github.com/hashicorp/terraform-provider-azurerm/blob/v4.81.0/internal/services/mssql/mssql_database_resource.go#L621
            threat_detection_policy=(
                MssqlDatabaseThreatDetectionPolicy(state="Enabled", email_account_admins="Enabled")
                if watched_by_defender
                else None
            ),
            transparent_data_encryption_enabled=True,
            depends_on=[before_database],
        )
        audit_container = SqlAuditContainer(
            self,
            "audit-container",
            account=audit_storage,
            retention_in_days=settings.audit_retention_in_days,
            locked=settings.audit_immutability_locked,
        )
        self._audit(settings, audit_storage, audit_container, subscription_id, workspace_id)

    def _watch(self, resource_group_name: str, *, after: ITerraformDependable) -> ITerraformDependable:
        # Imported here, as the bindings cost a synth without it.
        from cdktf_cdktf_provider_azurerm.mssql_server_security_alert_policy import MssqlServerSecurityAlertPolicy

        return MssqlServerSecurityAlertPolicy(
            self,
            "threat-alerts",
            resource_group_name=resource_group_name,
            server_name=self.resource.name,
            state="Enabled",
            email_account_admins=True,
            email_addresses=list(self._alert_emails) or None,
            depends_on=[after],
        )

    def _audit(
        self,
        settings: SqlServerSettings,
        storage: KeylessStorageAccount,
        container: SqlAuditContainer,
        subscription_id: str,
        workspace_id: str,
    ) -> None:
        # The server writes as itself: a key would only work while the account let everyone's keys in.
        # https://learn.microsoft.com/azure/azure-sql/database/audit-write-storage-account-behind-vnet-firewall
        may_write = storage.grant_blob_write("sql-server", self.resource.identity.principal_id)
        policy = MssqlServerExtendedAuditingPolicy(
            self,
            "auditing",
            server_id=self.resource.id,
            storage_endpoint=storage.resource.primary_blob_endpoint,
            storage_account_subscription_id=subscription_id,
            retention_in_days=settings.audit_retention_in_days,
            log_monitoring_enabled=True,
            # The database comes after the firewall's rule, and making one changes the server's auditing too.
            depends_on=[may_write, *container.ready, self.database],
        )
        # The policy only allows the workspace as a target; the events of all databases go through master.
        # https://registry.terraform.io/providers/hashicorp/azurerm/4.55.0/docs/resources/mssql_server_extended_auditing_policy
        MonitorDiagnosticSetting(
            self,
            "audit-events",
            name="audit-events",
            target_resource_id=f"{self.resource.id}/databases/master",
            log_analytics_workspace_id=workspace_id,
            enabled_log=[
                MonitorDiagnosticSettingEnabledLog(category=category) for category in DATABASE_LOGS.categories
            ],
            depends_on=[policy],
        )


def _long_term_retention(settings: SqlServerSettings) -> MssqlDatabaseLongTermRetentionPolicy | None:
    if settings.auto_pause_delay_in_minutes != -1:
        # https://learn.microsoft.com/azure/azure-sql/database/serverless-tier-auto-pause-resume
        return None
    kept = settings.long_term_backups or LongTermBackupSettings()
    # Always stated: a block that goes would leave the last values in force.
    return MssqlDatabaseLongTermRetentionPolicy(
        weekly_retention=f"P{kept.weeks}W" if kept.weeks else "PT0S",
        monthly_retention=f"P{kept.months}M" if kept.months else "PT0S",
        yearly_retention=f"P{kept.years}Y" if kept.years else "PT0S",
    )
