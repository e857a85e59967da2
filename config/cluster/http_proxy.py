"""Settings of the HTTP proxy through which the nodes ask for what is outside."""

from typing import Annotated

from pydantic import Field

from config.types import Settings, Text

_HOST = r"([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
_PORT = r":([1-9][0-9]{0,3}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-5])"

ProxyAddress = Annotated[
    str, Text(rf"http://{_HOST}{_PORT}", "an address with its port, such as 'http://proxy.example.com:3128'")
]
SecureProxyAddress = Annotated[
    str, Text(rf"https?://{_HOST}{_PORT}", "an address with its port, such as 'https://proxy.example.com:3129'")
]
Direct = Annotated[
    str,
    Text(
        rf"(?=.{{1,253}}$){_HOST}(/(3[0-2]|[12]?[0-9]))?",
        "a name, an address or a range, such as 'example.com' or '192.168.0.0/16', without '*'",
    ),
]
"""What is asked for directly: a name stands for every name below it too."""


class HttpProxySettings(Settings):
    """An HTTP proxy of yours, as AKS takes it: https://learn.microsoft.com/azure/aks/http-proxy."""

    http: ProxyAddress
    """Proxy for HTTP, which is itself asked through HTTP, without a password: AKS takes none."""

    https: SecureProxyAddress | None = None
    """Proxy for HTTPS; left out: that for HTTP."""

    no_proxy: Annotated[tuple[Direct, ...], Field(max_length=100)] = ()
    """What nodes reach without the proxy, besides the networks' own ranges, the cluster, vault, registry and database,
    which they always reach so. AKS adds to the list, so that plans leave it alone: make a later change with
    `az aks update --http-proxy-config` too."""
