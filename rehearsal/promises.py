"""What each stack promises of the values that flow through it: conditions that Terraform itself judges.

A promise is a sentence and the Terraform expression that is true when it is kept.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from constructs_lib.naming import Naming
from rehearsal.answers import Answers, ExampleArguments, guid

Program = dict[str, Any]
Overrides = dict[str, list[dict[str, Any]]]
Promises = dict[str, str]  # what must hold, in words: the same as a Terraform condition


def _id(type_: str, **arguments: str) -> str:
    return Answers(type_, {}, guid("a subscription")).id(ExampleArguments(arguments))


def _state_backend(program: Program, _: Naming) -> tuple[Overrides, Promises]:
    containers = _list(f"{it}.id" for it in _all(program, "azurerm_storage_container"))
    (account,) = _all(program, "azurerm_storage_account")
    (lock,) = _all(program, "azurerm_management_lock")
    roles = _list(_all(program, "azurerm_role_assignment"))
    return {}, {
        "The lock holds the account": f"{lock}.scope == {account}.id",
        "Roles open containers alone": f"alltrue([for r in [{roles}] : contains([{containers}], r.scope)])",
    }


def _network(program: Program, _: Naming) -> tuple[Overrides, Promises]:
    firewalls, public_ips = _all(program, "azurerm_firewall"), _all(program, "azurerm_public_ip")
    inner = "10.0.0.4"
    overrides: Overrides = {
        "override_resource": [
            *({"target": it, "values": {"ip_configuration": {"private_ip_address": inner}}} for it in firewalls),
            # An id of its own for each, so that one which nothing uses shows.
            *(
                {"target": it, "values": {"id": _id("azurerm_public_ip", name=ip["name"])}}
                for it, ip in public_ips.items()
            ),
        ]
    }
    used = [
        *(f"{it}.ip_configuration[*].public_ip_address_id" for it in firewalls),
        *(f"{it}.management_ip_configuration[*].public_ip_address_id" for it in firewalls),
        *(f"{it}.ip_configuration[*].public_ip_address_id" for it in _all(program, "azurerm_bastion_host")),
        *(f"[{it}.public_ip_address_id]" for it in _all(program, "azurerm_nat_gateway_public_ip_association")),
    ]
    promises: Promises = {}
    if public_ips:
        promises["No other than the ways in and out has a public address"] = (
            f"toset([for ip in [{_list(public_ips)}] : ip.id]) == toset(concat({_list(used)}))"
        )
    if firewalls:
        for routes in _all(program, "azurerm_route_table"):
            promises["Every route leads to the firewall"] = (
                f'{routes}.route[*].next_hop_in_ip_address == tolist(["{inner}"])'
            )
        for servers in _all(program, "azurerm_virtual_network_dns_servers"):
            promises["The spoke asks the firewall for names"] = f'{servers}.dns_servers == tolist(["{inner}"])'
    return overrides, promises


def _cluster(program: Program, naming: Naming) -> tuple[Overrides, Promises]:
    (cluster,) = _all(program, "azurerm_kubernetes_cluster")
    connections = _all(program, "azurerm_private_endpoint_connection", section="data")
    endpoints = _all(program, "azurerm_private_endpoint")
    registry, region = naming.container_registry, naming.container_registry_region
    # The data source knows one address of an endpoint, and the registry's has two.
    names = {"registry": registry, f"registry_data_{region}": f"{registry}.{region}.data"}
    registry_addresses = {
        names[one["member_name"]]: one["private_ip_address"]
        for endpoint in endpoints.values()
        if endpoint["name"] == Naming.private_endpoint(registry)
        for one in endpoint["ip_configuration"]
    }
    overrides: Overrides = {
        # An address of its own for each endpoint, so that a record which takes another's shows.
        "override_data": [
            {"target": target, "values": {"private_service_connection": [{"private_ip_address": f"10.0.0.{n}"}]}}
            for n, target in enumerate(connections, 10)
        ],
        # An id of its own for each, too: the data sources cut the endpoint's name out of it.
        "override_resource": [
            {"target": target, "values": {"id": _id("azurerm_private_endpoint", name=endpoint["name"])}}
            for target, endpoint in endpoints.items()
        ],
    }
    prefix = Naming.private_endpoint("")
    own = (
        f"merge({{for c in [{_list(connections)}] : "
        f'trimprefix(c.name, "{prefix}") => c.private_service_connection[0].private_ip_address}}, '
        f"{json.dumps(registry_addresses)})"
    )
    records = _all(program, "azurerm_private_dns_a_record")
    services = [
        address
        for type_ in ("container_registry", "key_vault", "mssql_server", "storage_account")
        for address in _all(program, f"azurerm_{type_}")
    ]
    return overrides, {
        "Every record leads to the endpoint of its own service": (
            f"alltrue([for r in [{_list(records)}] : one(r.records) == {own}[r.name]])"
        ),
        "No service is public": f"!anytrue([for s in [{_list(services)}] : s.public_network_access_enabled])",
        "The API server is private": f"{cluster}.private_cluster_enabled",
    }


def _workloads(program: Program, _: Naming) -> tuple[Overrides, Promises]:
    issuer = "https://westeurope.oic.prod-aks.azure.com/an-issuer/"
    overrides: Overrides = {
        "override_data": [
            {"target": state, "values": {"outputs": {"oidc_issuer_url": issuer}}}
            for state in _all(program, "terraform_remote_state", section="data")
        ],
    }
    promises: Promises = {}
    accounts = _all(program, "kubernetes_service_account_v1")
    for trust, credential in _all(program, "azurerm_federated_identity_credential").items():
        identity = credential["parent_id"].removeprefix("${").removesuffix(".id}")
        name = credential["subject"].rpartition(":")[2]
        (account,) = (it for it, body in accounts.items() if body["metadata"]["name"] == name)
        promises |= {
            f"Entra trusts the issuer of the cluster's tokens for {name}": f"{trust}.issuer == {json.dumps(issuer)}",
            f"Pods of {name} ask for the identity that their account stands for": (
                f'{account}.metadata[0].annotations["azure.workload.identity/client-id"] == {identity}.client_id'
            ),
        }
    services = _list(_all(program, "kubernetes_service_v1"))
    if services:
        internal = "service.beta.kubernetes.io/azure-load-balancer-internal"
        promises["No service is public"] = (
            f'alltrue([for s in [{services}] : s.spec[0].type == "ClusterIP" || '
            f'try(s.metadata[0].annotations["{internal}"], "") == "true"])'
        )
    return overrides, promises


PROMISES: Mapping[str, Callable[[Program, Naming], tuple[Overrides, Promises]]] = {
    "state-backend": _state_backend,
    "network": _network,
    "cluster": _cluster,
    "workloads": _workloads,
}
"""The promises of each stack, by its purpose, and what the mocks must answer for them to be asked."""


def _all(program: Program, type_: str, *, section: str = "resource") -> dict[str, Any]:
    """The resources or data sources of a type, by address."""
    prefix = "data." if section == "data" else ""
    return {f"{prefix}{type_}.{name}": body for name, body in program[section].get(type_, {}).items()}


def _list(addresses: Iterable[str]) -> str:
    return ", ".join(addresses)
