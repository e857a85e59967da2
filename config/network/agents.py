"""Where the pipelines' agents stand."""

from enum import StrEnum


class Agents(StrEnum):
    """Where the pipelines' agents stand that deploy cluster and workloads."""

    SELF_HOSTED = "self_hosted"
    """In a subnet of this network, on machines of your own, which are all that is charged."""

    MANAGED_DEVOPS_POOL = "managed_devops_pool"
    """In a subnet of this network that is delegated to a Managed DevOps Pool. The pool is made outside: the bindings of
    azurerm 4.55 do not know it. Machines are charged while they run."""

    NONE = "none"
    """Elsewhere, in a network of your own from which this one is reached. No charge."""
