"""What each setting means: the docstring below it, read from the source only when somebody asks.

pydantic would read all of them whenever the models are imported, which is a thirtieth of a synth
(`use_attribute_docstrings`).
"""

import ast
import inspect
from functools import cache
from itertools import pairwise

from config.types import Settings


def meaning_of(model: type[Settings], key: str) -> str:
    """The docstring of one setting, in one line; empty if it has none."""
    owners = (one for one in model.__mro__ if key in vars(one).get("__annotations__", ()))
    return docstrings_below(next(owners)).get(key, "")


@cache
def docstrings_below(definition: type) -> dict[str, str]:
    """Each attribute that the class itself defines, with the docstring below it, which Python does not keep."""
    statements = next(
        node.body for node in ast.walk(ast.parse(inspect.getsource(definition))) if isinstance(node, ast.ClassDef)
    )
    return {
        name: " ".join(docstring.value.value.split())
        for statement, docstring in pairwise(statements)
        if (name := _assigned_name(statement))
        and isinstance(docstring, ast.Expr)
        and isinstance(docstring.value, ast.Constant)
        and isinstance(docstring.value.value, str)
    }


def _assigned_name(statement: ast.stmt) -> str | None:
    match statement:
        case ast.AnnAssign(target=ast.Name(id=name)) | ast.Assign(targets=[ast.Name(id=name)]):
            return name
    return None
