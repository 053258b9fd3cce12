"""Refuses texts that leave nothing to verify: empty ones, lambdas, methods, and those that make their own inputs."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

from ..core.errors import RunError
from .syntax import Function, find, is_size, line_of, listed, loaded_names, names_bound
from .text import ALIASES, MODULES, Text, every_parameter
from .uses import Use, UseKind

GENERATORS = ("default_rng", "RandomState", "Random", "Generator")
"""What makes random inputs, and is none itself."""


def refuse_missing(text: Text, uses: Iterable[Use], tools: frozenset[str]) -> None:
    """Raise RunError for a function or module of `tools` among `uses`, names that nothing gives a value."""
    for use in uses:
        if use.name in tools:
            line = f"{ALIASES[use.name]} as {use.name}" if use.name in ALIASES else use.name
            hint = f"import it: import {line}" if use.name in MODULES else "import it or define it"
            message = f"line {line_of(use.node)} uses {use.name!r}, which is not defined"
            raise text.refusal("EL614", message, use.node, hint)


def refuse_nothing(text: Text) -> None:
    """Raise RunError for a text that computes nothing: no lines, or comments, texts and imports only."""
    imports = [node for node in text.body if isinstance(node, ast.Import | ast.ImportFrom)]
    idle = [
        node
        for node in text.body
        if isinstance(node, ast.Pass) or (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant))
    ]
    if len(imports) + len(idle) < len(text.body):
        return
    if not text.source.strip():
        what = "is empty"
    elif not text.body:
        what = "holds comments only"
    else:
        what = "holds imports and no loops" if imports else "holds no loops"
    raise RunError(
        "EL619",
        f"the source {what}: there is nothing to verify",
        hint="write loops that read the operands and assign a result, or a function that returns it",
    )


def refuse_lambda(text: Text, name: str | None = None) -> None:
    """Raise RunError where a text has a lambda, or one called `name`, with the function it could be."""
    chosen = name if name is not None else next(reversed(text.lambdas), None)
    if chosen is None or chosen not in text.lambdas:
        return
    node, function = text.lambdas[chosen]
    title = f"the lambda {chosen!r}" if chosen else "the source is a lambda, which"
    written = f"def {chosen or 'f'}({ast.unparse(function.args)}): return {ast.unparse(function.body)}"
    raise text.refusal("EL628", f"{title} cannot be verified as it stands", node, f"write it as a function: {written}")


def makes_its_own(text: Text) -> RunError:
    """Return the error for a text that reads no name it does not assign first."""
    made = list(_own_inputs(text))
    if made and not text.main:
        lines = listed(f"{name} in line {line_of(node)}" for name, node in made)
        return text.refusal(
            "EL616",
            f"the source makes its own inputs ({lines}), so it cannot be verified on other values",
            made[0][1],
            f"remove the line{'s' * (len(made) > 1)} that make{'s' * (len(made) == 1)} "
            f"{listed((name for name, _ in made), ' and ')}: the verification gives the values",
        )
    hint = "remove the lines that make the inputs"
    if text.main:
        hint = 'what stands under `if __name__ == "__main__":` is not run: move the loops out of it'
    return RunError(
        "EL616",
        "the source reads no name that it does not assign first: it makes its own inputs, "
        "so it cannot be verified on other values",
        hint=hint,
    )


def _own_inputs(text: Text) -> Iterator[tuple[str, ast.stmt]]:
    """Yield the names that a text makes from nothing, never builds up and reads later, with the line of each."""
    found = text.uses.found
    grown = {use.name for use in found if use.grows}
    read = {use.name for use in found if use.reads}
    tools = {use.name for use in found if use.kind is UseKind.DEFINE}
    made = {use.name for use in found if use.binds or use.writes} - tools
    for node in text.body:
        if not isinstance(node, ast.Assign) or isinstance(node.value, ast.Constant) or is_size(node.value):
            continue
        inside = set(names_bound(*(part.target for part in find(ast.comprehension, node.value))))
        names = list(names_bound(*node.targets))
        if loaded_names(node.value) & (made - inside):
            continue
        if isinstance(node.value, ast.Call) and ast.unparse(node.value.func).split(".")[-1] in GENERATORS:
            made -= set(names)
            continue
        yield from ((name, node) for name in names if name in read and name not in grown)


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
