"""A person's text as it is judged: its statements, its functions, its lambdas, and what it does with each name."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from ..core.errors import RunError
from ..core.source import MAX_SOURCE
from .syntax import Function, find, listed, loaded_names, parse, refusal
from .uses import Uses

ALIASES = {
    "cp": "cupy", "jnp": "jax.numpy", "nb": "numba", "pd": "pandas", "sp": "scipy", "tf": "tensorflow",
}  # fmt: skip
"""Modules that texts call by another name."""

MODULES = frozenset(ALIASES) | {
    "collections", "copy", "cupy", "einops", "functools", "itertools", "jax", "numba", "operator", "opt_einsum", "os",
    "pandas", "random", "scipy", "sys", "tensorflow", "time", "timeit", "torch",
}  # fmt: skip
"""Names that texts give to modules; one whose attribute is called is not an array."""

MAIN = ("__name__ == '__main__'", "'__main__' == __name__")


@dataclass(frozen=True, kw_only=True)
class Text:
    """The statements of a text that run on import; `main`: others stand under `if __name__ == "__main__":`."""

    source: str
    body: tuple[ast.stmt, ...]
    main: bool

    @cached_property
    def uses(self) -> Uses:
        """What the text does with each name."""
        uses = Uses()
        uses.visit_all(self.body)
        return uses

    @cached_property
    def functions(self) -> dict[str, Function]:
        """The functions of the module by name, those inside `if`, `try` and `with` too."""
        found = find((ast.FunctionDef, ast.AsyncFunctionDef), *self.body, own=True)
        return {node.name: node for node in found if isinstance(node, Function)}

    @cached_property
    def lambdas(self) -> dict[str, tuple[ast.stmt, ast.Lambda]]:
        """The lambdas that stand by themselves or get a name, by that name ('' without one)."""
        found: dict[str, tuple[ast.stmt, ast.Lambda]] = {}
        for node in self.body:
            match node:
                case ast.Expr(value=ast.Lambda() as made):
                    found[""] = node, made
                case ast.Assign(value=ast.Lambda() as made) | ast.AnnAssign(value=ast.Lambda() as made):
                    targets = node.targets if isinstance(node, ast.Assign) else [node.target]
                    found |= {target.id: (node, made) for target in targets if isinstance(target, ast.Name)}
        return found

    @cached_property
    def tools(self) -> frozenset[str]:
        """The names that the text reads to call them, or the module of that name: no arrays."""
        called = [call.func for call in find(ast.Call, *self.body)]
        owners = [node.value for node in find(ast.Attribute, *self.body) if getattr(node.value, "id", "") in MODULES]
        tools = {id(node) for node in (*called, *owners)}
        loads = [node for node in find(ast.Name, *self.body) if isinstance(node.ctx, ast.Load)]
        return frozenset(node.id for node in loads) - {node.id for node in loads if id(node) not in tools}

    def refusal(self, id: str, message: str, node: ast.AST, hint: str) -> RunError:
        """Return an error with its caret under the first line of `node`."""
        return refusal(id, message, self.source, node, hint)


def read_text(source: str) -> Text:
    """Return a text. Raises RunError where it is too long (EL646) or does not parse (EL610)."""
    if len(source) > MAX_SOURCE:
        why = f"the source is longer than {MAX_SOURCE:,} characters, which is all that is read"
        raise RunError("EL646", why, hint="give the loops alone")
    source = source.replace("\r\n", "\n").replace("\r", "\n")
    body: list[ast.stmt] = []
    main = False
    for statement in parse(source).body:
        under_main = isinstance(statement, ast.If) and ast.unparse(statement.test) in MAIN
        body += statement.orelse if under_main and isinstance(statement, ast.If) else [statement]
        main |= under_main
    return Text(source=source, body=tuple(body), main=main)


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
