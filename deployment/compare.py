"""Says which resources of which stacks differ between two syntheses, as a page of the run.

    python3 -m deployment.compare <folder before> <folder after>

It knows programs alone: what a difference does to what stands, the gate says of a plan.
"""

import argparse
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from deployment.azure_pipelines import show_summary


def resources(output: Path) -> dict[str, dict[str, Any]]:
    """The arguments of every resource, by stack and address; what cdktf writes for itself left out."""
    found: dict[str, dict[str, Any]] = {}
    for program in sorted(output.glob("stacks/*/cdk.tf.json")):
        of_stack = found.setdefault(program.parent.name, {})
        for type_, named in json.loads(program.read_bytes()).get("resource", {}).items():
            for name, arguments in named.items():
                of_stack[f"{type_}.{name}"] = {key: value for key, value in arguments.items() if key != "//"}
    return found


def compare(before: Path, after: Path) -> str:
    """A page: each stack that differs, with its resources that are new, changed or gone."""
    ours, theirs = resources(after), resources(before)
    sections = [
        "\n".join([f"### {stack}", "", "| | Resource | Arguments |", "|---|---|---|", *rows, ""])
        for stack in sorted({*ours, *theirs})
        if (rows := list(_rows(theirs.get(stack, {}), ours.get(stack, {}))))
    ]
    return "\n".join(sections or ["No stack differs."]) + "\n"


def _rows(before: dict[str, Any], after: dict[str, Any]) -> Iterator[str]:
    for address in sorted({*before, *after}):
        if address not in after:
            yield f"| **gone** | `{address}` | |"
        elif address not in before:
            yield f"| new | `{address}` | |"
        elif before[address] != after[address]:
            old, new = before[address], after[address]
            names = [f"`{name}`" for name in sorted({*old, *new}) if old.get(name) != new.get(name)]
            yield f"| changed | `{address}` | {', '.join(names)} |"


def main() -> None:
    """Print the page, and show it with the run."""
    parser = argparse.ArgumentParser(prog="python3 -m deployment.compare", description="Compare two syntheses.")
    parser.add_argument("before", type=Path)
    parser.add_argument("after", type=Path)
    arguments = parser.parse_args()
    page = compare(arguments.before, arguments.after)
    file = arguments.after.with_suffix(".md")
    file.write_text(page, encoding="utf-8")
    print(page, end="")
    show_summary(file)


if __name__ == "__main__":
    main()
