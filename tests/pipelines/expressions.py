"""Azure Pipelines' expressions, as far as the pipelines use them; anything else is an error and not a guess.

https://learn.microsoft.com/azure/devops/pipelines/process/expressions
"""

import ast
import re
from typing import Any

# Names in Azure's language that are words of Python's.
_KEYWORDS = re.compile(r"\b(and|or|not|in)\(")


def evaluate(expression: str, values: dict[str, Any]) -> Any:
    """The value of an expression, in which `values` are known by their first names."""
    tree = ast.parse(_KEYWORDS.sub(r"\1_(", expression.strip()), mode="eval")
    return _value(tree.body, values)


def _value(node: ast.expr, values: dict[str, Any]) -> Any:
    match node:
        case ast.Constant(value=value):
            return value
        case ast.Name(id=name):
            return values[name]
        case ast.Attribute(value=inner, attr=name):
            return _value(inner, values)[name]
        case ast.Subscript(value=inner, slice=key):
            return _value(inner, values).get(_value(key, values), "")  # a step that did not run has set nothing
        case ast.Call(func=ast.Name(id=name), args=arguments):
            return _call(name, [_value(argument, values) for argument in arguments], values)
    raise NotImplementedError(ast.unparse(node))


def _call(name: str, arguments: list[Any], values: dict[str, Any]) -> Any:
    match name:
        case "and_":
            return all(arguments)
        case "eq":
            return str(arguments[0]).lower() == str(arguments[1]).lower()
        case "ne":
            return str(arguments[0]).lower() != str(arguments[1]).lower()
        case "length":
            return len(arguments[0])
        case "in_":
            return arguments[0] in arguments[1:]
    return values[f"{name}()"]
