"""An HTTP proxy for nodes: what goes through it, and what never does."""

from collections.abc import Sequence

from cdktf_cdktf_provider_azurerm.kubernetes_cluster import KubernetesClusterHttpProxyConfig

from config.cluster.http_proxy import HttpProxySettings

# This machine, what Azure tells it, and names inside the cluster. A name stands for all below it; AKS takes no `*`.
_ALWAYS_DIRECT = ("localhost", "127.0.0.1", "168.63.129.16", "169.254.169.254", "svc", "cluster.local")


def http_proxy_config(
    settings: HttpProxySettings | None, direct: Sequence[str]
) -> KubernetesClusterHttpProxyConfig | None:
    """The proxy as AKS takes it; `direct` are ranges and names of the platform's own."""
    if settings is None:
        return None
    return KubernetesClusterHttpProxyConfig(
        http_proxy=settings.http,
        https_proxy=settings.https or settings.http,
        no_proxy=list(dict.fromkeys((*_ALWAYS_DIRECT, *direct, *settings.no_proxy))),
    )
