"""Writes an environment's stacks for checkov and trivy, without what these cannot parse: docs/outside-judges.md.

python -m reference.for_judges prod <folder>
"""

import argparse
import json
from pathlib import Path
from typing import Any

OUTPUT = Path(__file__).parents[1] / "cdktf.out"
JSON, HCL = OUTPUT / "stacks", OUTPUT / "hcl" / "stacks"

# What cdktf makes in HCL of the version of Terraform that the stacks ask for.
BROKEN_VERSION = '  0 = "required_version"\n'


def json_for_checkov(program: dict[str, Any]) -> dict[str, Any]:
    """A stack without `required_version` and `moved`: with either, checkov 3.3 passes over the whole file."""
    terraform = {key: value for key, value in program["terraform"].items() if key != "required_version"}
    return {key: value for key, value in program.items() if key != "moved"} | {"terraform": terraform}


def hcl_for_trivy(program: str) -> str:
    """A stack in HCL, as trivy 0.70 does not see the blocks within the resources of JSON."""
    return program.replace(BROKEN_VERSION, "")


def main() -> None:
    """Write the copies, into a folder for each language; a stack that is not synthesised is not there."""
    parser = argparse.ArgumentParser(prog="python -m reference.for_judges", description="Write copies for judges.")
    parser.add_argument("environment")
    parser.add_argument("folder", type=Path)
    arguments = parser.parse_args()
    stacks = f"{arguments.environment}-*"
    copies = {
        arguments.folder / "json" / program.relative_to(JSON): json.dumps(
            json_for_checkov(json.loads(program.read_text(encoding="utf-8"))), indent=2
        )
        for program in JSON.glob(f"{stacks}/cdk.tf.json")
    } | {
        arguments.folder / "hcl" / program.relative_to(HCL): hcl_for_trivy(program.read_text(encoding="utf-8"))
        for program in HCL.glob(f"{stacks}/cdk.tf")
    }
    if not copies:
        parser.error(f"nothing of {arguments.environment} is in {OUTPUT}; `make judge` synthesises it first")
    for copy, text in copies.items():
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
