"""Whatever AKS needs to make a cluster is there before Terraform asks for one, in this stack or in the one before.

A cluster that fails half-way stands in Azure and not in the state, and a role holds only minutes after it was given.
So all that can be in the network stack is there; the rest is what the cluster refers to or waits for.
"""

import json
import re
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from config.environment import EnvironmentSettings
from config.loading import load_environment
from config.network.private_dns import KubernetesZone, NamedService
from config.network.subnets import SubnetKey
from constructs_lib.naming import Naming
from tests.config.environment_file import write_environment
from tests.landing_zones import LANDING_ZONES
from tests.product import ENVIRONMENTS
from tests.template import Arguments, Template

REFERENCE = re.compile(r"\b(?:data\.)?(?:azurerm_\w+|local)\.[\w-]+")

# What leads to or from a subnet before nodes may stand in it, by the kind of egress.
# https://learn.microsoft.com/azure/aks/egress-outboundtype
ASSOCIATIONS = {
    "firewall": {"azurerm_subnet_network_security_group_association", "azurerm_subnet_route_table_association"},
    "nva": {"azurerm_subnet_network_security_group_association", "azurerm_subnet_route_table_association"},
}


class Stacks:
    """The network and the cluster of one environment."""

    def __init__(self, settings: EnvironmentSettings, folder: Path) -> None:
        self.settings, self.naming = settings, Naming.of(settings)
        self.network, self.cluster = (
            Template.read(folder / f"{settings.name}-{purpose}") for purpose in ("network", "cluster")
        )
        stacks = json.loads((folder.parent / "manifest.json").read_text())["stacks"]
        dns = settings.network.private_dns
        self.named_by_policy = dns is not None and dns.is_written_by_policy(NamedService.KEY_VAULT)
        self.cluster_comes_after = stacks[f"{settings.name}-cluster"]["dependencies"]

    def before_the_cluster(self) -> dict[str, Arguments]:
        """All of the cluster's own stack that is there before the cluster, by address."""
        document = self.cluster.document
        everything: dict[str, object] = {
            **{f"local.{name}": value for name, value in document.get("locals", {}).items()},
            **{
                f"{prefix}{type_}.{name}": body
                for prefix, section in (("", "resource"), ("data.", "data"))
                for type_, bodies in document[section].items()
                for name, body in bodies.items()
            },
        }
        (cluster,) = (address for address in everything if address.startswith("azurerm_kubernetes_cluster."))
        found: dict[str, Arguments] = {}
        waiting = [cluster]
        while waiting:
            for address in REFERENCE.findall(json.dumps(everything[waiting.pop()])):
                if address in everything and address not in found:
                    found[address] = everything[address]  # type: ignore[assignment] # locals are only passed through
                    waiting.append(address)
        return found


@pytest.fixture(params=[*ENVIRONMENTS, *LANDING_ZONES])
def stacks(
    request: pytest.FixtureRequest, synthesised: Path, in_landing_zone: Callable[[str], Path], tmp_path: Path
) -> Stacks:
    if request.param in ENVIRONMENTS:
        return Stacks(ENVIRONMENTS[request.param], synthesised / "stacks")
    settings = load_environment(write_environment(tmp_path, *LANDING_ZONES[request.param]))
    return Stacks(settings, in_landing_zone(request.param))


@pytest.mark.req(51)
@pytest.mark.req(52)
def test_the_control_plane_has_its_roles_a_stack_earlier(stacks: Stacks) -> None:
    network, naming, dns = stacks.network, stacks.naming, stacks.settings.network.private_dns
    identities = {
        identity["name"]: f"azurerm_user_assigned_identity.{address}"
        for address, identity in network.resources("azurerm_user_assigned_identity").items()
    }
    control_plane, kubelet = identities[naming.control_plane_identity], identities[naming.kubelet_identity]
    spokes = [
        f"${{azurerm_virtual_network.{address}.id}}"
        for address in network.resources("azurerm_virtual_network")
        if address.startswith("spoke_")
    ]
    wanted = {("Network Contributor", *spokes), ("Managed Identity Operator", f"${{{kubelet}.id}}")}
    if dns is None or dns.kubernetes_zone is KubernetesZone.CENTRAL:
        zone = stacks.cluster.resource("azurerm_kubernetes_cluster")["private_dns_zone_id"]
        made = {one["name"]: address for address, one in network.resources("azurerm_private_dns_zone").items()}
        address = made.get(zone.rpartition("/")[2])
        assert (address is None) == (dns is not None)
        wanted |= {("Private DNS Zone Contributor", f"${{azurerm_private_dns_zone.{address}.id}}" if address else zone)}

    assert stacks.cluster_comes_after == [f"{stacks.settings.name}-network"]
    assert {
        (role["role_definition_name"], role["scope"])
        for role in network.resources("azurerm_role_assignment").values()
        if role["principal_id"] == f"${{{control_plane}.principal_id}}"
    } == wanted


@pytest.mark.req(68)
def test_the_cluster_acts_as_the_identities_that_have_them(stacks: Stacks) -> None:
    naming, cluster = stacks.naming, stacks.cluster.resource("azurerm_kubernetes_cluster")
    data = {
        f"${{data.azurerm_user_assigned_identity.{address}.id}}": (one["resource_group_name"], one["name"])
        for address, one in stacks.cluster.data("azurerm_user_assigned_identity").items()
    }
    (control_plane,) = cluster["identity"]["identity_ids"]
    kubelet = cluster["kubelet_identity"]["user_assigned_identity_id"]

    assert data[control_plane] == (naming.network_resource_group, naming.control_plane_identity)
    assert data[kubelet] == (naming.network_resource_group, naming.kubelet_identity)
    assert [cluster["kubelet_identity"][key] for key in ("client_id", "object_id")] == [
        kubelet.replace(".id}", f".{key}}}") for key in ("client_id", "principal_id")
    ]
    # Read in every plan: a value that is known only later would mean to replace the cluster.
    assert not any("depends_on" in one for one in stacks.cluster.data("azurerm_user_assigned_identity").values())


@pytest.mark.req(80)
def test_the_nodes_subnet_is_joined_to_all_that_it_needs_a_stack_earlier(stacks: Stacks) -> None:
    network, cluster = stacks.network, stacks.cluster.resource("azurerm_kubernetes_cluster")
    ((nodes, subnet),) = [
        (address, one)
        for address, one in network.resources("azurerm_subnet").items()
        if one["name"] == Naming.subnet(SubnetKey.AKS_NODES)
    ]
    joined = {
        type_
        for type_ in network.document["resource"]
        if type_.startswith("azurerm_subnet_")
        for one in network.resources(type_).values()
        if one["subnet_id"] == f"${{azurerm_subnet.{nodes}.id}}"
    }

    assert cluster["default_node_pool"]["vnet_subnet_id"].endswith(f"/subnets/{subnet['name']}")
    assert joined == ASSOCIATIONS[stacks.settings.network.egress]


@pytest.mark.req(19)
def test_nodes_may_pull_when_they_start(stacks: Stacks) -> None:
    before = stacks.before_the_cluster()
    kubelet = stacks.cluster.resource("azurerm_kubernetes_cluster")["kubelet_identity"]["object_id"]

    (registry,) = [address for address in before if address.startswith("azurerm_container_registry.")]
    assert ("AcrPull", kubelet, f"${{{registry}.id}}") in {
        (role["role_definition_name"], role["principal_id"], role["scope"])
        for address, role in before.items()
        if address.startswith("azurerm_role_assignment.")
    }


@pytest.mark.req(52)
@pytest.mark.req(84)
def test_a_key_and_the_right_to_use_it_come_before_the_disks(stacks: Stacks) -> None:
    before = stacks.before_the_cluster()
    cluster = stacks.cluster.resource("azurerm_kubernetes_cluster")
    sets = [address for address in before if address.startswith("azurerm_disk_encryption_set.")]
    if not stacks.settings.cluster.kubernetes.customer_managed_disk_key:
        assert (sets, cluster.get("disk_encryption_set_id")) == ([], None)
        return
    (encryption,) = sets
    (control_plane,) = cluster["identity"]["identity_ids"]
    (vault, key), (identity,) = _made_for(encryption, before)
    roles = {
        (role["role_definition_name"], role["principal_id"], role["scope"])
        for address, role in before.items()
        if address.startswith("azurerm_role_assignment.")
    }

    assert cluster["disk_encryption_set_id"] == f"${{{encryption}.id}}"
    assert {
        ("Key Vault Crypto Officer", stacks.settings.deployer_of("cluster"), f"${{{vault}.id}}"),
        ("Key Vault Crypto Service Encryption User", f"${{{identity}.principal_id}}", f"${{{vault}.id}}"),
        ("Reader", control_plane.replace(".id}", ".principal_id}"), f"${{{encryption}.id}}"),
    } <= roles
    # The vault is private: its key is made by its address, and by its name where the stack writes that.
    awaited = {address.partition(".")[0] for address in before[key]["depends_on"]}
    assert awaited >= {"azurerm_private_endpoint", "azurerm_role_assignment"}
    if not stacks.named_by_policy:
        assert "azurerm_private_dns_a_record" in awaited


def _made_for(encryption: str, before: Mapping[str, Arguments]) -> tuple[tuple[str, str], list[str]]:
    """The vault and the key of a disk encryption set, and its identities."""
    arguments = before[encryption]
    key = arguments["key_vault_key_id"].removeprefix("${").removesuffix(".versionless_id}")
    vault = before[key]["key_vault_id"].removeprefix("${").removesuffix(".id}")
    identities = [id_.removeprefix("${").removesuffix(".id}") for id_ in arguments["identity"]["identity_ids"]]
    for awaited in (key, vault, *identities):
        assert awaited in before
    return (vault, key), identities
