"""Writes an environment's stacks for checkov, without what it cannot parse: docs/outside-judges.md.

python -m reference.for_judges prod <folder>
"""

import argparse
import json
from pathlib import Path
from typing import Any

SYNTHESISED = Path(__file__).parents[1] / "cdktf.out" / "stacks"


def without_what_cannot_be_parsed(program: dict[str, Any]) -> dict[str, Any]:
    """A stack without `required_version` and `moved`: with either, checkov 3.3 passes over the whole file."""
    terraform = {key: value for key, value in program["terraform"].items() if key != "required_version"}
    return {key: value for key, value in program.items() if key != "moved"} | {"terraform": terraform}


def main() -> None:
    """Write the copies; a stack that is not synthesised is not there."""
    parser = argparse.ArgumentParser(prog="python -m reference.for_judges", description="Write copies for checkov.")
    parser.add_argument("environment")
    parser.add_argument("folder", type=Path)
    arguments = parser.parse_args()
    programs = sorted(SYNTHESISED.glob(f"{arguments.environment}-*/cdk.tf.json"))
    if not programs:
        parser.error(f"nothing of {arguments.environment} is in {SYNTHESISED}; `make synth` first")
    for program in programs:
        copy = arguments.folder / program.parent.name / program.name
        copy.parent.mkdir(parents=True, exist_ok=True)
        parsed = without_what_cannot_be_parsed(json.loads(program.read_text(encoding="utf-8")))
        copy.write_text(json.dumps(parsed, indent=2), encoding="utf-8")


if __name__ == "__main__":
    main()
