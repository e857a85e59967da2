"""What the cluster demands of the settings."""

from collections.abc import Iterator
from ipaddress import IPv4Network

from config.cluster.company_certificate import CompanyCertificate
from config.cluster.http_proxy import HttpProxySettings
from config.cluster.kubernetes import ClusterTier
from config.cluster.kubernetes_versions import END_OF_SUPPORT
from config.network.egress import Egress
from config.rules.registration import Problem, doubt, rule
from config.types import Tier


@rule("cluster.kubernetes.company_certificates")
def _certificates_differ(certificates: tuple[CompanyCertificate, ...]) -> Iterator[Problem]:
    for index, one in enumerate(certificates):
        if one.pem in {earlier.pem for earlier in certificates[:index]}:
            path = f"cluster.kubernetes.company_certificates.{index}"
            yield Problem(path, f"{one.file} holds a certificate that is in the list already; remove one of the two")


@rule("cluster.kubernetes.http_proxy", "network.egress")
def _proxy_can_be_reached(proxy: HttpProxySettings | None, egress: Egress) -> Iterator[Problem]:
    if proxy is not None and egress.nature.isolates_the_cluster:
        yield Problem(
            "cluster.kubernetes.http_proxy",
            f"is not reached with egress {egress}; remove it, or choose another egress",
        )


@rule("cluster.kubernetes.service_cidr")
def _service_range_has_a_usable_size(services: IPv4Network) -> Iterator[Problem]:
    if not 13 <= services.prefixlen <= 27:
        yield Problem("cluster.kubernetes.service_cidr", f"{services} must be from /13 to /27 in size")


@doubt("cluster.kubernetes.kubernetes_version")
def _version_is_known(version: str) -> Iterator[str]:
    if version not in END_OF_SUPPORT:
        yield f'"{version}" is none that the platform is made for; it must be {", ".join(END_OF_SUPPORT)}'


@rule("cluster.kubernetes.sku_tier", "tier")
def _production_has_an_sla(sku_tier: ClusterTier, tier: Tier) -> Iterator[Problem]:
    if tier is Tier.PRODUCTION and sku_tier is ClusterTier.FREE:
        yield Problem("cluster.kubernetes.sku_tier", "Free has no SLA; production needs Standard")
