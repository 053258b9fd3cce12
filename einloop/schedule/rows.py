"""Walk over rows instead of indexing: each operand as nested lists whose levels follow the loops.

An element of an array costs Python an index tuple and a boxed number; an item of a list costs neither.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from ..core.buffer import Access
from ..core.dtypes import COMPLEXES, FLOATS, common_dtype
from ..core.errors import OptionError
from ..core.generated import Values
from ..core.names import Names, fresh
from ..core.nest import Accumulate, Alloc, Assign, Head, Stage, Statement, Walk
from ..core.rows import Append, FromRows, NewList, Rows
from .draft import Draft
from .language import PassCall
from .pieces import STRETCHED, clears
from .rewrite import with_accesses

MAX_NESTED = 20
"""CPython refuses to compile more blocks one in another."""


def rows(draft: Draft, command: PassCall) -> Draft:
    """Return the program with every stage walking over lists; the loops of the result's indices stand outside.

    Raises OptionError where an ellipsis covers an unknown number of axes, where loops are cut into blocks, and where
    a free index runs inside a summed one, or inside one that the result has after it; and for dtypes other than floats
    and complex numbers.
    """
    _check_dtypes(draft, command)
    taken = set(draft.names.taken) | {stage.statement.target.buffer for stage in draft.nest.stages}
    begun = [stage for stage in draft.nest.stages if not clears(stage.statement)]
    adds = [draft.joint is not None and (draft.joint.adds or number > 0) for number in range(len(begun))]
    over = draft.joint is not None and draft.joint.over
    stages = tuple(
        _walking(stage, draft.names, set(taken), command, adds=each, over=over and not each)
        for stage, each in zip(begun, adds, strict=True)
    )
    prepare = tuple(s for s in draft.nest.prepare if not isinstance(s, Alloc))
    return draft.with_nest(replace(draft.nest, prepare=prepare, stages=stages))


def _check_dtypes(draft: Draft, command: PassCall) -> None:
    """Raise OptionError where numpy adds up otherwise than Python does the numbers that lists hold."""
    request = draft.request
    if request.values is Values.LISTS or not (request.checked or request.dtypes):
        return
    dtype = common_dtype(request.dtypes) if request.dtypes else "every dtype, which functions take"
    if dtype not in (*FLOATS, *COMPLEXES):
        raise command.refused(
            f"rows is for floats and complex numbers, not for {dtype}: Python's integers do not wrap",
            hint="say --dtype float64, or leave rows out",
        )


def _check_loops(heads: tuple[Head, ...], command: PassCall) -> None:
    if any(head.tiled for head in heads):
        raise command.refused("rows does not go with tile: it walks whole rows, and tile cuts them")
    if any(head.dots for head in heads):
        raise OptionError(
            "EL407", "nested lists have no ellipsis: how deep they nest must be known", hint="give the shapes"
        )
    if len(heads) > MAX_NESTED:
        hint = "only loops that walk over ranges become one; leave rows out"
        raise command.refused(f"rows nests {len(heads)} loops, and Python compiles at most {MAX_NESTED}", hint=hint)
    summed = [head.summed for head in heads]
    if summed != sorted(summed):
        raise command.refused("rows needs the free indices outside the summed ones", hint="order(output) rows")


def _check_walked(stage: Stage, command: PassCall) -> None:
    """Raise OptionError for a loop that no operand can be walked along."""
    read = {subscript for access in stage.factors for subscript in access.subscripts}
    alone = next((head.label for head in stage.heads if head.index not in read), None)
    if alone is not None:
        raise command.refused(f"rows walks along operands, and none has {alone!r}", hint="--style scalar")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Cursor:
    """Where a factor is: the name of its list or number here, and the indices along which it is still to be walked."""

    access: Access
    name: str
    left: tuple[str, ...]


def _walking(stage: Stage, names: Names, taken: set[str], command: PassCall, *, adds: bool, over: bool) -> Stage:
    _check_loops(stage.heads, command)
    _check_walked(stage, command)
    written = tuple(head.index for head in stage.heads if not head.summed)
    if stage.statement.target.subscripts not in ((), written):
        raise command.refused(
            "rows makes the result row by row, in the order of its indices", hint="order(output) rows"
        )
    writer = _Writer(names=names, taken=taken, statement=stage.statement, adds=adds, over=over)
    order = [head.index for head in stage.heads]
    cursors, making = [], []
    for access in dict.fromkeys(stage.factors):
        name = access.buffer
        if access.subscripts:
            name = writer.name(f"{access.buffer}_rows")
            making.append(_rows(access, order, name))
        left = sorted({*access.subscripts} - {STRETCHED}, key=order.index)
        cursors.append(_Cursor(access=access, name=name, left=tuple(left)))
    body = writer.write(stage.heads, tuple(cursors))
    setup = tuple(s for s in stage.setup if not isinstance(s, Alloc))
    return replace(stage, setup=(*setup, *making), body=body)


def _rows(access: Access, order: list[str], target: str) -> Rows:
    """Return how an operand becomes nested lists in the order of the loops."""
    at = tuple(STRETCHED if subscript == STRETCHED else ":" for subscript in access.subscripts)
    left = [subscript for subscript in access.subscripts if subscript != STRETCHED]
    diagonals = []
    while len(set(left)) < len(left):
        second = next(n for n, subscript in enumerate(left) if subscript in left[:n])
        first = left.index(left[second])
        diagonals.append((first, second))
        label = left[first]
        left = [s for n, s in enumerate(left) if n not in (first, second)] + [label]
    axes = tuple(left.index(label) for label in sorted(left, key=order.index))
    return Rows(
        target=target,
        buffer=access.buffer,
        at=at if STRETCHED in at else (),
        diagonals=tuple(diagonals),
        axes=None if axes == tuple(range(len(axes))) else axes,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Writer:
    """Writes the loops of one stage from the outside to the inside."""

    names: Names
    taken: set[str]
    statement: Assign | Accumulate
    adds: bool
    over: bool

    def write(self, heads: tuple[Head, ...], cursors: tuple[_Cursor, ...]) -> tuple[Statement, ...]:
        """Return the statements of the stage."""
        target = self.statement.target
        if target.subscripts:
            rows = self.name(f"{target.buffer}_rows")
            made = self._free(heads, cursors, rows, ())
        elif isinstance(self.statement, Assign):
            return (self.statement,)  # one product: there is nothing to walk along
        else:
            rows, made = self._total(heads, cursors)
        extents = {head.index: head.extent for head in heads}
        shape = tuple(extents[s] for s in target.subscripts)
        dtype = target.dtype or ("float64" if self.statement.scales else None)
        return (
            *made,
            FromRows(buffer=target.buffer, rows=rows, extents=shape, dtype=dtype, adds=self.adds, over=self.over),
        )

    def _free(
        self, heads: tuple[Head, ...], cursors: tuple[_Cursor, ...], into: str, walked: tuple[str, ...]
    ) -> tuple[Statement, ...]:
        """Return the loop over the first of the free indices, which fills the list `into`."""
        head, rest = heads[0], heads[1:]
        walked = (*walked, head.index)
        steps, cursors = self._walk(head, cursors)
        body: tuple[Statement, ...] = ()
        if rest and not rest[0].summed:
            item = self.name(f"{self.statement.target.buffer}_{_joined(walked)}")
            body = self._free(rest, cursors, item, walked)
        elif isinstance(self.statement, Accumulate):
            item, body = self._total(rest, cursors)
        else:
            inside = self._inside(cursors)
            append = Append(
                target=into, factors=inside.factors, wide=inside.wide, more=inside.more, scales=inside.scales
            )
            return (NewList(name=into), Walk(steps=steps, of=head, body=(append,)))
        append = Append(target=into, factors=(Access(buffer=item),))
        return (NewList(name=into), Walk(steps=steps, of=head, body=(*body, append)))

    def _total(self, heads: tuple[Head, ...], cursors: tuple[_Cursor, ...]) -> tuple[str, tuple[Statement, ...]]:
        """Return the name of a total, and what makes it: the zero that Python's sums start from, and the loops."""
        total = self.name("total")
        zero = Alloc(buffer=total, extents=(), local=True)
        return total, (zero, *self._summed(heads, cursors, Access(buffer=total)))

    def _summed(self, heads: tuple[Head, ...], cursors: tuple[_Cursor, ...], total: Access) -> tuple[Statement, ...]:
        """Return the loops over summed indices, around one statement."""
        if not heads:
            return (replace(self._inside(cursors), target=total),)
        steps, cursors = self._walk(heads[0], cursors)
        return (Walk(steps=steps, of=heads[0], body=self._summed(heads[1:], cursors, total)),)

    def _walk(
        self, head: Head, cursors: tuple[_Cursor, ...]
    ) -> tuple[tuple[tuple[str, str], ...], tuple[_Cursor, ...]]:
        """Return the lists that an index walks along with the names of their items, and the cursors inside the loop."""
        steps, inside = [], []
        for cursor in cursors:
            if cursor.left[:1] != (head.index,):
                inside.append(cursor)
                continue
            left = cursor.left[1:]
            shown = [s for s in dict.fromkeys(cursor.access.subscripts) if s != STRETCHED and s not in left]
            item = self.name(f"{cursor.access.buffer}_{_joined(tuple(shown))}")
            steps.append((item, cursor.name))
            inside.append(replace(cursor, name=item, left=left))
        return tuple(steps), tuple(inside)

    def _inside(self, cursors: tuple[_Cursor, ...]) -> Assign | Accumulate:
        """Return the statement with what the cursors have come to in place of elements."""
        by_access = {
            cursor.access: Access(buffer=cursor.name) if cursor.access.subscripts else cursor.access
            for cursor in cursors
        }
        return with_accesses(self.statement, lambda access: by_access.get(access, access))

    def name(self, wanted: str) -> str:
        """Return a name that nothing else has, and take it."""
        name = fresh(wanted, self.taken)
        self.taken.add(name)
        return name


def _joined(labels: tuple[str, ...]) -> str:
    """Return index names as they stand after an array's: `ij`, or `batch_query`."""
    return ("" if all(len(label) == 1 for label in labels) else "_").join(labels)
