"""What the settings of the policies demand of each other, and of the way outside."""

from collections import Counter
from collections.abc import Iterator

from config.cluster.policy import LeftOutPolicySettings, PolicySettings
from config.network.egress import Egress
from config.rules.registration import Problem, rule


@rule("cluster.policy", "network.egress")
def _policies_are_used(policy: PolicySettings, egress: Egress) -> Iterator[Problem]:
    of_the_cluster = ("image_registries", "excluded_namespaces")
    if not policy.assigned:
        for key in ("effect", "left_out", *of_the_cluster):
            if getattr(policy, key):
                message = "is not used where cluster.policy.assigned is false; remove one of the two"
                yield Problem(f"cluster.policy.{key}", message)
    elif egress.nature.isolates_the_cluster:
        for key in of_the_cluster:
            if getattr(policy, key):
                yield Problem(
                    f"cluster.policy.{key}",
                    f"is not used: with egress {egress} the cluster cannot fetch policies; remove it, or choose "
                    "another egress",
                )


@rule("cluster.policy.left_out")
def _each_is_left_out_once(left_out: tuple[LeftOutPolicySettings, ...]) -> Iterator[Problem]:
    for policy, number in Counter(one.policy for one in left_out).items():
        if number > 1:
            yield Problem("cluster.policy.left_out", f"{policy} stands in the list twice; name each policy once")
