"""Rules between settings: what Azure, or the platform's promises, demand of several values together.

Each rule names the settings it reads. It runs when all of them are valid in themselves, whatever else is wrong in the
file, so that one report holds every mistake. A rule belongs in the module of what it speaks of. What an environment's
owner may know better, as Azure grows and reasons differ, is a doubt, which `[[accept]]` answers.
"""

from config.rules import (  # noqa: F401 - importing them registers their rules
    addresses,
    capacity,
    cluster,
    egress_rules,
    identities,
    ingress,
    landing_zone,
    machine_sizes,
    monitoring,
    names,
    network,
    node_pools,
    policy,
    production,
    region,
    registry,
    sign_in,
    sql,
    state_backend,
    tags,
    vault_secrets,
    workloads,
)
from config.rules.between_environments import problems_between_environments
from config.rules.registration import LeftOutError, Problem, acceptable, problems

__all__ = ["LeftOutError", "Problem", "acceptable", "problems", "problems_between_environments"]
