"""A Python text that has run on polynomials in, its results out: what it returns, its last value, or what it wrote."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from typing import Any

from ..core.polynomial import Polynomial
from .functions import call
from .grids import Grid
from .computed import Cells, Computed, Input
from .python import Run, places
from .sizes import Key, Refusal, Sizes
from .values import Store, as_grid
from .variables import variables

RESULT = "result"
"""What the value of a last line is called, and what a function returns."""


class PythonProgram:
    """Python text, parsed: loops, or code on whole arrays. `ranks`: how many axes arrays have, where that is said."""

    def __init__(self, text: str, ranks: Mapping[str, int] | None = None) -> None:
        try:
            self.tree = ast.parse(text)
        except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
            raise Refusal("EL801", f"this is no Python: {error}") from None
        self.ranks = ranks or {}

    def run(self, sizes: Sizes) -> Computed:
        """Run it on polynomials."""
        run = Run(self.tree, sizes, self.ranks, call)
        results = _results(run, self.tree)
        shapes = {store.name: tuple(store.shape) for store in run.stores.values() if store.shape is not None}
        here = {store.name for store in run.stores.values() if store.given and store.cells}
        return Computed(
            results=results,
            shapes=shapes,
            same=_same(run, sizes),
            inputs=_inputs(run, sizes),
            made=frozenset(results) - here,
            literals=_literals(self.tree),
            letters=variables(self.tree),
        )


def _literals(tree: ast.AST) -> frozenset[int]:
    values = (node.value for node in ast.walk(tree) if isinstance(node, ast.Constant))
    return frozenset(value for value in values if type(value) is int)


def _results(run: Run, tree: ast.Module) -> dict[str, Cells]:
    """Run a text and return its results: what a function returns or writes, the value of a last line, or what it writes."""
    *body, last = tree.body
    run.run(body)
    value: Any = None
    name = RESULT
    if (isinstance(last, ast.Expr) and not isinstance(last.value, (ast.Constant, ast.Call))) or _array_call(last):
        value = run.value(last.value)  # type: ignore[attr-defined]
    else:
        run.run([last])
        if run.functions and not any(not store.given or store.cells for store in run.stores.values()):
            function = list(run.functions.values())[-1]
            value = run.function(function, [run.name(argument.arg) for argument in function.args.args])
    if value is not None:
        values = value if isinstance(value, tuple) else (value,)
        return {name + (str(n) if n else ""): _cells(one) for n, one in enumerate(values)}
    found: dict[str, Cells] = {}
    used = _used(tree)
    for store in run.stores.values():
        if store.cells and store.given:
            found[store.name] = store.cells
    for key, one in run.names.items():
        if isinstance(one, (Polynomial, list, Grid)) or (isinstance(one, Store) and not one.given):
            if key not in used:
                found[key] = _cells(one)
    return found


def _used(tree: ast.Module) -> frozenset[str]:
    """Return the names that a text reads for something else than themselves: not what it is for."""
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, (ast.Assign, ast.AugAssign)):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            own = {n.id for target in targets for n in ast.walk(target) if isinstance(n, ast.Name)}
            found |= {n.id for n in ast.walk(node.value) if isinstance(n, ast.Name)} - own
        elif isinstance(node, ast.For):
            found |= {n.id for n in ast.walk(node.iter) if isinstance(n, ast.Name)}
            found |= {n.id for n in ast.walk(node.target) if isinstance(n, ast.Name)}
        elif isinstance(node, ast.Call):
            found |= {n.id for argument in node.args for n in ast.walk(argument) if isinstance(n, ast.Name)}
        elif isinstance(node, ast.comprehension):
            found |= {n.id for n in ast.walk(node) if isinstance(n, ast.Name)}
    return frozenset(found)


def _array_call(node: ast.stmt) -> bool:
    return (
        isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Call)
        and not (isinstance(node.value.func, ast.Attribute) and node.value.func.attr == "append")
    )


def _cells(value: Any) -> Cells:
    """Return the elements of a value by position."""
    if isinstance(value, Store) and value.shape is None:
        return value.cells
    grid = as_grid(value)
    if grid is None:
        raise Refusal("EL814", "this is no array of numbers")
    return dict(zip(places(grid.shape), grid.cells, strict=True))


def _inputs(run: Run, sizes: Sizes) -> dict[str, Input]:
    """Return what the text was given: the lengths that it names, and for each array the shape that it needs at least."""
    found: dict[str, Input] = {name: int(value) for name, value in run.names.items() if name in run.counting}
    found = {name: length for name, length in found.items() if sizes.home(name) in sizes.chosen}
    for store in run.stores.values():
        if store.given:
            places_seen = [*store.read, *store.cells]
            lengths = tuple(max(axis) + 1 for axis in zip(*places_seen, strict=False))
            found[store.name] = tuple(int(n) for n in store.shape) if store.shape is not None else lengths
    return found


def _same(run: Run, sizes: Sizes) -> list[tuple[Key, Key]]:
    """Return the first axis that only loops over another length index, with that length: the two are one."""
    for key, along in run.along.items():
        homes = {sizes.home(one) for one in along}
        if key in sizes.chosen and len(homes) == 1 and sizes.home(key) not in homes:
            return [(sizes.home(key), homes.pop())]
    return []
