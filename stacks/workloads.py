"""The workloads: what runs inside the cluster, as whom, with whom it may speak, and what leads to it from outside."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from cdktf import TerraformOutput
from cdktf_cdktf_provider_azurerm.resource_group import ResourceGroup
from cdktf_cdktf_provider_kubernetes.service_v1 import ServiceV1
from constructs import Construct

from config.environment import EnvironmentSettings
from config.workloads.application import ApplicationSettings, Ingress
from config.workloads.gateway import GATEWAY_NAME, GatewaySettings
from constructs_lib.network.ports import SQL
from constructs_lib.workloads.closed_default_namespace import ClosedDefaultNamespace
from constructs_lib.workloads.microservice import Microservice
from constructs_lib.workloads.namespace_flows import application_flows, application_hosts
from constructs_lib.workloads.restricted_namespace import RestrictedNamespace
from constructs_lib.workloads.service_account import ServiceAccount
from constructs_lib.workloads.sign_in_proxy import proxy_name, with_proxies
from constructs_lib.workloads.vault_files import VaultFiles
from constructs_lib.workloads.workload_identity import PodIdentity, WorkloadIdentity
from stacks.cluster import ClusterExports
from stacks.former_addresses import of_the_first
from stacks.platform_stack import PlatformStack
from stacks.publishing import load_balancer, publish

if TYPE_CHECKING:
    from stacks.ingress import WayIn


class WorkloadsStack(PlatformStack):
    """Planned and applied where the private API server can be reached, after the cluster stack has been applied."""

    def __init__(self, scope: Construct, environment: EnvironmentSettings) -> None:
        super().__init__(scope, environment, "workloads")
        self.manage_kubernetes()
        ClosedDefaultNamespace(self, "default-namespace")
        group = ResourceGroup(
            self, "resource-group", name=self.naming.workloads_resource_group, location=environment.region
        )
        self._resource_group_name = group.name
        gateway_pods = (environment.cluster.kubernetes.pod_cidr,) if environment.workloads.gateway else ()
        applications = with_proxies(
            environment.workloads.applications, environment.tenant_id, gateway_pods or environment.network.forwarders
        )
        self._applications = applications
        self._issuer_url = (
            self.exports_of("cluster", ClusterExports).oidc_issuer_url
            if any(one.has_identity for one in applications) or environment.workloads.gateway
            else ""
        )
        self._signed_in = {proxy_name(one): one for one in environment.workloads.applications if one.sign_in}
        if self._signed_in:
            self.manage_entra()
        settings = environment.workloads.gateway
        way_in = self._make_gateway(settings, applications) if settings is not None else None
        of_applications = Construct(self, "applications")
        for application in applications:
            scope_of_one = Construct(of_applications, application.name)
            service = self._run(application, scope_of_one)
            if application.ingress is Ingress.LOAD_BALANCER:
                # At the application's own port: the management port is nobody's but the platform's.
                publish(
                    self,
                    application.name,
                    resource_group_name=group.name,
                    after=service,
                    probe_path=application.path_from_outside,
                )
            if way_in is not None:
                way_in.lead_to(application, service, scope_of_one)
        if way_in is not None:
            publish(
                self,
                GATEWAY_NAME,
                resource_group_name=group.name,
                after=way_in.gateway.resource,
                probe_path=way_in.sites[0].probe_path,
                sites=way_in.sites,
            )
        if users := {
            self.naming.workload_identity(one.name): list(one.database_roles) for one in applications if one.database
        }:
            TerraformOutput(
                self,
                "database_users",
                value=users,
                description="What `deployment.database_user` makes in the database.",
            )
        if environment.workloads.applications:
            self.tell_moved(of_the_first("applications", environment.workloads.applications[0].name))
        if environment.cluster.kubernetes.customer_managed_disk_key:
            # Imported here, as few workloads keep anything on a disk.
            from constructs_lib.workloads.encrypted_storage_class import EncryptedStorageClass

            EncryptedStorageClass(
                self,
                "storage-class",
                disk_encryption_set_id=self.naming.disk_encryption_set_id,
                in_several_zones=len(environment.availability_zones) > 1,
            )

    def _run(self, application: ApplicationSettings, scope: Construct) -> ServiceV1:
        environment, naming = self.environment, self.naming
        applications, kubernetes = self._applications, environment.cluster.kubernetes
        names_are_known = kubernetes.advanced_networking
        namespace = RestrictedNamespace(
            scope,
            "namespace",
            name=application.namespace,
            most_pods=application.max_replicas,
            resources=application.resources,
            flows=application_flows(
                application,
                applications,
                environment.network.address_plan,
                environment.network.callers_from_outside(kubernetes.pod_cidr).application,
                names_are_known=names_are_known,
            ),
            hosts=application_hosts(application, applications, naming) if names_are_known else None,
        )
        identity = self._identity_of(application, scope, namespace.name) if application.has_identity else None
        files = None
        if identity and application.vault_objects:
            files = VaultFiles(
                scope,
                "secrets",
                settings=application,
                namespace=namespace.name,
                vault_name=naming.key_vault,
                vault_id=naming.key_vault_id,
                tenant_id=environment.tenant_id,
                reader=identity,
            )
        has_address = application.ingress is Ingress.LOAD_BALANCER
        annotations = load_balancer(self, application.name).annotations if has_address else None
        return Microservice(
            scope,
            "application",
            settings=application,
            registry_host=naming.container_registry_host,
            namespace=namespace,
            account=ServiceAccount(
                scope, "service-account", name=application.name, namespace=namespace.name, identity=identity
            ),
            database_url=self._database_url() if application.database else None,
            files=files,
            load_balancer_annotations=annotations,
            behind_proxy=kubernetes.http_proxy is not None,
        ).service

    def _identity_of(self, application: ApplicationSettings, scope: Construct, namespace: str) -> PodIdentity:
        signed_in = self._signed_in.get(application.name)
        if signed_in is not None:
            # Imported here, as the bindings of Entra cost a tenth of a synth in which nobody signs in.
            from stacks.sign_in import register

            return register(
                self,
                signed_in,
                scope,
                issuer_url=self._issuer_url,
                namespace=namespace,
                service_account_name=application.name,
            )
        return WorkloadIdentity(
            scope,
            "identity",
            name=self.naming.workload_identity(application.name),
            resource_group_name=self._resource_group_name,
            location=self.environment.region,
            issuer_url=self._issuer_url,
            namespace=namespace,
            service_account_name=application.name,
        )

    def _make_gateway(self, settings: GatewaySettings, applications: Sequence[ApplicationSettings]) -> "WayIn":
        # Imported here, as many environments have none.
        from stacks.ingress import make_gateway

        return make_gateway(
            self,
            settings,
            applications,
            resource_group_name=self._resource_group_name,
            issuer_url=self._issuer_url,
            load_balancer=load_balancer(self, GATEWAY_NAME),
        )

    def _database_url(self) -> str:
        # Signs in as the pod's own identity and as nobody else: the driver, 12.2 or later with azure-identity, finds
        # the token that AKS projects. The server keeps its public name, which is the one in its certificate; inside the
        # network that name leads to the private endpoint.
        # https://learn.microsoft.com/sql/connect/jdbc/connecting-using-azure-active-directory-authentication
        return (
            f"jdbc:sqlserver://{self.naming.sql_server_host}:{SQL};database={self.naming.sql_database};"
            "encrypt=true;authentication=ActiveDirectoryManagedIdentity"
        )
