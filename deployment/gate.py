"""Reads a saved plan, tells people what it will do, and lets it pass only if nothing is lost that nobody allowed.

    terraform show -json <plan> | python -m deployment.gate --stack dev-cluster -

What is destroyed, replaced or forgotten must be allowed for in `environments/allowed/<environment>.toml`; what cannot
be made again must be allowed to be lost besides. Names of attributes are told and no values, which may be secrets.
Ends with 0 if the plan may be applied, and with 2 if it may not, or cannot be judged.
"""

import argparse
import sys
from datetime import UTC, datetime
from pathlib import Path

from deployment.allowed import ENVIRONMENTS, STACKS, InvalidAllowancesError, read_allowances
from deployment.azure_locks import is_production
from deployment.plan import UnusablePlanError, read_plan
from deployment.summary import as_markdown, as_text
from deployment.verdict import judge

REFUSED = 2


def _plan(argument: str) -> Path | None:
    return None if argument == "-" else Path(argument)


def main() -> int:
    """Judge the plan that the arguments name."""
    parser = argparse.ArgumentParser(prog="python -m deployment.gate", description=__doc__.partition("\n")[0])
    parser.add_argument("plan", type=_plan, help="what `terraform show -json` printed; - for the standard input")
    parser.add_argument("--stack", required=True, help="such as dev-cluster")
    parser.add_argument("--markdown", type=Path, help="write the summary there, too, for a page or a comment")
    arguments = parser.parse_args()
    if arguments.stack.partition("-")[2] not in STACKS:
        parser.error(f"argument --stack: must be <environment>-<purpose>, the purpose one of {', '.join(STACKS)}")
    return judged(arguments.plan, arguments.stack, arguments.markdown)


def judged(plan: Path | None, stack: str, markdown: Path | None = None) -> int:
    """Print what is to be said of a stack's plan, which may come from the standard input; returns the exit code."""
    environment = stack.partition("-")[0]
    today = datetime.now(UTC).date()
    try:
        changes = read_plan(plan.read_text(encoding="utf-8") if plan else sys.stdin.read())
        allowances = read_allowances(ENVIRONMENTS / "allowed" / f"{environment}.toml", today)
    except (UnusablePlanError, OSError) as error:
        print(f"{plan or '-'}: {error.strerror if isinstance(error, OSError) else error}", file=sys.stderr)
        return REFUSED
    except InvalidAllowancesError as error:
        print(error, file=sys.stderr)
        return REFUSED
    locked = (ENVIRONMENTS / "locks" / f"{environment}.json").exists()
    production = is_production(ENVIRONMENTS / f"{environment}.toml")
    verdict = judge(stack, changes, allowances, today, locked=locked, production=production)
    if markdown:
        markdown.write_text(f"{as_markdown(verdict)}\n", encoding="utf-8")
    print(as_text(verdict))
    return REFUSED if verdict.refused else 0


if __name__ == "__main__":
    sys.exit(main())
