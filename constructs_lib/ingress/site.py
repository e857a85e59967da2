"""A host name behind which applications are, as whatever stands in front of them must know it."""

from dataclasses import dataclass

ANSWERED_IN_SECONDS = 360
"""How long an application behind a gateway may take for its whole answer."""


@dataclass(frozen=True)
class Site:
    """One of the host names of a gateway, which answers by HTTPS with a certificate for it."""

    host_name: str
    certificate_name: str
    """In the environment's key vault."""

    probe_path: str
    """Where an application of the host says whether it can serve."""
