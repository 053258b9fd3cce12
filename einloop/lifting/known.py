"""How many axes the arrays of a run have, and how long these are: what the text says of it, and questions else."""

from __future__ import annotations

import ast
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import Any

from ..core.effort import spend
from ..core.polynomial import Polynomial
from .decisions import Comparisons
from .grids import Grid
from .places import Position
from .sizes import Key, Refusal, Sizes
from .terms import array_of
from .values import Part, Store


class Unknown:
    """The shape of an array whose number of axes is not known: each length as it is asked for."""

    def __init__(self, arrays: Shapes, part: Part) -> None:
        self.arrays, self.part = arrays, part

    def __getitem__(self, axis: Any) -> int:
        store = self.part.store
        if not isinstance(axis, int) or axis < 0:
            raise unknown(store.name, None)
        return self.arrays.length(store, self.part.axis(axis))


class Shapes(ABC):
    """The arrays of one run.

    `ranks`: how many axes arrays have, as a person says it; `found`: as an earlier run of the text saw it.
    """

    def __init__(self, sizes: Sizes, ranks: Mapping[str, int], found: Mapping[str, int]) -> None:
        self.sizes, self.ranks, self.found = sizes, ranks, found
        self.stores: dict[str, Store] = {}
        self.splits = False
        """The text splits axes, so that quotients of lengths leave no rest."""
        self.arrays_only = False
        """The text has no loops: its names are whole arrays, of ranks that have to be known."""
        self.below: frozenset[str] = frozenset()
        """Names that are negative numbers of the text."""
        self.along: dict[tuple[str, int], dict[Key, None]] = {}
        """For each axis the lengths of the loops that index it."""
        self.named: Mapping[str, int] = {}
        """How many axes the subscripts of the text name of each array."""
        self.sliced: frozenset[str] = frozenset()
        """Arrays of which the text takes slices."""
        self.tried: frozenset[str] = frozenset()
        """Arrays whose number of axes is one of several that are tried."""
        self.seen: dict[str, int] = {}
        """How many axes the text names of arrays of unknown shape."""
        self.clock = 0
        """Steps so far."""
        self.sites: dict[ast.AST, str] = {}
        """What marks the elements that nodes read."""
        self.rows: dict[tuple[Key, int], Sequence[int]] = {}
        """The indices of loops over lengths."""
        self.paid = 0
        """Steps whose work was counted."""
        self.touched: dict[int, int] = {}
        """When an array or a list was written last, by its id."""
        self.views: dict[int, tuple[Any, Store, int]] = {}
        """Values that share their elements with an array, by their id, with it and the step at which they were made."""
        self.slices: list[tuple[Store, Store, int]] = []
        """Lists of which slices are copies, with them and the step at which they were made."""
        self.whole_stores: list[Store] = []
        """Arrays of whole numbers that the text makes."""
        self.shown: dict[str, tuple[int, ...]] = {}
        """The shapes of example data."""
        self.guessed: set[str] = set()
        """Arrays whose number of axes is known from how many the text names."""
        self.eager = False
        """What `found` says is all that the text names: elements are read where they stand."""
        self.comparisons = Comparisons()
        self.lists = False
        """Arrays are nested lists, of which slices are copies."""

    @abstractmethod
    def value(self, node: ast.expr) -> Any:
        """Return what an expression is."""

    @abstractmethod
    def grid(self, value: Any, node: ast.AST) -> Grid:
        """Return a whole array."""

    def given(self, name: str, said: Sequence[int | None] | None = None) -> Store:
        """Return an array that the text was given; `said` is what the text says of its lengths."""
        if name not in self.stores:
            if name in self.ranks:
                said = (None,) * self.ranks[name]
            lengths = enumerate(said or ())
            shape = tuple(self.sizes[name, n] if length is None else length for n, length in lengths)
            self.stores[name] = Store(name, given=True, shape=None if said is None else shape)
        return self.stores[name]

    def length(self, store: Store, axis: int) -> int:
        """Return the length of an axis, chosen where nothing says it."""
        self.noted(store, axis + 1)
        return (
            store.shape[axis] if store.shape is not None and axis < len(store.shape) else self.sizes[store.name, axis]
        )

    def noted(self, store: Store, rank: int) -> None:
        """Take note of how many axes an array has at least."""
        is_copy = store.shape is None and store.fill is None
        if store.name and store.name not in self.ranks and (store.given or is_copy):
            self.seen[store.name] = max(rank, self.seen.get(store.name, 0))

    def ranked(self, value: Any, rank: Any) -> None:
        """Give an array its number of axes where it has none yet."""
        part = Part(value) if isinstance(value, Store) else value
        if isinstance(part, Part) and part.store.shape is None and isinstance(rank, int):
            store, whole = part.store, rank + len(part.at)
            self.noted(store, whole)
            store.shape = tuple(self.sizes[store.name, axis] for axis in range(whole))

    def settle(self, value: Any) -> None:
        """Give the arrays in a value the number of axes that an earlier run saw."""
        if isinstance(value, (list, tuple)):
            spend(2 + 2 * len(value))
            for one in value:
                self.settle(one)
        store = value.store if isinstance(value, Part) else value
        if isinstance(store, Store) and store.shape is None and self.said(store.name):
            self.ranked(store, self.found[store.name])
            self.guessed.add(store.name)
        if isinstance(value, Part) and store.shape is not None and len(value.at) > len(store.shape):
            raise Refusal("EL813", f"{store.name} has {len(store.shape)} axes, {len(value.at)} are named")

    def said(self, name: str) -> bool:
        """Return whether the text says how many axes an array has: a length `A.shape[1]` and a row `A[0]` do not."""
        named = self.named.get(name, 0)
        if name not in self.found or self.lists:
            return name in self.found
        return self.found[name] <= named and (not self.arrays_only or named > 1 or name in self.sliced)

    def whole_needed(self, value: Any, node: ast.AST) -> None:
        """Refuse an element where a whole array is needed, and nothing but its own index says that it is one."""
        for factors in value.terms() if isinstance(value, Polynomial) else ():
            for name, at in factors:
                store = self.stores.get(array_of(name))
                if store is None or not at or not store.given or store.name in self.ranks:
                    continue
                if store.shape is None or store.name in self.guessed:
                    raise unknown(store.name, node)
        if isinstance(value, Grid) and value.rank:
            for name in (name for part in value.parts for name, axes in part.factors if fixed(axes)):
                store = self.stores.get(array_of(name))
                if store is not None and store.given and store.shape is None and store.name in self.found:
                    raise unknown(store.name, node)

    def not_a_number(self, value: Any, function: str, node: ast.AST) -> None:
        """Refuse one element for what is done to arrays, where it is one by how many axes an array is tried with."""
        value = value.store if isinstance(value, Part) and self.tried and not value.rank else value
        if isinstance(value, Store) and value.shape == () and value.name in self.tried:
            raise Refusal("EL813", f"{function} takes arrays, and this is one number", node)
        for name, at in (one for term in value.terms() for one in term) if isinstance(value, Polynomial) else ():
            if at and array_of(name) in self.tried:
                raise Refusal("EL813", f"{function} takes arrays, and this is one number", node)

    def elements_known(self, value: Grid | Polynomial, node: ast.AST) -> None:
        """Refuse elements that stand where rows may be meant: nothing but its indices says how many axes an array has.

        `A[i] * d[i]` that is written to a whole row is a row itself, if A has two axes.
        """
        factors = (one for part in value.parts for one in part.factors) if isinstance(value, Grid) else (
            one for term in value.terms() for one in term
        )  # fmt: skip
        for name, at in factors if not self.lists and not self.arrays_only else ():
            store = self.stores.get(array_of(name))
            if store is None or not at or not store.given or store.name in self.ranks or store.name in self.sliced:
                continue
            if store.shape is None or store.name in self.guessed:
                raise unknown(store.name, node)

    def rows_known(self, items: Sequence[Any], node: ast.AST) -> None:
        """Refuse a list of elements of several arrays, which may be rows: only that it is looped over says a length."""
        cells = [one for one in items if isinstance(one, Polynomial)]
        named = {array_of(name) for one in cells for term in one.terms() for name, at in term if at}
        if len(named) > 1 and not all(self.named.get(name) for name in named):
            for one in cells:
                self.elements_known(one, node)

    def shape(self, value: Any, node: ast.AST) -> Any:
        """Return the lengths of an array, each when it is asked for where their number is unknown."""
        part = Part(value) if isinstance(value, Store) else value
        if isinstance(part, Part) and part.store.shape is None:
            return Unknown(self, part)
        if isinstance(part, Part):
            lengths = part.store.shape or ()
            fixed = (*part.at, *(None,) * (len(lengths) - len(part.at)))
            return tuple(n for n, i in zip(lengths, fixed, strict=True) if i is None)
        return self.grid(value, node).shape


def unknown(name: str, node: object) -> Refusal:
    """Return the refusal of an array whose number of axes is not known."""
    hint = f"give its shape: -s {name}=2x3"
    return Refusal("EL812", f"how many axes {name} has is not known", node, hint=hint, unknown=name)


def fixed(axes: Sequence[Position]) -> bool:
    """Return whether a factor is one element by a single index, `x[i]`, whatever the place in the array."""
    return len(axes) == 1 and not axes[0].steps
