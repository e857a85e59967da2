"""What production does without, unless somebody says why it must not."""

from collections.abc import Iterator

from config.cluster.policy import PolicyEffect
from config.defender import DefenderPlans
from config.monitoring import AlertSettings
from config.rules.registration import doubt
from config.types import Tier


@doubt("tier", "name")
def _production_is_called_so(tier: Tier, name: str) -> Iterator[str]:
    if tier is not Tier.PRODUCTION and (name.startswith("prod") or name in ("prd", "live")):
        yield f"{tier} lets everything in {name}.toml be destroyed; it must be production"


@doubt("state_backend.allowed_ip_ranges", "state_backend.public_network_access", "tier")
def _state_is_closed(ranges: tuple[str, ...], public: bool, tier: Tier) -> Iterator[str]:  # noqa: FBT001 - a setting's value
    if tier is Tier.PRODUCTION and public and not ranges:
        yield (
            "is empty, so that every network reaches the state account; production needs ranges, "
            "or state_backend.public_network_access = false"
        )


FEWEST_BACKUP_DAYS = 7


@doubt("cluster.sql.backup_retention_in_days", "tier")
def _mistakes_can_be_undone(days: int, tier: Tier) -> Iterator[str]:
    if tier is Tier.PRODUCTION and days < FEWEST_BACKUP_DAYS:
        yield f"{days} is too few to notice a mistake and undo it; production needs {FEWEST_BACKUP_DAYS}"


@doubt("monitoring.alerts", "tier")
def _somebody_is_called(alerts: AlertSettings | None, tier: Tier) -> Iterator[str]:
    if tier is Tier.PRODUCTION and alerts is None:
        yield "is missing, so nobody is called when something happens; production needs emails or an action_group_id"


@doubt("defender.plans", "tier")
def _somebody_watches(plans: DefenderPlans, tier: Tier) -> Iterator[str]:
    if tier is Tier.PRODUCTION and plans is DefenderPlans.OFF:
        yield "off means that nobody looks for vulnerable images and attacks; production needs on, or elsewhere"


@doubt("cluster.kubernetes.customer_managed_disk_key", "tier")
def _disks_have_a_key_of_ones_own(own_key: bool, tier: Tier) -> Iterator[str]:  # noqa: FBT001 - a setting's value
    if tier is Tier.PRODUCTION and not own_key:
        yield "false cannot become true while the cluster lives; production needs true"


@doubt("network.log_analytics.daily_quota_gb", "tier")
def _logs_are_complete(quota: float | None, tier: Tier) -> Iterator[str]:
    if tier is Tier.PRODUCTION and quota is not None:
        yield f"{quota} ends the audit logs of a busy day; production must leave it out, and watch the costs"


@doubt("cluster.policy.effect", "tier")
def _policies_refuse(effect: PolicyEffect | None, tier: Tier) -> Iterator[str]:
    if tier is Tier.PRODUCTION and effect is PolicyEffect.AUDIT:
        yield "Audit lets everything in, and only reports it; production needs Deny, which it has by default"
