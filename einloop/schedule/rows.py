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
from ..core.nest import Accumulate, Alloc, Append, Assign, FromRows, Head, NewList, Rows, Stage, Statement, Walk
from ..core.spec import Role
from .draft import Draft
from .language import PassCall
from .pieces import chain, statement_of

ZERO = "0"
LISTS = "lists"
MAX_NESTED = 20
"""CPython refuses to compile more blocks one in another."""


def rows(draft: Draft, command: PassCall) -> Draft:
    """Return the program with every stage walking over lists; the loops of the result's indices stand outside.

    Raises OptionError where an ellipsis covers an unknown number of axes, where loops are cut into blocks, and where
    a free index runs inside a summed one; and for dtypes other than floats and complex numbers.
    """
    if LISTS not in draft.abilities:
        raise command.refused("rows is not for this target, which has no lists to walk over")
    draft.check_open(command)
    _check_dtypes(draft, command)
    kept = set(draft.names.taken) | {statement_of(chain(stage.body)[1]).target.buffer for stage in draft.nest.stages}
    stages = tuple(_walking(stage, draft.names, set(kept), command) for stage in draft.nest.stages)
    prepare = tuple(s for s in draft.nest.prepare if not isinstance(s, Alloc))
    return draft.with_nest(replace(draft.nest, prepare=prepare, stages=stages), closed=command.name)


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


@dataclass(frozen=True, slots=True, kw_only=True)
class _Cursor:
    """Where a factor is: the name of its list or number here, and the indices along which it is still to be walked."""

    access: Access
    name: str
    left: tuple[str, ...]


def _walking(stage: Stage, names: Names, taken: set[str], command: PassCall) -> Stage:
    heads, _ = chain(stage.body)
    if any(head.tiled for head in heads):
        raise command.refused("rows must stand before tile: it walks whole rows")
    statement = statement_of(chain(stage.body)[1])
    if any(head.dots for head in heads):
        raise OptionError(
            "EL407", "nested lists have no ellipsis: how deep they nest must be known", hint="give the shapes"
        )
    if len(heads) > MAX_NESTED:
        hint = "only loops that walk over ranges become one; leave rows out"
        raise command.refused(f"rows nests {len(heads)} loops, and Python compiles at most {MAX_NESTED}", hint=hint)
    _check_order(heads, command)
    order = [head.index for head in heads]
    cursors, making = [], []
    for access in dict.fromkeys(statement.factors):
        if not access.subscripts:
            cursors.append(_Cursor(access=access, name=access.buffer, left=()))
            continue
        made = _rows(access, order, fresh(f"{access.buffer}_rows", taken))
        taken.add(made.target)
        making.append(made)
        left = tuple(sorted(dict.fromkeys(s for s in access.subscripts if s != ZERO), key=order.index))
        cursors.append(_Cursor(access=access, name=made.target, left=left))
    body = _Writer(names=names, taken=taken, statement=statement, stage=stage).write(heads, tuple(cursors))
    setup = tuple(s for s in stage.setup if not isinstance(s, Alloc))
    return replace(stage, setup=(*setup, *making), body=body)


def _check_order(heads: tuple[Head, ...], command: PassCall) -> None:
    roles = [head.of.role for head in heads]
    if roles != sorted(roles, key=lambda role: role is Role.SUMMED):
        raise command.refused("rows needs the free indices outside the summed ones", hint="order(output) rows")


def _rows(access: Access, order: list[str], target: str) -> Rows:
    """Return how an operand becomes nested lists in the order of the loops."""
    at = tuple(ZERO if subscript == ZERO else ":" for subscript in access.subscripts)
    left = [subscript for subscript in access.subscripts if subscript != ZERO]
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
        at=at if ZERO in at else (),
        diagonals=tuple(diagonals),
        axes=None if axes == tuple(range(len(axes))) else axes,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Writer:
    """Writes the loops of one stage from the outside to the inside."""

    names: Names
    taken: set[str]
    statement: Assign | Accumulate
    stage: Stage

    def write(self, heads: tuple[Head, ...], cursors: tuple[_Cursor, ...]) -> tuple[Statement, ...]:
        """Return the statements of the stage."""
        target = self.statement.target
        dtype = target.dtype
        if not target.subscripts and isinstance(self.statement, Assign):
            return (self.statement,)  # one product: there is nothing to walk along
        if not target.subscripts:
            total = self._name("total")
            loops = (_zero(total), *self._summed(heads, cursors, Access(buffer=total)))
            return (*loops, FromRows(buffer=target.buffer, rows=total, extents=(), dtype=dtype))
        rows = self._name(f"{target.buffer}_rows")
        made = self._free(heads, cursors, rows, ())
        extents = {head.index: head.extent for head in heads}
        return (
            *made,
            FromRows(
                buffer=target.buffer, rows=rows, extents=tuple(extents[s] for s in target.subscripts), dtype=dtype
            ),
        )

    def _free(
        self, heads: tuple[Head, ...], cursors: tuple[_Cursor, ...], into: str, walked: tuple[str, ...]
    ) -> tuple[Statement, ...]:
        """Return the loop over the first of the free indices, which fills the list `into`."""
        head, rest = heads[0], heads[1:]
        walked = (*walked, head.index)
        steps, cursors = self._walk(head, cursors)
        if rest and rest[0].of.role is Role.FREE:
            inner = self._name(f"{self.statement.target.buffer}_{_joined(walked)}")
            body: tuple[Statement, ...] = (
                *self._free(rest, cursors, inner, walked),
                Append(target=into, factors=(Access(buffer=inner),)),
            )
        elif isinstance(self.statement, Accumulate):
            total = self._name("total")
            body = (
                _zero(total),
                *self._summed(rest, cursors, Access(buffer=total)),
                Append(target=into, factors=(Access(buffer=total),)),
            )
        else:
            body = (Append(target=into, factors=self._factors(cursors), wide=self.statement.wide),)
        return (NewList(name=into), Walk(steps=steps, of=head, body=body))

    def _summed(self, heads: tuple[Head, ...], cursors: tuple[_Cursor, ...], total: Access) -> tuple[Statement, ...]:
        """Return the loops over summed indices, around one statement."""
        if not heads:
            return (replace(self.statement, target=total, factors=self._factors(cursors)),)
        steps, cursors = self._walk(heads[0], cursors)
        return (Walk(steps=steps, of=heads[0], body=self._summed(heads[1:], cursors, total)),)

    def _walk(
        self, head: Head, cursors: tuple[_Cursor, ...]
    ) -> tuple[tuple[tuple[str, str], ...], tuple[_Cursor, ...]]:
        """Return the lists that an index walks along with the names of their items, and the cursors inside the loop."""
        steps, inside = [], []
        for cursor in cursors:
            if not cursor.left or cursor.left[0] != head.index:
                inside.append(cursor)
                continue
            left = cursor.left[1:]
            shown = [s for s in dict.fromkeys(cursor.access.subscripts) if s != ZERO and s not in left]
            item = self._name(f"{cursor.access.buffer}_{_joined(tuple(shown))}")
            steps.append((item, cursor.name))
            inside.append(replace(cursor, name=item, left=left))
        return tuple(steps), tuple(inside)

    def _factors(self, cursors: tuple[_Cursor, ...]) -> tuple[Access, ...]:
        by_access = {
            cursor.access: Access(buffer=cursor.name) if cursor.access.subscripts else cursor.access
            for cursor in cursors
        }
        return tuple(by_access[access] for access in self.statement.factors)

    def _name(self, wanted: str) -> str:
        name = fresh(wanted, self.taken)
        self.taken.add(name)
        return name


def _zero(total: str) -> Alloc:
    """Return the zero that a sum of Python numbers starts from."""
    return Alloc(buffer=total, extents=(), local=True)


def _joined(labels: tuple[str, ...]) -> str:
    """Return index names as they stand behind an array's: `ij`, or `batch_query`."""
    return ("" if all(len(label) == 1 for label in labels) else "_").join(labels)
