"""Prints every name and id of one environment, as variables of a shell, for the commands that the docs ask for.

    ENV=dev python -m reference.names

What it prints can be read, and can be sourced: `source <(make --silent names ENV=dev)`. Whatever goes wrong, no
variable keeps the value of another environment, and `source` fails.
"""

import os
import shlex
from collections.abc import Mapping
from string import Template

from config.defender import DefenderPlans
from config.environment import EnvironmentSettings
from config.loading import load_one_or_exit
from config.network.agents import Agents
from config.network.bastion import BastionTier
from config.network.egress import Egress
from config.network.subnets import SubnetKey, VirtualNetworkKey
from config.workloads.application import Ingress
from config.workloads.gateway import GATEWAY_NAME
from constructs_lib.naming import Naming
from constructs_lib.network.private_link_resources import kubernetes_dns_zone, served_at

# https://learn.microsoft.com/azure/azure-resource-manager/management/azure-services-resource-providers
PROVIDERS = (
    "Microsoft.Compute",
    "Microsoft.ContainerRegistry",
    "Microsoft.ContainerService",
    "Microsoft.Insights",
    "Microsoft.KeyVault",
    "Microsoft.ManagedIdentity",
    "Microsoft.Network",
    "Microsoft.OperationalInsights",
    "Microsoft.OperationsManagement",
    "Microsoft.PolicyInsights",
    "Microsoft.Storage",
)
MANAGED_POOL_PROVIDERS = ("Microsoft.DevCenter", "Microsoft.DevOpsInfrastructure")

COMMANDS = {
    "a shell in which kubectl reaches the private API server": (
        'az aks bastion tunnel --name "$CLUSTER" --resource-group "$CLUSTER_GROUP" --bastion "$BASTION_ID"'
    ),
    "kubectl signs in as whoever is logged in to az, from where the API server is reached": (
        'az aks get-credentials --name "$CLUSTER" --resource-group "$CLUSTER_GROUP"'
    ),
    "the address of the dashboards": (
        'az grafana show --name "$GRAFANA" --resource-group "$CLUSTER_GROUP" --query properties.endpoint --output tsv'
    ),
    "a shell on the jump box": (
        'az network bastion ssh --name "$BASTION" --resource-group "$NETWORK_GROUP" '
        '--target-resource-id "$JUMP_BOX_ID" --auth-type AAD'
    ),
    "the address under which everything leaves": (
        'az network public-ip show --resource-group "$NETWORK_GROUP" --name "$EGRESS_ADDRESS" '
        "--query ipAddress --output tsv"
    ),
    "the address that the application's public name must lead to": (
        'az network public-ip show --resource-group "$WORKLOADS_GROUP" --name "$GATEWAY_ADDRESS" '
        "--query ipAddress --output tsv"
    ),
    "the application's public name": (
        'az afd endpoint show --resource-group "$WORKLOADS_GROUP" --profile-name "$FRONT_DOOR" '
        '--endpoint-name "$FRONT_DOOR_ENDPOINT" --query hostName --output tsv'
    ),
}
"""What people look up most, by what it gives; those that need what an environment does not have are left out."""


UNSET = """\
unset ENVIRONMENT TENANT SUBSCRIPTION REGION PIPELINE ADMINISTRATORS OPERATORS SQL_ADMINISTRATORS PROVIDERS
unset STATE_GROUP STATE_ACCOUNT STATE_CONTAINER
unset LOGS DEFENDER_WORKSPACE GRAFANA
unset NETWORK_GROUP NETWORK_STATE_CONTAINER HUB_ID SPOKE_ID DNS_ZONES COMPANY_HUB_ID DNS_ZONES_GROUP_ID
unset CONTROL_PLANE_IDENTITY_ID KUBELET_IDENTITY_ID REGISTRY_ID
unset AGENTS_NETWORK_ID AGENTS_SUBNET_ID EGRESS_ADDRESS BASTION BASTION_ID JUMP_BOX JUMP_BOX_ID
unset CLUSTER_GROUP CLUSTER_STATE_CONTAINER NODES_GROUP CLUSTER CLUSTER_ID REGISTRY REGISTRY_HOST VAULT VAULT_ID
unset SQL_SERVER AUDIT_ACCOUNT SQL_HOST DATABASE
unset WORKLOADS_GROUP WORKLOADS_STATE_CONTAINER APPLICATION NAMESPACE IMAGE_REPOSITORY IDENTITY APPLICATION_ADDRESS
unset GATEWAY_ADDRESS CERTIFICATE FRONT_DOOR FRONT_DOOR_ENDPOINT PRIVATE_LINK_SERVICE
"""
"""What is printed begins with this: every variable that some environment has. The Makefile reads these lines, too."""


def variables(environment: EnvironmentSettings) -> dict[str, dict[str, str]]:
    """Every name and id that the environment has, by heading and name of the variable."""
    naming, network = Naming.of(environment), environment.network
    front_door, gateway, sql = network.front_door, network.application_gateway, environment.cluster.sql
    return {
        "who and where": {
            "ENVIRONMENT": environment.name,
            "TENANT": environment.tenant_id,
            "SUBSCRIPTION": environment.subscription_id,
            "REGION": environment.region,
            "PIPELINE": environment.pipeline_principal_id,
            "ADMINISTRATORS": environment.cluster_admin_group_id,
            "OPERATORS": environment.state_backend.operators_group_id,
            **({"SQL_ADMINISTRATORS": sql.administrator.object_id} if sql else {}),
            "PROVIDERS": " ".join(
                [
                    *PROVIDERS,
                    *(["Microsoft.Sql"] if sql else []),
                    *(["Microsoft.Cdn"] if front_door else []),
                    *(["Microsoft.Consumption"] if environment.monitoring.budget else []),
                    *(["Microsoft.Monitor", "Microsoft.Dashboard"] if environment.monitoring.prometheus else []),
                    *(["Microsoft.Security"] if environment.defender.plans is DefenderPlans.ON else []),
                    *(MANAGED_POOL_PROVIDERS if network.agents is Agents.MANAGED_DEVOPS_POOL else ()),
                ]
            ),
        },
        f"{environment.name}-state-backend": {
            "STATE_GROUP": naming.state_resource_group,
            "STATE_ACCOUNT": naming.state_storage_account,
            "STATE_CONTAINER": naming.state_container("state-backend"),
        },
        f"{environment.name}-network": _network(environment, naming),
        f"{environment.name}-cluster": {
            "CLUSTER_GROUP": naming.cluster_resource_group,
            "CLUSTER_STATE_CONTAINER": naming.state_container("cluster"),
            "NODES_GROUP": naming.node_resource_group,
            "CLUSTER": naming.kubernetes_cluster,
            "CLUSTER_ID": naming.kubernetes_cluster_id,
            "REGISTRY": naming.container_registry,
            "REGISTRY_ID": naming.container_registry_id,
            "REGISTRY_HOST": naming.container_registry_host,
            "VAULT": naming.key_vault,
            "VAULT_ID": naming.key_vault_id,
            **(_database(naming) if sql else {}),
            **({"GRAFANA": naming.grafana} if _has_grafana(environment) else {}),
        },
        f"{environment.name}-workloads": {
            "WORKLOADS_GROUP": naming.workloads_resource_group,
            "WORKLOADS_STATE_CONTAINER": naming.state_container("workloads"),
            **_first_application(environment, naming),
            **({"GATEWAY_ADDRESS": naming.application_gateway_public_ip} if gateway else {}),
            **({"CERTIFICATE": gateway.certificate_name} if gateway else {}),
            **(
                {
                    "FRONT_DOOR": naming.front_door,
                    "FRONT_DOOR_ENDPOINT": naming.front_door_endpoint,
                }
                if front_door
                else {}
            ),
        },
    }


def _first_application(environment: EnvironmentSettings, naming: Naming) -> dict[str, str]:
    """Of the first in the list, for commands that are about one; and of what leads to the one with an ingress."""
    names: dict[str, str] = {}
    for application in environment.workloads.applications[:1]:
        names |= {
            "APPLICATION": application.name,
            "NAMESPACE": application.namespace,
            "IMAGE_REPOSITORY": application.image_repository,
        }
        if application.has_identity:
            names["IDENTITY"] = naming.workload_identity(application.name)
    for application in environment.workloads.applications:
        if application.ingress is Ingress.LOAD_BALANCER:
            names["APPLICATION_ADDRESS"] = str(environment.network.address_plan.application_address)
            if environment.network.front_door is not None:
                names["PRIVATE_LINK_SERVICE"] = naming.private_link_service(application.name)
    if environment.workloads.gateway is not None:
        names["APPLICATION_ADDRESS"] = str(environment.network.address_plan.application_address)
        if environment.network.front_door is not None:
            names["PRIVATE_LINK_SERVICE"] = naming.private_link_service(GATEWAY_NAME)
    return names


def _database(naming: Naming) -> dict[str, str]:
    return {
        "SQL_SERVER": naming.sql_server,
        "AUDIT_ACCOUNT": naming.audit_storage_account,
        "SQL_HOST": naming.sql_server_host,
        "DATABASE": naming.sql_database,
    }


def _network(environment: EnvironmentSettings, naming: Naming) -> dict[str, str]:
    network = environment.network
    names = {
        "NETWORK_GROUP": naming.network_resource_group,
        "NETWORK_STATE_CONTAINER": naming.state_container("network"),
        "CONTROL_PLANE_IDENTITY_ID": naming.control_plane_identity_id,
        "KUBELET_IDENTITY_ID": naming.kubelet_identity_id,
        **{f"{key.upper()}_ID": naming.virtual_network_id(key) for key in network.address_plan.virtual_networks},
        "DNS_ZONES": " ".join(
            [
                *(resource.dns_zone for resource in served_at(environment.private_addresses)),
                kubernetes_dns_zone(environment.region, network.api_server),
            ]
        ),
    }
    if network.company_hub is not None:
        names["COMPANY_HUB_ID"] = network.company_hub.virtual_network_id
    if network.private_dns is not None:
        names["DNS_ZONES_GROUP_ID"] = network.private_dns.zones_resource_group_id
    if network.agents is not Agents.NONE:
        names["AGENTS_NETWORK_ID"] = naming.virtual_network_id(network.address_plan.home_of(SubnetKey.AGENTS))
        names["AGENTS_SUBNET_ID"] = naming.subnet_id(SubnetKey.AGENTS)
    if network.egress is Egress.FIREWALL:
        names["EGRESS_ADDRESS"] = naming.firewall_public_ip
    elif network.egress is Egress.NAT_GATEWAY:
        names["EGRESS_ADDRESS"] = naming.nat_gateway_public_ip(VirtualNetworkKey.SPOKE)
    if network.log_analytics.existing_workspace_id is None:
        names["LOGS"] = naming.log_analytics_workspace
    if environment.has_defender_sensor:
        names["DEFENDER_WORKSPACE"] = naming.defender_workspace
    if network.bastion is not BastionTier.NONE:
        names["BASTION"], names["BASTION_ID"] = naming.bastion, naming.bastion_id
    if network.jump_box is not None:
        names["JUMP_BOX"], names["JUMP_BOX_ID"] = naming.jump_box, naming.jump_box_id
    return names


def _has_grafana(environment: EnvironmentSettings) -> bool:
    prometheus = environment.monitoring.prometheus
    return prometheus is not None and prometheus.grafana


def render(environment: EnvironmentSettings) -> str:
    """What the command prints: assignments under headings, and as comments the commands, with the values filled in."""
    lines = [f"# {environment.name}: every name and id, to read or to source"]
    sections = variables(environment)
    for heading, names in sections.items():
        lines += ["", f"# {heading}", *(f"{name}={shlex.quote(value)}" for name, value in names.items())]
    known = {name: value for names in sections.values() for name, value in names.items()}
    for what, command in COMMANDS.items():
        if set(Template(command).get_identifiers()) <= known.keys():
            lines += ["", f"# {what}", f"#   {_filled_in(command, known)}"]
    return "\n".join(lines) + "\n"


def _filled_in(command: str, known: Mapping[str, str]) -> str:
    return shlex.join(shlex.split(Template(command).substitute(known)))


def main() -> None:
    """Print it; exits with 2 if the settings are wrong, and prints what makes a shell that reads it notice that."""
    print(UNSET, flush=True)
    try:
        environment = load_one_or_exit(os.environ)
    except SystemExit:
        print("false")
        raise
    print(render(environment), end="")


if __name__ == "__main__":
    main()
