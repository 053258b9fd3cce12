"""The functions of a person's text: which one is meant, and whether it can be called with arrays. Runs nothing."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence

from ..core.errors import RunError
from .syntax import Function, find, listed, loaded_names
from .text import Text


def only_function(functions: Mapping[str, Function], operands: Sequence[str | None]) -> Function:
    """Return the function that no other one mentions; one without parameters only drives the others.

    Of several, the one with as many parameters as there are operands, and with their names, is meant.
    """
    possible = {name: function for name, function in functions.items() if every_parameter(function)} or functions
    mentioned = {name for function in possible.values() for name in loaded_names(function) - {function.name}}
    outer = [name for name in possible if name not in mentioned] or list(possible)
    named = {name for name in operands if name is not None}
    counts = {len(operands), len(operands) - sum(map(bool, operands)) + len(named)}
    for fits in (
        [name for name in outer if len(required(possible[name])) in counts],
        [name for name in outer if named and named <= {parameter.arg for parameter in every_parameter(possible[name])}],
    ):
        outer = fits or outer
    if len(outer) == 1:
        return possible[outer[0]]
    raise RunError(
        "EL611",
        f"the source has {len(outer)} functions that could be meant: {listed(outer)}",
        hint=f"say which: --entry {outer[-1]} or entry={outer[-1]!r}",
    )


def required(function: Function) -> list[str]:
    """Return the parameters without a default value."""
    arguments = function.args
    positional = [argument.arg for argument in (*arguments.posonlyargs, *arguments.args)]
    by_keyword = zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)
    return [
        *positional[: len(positional) - len(arguments.defaults)],
        *(argument.arg for argument, default in by_keyword if default is None),
    ]


def every_parameter(function: Function) -> list[ast.arg]:
    """Return the parameters, those with a default value and `*rest` too."""
    arguments = function.args
    more = [argument for argument in (arguments.vararg, arguments.kwarg) if argument is not None]
    return [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs, *more]


def refuse_classes(text: Text) -> None:
    """Refuse methods: they need an object."""
    for node in text.body:
        if isinstance(node, ast.ClassDef) and any(isinstance(child, Function) for child in node.body):
            message = f"the functions of the source stand in the class {node.name!r}, so they need an object"
            raise text.refusal("EL612", message, node, "write the loops as a function of the arrays")


def refuse_kind(text: Text, function: Function) -> None:
    """Refuse a function that gives no result when it is called with one array per parameter."""
    parameters = every_parameter(function)
    returns = find(ast.Return, *function.body, own=True)
    hint = "write it as a plain function that returns the result"
    if isinstance(function, ast.AsyncFunctionDef):
        problem = "is async"
    elif any(True for _ in find((ast.Yield, ast.YieldFrom), *function.body, own=True)):
        problem = "yields, so it is a generator"
    elif parameters and parameters[0].arg in ("self", "cls"):
        problem = "is a method: it needs an object"
    elif function.args.vararg is not None:
        problem = f"takes any number of arguments (*{function.args.vararg.arg})"
        hint = "give it one parameter for every operand"
    elif not any(node.value is not None for node in returns):
        problem = "returns nothing"
    else:
        return
    raise text.refusal("EL612", f"the function {function.name!r} {problem}", function, hint)
