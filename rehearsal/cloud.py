"""What exists, as far as the stand-in providers know: objects that refer to one another by id.

It keeps the promises of the real cloud that decide in which order things can happen: nothing is made twice, nothing
refers to what is not there, nothing goes away while something stands on it or a lock holds it, no private endpoint goes
away while a lock holds what it leads to, no locked immutability policy ever goes, and nothing is made before the roles
and rules that it needs (`requirements.py`). So an edge that is missing between two resources or two stacks shows as a
refusal, in an apply or in a destroy.
"""

import re
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from threading import Lock
from typing import Any

from rehearsal.plugin_protocol import RefusedError
from rehearsal.requirements import REQUIREMENTS

Object = dict[str, Any]

# An id of Azure Resource Manager: a resource group, or in it a resource, its children and extensions.
_ID = re.compile(
    r"/subscriptions/[^/]+/resourcegroups/[^/|]+(/providers/[^/]+(/(?!providers/)[^/]+/[^/|]+)+)*", re.IGNORECASE
)

# Parts that Azure or AKS makes in a resource, or a person puts there, and that no resource of Terraform's stands for.
_PART = re.compile(
    r"(/blobservices/default|/databases/master|/(secrets|namespaces)/[0-9a-z-]+"
    r"|/providers/microsoft.network/privatelinkservices/[^/]+)$"
)

_LOCK, _ROLE, _ENDPOINT = "azurerm_management_lock", "azurerm_role_assignment", "azurerm_private_endpoint"
_IMMUTABILITY = "azurerm_storage_container_immutability_policy"

# Other resources wait for these two without naming them. They take their time, as in Azure, so that Terraform meanwhile
# starts whatever it believes to be independent of them.
_SECONDS = {_LOCK: 0.3, _ROLE: 0.3}

_BUILT_IN_NAMESPACES = {"default", "kube-node-lease", "kube-public", "kube-system"}


@dataclass(frozen=True)
class _Entry:
    value: Object
    owns: set[str]  # ids that exist because this object does
    needs: set[str]  # ids that this object names, and those it lies within


class Cloud:
    """Objects by resource type and id. Ids compare without case, as Azure Resource Manager's do."""

    def __init__(self) -> None:
        self._entries: dict[tuple[str, str], _Entry] = {}
        self._given: set[str] = set()
        self._lock = Lock()

    def give(self, value: Any) -> None:
        """Let everything that has its id somewhere in the value exist for ever, made by others, and what it lies in."""
        for id_ in _ids(value):
            self._given |= {id_, *_within(id_)}

    def __len__(self) -> int:
        return len(self._entries)

    def find(self, type_name: str, id_: str) -> Object | None:
        """The object, or None where there is none (any more)."""
        entry = self._entries.get((type_name, id_.lower()))
        return entry.value if entry else None

    def create(self, type_name: str, id_: str, value: Object, *, configured: Object) -> None:
        """Add an object: what the program asked for is `configured`, the rest of `value` the cloud's own."""
        with self._lock:
            if (type_name, id_.lower()) in self._entries:
                raise RefusedError(f"{type_name} already exists", f"A second resource has the id {id_!r}.")
            if type_name in REQUIREMENTS:
                existing = [(other, entry.value) for (other, _), entry in self._entries.items()]
                for refused in REQUIREMENTS[type_name](value, existing):
                    raise refused
            entry = self._entry(type_name, id_, value, configured, owned=set())
        time.sleep(_SECONDS.get(type_name, 0.01))
        with self._lock:
            self._entries[type_name, id_.lower()] = entry

    def update(self, type_name: str, id_: str, value: Object, *, configured: Object) -> None:
        """Replace an object."""
        with self._lock:
            owned = self._entries[type_name, id_.lower()].owns
            self._entries[type_name, id_.lower()] = self._entry(type_name, id_, value, configured, owned)

    def delete(self, type_name: str, id_: str) -> None:
        """Remove an object that no lock holds and that nothing else names or lies within."""
        with self._lock:
            entry = self._entries[type_name, id_.lower()]
            if type_name == _IMMUTABILITY and entry.value["locked"]:
                # https://learn.microsoft.com/azure/storage/blobs/immutable-time-based-retention-policy-overview#locked-versus-unlocked-policies
                raise RefusedError(f"{type_name} is locked", f"Nobody can delete {id_} any more.")
            owned, changed = entry.owns, {id_, *_led_to(type_name, entry.value)}
            for (other_type, other_id), other in self._entries.items():
                locked = other.value["scope"] if other_type == _LOCK != type_name else None
                if locked and any(f"{one}/".lower().startswith(f"{locked}/".lower()) for one in changed):
                    raise RefusedError(f"{type_name} is locked", f"{other_id} keeps {id_} from being deleted.")
                if left := owned & other.needs:
                    raise RefusedError(f"{type_name} is in use", f"{other_type} {other_id} needs {', '.join(left)}.")
        time.sleep(_SECONDS.get(type_name, 0.01))
        with self._lock:
            del self._entries[type_name, id_.lower()]

    def reaches_blobs(self, account_id: str, *, inside: bool) -> bool:
        """Whether the account lets a request in that comes from inside the networks, or from a range that it names.

        No range matches a request from the account's own region, as those from inside are.
        https://learn.microsoft.com/azure/storage/common/storage-network-security-limitations
        """
        account = self.find("azurerm_storage_account", account_id)
        if account is None:
            return False
        (rules,) = account["network_rules"]
        admitted = rules["default_action"] == "Allow" or (not inside and bool(rules["ip_rules"]))
        endpoints = [
            entry.value for (type_name, _), entry in self._entries.items() if type_name == "azurerm_private_endpoint"
        ]
        by_endpoint = any(
            account_id.lower() in map(str.lower, _led_to("azurerm_private_endpoint", one)) for one in endpoints
        )
        return (account["public_network_access_enabled"] and admitted) or (inside and by_endpoint)

    def lift_locks(self, scope: str) -> int:
        """Remove the locks of exactly this scope, as an Owner would; returns how many."""
        ids = [
            id_
            for (type_name, id_), entry in self._entries.items()
            if type_name == _LOCK and entry.value["scope"].lower() == scope.lower()
        ]
        for id_ in ids:
            self.delete(_LOCK, id_)
        return len(ids)

    def drift(self, type_name: str, id_end: str, change: Callable[[Object], None]) -> None:
        """Change the one object of this type whose id ends so, as somebody in the portal would."""
        ((_, entry),) = [
            (key, entry)
            for key, entry in self._entries.items()
            if key[0] == type_name and key[1].endswith(id_end.lower())
        ]
        change(entry.value)

    def join_zones(self, zones: Mapping[str, str]) -> int:
        """Do what the policies of landing zones do to private endpoints; returns to how many.

        `zones` has the id of the zone of each kind of sub-resource that the policies cover.
        https://learn.microsoft.com/azure/cloud-adoption-framework/ready/azure-best-practices/private-link-and-dns-integration-at-scale
        """
        endpoints = [entry.value for (type_name, _), entry in self._entries.items() if type_name == _ENDPOINT]
        joined = 0
        for endpoint in endpoints:
            (connection,) = endpoint["private_service_connection"]
            zone = zones.get(connection["subresource_names"][0])
            if zone is not None:
                group = {"id": f"{endpoint['id']}/privateDnsZoneGroups/deployedByPolicy", "name": "deployedByPolicy"}
                endpoint["private_dns_zone_group"] = [{**group, "private_dns_zone_ids": [zone]}]
                endpoint["custom_dns_configs"] = []  # the names are in the group's configuration from then on
                joined += 1
        return joined

    def _entry(self, type_name: str, id_: str, value: Object, configured: Object, owned: set[str]) -> _Entry:
        named = set(_ids(configured))
        owns = owned | {*_ids(value)} - named
        needs = (named | {*_within(id_.lower())}) - owns
        if type_name.startswith("kubernetes_"):
            metadata = value["manifest"][1]["metadata"] if "manifest" in value else value["metadata"][0]
            if type_name == "kubernetes_namespace_v1":
                owns.add(f"namespace {metadata['name']}")
            elif metadata.get("namespace") not in {None, *_BUILT_IN_NAMESPACES}:
                needs.add(f"namespace {metadata['namespace']}")
        existing = {*self._given, *(i for entry in self._entries.values() for i in entry.owns)}
        for need in needs:
            if _PART.sub("", need) not in existing:
                raise RefusedError(f"{type_name} needs what does not exist", f"{id_} names or lies within {need}.")
        return _Entry(value, owns, needs)


def _ids(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        if _ID.fullmatch(value):
            yield value.lower()
    elif isinstance(value, dict | list):
        for item in value.values() if isinstance(value, dict) else value:
            yield from _ids(item)


def _led_to(type_name: str, value: Object) -> Iterator[str]:
    """What a private endpoint leads to: Azure deletes the endpoint's connection there, and a lock keeps that too.

    https://github.com/hashicorp/terraform-provider-azurerm/issues/17478
    """
    if type_name == _ENDPOINT:
        for connection in value["private_service_connection"]:
            yield connection["private_connection_resource_id"]


def _within(id_: str) -> Iterator[str]:
    for slash in re.finditer("/", id_):
        if _ID.fullmatch(id_, 0, slash.start()):
            yield id_[: slash.start()]
