"""Every address of a private endpoint, one row each: fixed, so that rules, policies and records can name it.

A new one is a member and a row here, and who may reach it a rule in `constructs_lib/network/cluster_subnet_rules.py`.
"""

from enum import StrEnum


class PrivateAddress(StrEnum):
    """An address in the subnet of the private endpoints, by what answers there."""

    STATE = "state account"
    SQL_SERVER = "SQL server"
    REGISTRY_DATA = "registry's data"
    REGISTRY = "registry"
    KEY_VAULT = "vault"


EVERY_PRIVATE_ADDRESS = frozenset(PrivateAddress)

# Counted back from the last address that Azure leaves free: endpoints of others, which take any, are given the first.
# Of the two of the registry the first in the alphabet has the lower one: Azure lists both, in an order that it does not
# promise, and each plan would change another.
PLACES: dict[PrivateAddress, int] = {
    PrivateAddress.STATE: 0,
    PrivateAddress.SQL_SERVER: 1,
    PrivateAddress.REGISTRY_DATA: 2,
    PrivateAddress.REGISTRY: 3,
    PrivateAddress.KEY_VAULT: 4,
}
