"""The workloads: what runs inside the cluster, as which identity, and with whom it may speak."""

from cdktf_cdktf_provider_azurerm.resource_group import ResourceGroup
from constructs import Construct

from config.models import EnvironmentSettings
from constructs_lib.namespace_flows import application_flows
from constructs_lib.restricted_namespace import RestrictedNamespace
from constructs_lib.spring_boot_application import SpringBootApplication
from constructs_lib.vault_secrets import VaultSecrets
from constructs_lib.workload_identity import WorkloadIdentity
from stacks.base import PlatformStack
from stacks.cluster import ClusterExports


class WorkloadsStack(PlatformStack):
    """Planned and applied where the private API server can be reached, after the cluster stack has been applied."""

    def __init__(self, scope: Construct, environment: EnvironmentSettings) -> None:
        super().__init__(scope, environment, "workloads")
        self.manage_kubernetes()
        application = environment.workloads.application
        group = ResourceGroup(
            self, "resource-group", name=self.naming.workloads_resource_group, location=environment.region
        )
        namespace = RestrictedNamespace(
            self,
            "namespace",
            name=application.namespace,
            most_pods=application.max_replicas,
            resources=application.resources,
            flows=application_flows(environment.network.address_plan),
        )
        identity = WorkloadIdentity(
            self,
            "identity",
            name=self.naming.workload_identity(application.name),
            resource_group_name=group.name,
            location=group.location,
            issuer_url=self.exports_of("cluster", ClusterExports).oidc_issuer_url,
            namespace=namespace.name,
            service_account_name=application.name,
        )
        secrets = (
            VaultSecrets(
                self,
                "secrets",
                name=application.name,
                namespace=namespace.name,
                vault_name=self.naming.key_vault,
                vault_id=self.naming.key_vault_id,
                tenant_id=environment.tenant_id,
                secrets=application.vault_secrets,
                reader=identity,
            )
            if application.vault_secrets
            else None
        )
        SpringBootApplication(
            self,
            "application",
            settings=application,
            registry_host=self.naming.container_registry_host,
            environment={"SPRING_DATASOURCE_URL": self._database_url()},
            load_balancer_subnet=self.naming.subnet("aks_nodes"),
            namespace=namespace,
            identity=identity,
            secrets=secrets,
        )

    def _database_url(self) -> str:
        # Signs in as the pod's own identity and as nobody else: the driver, 12.2 or later with azure-identity, finds
        # the token that AKS projects. The server keeps its public name, which is the one in its certificate; inside the
        # network that name leads to the private endpoint.
        # https://learn.microsoft.com/sql/connect/jdbc/connecting-using-azure-active-directory-authentication
        return (
            f"jdbc:sqlserver://{self.naming.sql_server_host}:1433;database={self.naming.sql_database};"
            "encrypt=true;authentication=ActiveDirectoryManagedIdentity"
        )
