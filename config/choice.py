"""Which environments a command was asked for: `ENVIRONMENTS` names several, `ENV` a single one.

A variable that is empty counts as not set. The other variable in the place of the right one is a mistake, never a
default: who writes `ENV=prod make synth` does not mean all environments. Where both are set, the right one counts.
"""

import re
from collections.abc import Collection, Mapping

from config.refused_text import kind_of_secret
from config.shown_text import shown_key

SEVERAL, SINGLE = "ENVIRONMENTS", "ENV"

# What a hand writes for either. Other programs read it too, so only the name of an environment in it is a mistake.
_SINGULAR = "ENVIRONMENT"

_AT_MOST = 5
# What cannot be meant as a name may be anything, a secret too, and is not printed.
_LIKE_A_NAME = re.compile(r"[\w.,/ -]{1,40}")


def several(process_environment: Mapping[str, str], known: Collection[str]) -> tuple[set[str], list[str]]:
    """Those of the known environments that `ENVIRONMENTS` names, or all; and a line for each mistake."""
    given, other = _of(process_environment, SEVERAL), _of(process_environment, SINGLE)
    # Some shells have an `ENV` of their own: the path of the file that they start with.
    if not given and other and "/" not in other:
        return set(), [
            f"{SINGLE}: is for commands that take a single environment; write {SEVERAL}={_shown(other)} here"
        ]
    singular = _of(process_environment, _SINGULAR)
    if not given and singular in known:
        return set(), [f"{_SINGULAR}: is not read; write {SEVERAL}={_shown(singular)} here"]
    if not given:
        return set(known), []
    names = {name.strip() for name in given.split(",")} - {""}
    if not names:
        return set(), [f"{SEVERAL}: names no environment; {_known(known)}"]
    return names & set(known), _unknown(SEVERAL, names, known)


def single(process_environment: Mapping[str, str], known: Collection[str]) -> tuple[str, list[str]]:
    """The environment that `ENV` names; and a line for each mistake, such as that it names none."""
    given, other = _of(process_environment, SINGLE), _of(process_environment, SEVERAL)
    if not given and other:
        return "", [f"{SEVERAL}: is for commands that take several environments; write {SINGLE}={_shown(other)} here"]
    if not given:
        return "", [f"{SINGLE}: is not set; name one environment with {SINGLE}=<name>; {_known(known)}"]
    return given, _unknown(SINGLE, {given}, known)


def _of(process_environment: Mapping[str, str], variable: str) -> str:
    return process_environment.get(variable, "").strip()


def _unknown(variable: str, names: set[str], known: Collection[str]) -> list[str]:
    unknown = sorted(names - set(known))
    lines = [f"{variable}: {_shown(name)!r} is no environment; {_known(known)}" for name in unknown[:_AT_MOST]]
    if len(unknown) > _AT_MOST:
        lines.append(f"{variable}: {len(unknown) - _AT_MOST:,} more names are no environments; {_known(known)}")
    return lines


def _known(known: Collection[str]) -> str:
    return f"known: {', '.join(map(shown_key, sorted(known)))}"


def _shown(value: str) -> str:
    return value if _LIKE_A_NAME.fullmatch(value) and not kind_of_secret(value) else "..."
