"""A Python text that has run on polynomials in, its results out: what it returns, its last value, or what it wrote."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from ..core.polynomial import Polynomial
from .access import Shorter, places
from .blame import explained
from .calls import Returned
from .counting import called, counting, literals, settings
from .functions import call
from .grids import Grid
from .computed import Cells, Computed, Input
from .python import Left, Run
from .scopes import Function, Scope, parameters, shapes_of
from .sizes import Key, Refusal, Sizes, Unequal
from .values import Store, as_grid
from .variables import variables

RESULT = "result"
"""What the value of a last line is called, and what a function returns without a name."""
MAX_LEARNED = 12
"""Runs that only show how many axes arrays have, and how long axes are at least."""
LONG = 16
"""From here on a number of the text stands for any length, unless only the number itself makes sense."""
ARRAYS = (Polynomial, list, Grid, Store)


class PythonProgram:
    """Python text, parsed: loops, or code on whole arrays. `ranks`: how many axes arrays have, where that is said."""

    def __init__(self, text: str, ranks: Mapping[str, int] | None = None) -> None:
        try:
            self.tree = ast.parse(text)
            self.literals = literals(self.tree)
            self.counting = counting(self.tree)
            self.settings = settings(self.tree)
            self.letters = variables(self.tree)
        except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
            raise Refusal("EL801", f"this is no Python: {error}", _place(error)) from None
        if not self.tree.body:
            raise Refusal("EL814", "nothing is left when this has run", hint="assign the result to a name, or return it")
        self.ranks = ranks or {}
        self.found: dict[str, int] = {}
        """How many axes the text itself names of arrays."""
        self.least: dict[Key, tuple[int, bool]] = {}
        """How long axes are at least, or exactly."""
        self.lengths = frozenset(number for number in self.literals if number >= LONG)
        """Numbers that stand for any length: at first all long ones."""

    def run(self, sizes: Sizes) -> Computed:
        """Run it on polynomials. Raises Refusal, and Unequal where two lengths have to be one."""
        for _ in range(MAX_LEARNED):
            fresh = Sizes(sizes.lengths, sizes.joins, sizes.given)
            self._prepare(fresh)
            run = self._new(fresh)
            try:
                computed = self._once(run)
            except Shorter as short:
                if self.least.get(fresh.home(short.key)) == (short.least, short.exact):
                    raise Refusal("EL813", "lengths that cannot be one have to be one") from None
                self.least[fresh.home(short.key)] = short.least, short.exact
                continue
            except (Refusal, Unequal):
                if self._learned(run):
                    continue
                raise
            if self._learned(run):
                continue
            sizes.chosen.update(fresh.chosen)
            return replace(computed, literals=frozenset(self.literals) - self.lengths, letters=self.letters)
        raise Refusal("EL812", "how many axes the arrays of this text have does not settle")

    def taken_literally(self) -> bool:
        """Take the long numbers of the text for what they are from now on; return whether that is news."""
        news, self.lengths = bool(self.lengths), frozenset()
        self.least.clear()
        return news

    def explained(self, refusal: Refusal) -> Refusal:
        """Return a refusal with the place in the text that is its cause, where it has none."""
        return explained(self.tree, refusal)

    def _new(self, sizes: Sizes) -> Run:
        run = Run(self.tree, sizes, self.ranks, call, found=self.found, lengths=self.lengths)
        run.settings, run.meets = self.settings, frozenset(self.literals) - {0, 1}
        return run

    def _prepare(self, sizes: Sizes) -> None:
        """Choose lengths that the text says. Raises Refusal where others are given."""
        for key, (least, exact) in self.least.items():
            home = sizes.home(key)
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
        except RecursionError:
            raise Refusal("EL816", "this is nested deeper than is looked at") from None
        except (OverflowError, ZeroDivisionError) as error:
            raise Refusal("EL816", f"a number here is larger than is looked at: {error}") from None
        except Left as left:
            raise Refusal("EL801", "this stands outside of a loop", left.node) from None

    def _learned(self, run: Run) -> bool:
        """Take over how many axes a run saw; return whether that is news."""
        news = {name: rank for name, rank in run.seen.items() if rank > self.found.get(name, -1)}
        self.found.update(news)
        return bool(news)

def _place(error: BaseException) -> object:
    """Return a place for a syntax error that has one."""
    if not isinstance(error, SyntaxError) or error.lineno is None or not error.text:
        return None
    node = ast.Pass()
    column = max((error.offset or 1) - 1, 0)
    node.lineno = node.end_lineno = error.lineno
    before = error.text[:column]
    node.col_offset, node.end_col_offset = len(before.encode()), len(error.text[: column + 1].encode())
    return node


def _results(run: Run, tree: ast.Module) -> dict[str, Any]:
    """Run a text and return its results: what a function returns or writes, the value of a last line, or what it writes."""
    *body, last = tree.body
    run.run(body)
    if isinstance(last, ast.Expr) and _gives_value(last.value, run):
        value = run.snapped(run.value(last.value))
        if value is not None:
            found = _named(value, last.value, run)
            return found
    else:
        run.run([last])
    found = _left(run, run.module)
    if found:
        return found
    function = _entry(run)
    return {} if function is None else _of_function(run, function)


def _gives_value(node: ast.expr, run: Run) -> bool:
    """Return whether a last line is a value, not a text or a call for what it does."""
    if isinstance(node, ast.Constant):
        return False
    if isinstance(node, ast.Call):
        return called(node) not in ("append", "extend", "print", "reverse")
    return True


def _entry(run: Run) -> Function | None:
    """Return the function that a text is about: the last one that no other calls."""
    functions = [value for value in run.module.names.values() if isinstance(value, Function)]
    named = [one for one in functions if isinstance(one.node, ast.FunctionDef)]
    inner = {
        called(node)
        for one in named
        for node in ast.walk(one.node)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    }
    outer = [one for one in named if one.name not in inner and not (one.name == "main" and len(named) > 1)]
    return (outer or named or [None])[-1]


def _of_function(run: Run, function: Function) -> dict[str, Any]:
    """Return the results of a function of the text for inputs of any kind."""
    assert isinstance(function.node, ast.FunctionDef)
    said = shapes_of(function.node)
    given: dict[str, Any] = {}
    arguments = function.node.args
    optional = [one.arg for one in (*arguments.posonlyargs, *arguments.args)][-len(arguments.defaults) or None :]
    values = dict(zip(optional, arguments.defaults, strict=True)) if arguments.defaults else {}
    values |= {one.arg: d for one, d in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True) if d is not None}
    if arguments.vararg or arguments.kwarg:
        raise Refusal("EL802", "a function with any number of arguments is not read", function.node)
    for parameter in parameters(arguments):
        name = parameter.arg
        if name in run.counting:
            given[name] = run.asked_for(name)
        elif name in values and isinstance(values[name], ast.Constant) and not _is_number(values[name]):
            continue
        else:
            given[name] = run.given(name, said.get(name))
    value, node, scope = run.entered(function, given, function.node)
    found = {} if value is None else _named(value, node, run)
    stores = [one for one in found.values() if isinstance(one, Store)]
    written = {name: one for name, one in _left(run, scope, given=True).items() if one not in stores}
    return {**found, **written}


def _is_number(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, (int, float, complex)) and not isinstance(node.value, bool)


def _named(value: Any, node: ast.expr | None, run: Run) -> dict[str, Any]:
    """Return values by the names that an expression has for them."""
    if isinstance(value, tuple) and value and all(isinstance(one, ARRAYS) or as_grid(one) is not None for one in value):
        nodes = node.elts if isinstance(node, ast.Tuple) and len(node.elts) == len(value) else [None] * len(value)
        found: dict[str, Any] = {}
        for number, (one, part) in enumerate(zip(value, nodes, strict=True)):
            found[_free(_name_of(part) or RESULT, found, run)] = one
        return found
    return {_free(_name_of(node) or RESULT, {}, run): value}


def _name_of(node: ast.expr | None) -> str:
    return node.id if isinstance(node, ast.Name) else ""


def _free(name: str, taken: Mapping[str, Any], run: Run) -> str:
    """Return a name that no input has, unless it is the very one."""
    number, chosen = 1, name
    while chosen in taken or (name == RESULT and chosen in run.stores):
        chosen, number = f"{name}{number}", number + 1
    return chosen


def _left(run: Run, scope: Scope, *, given: bool = False) -> dict[str, Any]:
    """Return what was written and is not read later: arrays that were given, and, unless `given`, what the text made."""
    written = {name: one for name, one in scope.names.items() if isinstance(one, Store) and one.given and one.cells}
    if given:
        written = {one.name: one for one in run.stores.values() if one.given and one.cells}
    made = {
        name: one
        for name, one in scope.names.items()
        if isinstance(one, ARRAYS) and not (isinstance(one, Store) and one.given and name == one.name) and name not in scope.loops
    }
    candidates = written if given else {**written, **made}
    kept = {name: one for name, one in candidates.items() if _is_last(run, scope, name, one)}
    found: dict[object, tuple[str, Any]] = {}
    for name, one in (kept or written or {}).items():
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
        elif isinstance(value, (list, Grid)):
            shapes[name] = run.grid(value, None).shape  # type: ignore[arg-type]
    for store in run.stores.values():
        if store.given and store.shape is not None:
            if store.name in shapes and results.get(store.name) is not store and shapes[store.name] != store.shape:
                raise Refusal("EL817", f"{store.name} is read, and then stands for an array of another shape")
            shapes[store.name] = tuple(store.shape)
    here = {name for name, value in results.items() if isinstance(value, Store) and value.given and value.cells}
    return Computed(
        results=cells,
        shapes=shapes,
        same=_same(run, run.sizes),
        inputs=_inputs(run),
        made=frozenset(results) - here,
    )


def _cells(run: Run, value: Any) -> Cells:
    """Return the elements of a value by position."""
    if isinstance(value, Store) and (value.shape is None or (value.given and value.cells)):
        if value.cells or value.name not in run.found:
            return value.cells if value.cells else dict(_every((), run.grid(value, None)))  # type: ignore[arg-type]
    if isinstance(value, (list, tuple)):
        found = {at: cell for n, row in enumerate(value) for at, cell in _every((n,), _cells(run, row))}
        return found if len({len(at) for at in found}) < 2 else _ragged()
    return dict(_every((), run.grid(value, None)))  # type: ignore[arg-type]


def _every(before: tuple[int, ...], value: Grid | Cells) -> Iterator[tuple[tuple[int, ...], Polynomial]]:
    """Yield positions and elements."""
    pairs = zip(places(value.shape), value.cells, strict=True) if isinstance(value, Grid) else value.items()
    for at, cell in pairs:
        yield (*before, *at), cell


def _ragged() -> Cells:
    raise Refusal("EL814", "rows of different depths are no array")


def _truths(run: Run, cells: Cells) -> Cells:
    """Return elements that are truth values as sums in which every product stands once."""
    if True not in run.bits:
        return cells
    if False in run.bits:
        raise Refusal("EL807", "elements are numbers here and truth values elsewhere in this text", run.bits[False])
    return {at: Polynomial({product: 1 for product in cell.terms()}) for at, cell in cells.items()}


def _inputs(run: Run) -> dict[str, Input]:
    """Return what the text was given: the lengths that it names, and for each array the shape that it needs at least."""
    found: dict[str, Input] = {name: int(run.sizes[name]) for name in run.asked}
    for store in run.stores.values():
        if store.given:
            seen = [*store.read, *store.cells]
            lengths = tuple(max(axis) + 1 for axis in zip(*seen, strict=False))
            found[store.name] = tuple(int(n) for n in store.shape) if store.shape is not None else lengths
    return found


def _same(run: Run, sizes: Sizes) -> list[tuple[Key, Key]]:
    """Return the first axis that only loops over another length index, with that length: the two are one."""
    for key, along in run.along.items():
        homes = {sizes.home(one) for one in along}
        if key in sizes.chosen and len(homes) == 1 and sizes.home(key) not in homes:
            return [(sizes.home(key), homes.pop())]
    return []
