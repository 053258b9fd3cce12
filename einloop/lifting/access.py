"""Arrays while a text runs on polynomials: their elements, rows and parts, read and written; their shapes."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Sequence
from itertools import product
from math import prod
from typing import Any

from ..core.effort import spend
from ..core.polynomial import Polynomial, polynomial
from .arithmetic import NUMBERS
from .grids import Grid, Unfit
from .known import Shapes, Unknown, unknown
from .lists import ListRow, taken
from .products import Product
from .shapes import sliced
from .sizes import Extent, Refusal, Shorter, Unequal
from .terms import SITE
from .values import Part, Store, as_grid, is_whole, site_of

MAX_CELLS = 200_000
"""Elements of one array that is looked at as a whole."""
Index = tuple[Any, ...]
"""What stands in a subscript: whole numbers, None for a whole axis, slices, "new" for a new axis, "..."."""


class Arrays(Shapes):
    """The arrays of one run, and what a text reads of them."""

    # whole arrays and single elements

    def operand(self, value: Any, node: ast.AST) -> Any:
        """Return what takes part in arithmetic: a number, a polynomial, or a grid of some rank."""
        if isinstance(value, bool):
            return int(value)
        if isinstance(value, (*NUMBERS, Polynomial, Grid)):
            return value
        part = Part(value) if isinstance(value, Store) else value
        if self.arrays_only and isinstance(part, Part) and part.store.given and self.left(part) is None:
            raise unknown(part.store.name, node)
        if isinstance(part, list) or (isinstance(part, Part) and self.left(part) not in (None, 0)):
            return self.grid(value, node)
        return self.scalar(part, node)

    def left(self, part: Part) -> int | None:
        """Return how many axes a part has, None where that is unknown."""
        if part.store.shape is not None or not self.eager or part.store.name not in self.found:
            return part.rank
        return self.found[part.store.name] - sum(i is not None for i in part.at)

    def whole_numbers(self, value: Any) -> bool:
        """Return whether a value has no element of what the text is given, and only whole numbers."""
        if isinstance(value, (Store, Part)):
            store = value.store if isinstance(value, Part) else value
            if store.given or store.shape is None:
                return store.listed and store.name in self.shown
            value = as_grid(value)
        if isinstance(value, (list, tuple)):
            return all(map(self.whole_numbers, value))
        terms = value.parts if isinstance(value, Grid) else polynomial(value).terms().items()
        pairs = ((one.factors, one.coefficient) if isinstance(one, Product) else one for one in terms)
        return all(not factors and is_whole(weight) for factors, weight in pairs)

    def is_element(self, value: Any) -> bool:
        """Return whether a value is one element of an array, as far as that is known."""
        return isinstance(value, (Store, Part)) and self.left(Part(value) if isinstance(value, Store) else value) == 0

    def scalar(self, value: Any, node: ast.AST) -> Polynomial:
        """Return one element or number."""
        if isinstance(value, Grid) and not value.rank:
            return value.cells[0]
        if isinstance(value, (*NUMBERS, Polynomial)):
            return polynomial(value)
        part = Part(value) if isinstance(value, Store) else value
        if not isinstance(part, Part) or None in part.at or part.rank:
            raise Refusal("EL813", "one number is needed here", node)
        self.noted(part.store, len(part.at))
        return part.store.get(tuple(i for i in part.at if i is not None), self.site(node))

    def grid(self, value: Any, node: ast.AST) -> Grid:
        """Return a whole array."""
        self.settle(value)
        if isinstance(value, Part) and value.at:
            self.inside(value, node)
        store = value.store if isinstance(value, Part) else value if isinstance(value, Store) else None
        if store is not None and store.cells:
            self.small_enough(store, node)
        store = store if store is None or store.shape is None else None
        unsettled = store or next((one for one in inner(value) if one.shape is None), None)
        if unsettled is None and isinstance(value, (Grid, Store, Part, list, tuple, Polynomial, *NUMBERS)):
            found = self.fitted(lambda: as_grid(value, self.site(node)), node)
            if isinstance(found, Grid):
                return found
        store = unsettled
        if store is None:
            raise Refusal("EL802", "this is not an array", node)
        raise unknown(store.name, node)

    def small_enough(self, store: Store, node: ast.AST | None) -> None:
        """Refuse an array that has too many elements to be looked at one by one."""
        if prod(store.shape or ()) > MAX_CELLS:
            raise Refusal("EL816", f"{store.name or 'this array'} has too many elements", node)

    def fitted(self, make: Callable[[], Any], node: ast.AST) -> Any:
        """Return what `make` gives; what does not fit is refused with this place."""
        try:
            return make()
        except Unfit as error:
            raise Refusal(error.id, str(error), node, hint=error.hint) from None

    # parts

    def part(self, owner: Any, index: Index, node: ast.AST) -> Any:  # noqa: PLR0911  one for each kind of owner
        """Return the part of an array, list, tuple or shape that a subscript names."""
        if isinstance(owner, Unknown):
            return owner[index[0]] if len(index) == 1 else self.unread(node)
        if isinstance(owner, (list, tuple, range)) and index and isinstance(index[0], (int, slice)):
            found = taken(owner, index[0], node)
            return found if len(index) == 1 else self.part(found, index[1:], node)
        if not isinstance(owner, (Store, Part)):
            return self.fitted(lambda: sliced(self.grid(owner, node), index, literal=self.arrays_only), node)
        whole = Part(owner) if isinstance(owner, Store) else owner
        self.noted(whole.store, whole_rank(whole, index))
        if any(i is not None and not isinstance(i, int) for i in index):
            found = self.fitted(
                lambda: sliced(self.grid(owner, node), self.bounds(whole, index, node), literal=self.arrays_only), node
            )
            return self.viewed(found, whole.store)
        part = whole.fixed(self.counted(whole, index, node))
        self.inside(part, node)
        if None not in part.at and self.left(part) == 0:
            return part.store.get(tuple(i for i in part.at if i is not None), self.site(node))
        if index == (None,):
            return self.sliced_list(part, node) if self.lists else self.viewed(part, whole.store)
        return part

    def element_at(self, owner: Any, index: Index) -> tuple[Store, tuple[int, ...]] | None:
        """Return where an element stands, None where it takes a longer look to see what a subscript names.

        The array's number of axes is known, all of them stand at places inside of it.
        """
        if type(owner) is Store:
            store, at = owner, index
        elif type(owner) is Part and None not in owner.at:
            store, at = owner.store, (*owner.at, *index)
        else:
            return None
        shape, rank = store.shape, len(at)
        if (len(shape) if shape is not None else self.found.get(store.name) if self.eager else None) != rank:
            return None
        for n, i in enumerate(at):
            if (type(i) is not Extent and type(i) is not int) or i < 0 or (shape is not None and i >= shape[n]):
                return None
        if store.given:
            self.noted(store, rank)
            for n, i in enumerate(at):
                if type(i) is Extent:
                    self.along.setdefault((store.name, n), {})[i.key] = None
        return store, at

    def site(self, node: ast.AST) -> str:
        """Return what marks the elements that a node reads: what loops read in several places stays apart."""
        found = self.sites.get(node)
        if found is None:
            found = self.sites[node] = site_of(node) if self.arrays_only else SITE + site_of(node)
        return found

    # what shares its elements with an array

    def viewed(self, value: Any, store: Store | None) -> Any:
        """Return a value that shares its elements with an array, which is taken note of."""
        if store is not None and isinstance(value, (Grid, Part)):
            self.views[id(value)] = value, store, self.clock
        return value

    def shared(self, value: Any) -> Store | None:
        """Return the array that a value shares its elements with, None where it has its own."""
        if isinstance(value, (Store, Part)):
            return value if isinstance(value, Store) else value.store
        return self.views[id(value)][1] if id(value) in self.views else None

    def current(self, value: Any, name: str, node: ast.AST | None) -> None:
        """Refuse a value that was taken from an array that has been written since."""
        _, store, made = self.views.get(id(value), (None, None, 0))
        if isinstance(value, Grid) and store is not None and self.touched.get(id(store), -1) > made:
            hint = f"take a copy: {name} = {store.name}[...].copy()"
            raise Refusal("EL817", f"{name} is a part of {store.name}, which has changed since", node, hint=hint)

    def copied(self, value: Any, node: ast.AST) -> Store:
        """Return an array of its own with the elements that a value has now."""
        self.settle(value)
        whole = value if isinstance(value, Store) else value.store if isinstance(value, Part) and not value.at else None
        if whole is not None and (whole.shape is None or whole.given):
            return Store(whole.name, False, whole.shape, whole.fill, dict(whole.cells), whole.read, whole.whole)
        grid = self.grid(value, node)
        made = Store("", given=False, shape=grid.shape)
        made.write(grid)
        return made

    def sliced_list(self, part: Part, node: ast.AST) -> Store:
        """Return the copy that `x[:]` is of a list, and remember it: of an array it would be a view."""
        made = self.copied(part, node)
        if part.store.given and not part.store.listed:
            self.slices.append((part.store, made, self.clock))
        return made

    def unread(self, node: ast.AST) -> Any:
        """Refuse a subscript that means nothing here."""
        raise Refusal("EL802", "this subscript is not supported", node)

    def counted(self, part: Part, index: Index, node: ast.AST) -> Index:
        """Return an index in which positions from the end are positions from the start.

        Of a difference of numbers nobody knows whether it is one: without loops, where it is negative, it is refused.
        """
        for i, place in zip(index, _places(node), strict=False):
            said = isinstance(place, ast.Name) and place.id in self.below
            if self.arrays_only and isinstance(i, int) and i < 0 and not said and _may_be_positive(place):
                what = f"whether {ast.unparse(place)} counts from the end depends on what its numbers are"
                raise Refusal("EL813", what, place, hint="write the place from the start, or give the loop")
        return tuple(
            i + self.length(part.store, part.axis(n)) if isinstance(i, int) and i < 0 else i
            for n, i in enumerate(index)
        )

    def bounds(self, part: Part, index: Index, node: ast.AST) -> Index:
        """Take note of lengths that slices up to a literal need, and return the index."""
        blocks = any(isinstance(one, ast.Slice) and one.lower and one.upper for one in ast.walk(node))
        if part.at or "new" in index or "..." in index or (blocks and not self.arrays_only):
            return index
        for axis, i in enumerate(index):
            stop = i.stop if isinstance(i, slice) else None
            if type(stop) is int and stop > 0:
                self.settle(part)
                self.long_enough(part.store, axis, stop)
        return index

    def long_enough(self, store: Store, axis: int, least: int) -> None:
        """Raise Shorter where an axis of chosen length is shorter than this."""
        length = store.shape[axis] if store.shape is not None and axis < len(store.shape) else None
        if store.given and isinstance(length, Extent) and length < least:
            raise Shorter(length.key, least)

    def inside(self, part: Part, node: ast.AST) -> None:
        """Refuse positions outside of an array."""
        store = part.store
        if any(i is not None and i < 0 for i in part.at):
            raise Refusal("EL813", "this index is before the start of the array", node)
        for axis, i in enumerate(part.at):
            if isinstance(i, Extent) and store.given:
                self.along.setdefault((store.name, axis), {})[i.key] = None
        if store.shape is None:
            return
        if len(part.at) > len(store.shape):
            raise Refusal("EL813", f"{store.name} has {len(store.shape)} axes, {len(part.at)} are named", node)
        for axis, (i, length) in enumerate(zip(part.at, store.shape, strict=False)):
            if i is not None and i >= length:
                if isinstance(length, Extent) and isinstance(i, Extent) and i.key != length.key:
                    raise Unequal(length.key, i.key)
                self.long_enough(store, axis, i + 1)
                raise Refusal("EL813", f"{i} is outside axis {axis} of {store.name}", node)

    # loops

    def items(self, value: Any, node: ast.AST) -> Iterator[Any]:
        """Yield what a loop over a value goes through."""
        if isinstance(value, (list, tuple, range)):
            yield from value
        elif isinstance(value, (Store, Part)):
            part = Part(value) if isinstance(value, Store) else value
            if self.left(part) == 0:
                raise Refusal("EL813", "an element cannot be looped over", node)
            for i in self.turns(self.length(part.store, part.axis(0))):
                yield self.part(part, (i,), node)
        elif isinstance(value, Grid) and value.rank:
            for i in range(value.shape[0]):
                yield sliced(value, (i,))
        else:
            raise Refusal("EL802", "this cannot be looped over", node)

    def turns(self, length: int) -> Sequence[int]:
        """Return the indices of a loop over a length; each knows what it goes over."""
        if isinstance(length, Extent):
            row = self.rows.get((length.key, int(length)))
            if row is None or len(row) != length:
                row = ListRow.of((Extent(i, length.key) for i in range(length)), length)
                self.rows[length.key, int(length)] = row
            return row
        return range(length)

    def listed(self, value: Any, node: ast.AST) -> list[Any]:
        """Return what a loop over a value goes through as a list that knows its length."""
        extent: Any = getattr(value, "extent", None)
        if isinstance(value, (Store, Part)):
            part = Part(value) if isinstance(value, Store) else value
            extent = self.length(part.store, part.axis(0))
        elif isinstance(value, Grid) and value.rank:
            extent = value.shape[0]
        return ListRow.of(self.items(value, node), extent)


def whole_rank(part: Part, index: Index) -> int:
    """Return how many axes of the whole array a subscript of a part names at least."""
    named = sum(i not in ("new", "...") for i in index)
    return part.axis(named - 1) + 1 if named else len(part.at)


def inner(value: Any) -> Iterator[Store]:
    """Yield the arrays in nested lists."""
    spend(2)
    for one in value if isinstance(value, (list, tuple)) else ():
        if isinstance(one, (Store, Part)):
            yield one.store if isinstance(one, Part) else one
        else:
            yield from inner(one)


def places(lengths: Sequence[int]) -> Iterator[tuple[int, ...]]:
    """Yield every position in an array of these lengths, the last axis fastest."""
    return product(*(range(n) for n in lengths))


def _places(node: ast.AST) -> list[ast.expr]:
    """Return what a subscript has between its brackets."""
    if not isinstance(node, ast.Subscript):
        return []
    return node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]


def _may_be_positive(place: ast.expr) -> bool:
    """Return whether a negative place is computed of numbers of which others make it positive."""
    while isinstance(place, ast.BinOp) and isinstance(place.op, ast.Sub):
        place = place.left
        if isinstance(place, ast.UnaryOp) and isinstance(place.op, ast.USub):
            return False
        if not isinstance(place, ast.BinOp):
            return True
    return isinstance(place, ast.BinOp | ast.Name)
