"""A Python text that has run on polynomials in, its results out: what it returns, its last value, or what it wrote."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import replace
from math import prod
from typing import Any

from ..core.effort import spend
from ..core.polynomial import Polynomial
from .access import MAX_CELLS, places
from .blame import explained
from .computed import LATER, Cells, Computed, Cuts, Input
from .counting import called
from .entry import RESULT, entry, inputs_of, names_of
from .functions import call
from .grids import Grid
from .known import unknown
from .places import Unfit
from .python import Left, Run
from .reading import read
from .scopes import Function, Scope, shapes_of
from .sequence import CutRun, sequenced
from .sizes import Composed, Extent, Factor, Key, Offset, Refusal, Shorter, Sizes, Unequal
from .values import Part, Store
from .whole import Whole

MAX_LEARNED = 12
"""Runs that only show how many axes arrays have, and how long axes are at least."""
TRUTHS = "right for arrays of bool: there + is or, and * is and"
IMPOSSIBLE = "two lengths would have to be equal and cannot be"
ARRAYS = (Polynomial, list, Grid, Store, Part)


class PythonProgram:
    """Python text, parsed: loops, or code on whole arrays. `ranks`: how many axes arrays have, where that is said."""

    def __init__(
        self,
        text: str,
        ranks: Mapping[str, int] | None = None,
        composed: Mapping[Key, tuple[Factor, ...]] | None = None,
        tried: frozenset[str] = frozenset(),
    ) -> None:
        self.tree, self.facts, self.letters = read(text)
        if not self.tree.body:
            raise Refusal("EL814", "this code leaves no result", hint="assign the result to a name, or return it")
        self.ranks = ranks or {}
        self.offsets: frozenset[str] = frozenset()
        self.tried = tried
        """Arrays whose ranks are tried, and not said."""
        self.found = dict(self.facts.ranks)
        """How many axes the text itself names of arrays."""
        self.eager = False
        """Everything that the text names of arrays was seen."""
        self.least: dict[Key, tuple[int, bool]] = {}
        """How long axes are at least, or exactly."""
        self.composed: dict[Key, tuple[Factor, ...]] = dict(composed or {})
        """Lengths that are products of others."""
        self.torch = self.facts.torch
        """Arrays are torch's, not numpy's."""
        self.lengths = self.facts.long
        """Numbers that stand for any length: at first all long ones."""

    def run(self, sizes: Sizes, cuts: Cuts | None = None) -> Computed:
        """Run it on polynomials, with `cuts` in parts. Raises Refusal, and Unequal where two lengths have to be one."""
        last = Refusal("EL812", "how many axes the arrays in this code have cannot be determined")
        unclear = Refusal("EL811", "the lengths in this code cannot be determined", final=True)
        for _ in range(MAX_LEARNED):
            fresh = Sizes(sizes.lengths, sizes.joins, sizes.given, self.composed)
            fresh.loose = not self.facts.arrays_only
            self._prepare(fresh)
            run = self._new(fresh)
            run.cutting = None if cuts is None else CutRun(cuts)
            try:
                computed = self._once(run)
            except Shorter as short:
                last = unclear
                if short.exact and fresh.home(short.key) not in self.composed:
                    self.composed[fresh.home(short.key)] = (short.least,)
                    continue
                if self.least.get(fresh.home(short.key)) == (short.least, short.exact):
                    raise Refusal("EL813", "two lengths would have to be equal and cannot be") from None
                self.least[fresh.home(short.key)] = short.least, short.exact
                continue
            except Composed as composed:
                last = unclear
                self._compose(fresh, composed)
                continue
            except (Refusal, Unequal) as refusal:
                last = refusal if isinstance(refusal, Refusal) else last
                if self._learned(run, over=isinstance(refusal, Refusal)):
                    continue
                raise
            if self._learned(run, over=True):
                continue
            sizes.chosen.update(fresh.chosen)
            sizes.composed = self.composed
            sizes.exact |= fresh.exact
            return replace(computed, literals=frozenset(self.facts.literals) - self.lengths, letters=self.letters)
        raise last

    def _compose(self, sizes: Sizes, demand: Composed) -> None:
        """Take note that a length is a product. Raises Unequal where two lengths then are one, Refusal if none fit."""
        key, parts = sizes.home(demand.key), demand.parts
        if not self.facts.arrays_only and not all(isinstance(part, (str, tuple)) for part in parts):
            raise Refusal("EL813", IMPOSSIBLE)  # in loops a number is that of one turn
        if key not in self.composed:
            if key in parts:
                raise Refusal("EL813", IMPOSSIBLE)
            self.composed[key] = parts
            return
        left, right = [*sizes[key].parts], [*parts]
        for factor in sizes[key].parts:
            if factor in right:
                left.remove(factor)
                right.remove(factor)
        match left, right:
            case [int(), int()] | []:
                raise Refusal("EL813", IMPOSSIBLE)
            case [str() | tuple() as one], [str() | tuple() as other]:
                raise Unequal(one, other)
            case ([str() | tuple() as one], [int() | Offset() as other]) | (
                [int() | Offset() as other],
                [str() | tuple() as one],
            ):
                self._compose(sizes, Composed(one, (other,)))
            case [Offset() as one], [Offset() as other] if one.added == other.added:
                raise Unequal(one.key, other.key)
            case _:
                raise Refusal("EL813", IMPOSSIBLE)

    def taken_literally(self) -> bool:
        """Take the long numbers of the text for what they are from now on; return whether that is news."""
        news, self.lengths = bool(self.lengths), frozenset()
        self.least.clear()
        return news

    def explained(self, refusal: Refusal) -> Refusal:
        """Return a refusal with the place in the text that is its cause, where it has none."""
        return explained(self.tree, refusal)

    def _new(self, sizes: Sizes) -> Run:
        run = Run(self.facts, sizes, self.ranks, call, found=self.found, lengths=self.lengths)
        run.eager, run.tried, run.torch = self.eager, self.tried, self.torch
        return run

    def _prepare(self, sizes: Sizes) -> None:
        """Choose lengths that the text says. Raises Refusal where others are given."""
        for key, (least, exact) in self.least.items():
            home = sizes.home(key)
            if exact:
                sizes.exact.add(home)
            chosen = sizes[home]
            if chosen == least or (not exact and chosen > least):
                continue
            if home in sizes.given:
                raise Refusal("EL813", f"{key} is not {chosen}")
            sizes.chosen[home] = least if exact else least + chosen

    def _once(self, run: Run) -> Computed:
        try:
            results = _results(run, self.tree)
            return _computed(run, results)
        except Unfit as error:
            raise Refusal(error.id, str(error), hint=error.hint) from None
        except RecursionError:
            raise Refusal("EL816", "this is nested too deeply") from None
        except (OverflowError, ZeroDivisionError) as error:
            raise Refusal("EL816", f"a number here is too large: {error}") from None
        except Left as left:
            raise Refusal("EL801", "break or continue outside a loop", left.node) from None

    def _learned(self, run: Run, *, over: bool) -> bool:
        """Take over how many axes a run saw; return whether another run sees more. `over`: nothing was left out."""
        news = {name: rank for name, rank in run.seen.items() if rank > self.found.get(name, -1)}
        self.found.update(news)
        settled = over and not news and not self.eager
        self.eager = self.eager or settled
        return bool(news) or settled


def _results(run: Run, tree: ast.Module) -> dict[str, Any]:
    """Run a text and return its results: what a function returns or writes, the last value, or what the text writes."""
    *body, last = tree.body
    run.run(body)
    if isinstance(last, ast.Expr) and _gives_value(last.value):
        value = run.snapped(run.value(last.value))
        if value is not None:
            return _named(value, last.value, run)
    else:
        run.run([last])
    found = _left(run, run.module)
    if found:
        return found
    function = _entry(run)
    return {} if function is None else _of_function(run, function)


def _gives_value(node: ast.expr) -> bool:
    """Return whether a last line is a value, not a text or a call for what it does."""
    if isinstance(node, ast.Constant):
        return False
    if isinstance(node, ast.Call):
        written = any(keyword.arg == "out" for keyword in node.keywords)
        return called(node) not in ("append", "extend", "print", "reverse") and not written
    return True


def _entry(run: Run) -> Function | None:
    """Return the function that a text is about."""
    functions = [value for value in run.module.names.values() if isinstance(value, Function)]
    node = entry([one.node for one in functions if isinstance(one.node, ast.FunctionDef)])
    return next((one for one in functions if one.node is node), None)


def _of_function(run: Run, function: Function) -> dict[str, Any]:
    """Return the results of a function of the text for inputs of any kind."""
    assert isinstance(function.node, ast.FunctionDef)
    said = shapes_of(function.node)
    given: dict[str, Any] = {}
    arguments = function.node.args
    if arguments.vararg or arguments.kwarg:
        raise Refusal("EL802", "a function with any number of arguments is not supported", function.node)
    for name in inputs_of(function.node):
        given[name] = run.asked_for(name) if name in run.counting else run.given(name, said.get(name))
    value, node, scope = run.entered(function, given, function.node)
    found = {} if value is None else _named(value, node, run)
    stores = [one for one in found.values() if isinstance(one, Store)]
    written = {name: one for name, one in _left(run, scope, given=True).items() if one not in stores}
    return {**found, **written}


def _named(value: Any, node: ast.expr | None, run: Run) -> dict[str, Any]:
    """Return values by the names that an expression has for them."""
    values = (value,)
    if isinstance(value, tuple) and value and all(isinstance(one, ARRAYS) for one in value):
        values = value
    several = isinstance(node, ast.Tuple) and len(node.elts) == len(values)
    names = names_of(node) if node is not None and (several or len(values) == 1) else names_of(_nameless(len(values)))
    taken = run.stores.keys()
    return {
        f"{name}1" if name == RESULT and name in taken else name: one for name, one in zip(names, values, strict=True)
    }


def _nameless(count: int) -> ast.expr:
    """Return an expression of so many values without names."""
    return ast.Tuple(elts=[ast.Constant(value=0)] * count)


def _left(run: Run, scope: Scope, *, given: bool = False) -> dict[str, Any]:
    """Return what was written: arrays that were given and, unless `given`, those made here that are not read later."""
    written = {name: one for name, one in scope.names.items() if isinstance(one, Store) and one.given and one.cells}
    if given:
        written = {one.name: one for one in run.stores.values() if one.given and one.cells}
    made = {
        name: one
        for name, one in scope.names.items()
        if isinstance(one, ARRAYS)
        and not (isinstance(one, Store) and one.given and name == one.name)
        and name not in scope.loops
    }
    candidates = written if given else {**written, **made}
    kept = written | {name: one for name, one in candidates.items() if _is_last(run, scope, name, one)}
    found: dict[object, tuple[str, Any]] = {}
    for name, one in kept.items():
        same = id(one) if isinstance(one, (Store, list)) else name
        found[same] = (one.name if isinstance(one, Store) and one.given and one.cells else name), one
    return dict(found.values())


def _is_last(run: Run, scope: Scope, name: str, value: Any) -> bool:
    """Return whether nothing was read from a name since it was written."""
    written = max(scope.written.get(name, -1), run.touched.get(id(value), -1))
    return scope.read.get(name, -1) <= written


def _computed(run: Run, results: Mapping[str, Any]) -> Computed:
    """Return the elements of results and the shapes of arrays."""
    cells = {name: _truths(run, _cells(run, value)) for name, value in results.items()}
    shapes: dict[str, tuple[int, ...]] = {}
    for name, value in results.items():
        if isinstance(value, Store) and value.shape is not None:
            shapes[name] = tuple(value.shape)
        elif isinstance(value, (list, Grid, Part)):
            shapes[name] = run.grid(value, None).shape  # type: ignore[arg-type]
    for store in run.stores.values():
        if store.given and store.shape is not None:
            if store.name in shapes and results.get(store.name) is not store:
                shapes[store.name + LATER] = shapes[store.name]
            shapes[store.name] = tuple(store.shape)
    here = {name for name, value in results.items() if isinstance(value, Store) and value.given and value.cells}
    left = Computed(
        results=cells,
        shapes=shapes,
        same=_same(run, run.sizes),
        inputs=_inputs(run),
        made=frozenset(results) - here,
        notes=(*run.notes, *_conditions(run), *((TRUTHS,) if True in run.bits else ())),
        truths=True in run.bits,
        compared=run.comparisons.least,
        assumes=not run.arrays_only or any(one.given and one.shape is None and one.read for one in run.stores.values()),
    )
    return sequenced(run.cutting, left)


def _conditions(run: Run) -> list[str]:
    """Return what has to hold of slices that were copied and then written, and of what arrays of int are given."""
    changed = [
        store.name
        for store, made, step in run.slices
        if max(run.touched.get(id(store), -1), run.touched.get(id(made), -1)) > step
    ]
    found = [f"right where {name} is a list: a slice of an array is no copy" for name in dict.fromkeys(changed)]
    whole = dict.fromkeys(store.name for store in run.whole_stores if store.filled)
    return [*found, *(f"right where what {name} is given is whole: it cuts off the rest" for name in whole)]


def _cells(run: Run, value: Any) -> Cells:
    """Return the elements of a value by position."""
    if isinstance(value, Store) and value.shape is None and not value.given and value.fill is None:
        raise unknown(value.name, None)  # a copy, of which only what was written is known
    if isinstance(value, Store) and value.shape is None and not value.given and value.fill is not None and value.cells:
        reached = [max(axis) + 1 for axis in zip(*value.cells, strict=True)]
        if len(value.cells) < prod(reached) <= MAX_CELLS:  # a list of zeros, as long as it is written
            return {at: value.get(at) for at in places(reached)}
    written = isinstance(value, Store) and (value.shape is None or (value.given and value.cells))
    if written and (value.cells or value.name not in run.found):
        return value.cells if value.cells else dict(_every((), run.grid(value, None)))  # type: ignore[arg-type]
    if isinstance(value, Polynomial):
        return {(): value}
    if isinstance(value, (list, tuple)):
        spend(4 + 4 * len(value))
        found = {at: cell for n, row in enumerate(value) for at, cell in _every((n,), _cells(run, row))}
        if len({len(at) for at in found}) > 1:
            raise Refusal("EL814", "rows of different depths do not make an array")
        return found
    run.settle(value)
    if isinstance(value, Store) and value.unset and value.whole is None and len(value.cells) < prod(value.shape or ()):
        raise Refusal("EL802", f"not all of {value.name} is written", None, hint="np.zeros makes an array of zeros")
    if isinstance(value, Store) and value.shape is not None and value.array() is None and value.cells:
        run.small_enough(value, None)
        return {at: value.get(at) for at in places(value.shape)}
    grid = run.grid(value, None)  # type: ignore[arg-type]
    return Whole(grid) if run.arrays_only else run.fitted(lambda: dict(_every((), grid)), None)  # type: ignore[arg-type]


def _every(before: tuple[int, ...], value: Grid | Cells) -> Iterator[tuple[tuple[int, ...], Polynomial]]:
    """Yield positions and elements."""
    pairs = zip(places(value.shape), value.cells, strict=True) if isinstance(value, Grid) else value.items()
    for at, cell in pairs:
        yield (*before, *at), cell


def _truths(run: Run, cells: Cells) -> Cells:
    """Return elements that are truth values as sums in which every product stands once."""
    if True not in run.bits:
        return cells
    if False in run.bits:
        raise Refusal("EL807", "elements are numbers here and truth values elsewhere in this text", run.bits[False])
    return {at: Polynomial(dict.fromkeys(cell.terms(), 1)) for at, cell in cells.items()}


def _inputs(run: Run) -> dict[str, Input]:
    """Return what the text was given: the lengths that it names, and the least shape that each array needs."""
    found: dict[str, Input] = {name: int(run.sizes[name]) for name in run.asked}
    for store in run.stores.values():
        if store.given:
            seen = [*store.read, *store.cells]
            lengths = tuple(max(axis) + 1 for axis in zip(*seen, strict=False))
            shape = lengths if store.shape is None else store.shape
            shape = run.shown.get(store.name, tuple(_counted(run, store.name, axis, n) for axis, n in enumerate(shape)))
            found[store.name] = tuple(_own_length(run, store.name, axis, n) for axis, n in enumerate(shape))
    return found


def _counted(run: Run, name: str, axis: int, length: int) -> int:
    """Return the length of an axis: what the text counts it as where it asks."""
    home = run.sizes.home((name, axis))
    return max(length, run.sizes[home]) if home in run.sizes.chosen else length


def _own_length(run: Run, name: str, axis: int, length: int) -> int:
    """Return the length of an axis, where it is a number of the text that stood for any length, that number."""
    keys = [length.key] if isinstance(length, Extent) else list(run.along.get((name, axis), ()))
    numbers = [int(key) for key in keys if isinstance(key, str) and key.isdecimal()]
    return numbers[0] if len(keys) == len(numbers) == 1 else int(length)


def _same(run: Run, sizes: Sizes) -> list[tuple[Key, Key]]:
    """Return the first axis that only loops over another length index, with that length: the two are one."""
    for key, along in run.along.items():
        homes = {sizes.home(one) for one in along}
        if key in sizes.chosen and len(homes) == 1 and sizes.home(key) not in homes:
            return [(sizes.home(key), homes.pop())]
    return []
