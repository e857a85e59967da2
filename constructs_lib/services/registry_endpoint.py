"""The private endpoint of a container registry, at the two addresses and under the two names that it has."""

from cdktf import ITerraformDependable
from constructs import Construct

from config.network.private_endpoints import PrivateAddress
from constructs_lib.network.private_endpoint import PrivateEndpoint, PrivateEndpointNetwork
from constructs_lib.network.private_link_resources import CONTAINER_REGISTRY, registry_data_member


def add_registry_endpoint(
    scope: Construct,
    *,
    name: str,
    record_name: str,
    registry_id: str,
    region: str,
    resource_group_name: str,
    location: str,
    network: PrivateEndpointNetwork,
) -> tuple[ITerraformDependable, ...]:
    """Lead to a registry in this region; returns the records of its two names.

    Both belong into the one zone: https://github.com/MicrosoftDocs/azure-docs/issues/118511
    """
    plan, data = network.address_plan, registry_data_member(region)
    endpoint = PrivateEndpoint(
        scope,
        "private-endpoint",
        service=CONTAINER_REGISTRY,
        service_name=name,
        service_id=registry_id,
        addresses={
            CONTAINER_REGISTRY.member: plan.private_address(PrivateAddress.REGISTRY),
            data: plan.private_address(PrivateAddress.REGISTRY_DATA),
        },
        resource_group_name=resource_group_name,
        location=location,
        network=network,
    )
    return (
        *endpoint.add_member_record("registry-record", record_name, member=CONTAINER_REGISTRY.member),
        *endpoint.add_member_record("data-record", f"{record_name}.{region}.data", member=data),
    )
