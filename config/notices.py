"""What is right in an environment's settings, and still worth a word at every synth."""

from collections.abc import Iterator
from datetime import date

from config.cluster.kubernetes import ClusterTier
from config.cluster.kubernetes_versions import END_OF_LONG_TERM_SUPPORT, END_OF_SUPPORT
from config.environment import EnvironmentSettings
from config.settings_tree import value_under
from config.shown_text import shown

# So many days before its support ends, a version is worth a word: as long as a new one takes to come.
DAYS_TO_UPGRADE_IN = 90


def notices(environment: EnvironmentSettings, today: date) -> Iterator[str]:
    """Lines about what somebody has accepted, and what should not stay as it is."""
    if environment.accept:
        yield f"accepted: {', '.join(_accepted(environment, entry.setting) for entry in environment.accept)}"
    if environment.state_backend.bootstrap:
        yield "state_backend.bootstrap: true keeps the state in a local file; remove it after the first deployment"
    for certificate in environment.cluster.kubernetes.company_certificates:
        if (certificate.expires - today).days < DAYS_TO_UPGRADE_IN:
            yield f"cluster.kubernetes.company_certificates: {certificate.file} ends on {certificate.expires}; renew it"
    kubernetes = environment.cluster.kubernetes
    version, long = kubernetes.kubernetes_version, kubernetes.sku_tier is ClusterTier.PREMIUM
    end = (END_OF_LONG_TERM_SUPPORT if long else END_OF_SUPPORT).get(version)
    if end is not None and (end - today).days < DAYS_TO_UPGRADE_IN:
        yield f'cluster.kubernetes.kubernetes_version: "{version}" is supported until {end} only; upgrade'


def _accepted(environment: EnvironmentSettings, path: str) -> str:
    value: object = environment
    for key in path.split("."):
        value = value_under(value, key)
    plain = isinstance(value, bool | int | float | str)
    return f"{path} = {shown(str(value) if isinstance(value, str) else value)}" if plain else path
