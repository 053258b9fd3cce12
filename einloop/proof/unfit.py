"""Refuses texts that leave nothing to verify: empty ones, lambdas, and those that make their own inputs."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Sequence

from ..core.errors import RunError
from .parsed import listed, refusal
from .uses import Use, UseKind, Uses, is_size, line_of, loaded_names, names_bound

GENERATORS = ("default_rng", "RandomState", "Random", "Generator")
"""What makes random inputs, and is none itself."""

ALIASES = {
    "cp": "cupy", "jnp": "jax.numpy", "nb": "numba", "pd": "pandas", "sp": "scipy", "tf": "tensorflow",
}  # fmt: skip
"""Modules that texts call by another name."""

MODULES = frozenset(ALIASES) | {
    "collections", "copy", "cupy", "einops", "functools", "itertools", "jax", "numba", "operator", "opt_einsum", "os",
    "pandas", "random", "scipy", "sys", "tensorflow", "time", "timeit", "torch",
}  # fmt: skip
"""Names that texts give to modules; one whose attribute is called is no array."""


def tools_in(body: Sequence[ast.stmt]) -> frozenset[str]:
    """Return the names that a text reads to call them, or the module with their name: no arrays."""
    nodes = [node for statement in body for node in ast.walk(statement)]
    called = [node.func for node in nodes if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)]
    owners = [node.value for node in nodes if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)]
    tools = {id(node) for node in (*called, *(owner for owner in owners if owner.id in MODULES))}
    loads = [node for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)]
    return frozenset(node.id for node in loads) - {node.id for node in loads if id(node) not in tools}


def refuse_missing(text: str, uses: Iterable[Use], tools: frozenset[str]) -> None:
    """Raise RunError for a function or module of `tools` among `uses`, names that nothing gives a value."""
    for use in uses:
        if use.name in tools:
            line = f"{ALIASES[use.name]} as {use.name}" if use.name in ALIASES else use.name
            hint = f"import it: import {line}" if use.name in MODULES else "import it or define it"
            message = f"line {line_of(use.node)} uses {use.name!r}, which is not defined"
            raise refusal("EL614", message, text, use.node, hint)


def refuse_nothing(text: str, body: Sequence[ast.stmt]) -> None:
    """Raise RunError for a text that computes nothing: no lines, or comments, texts and imports only."""
    idle = [node for node in body if isinstance(node, ast.Import | ast.ImportFrom | ast.Pass) or _is_constant(node)]
    if len(idle) < len(body):
        return
    if not text.strip():
        what = "is empty"
    elif not body:
        what = "holds comments only"
    else:
        imports = any(isinstance(node, ast.Import | ast.ImportFrom) for node in body)
        what = "holds imports and no loops" if imports else "holds no loops"
    raise RunError(
        "EL619",
        f"the source {what}: there is nothing to verify",
        hint="write loops that read the operands and assign a result, or a function that returns it",
    )


def _is_constant(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def lambdas(body: Sequence[ast.stmt]) -> dict[str, tuple[ast.stmt, ast.Lambda]]:
    """Return the lambdas that stand by themselves or get a name, by that name ('' without one)."""
    found: dict[str, tuple[ast.stmt, ast.Lambda]] = {}
    for node in body:
        if not isinstance(node, ast.Assign | ast.AnnAssign | ast.Expr) or not isinstance(node.value, ast.Lambda):
            continue
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", ast.Name(id=""))]
        for target in targets:
            if isinstance(target, ast.Name):
                found[target.id] = (node, node.value)
    return found


def refuse_lambda(text: str, body: Sequence[ast.stmt], name: str | None = None) -> None:
    """Raise RunError where a text has a lambda, or one called `name`, with the function it could be."""
    found = lambdas(body)
    chosen = name if name is not None else next(reversed(found), None)
    if chosen is None or chosen not in found:
        return
    node, function = found[chosen]
    title = f"the lambda {chosen!r}" if chosen else "the source is a lambda, which"
    written = f"def {chosen or 'f'}({ast.unparse(function.args)}): return {ast.unparse(function.body)}"
    raise refusal("EL628", f"{title} cannot be verified as it stands", text, node, f"write it as a function: {written}")


def makes_its_own(text: str, body: Sequence[ast.stmt], uses: Uses, main: bool) -> RunError:
    """Return the error for a text that reads no name it does not assign first. `main`: more stands under __main__."""
    made = list(_own_inputs(body, uses))
    if made and not main:
        lines = listed(f"{name} in line {line_of(node)}" for name, node in made)
        return refusal(
            "EL616",
            f"the source makes its own inputs ({lines}), so it cannot be verified on other values",
            text,
            made[0][1],
            f"remove the line{'s' * (len(made) > 1)} that make{'s' * (len(made) == 1)} "
            f"{listed((name for name, _ in made), ' and ')}: the verification gives the values",
        )
    hint = "remove the lines that make the inputs"
    if main:
        hint = 'what stands under `if __name__ == "__main__":` is not run: move the loops out of it'
    return RunError(
        "EL616",
        "the source reads no name that it does not assign first: it makes its own inputs, "
        "so it cannot be verified on other values",
        hint=hint,
    )


def _own_inputs(body: Sequence[ast.stmt], uses: Uses) -> Iterator[tuple[str, ast.stmt]]:
    """Yield the names that a text makes from nothing, never builds up and reads later, with the line of each."""
    grown = {use.name for use in uses.found if use.grows}
    tools = {use.name for use in uses.found if use.kind is UseKind.DEFINE}
    made = {use.name for use in uses.found if use.binds or use.writes} - tools
    for node in body:
        if not isinstance(node, ast.Assign) or isinstance(node.value, ast.Constant) or is_size(node.value):
            continue
        if loaded_names(node.value) & (made - _loop_names(node.value)):
            continue
        if isinstance(node.value, ast.Call) and ast.unparse(node.value.func).split(".")[-1] in GENERATORS:
            made -= {name for target in node.targets for name in names_bound(target)}
            continue
        names = [name for target in node.targets for name in names_bound(target)]
        yield from ((name, node) for name in names if name not in grown and _is_read(uses, name))


def _loop_names(value: ast.expr) -> set[str]:
    """Return the variables of the comprehensions in `value`."""
    return {
        name for node in ast.walk(value) if isinstance(node, ast.comprehension) for name in names_bound(node.target)
    }


def _is_read(uses: Uses, name: str) -> bool:
    return any(use.name == name and use.reads for use in uses.found)
