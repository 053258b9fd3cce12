"""Arrays while a text runs on polynomials: what a text writes into them, an element or a whole part at a time."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from typing import Any

from ..core.polynomial import Polynomial
from ..core.topic import Topic
from .access import Arrays, Index, places, whole_rank
from .extents import Cut
from .flat import Flat, write
from .grids import Grid, broadcast
from .lists import place_in
from .shapes import length_of
from .sizes import Extent, Refusal, Shorter
from .terms import array_of
from .values import Part, Store

ONE_BY_ONE = "a loop that assigns one element at a time says how long both are"


class Writes(Arrays):
    """Arrays that are written."""

    def put(self, owner: Any, index: Index, value: Any, node: ast.AST) -> None:
        """Write an element, or a whole part, of an array or a list."""
        place = self.element_at(owner, index) if type(value) is Polynomial else None
        if place is not None and id(owner) not in self.views and type(place[0]) is Store:
            store, at = place
            self.touched[id(store)] = self.clock
            write(store, at, value)
            return
        if isinstance(owner, list):
            self.put_in_list(owner, index, value, node)
            return
        part = Part(owner) if isinstance(owner, Store) else owner
        if id(owner) in self.views:
            reason = f"this writes to a part of {self.views[id(owner)][1].name}, or to a copy of it"
            raise Refusal("EL817", reason, node, hint="write to the array itself, or copy it with .copy()")
        if not isinstance(part, Part) or "new" in index:
            raise Refusal("EL802", "this cannot be written to", node)
        self.noted(part.store, whole_rank(part, index))
        self.touched[id(part.store.base if isinstance(part.store, Flat) else part.store)] = self.clock
        if all(isinstance(i, int) for i in index):
            part = part.fixed(self.counted(part, index, node))
            self.inside(part, node)
            if None not in part.at and self.put_places(part, value, node):
                return
            index = ()
        self.put_block(part, index, value, node)

    def put_in_list(self, owner: list[Any], index: Index, value: Any, node: ast.AST) -> None:
        """Write an item of a list."""
        self.touched[id(owner)] = self.clock
        if not index or not isinstance(index[0], int):
            if index in ((None,), (slice(None),)) and isinstance(value, list):
                owner[:] = value
                return
            raise Refusal("EL802", "only single items of a list can be assigned here", node)
        place = place_in(owner, index[0], node)
        if len(index) > 1:
            self.put(owner[place], index[1:], value, node)
        else:
            owner[place] = value

    def put_places(self, part: Part, value: Any, node: ast.AST) -> bool:
        """Write what is known without the shape: an element, or a row by its own length; return whether it was."""
        at = tuple(i for i in part.at if i is not None)
        left = self.left(part)
        value = self.operand(value, node) if not isinstance(value, (list, tuple)) else self.grid(value, node)
        rank = value.rank if isinstance(value, Grid) else 0
        if part.store.shape is None and rank and left in (None, rank):
            self.noted(part.store, len(at) + rank)
            for place, cell in zip(places(value.shape), value.cells, strict=True):
                write(part.store, (*at, *place), cell)
            return True
        if not rank and left in (None, 0):
            self.noted(part.store, len(at))
            write(part.store, at, self.scalar(value, node))
            return True
        return False

    def put_block(self, part: Part, index: Index, value: Any, node: ast.AST) -> None:
        """Write a whole part: a value that is broadcast to it."""
        self.settle(part)
        shape = part.store.shape
        if shape is None and index in (("...",), (None,)) and not part.at:
            value = self.grid(value, node) if isinstance(value, (Store, Part, list)) else value
            rank = value.rank if isinstance(value, Grid) else 0
            if not rank:
                part.store.cells.clear()
                part.store.fill = self.scalar(value, node)
                return
            self.ranked(part.store, rank)
            shape = part.store.shape
        if shape is None:
            self.grid(part, node)
            raise AssertionError
        where = self.selected(part, shape, index, node)
        free = [n for n in where if not isinstance(n, int)]
        lengths = [length for length, _ in free]
        block = self.grid(value, node)
        if block.rank > len(lengths):
            raise Refusal("EL813", f"{block.rank} axes are written to {len(lengths)}", node)
        if lengths and not block.rank:
            self.elements_known(block, node)
        if block.rank < len(lengths):
            self.filled(block, node)
        try:
            wide = self.fitted(lambda: broadcast(block, lengths), node)
        except Refusal as refusal:
            if refusal.topic is Topic.UNFIT and part.store.given and isinstance(node, ast.Subscript):
                reason = f"{ast.unparse(node)} has to be as long as what is assigned to it"
                raise Refusal("EL813", reason, node, ONE_BY_ONE) from None
            raise
        if wide.shape != tuple(lengths):
            raise Refusal("EL813", "this does not fit the place it is assigned to", node)
        if (
            not part.store.given
            and len(free) == len(shape)
            and all(over == range(n) for n, (_, over) in zip(shape, free, strict=True))
        ):
            part.store.write(wide)
            return
        for at, cell in zip(places(lengths), wide.cells, strict=True):
            inner = iter(at)
            write(part.store, tuple(n if isinstance(n, int) else n[1][next(inner)] for n in where), cell)

    def filled(self, block: Grid, node: ast.AST) -> None:
        """Refuse to fill a part with a row that only has too few axes because of how many an array is tried with."""
        if any(array_of(name) in self.tried for part in block.parts for name, _ in part.factors):
            raise Refusal("EL813", f"what has {block.rank} axes is written to more", node)

    def selected(self, part: Part, shape: Sequence[int], index: Index, node: ast.AST) -> list[Any]:
        """Return for every axis of the array a position, or the length and the positions that a subscript selects."""
        at = [*part.at, *(None,) * (len(shape) - len(part.at))]
        axes = [axis for axis, i in enumerate(at) if i is None]
        named = [i for i in index if i != "..."]
        if len(named) > len(axes) or len(index) > len(named) + 1:
            raise Refusal("EL813", f"{len(named)} indices for {len(axes)} axes", node)
        cut = index.index("...") if "..." in index else len(index)
        spread = [*index[:cut], *(None,) * (len(axes) - len(named)), *index[cut + 1 :]]
        found: list[Any] = list(at)
        for axis, i in zip(axes, spread, strict=True):
            length = shape[axis]
            if isinstance(i, int):
                found[axis] = i + length if i < 0 else i
                self.inside(Part(part.store, (*(None,) * axis, found[axis])), node)
            else:
                over = range(length) if i is None else range(*i.indices(length))
                found[axis] = (_selected(length, i, over, literal=self.arrays_only), over)
        return found


def _selected(length: int, part: slice | None, over: range, *, literal: bool) -> int:
    """Return how many positions of an axis a subscript selects, with the axis that this depends on where it does."""
    if part is None:
        return length
    if literal and isinstance(length, Extent) and isinstance(length.key, tuple) and not length.fixed:
        bounds = [abs(one) for one in (part.start, part.stop) if one is not None and not isinstance(one, Extent)]
        if max(bounds, default=0) >= length:
            raise Shorter(length.key, max(bounds) + 1)
    size = length_of(length, part, over)
    return length if len(over) == length else size if isinstance(size, Cut) else len(over)
