"""Settings of who works in single namespaces of the cluster."""

from enum import StrEnum

from config.types import Guid, KubernetesName, Settings


class NamespaceRole(StrEnum):
    """What members of a group may do in a namespace."""

    READER = "reader"
    """See everything but secrets."""

    WRITER = "writer"
    """See and change nearly everything, read secrets, and run pods as any service account there: whatever its workload
    identity may, they may."""


class NamespaceAccessSettings(Settings):
    """A group that works in one namespace."""

    group_id: Guid
    """Object id of the Entra group, whose members may sign in to the cluster. A change takes the roles from one group
    before the other has them."""

    namespace: KubernetesName
    """The namespace, which need not be there yet. A change takes the role in one before it gives that in the other."""

    role: NamespaceRole
    """What its members may do there. A change takes the one role before it gives the other."""
