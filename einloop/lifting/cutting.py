"""A statement of a Python text that has run in, what it has written cut off: arrays, lists and numbers of its scope."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from ..core.names import numbered
from ..core.polynomial import Polynomial, polynomial
from .arithmetic import NUMBERS
from .computed import Cells
from .grids import Grid, element, scalar
from .scopes import Scope
from .sequence import At, CutRun
from .values import Store
from .versions import written, written_whole
from .whole import Whole


@dataclass(frozen=True, slots=True)
class Logged:
    """What there is before a statement: how often each array was written, by its id, and the values of names."""

    lengths: Mapping[int, int]
    values: Mapping[str, Any]


MAX_REPEATED = 8
"""Turns of a loop that does the same again, each of which is taken as statements of its own."""


class NamedNumber:
    """A name of one scope, which stands for a number."""

    def __init__(self, scope: object) -> None:
        self.scope = scope


class CuttingRun(Protocol):
    """What runs a text that is cut in parts."""

    cutting: CutRun | None
    around: list[tuple[ast.For, int]]
    totals: dict[object, NamedNumber]
    scope: Scope
    stores: dict[str, Store]
    views: dict[int, tuple[Any, Store, int]]
    arrays_only: bool


def repeats(node: ast.For, turns: Any) -> bool:
    """Return whether a loop does the same a few times: what it goes through is used nowhere."""
    if type(turns) is not range or len(turns) > MAX_REPEATED or not isinstance(node.target, ast.Name):
        return False
    name = node.target.id
    return not any(isinstance(one, ast.Name) and one.id == name for part in node.body for one in ast.walk(part))


def logged(run: CuttingRun) -> Logged | None:
    """Return what arrays and numbers are before a statement in a loop runs, where that is of use."""
    if not run.around or run.cutting is None or not run.cutting.cuts.inside:
        return None
    return Logged({id(store): len(store.log or ()) for _, store in _stores(run)}, dict(run.scope.names))


def cut_off(run: CuttingRun, cutting: CutRun, node: ast.stmt, before: Logged | None) -> None:
    """Cut off what a statement has written; `before`: what `logged` was before it ran."""
    inside = len(run.around) > 0
    place = f"{node.lineno}:{node.col_offset}"
    if inside and not cutting.cuts.inside:
        cutting.inner |= {place} if isinstance(node, (ast.Assign, ast.AugAssign)) else set()
        return
    for name, store in [*_stores(run)]:
        if inside:
            start = None if before is None else before.lengths.get(id(store))
            _cut_elements(cutting, place, name, store, start)
        else:
            _cut_store(run, cutting, place, name, store)
        store.log = [] if store.log is None and cutting.cuts.inside else store.log
    for name, value in [*run.scope.names.items()]:
        if inside and (before is None or before.values.get(name) is value):
            continue
        if type(value) is Polynomial or type(value) in NUMBERS:  # a number where no turn of a loop has added anything
            _cut_number(run, cutting, place, name, polynomial(value))
        elif inside:
            continue
        elif isinstance(value, Grid) and not value.rank and id(value) not in run.views:
            _cut_number(run, cutting, place, name, value)
        elif isinstance(value, list):
            _cut_list(cutting, place, name, value)


def _stores(run: CuttingRun) -> Iterator[tuple[str, Store]]:
    """Yield the arrays that a statement may write, each once."""
    seen: set[int] = set()
    own = ((name, value) for name, value in run.scope.names.items() if type(value) is Store)
    for name, store in (*((one.name, one) for one in run.stores.values()), *own):
        if id(store) not in seen:
            seen.add(id(store))
            yield name, store


def _cut_store(run: CuttingRun, cutting: CutRun, place: str, name: str, store: Store) -> None:
    """Cut off what was written to an array outside of loops."""
    base = cutting.base(store)
    cells: Cells
    if store.whole is not None:
        if base is not None and written_whole(base, store.whole):
            return
        grid = store.whole
        name = _free(run, cutting, place, name, grid.shape)
        cells = Whole(grid)
        symbol = cutting.cut(place, store, name, cells if run.arrays_only else dict(cells),
                             several=_sums(grid), given=False, inside=False)  # fmt: skip
        if symbol is not None:
            store.whole = element(symbol, grid.shape)
        return
    if store.given or base is not None:
        cells = {at: cell for at, cell in store.cells.items() if cutting.fresh(store, name, at, cell)}
    elif store.shape is None or not store.cells:
        return
    elif store.unset:
        cells = dict(store.cells)
    else:
        cells = {at: store.get(at) for at in _places(store.shape)}
    _replace(cutting, place, name, store, cells, inside=False)


def _cut_elements(cutting: CutRun, place: str, name: str, store: Store, start: int | None) -> None:
    """Cut off what was written to an array in a turn of a loop; `start`: what was written before."""
    if store.whole is not None or (not store.given and store.shape is None):
        return
    places = dict.fromkeys(store.cells if start is None or store.log is None else store.log[start:])
    cells = {at: store.cells[at] for at in places if at in store.cells}
    cells = {at: cell for at, cell in cells.items() if not written(cutting.base(store) or name, at, cell)}
    _replace(cutting, place, name, store, cells, inside=True)


def _replace(cutting: CutRun, place: str, name: str, store: Store, cells: Cells, *, inside: bool) -> None:
    symbol = cutting.cut(place, store, name, cells, given=store.given, inside=inside)
    if symbol is not None:
        store.cells.update({at: Polynomial.element(symbol, at) for at in cells})


def _cut_number(run: CuttingRun, cutting: CutRun, place: str, name: str, value: Polynomial | Grid) -> None:
    """Cut off a total that has a name; in loops it is an array with an axis for each of them."""
    loops = tuple(id(node) for node, _ in run.around)
    at = tuple(number for _, number in run.around)
    owner = run.totals.setdefault((id(run.scope), name, loops), NamedNumber(run.scope))
    base = cutting.base(owner) or name
    if written_whole(base, value) if isinstance(value, Grid) else written(base, at, value):
        return
    several = isinstance(value, Grid) and _sums(value)
    cells: Cells = {at: value.cells[0] if isinstance(value, Grid) else value}
    if isinstance(value, Grid) and run.arrays_only:
        cells = Whole(value)
    symbol = cutting.cut(place, owner, name, cells, several=several, given=False, inside=bool(at))
    if symbol is not None:
        made = Polynomial.element(symbol, at)
        run.scope.names[name] = scalar(made) if isinstance(value, Grid) else made


def _cut_list(cutting: CutRun, place: str, name: str, items: list[Any]) -> None:
    """Cut off the numbers in a list, or in lists of one length."""
    found = dict(_leaves(items, (), set()))
    if not found or None in found.values() or len({len(at) for at in found}) > 1:
        return
    base = cutting.base(items) or name
    cells = {at: polynomial(row[at[-1]]) for at, row in found.items() if row is not None}
    if all(written(base, at, cell) for at, cell in cells.items()):
        return
    symbol = cutting.cut(place, items, name, cells, given=False, inside=False)
    if symbol is not None:
        for at, row in found.items():
            if row is not None:
                row[at[-1]] = Polynomial.element(symbol, at)


def _leaves(items: list[Any], at: At, seen: set[int]) -> Iterator[tuple[At, list[Any] | None]]:
    """Yield the places of the numbers in a list with the rows that they are in, None for what is no number."""
    again = id(items) in seen
    seen.add(id(items))
    for n, item in enumerate(items):
        if isinstance(item, list) and not again:
            yield from _leaves(item, (*at, n), seen)
        else:
            plain = isinstance(item, (Polynomial, *NUMBERS)) and not again
            yield (*at, n), items if plain else None


def _sums(grid: Grid) -> bool:
    """Return whether an array is a sum: of several products, or along an axis that it has not."""
    return len(grid.parts) > 1 or any(
        {label for _, axes in part.factors for axis in axes for label, _ in axis.steps}
        - {label for axis in part.result for label, _ in axis.steps}
        for part in grid.parts
    )


def _free(run: CuttingRun, cutting: CutRun, place: str, name: str, shape: tuple[int, ...]) -> str:
    """Return a name for an array that the text makes: another than that of an array of another shape that is given."""
    given = run.stores.get(name)
    if given is None or given.shape is None:
        return name
    other = numbered(name, (*run.stores, *run.scope.names))
    if cutting.cuts.wanted is None:
        return name if tuple(given.shape) == tuple(shape) else other
    return other if any(cut.startswith(f"{other}:{place}:") for cut in cutting.cuts.wanted) else name


def _places(shape: tuple[int, ...]) -> Iterator[At]:
    from .access import places

    return places(shape)
