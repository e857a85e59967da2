"""Amounts of CPU and memory in the form in which Kubernetes gives them back.

The API server stores `1000m` as `1`; the provider compares text in some resources, and would see a change for ever.
https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/
"""

_MIB_IN_GIB = 1024


def cpu(millicores: int) -> str:
    """Whole cores without a unit, anything else in thousandths: `2`, `250m`."""
    cores, rest = divmod(millicores, 1000)
    return f"{millicores}m" if rest else str(cores)


def memory(mib: int) -> str:
    """The largest unit that leaves no fraction: `2Gi`, `768Mi`."""
    gib, rest = divmod(mib, _MIB_IN_GIB)
    return f"{mib}Mi" if rest else f"{gib}Gi"
