"""Renders docs/changes-by-others.md: what policies, Azure and operators may change without Terraform changing it back.

`python -m reference.changes_by_others` prints it; `make docs` writes it.
"""

from constructs_lib.changes_by_others import CHANGES_BY_OTHERS, LetBe, PutBack, Written

INTRODUCTION = """\
# What others may change

Policies, Azure's own services and people with the portal change resources that Terraform has made. What is in the
first list they may: no plan notices it, and no deployment changes it. **Everything else the next deployment puts back,
and its plan says so before.** The second list names what is known to be changed and is put back all the same, since
to ignore it would also hide that something became less safe. Where a policy insists on one of these, every deployment
and the policy undo each other's work: change the setting, or exempt the resource from the policy.

What others add as resources of their own, such as a policy's diagnostic settings or Defender's, is in no plan. Nor are
labels and annotations of Kubernetes' own: every other one is put back.

Generated from `constructs_lib/changes_by_others.py`, which gives the sources; `make docs` renews it.
"""

NOTES = {
    Written.NEVER: "",
    Written.SOMETIMES: " Where the program writes it, it is put back.",
    Written.TOO: " What the program writes holds for the creation.",
}


def render() -> str:
    """The page: what is left to others, what is put back, and what nobody else changes."""
    rows = [(type_, row) for type_, rows in CHANGES_BY_OTHERS.items() for row in rows]
    return "\n".join(
        [
            INTRODUCTION,
            "## Left to others\n",
            "| Resource | Argument | Changed by | Why |\n|---|---|---|---|",
            *(
                f"| `{type_}` | `{row.argument}` | {row.by} | {row.because}{NOTES[row.written]} |"
                for type_, row in rows
                if isinstance(row, LetBe)
            ),
            "\n## Put back\n",
            "| Resource | Argument | Why |\n|---|---|---|",
            *(f"| `{type_}` | `{row.argument}` | {row.because} |" for type_, row in rows if isinstance(row, PutBack)),
            "\n## Changed by nobody else\n",
            "Nothing but tags, as far as is known: "
            + ", ".join(f"`{type_}`" for type_, rows in CHANGES_BY_OTHERS.items() if not rows)
            + ".\n",
        ]
    )


if __name__ == "__main__":
    print(render(), end="")
