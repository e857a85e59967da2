"""Rules between settings: what Azure, or the platform's promises, demand of several values together.

Each rule names the settings it reads. It runs when all of them are valid in themselves, whatever else is wrong in the
file, so that one report holds every mistake. A rule belongs in the module of what it speaks of.
"""

from config.rules import (  # noqa: F401 - importing them registers their rules
    addresses,
    cluster,
    identities,
    network,
    region,
    workloads,
)
from config.rules.rule import Problem, problems

__all__ = ["Problem", "problems"]
