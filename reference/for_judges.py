"""Synthesises an environment for checkov and trivy, without what these cannot parse: docs/outside-judges.md.

ENV=prod python -m reference.for_judges <folder>
"""

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from config.loading import load_one_or_exit

PROGRAM = Path(__file__).parents[1] / "main.py"

# What cdktf makes in HCL of the version of Terraform that the stacks ask for.
BROKEN_VERSION = '  0 = "required_version"\n'


def json_for_checkov(program: str) -> str:
    """A stack without `required_version` and `moved`: with either, checkov 3.3 passes over the whole file."""
    content = json.loads(program)
    content.pop("moved", None)
    del content["terraform"]["required_version"]
    return json.dumps(content, indent=2)


def hcl_for_trivy(program: str) -> str:
    """A stack in HCL, as trivy 0.70 does not see the blocks within the resources of JSON."""
    return program.replace(BROKEN_VERSION, "")


class Language(NamedTuple):
    """What one of the judges reads."""

    is_hcl: bool
    file: str
    without_what_cannot_be_parsed: Callable[[str], str]


LANGUAGES = {
    "json": Language(is_hcl=False, file="cdk.tf.json", without_what_cannot_be_parsed=json_for_checkov),
    "hcl": Language(is_hcl=True, file="cdk.tf", without_what_cannot_be_parsed=hcl_for_trivy),
}


def main() -> None:
    """Write the stacks, into a folder for each language."""
    parser = argparse.ArgumentParser(prog="python -m reference.for_judges", description=__doc__)
    parser.add_argument("folder", type=Path)
    folder = parser.parse_args().folder.resolve()
    environment = load_one_or_exit(os.environ)
    for name, language in LANGUAGES.items():
        subprocess.run(  # noqa: S603 - the program itself
            [sys.executable, str(PROGRAM)],
            env={
                **os.environ,
                "ENV": "",
                "ENVIRONMENTS": environment.name,
                "CDKTF_OUTDIR": str(folder / name),
                "SYNTH_HCL_OUTPUT": str(language.is_hcl).lower(),
            },
            check=True,
        )
        for stack in (folder / name).glob(f"stacks/*/{language.file}"):
            program = stack.read_text(encoding="utf-8")
            stack.write_text(language.without_what_cannot_be_parsed(program), encoding="utf-8")


if __name__ == "__main__":
    main()
