"""A program and arrays in, the tree of its loops for these lengths out. Nothing is computed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from math import prod
from typing import Any

from ...core.buffer import BARE, Access, Scale
from ...core.errors import OptionError
from ...core.frozen import dataclass
from ...core.nest import Accumulate, Alloc, Assign, Head, Loop, Remark, Round, Statement, Walk, every
from ...core.part_text import base_of
from ...core.parts import part
from ...core.plain_array import PlainArray
from ...core.preparation import (
    AsArray,
    CheckDivisor,
    CheckDtype,
    CheckExtent,
    CheckNested,
    CheckRank,
    CommonDtype,
    Convert,
    Extents,
    KeepOld,
    NamePart,
    SumDtype,
    SummingDtype,
)
from ...core.program import Program
from ...core.rows import Append, FromRows, NewList, Rows
from ..mapped import Mapped
from .lines import lines_of
from .tree import Event, NamedElement, Node, Write, count, loops_in, repeat, writes_in

Terms = tuple[tuple[tuple[Access, ...], Scale], ...]
Loops = tuple[str, ...]
"""The names of the loops around a statement, outermost first."""
MAX_VIEW = 1_000_000
"""Elements of an array of which parts are read: it stands in memory which they are."""
WITHOUT_STEPS = (
    AsArray, CheckDivisor, CheckDtype, CheckExtent, CheckNested, CheckRank, CommonDtype, Remark, SumDtype, SummingDtype
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class LoopTree:
    """The loops of a program for some lengths.

    `shapes` and `dtypes` are those of all that the loops read and make, by name; the dtype of Python's own numbers is
    None. `numbers` are names for numbers, `heads` what each loop runs over, `totals` names of running totals, `axes`
    the names of the loops along each axis of what is read and made ("" where there is none), `extents` by loop.
    """

    nodes: tuple[Node, ...]
    shapes: Mapping[str, tuple[int, ...]]
    dtypes: Mapping[str, str | None]
    numbers: Mapping[str, int | float | complex]
    heads: Mapping[str, Head]
    totals: frozenset[str]
    axes: Mapping[str, tuple[str, ...]]
    extents: Mapping[str, int]


def read_program(program: Program, arrays: Mapping[str, PlainArray], *, plain: bool) -> LoopTree:
    """Return the loops of a program for arrays by name; `plain`: they compute on numbers of Python.

    Raises OptionError where there is something else than Python's loops.
    """
    reader = _Reader(
        plain=plain,
        lines=lines_of(program),
        shapes={name: array.shape for name, array in arrays.items()},
        dtypes={name: None if plain else array.dtype for name, array in arrays.items()},
        scalars={name: array.values[0] for name, array in arrays.items() if _is_number(array)},
    )
    statements = (*program.nest.prepare, *program.nest.body)
    reader.upcoming = [one for one in statements if isinstance(one, FromRows)]
    appended = [one for one in every(statements) if isinstance(one, Append)]
    begun = {one.name for one in every(statements) if isinstance(one, NewList)}
    reader.parents = {a.buffer: one.target for one in appended for a in one.factors if a.buffer in begun}
    nodes: list[Node] = []
    for statement in statements:
        made = reader.read(statement, ())
        reader.steps += count(tuple(made), {})
        nodes += made
    return LoopTree(
        nodes=tuple(nodes), shapes=reader.shapes, dtypes=reader.dtypes, numbers=reader.numbers, heads=reader.heads,
        totals=frozenset(reader.totals), axes=_axes(tuple(nodes)),
        extents={loop.name: loop.extent for loop in loops_in(tuple(nodes))},
    )  # fmt: skip


def _axes(nodes: tuple[Node, ...]) -> dict[str, tuple[str, ...]]:
    """Return by array which loops run along its axes, as the first statement says that names it whole."""
    found: dict[str, tuple[str, ...]] = {}
    for write in writes_in(nodes):
        for place in (*write.reads, write.target):
            names = tuple(axis if isinstance(axis, str) and not write.rounds else "" for axis in place.axes)
            if len(names) != len(place.base):
                names = ("",) * len(place.base)
            if place.array not in found or (any(names) and not any(found[place.array])):
                found[place.array] = names
    return found


@dataclass(frozen=True, slots=True)
class _Levels:
    """A list of lists: what it is of, and the axes of each level that is not walked along yet."""

    place: NamedElement
    levels: tuple[tuple[int, ...], ...]


class _Spot(int):
    """Which element of an array something is, in C order."""


def _is_number(array: PlainArray) -> bool:
    return not array.shape and isinstance(array.values[0], int) and not isinstance(array.values[0], bool)


class _Reader:
    """What is known while the statements are read, in order."""

    def __init__(
        self,
        *,
        plain: bool,
        lines: Mapping[int, int],
        shapes: dict[str, tuple[int, ...]],
        dtypes: dict[str, str | None],
        scalars: Mapping[str, int],
    ) -> None:
        self.plain, self.lines, self.shapes, self.dtypes, self.scalars = plain, lines, shapes, dtypes, scalars
        self.lengths: dict[str, int] = {}
        self.views: dict[str, tuple[str, PlainArray]] = {}
        self.numbers: dict[str, int | float | complex] = {}
        self.lists: dict[str, _Levels] = {}
        self.begun: dict[str, int] = {}  # lists that are made, each with how many loops are around its beginning
        self.parents: dict[str, str] = {}
        self.upcoming: list[FromRows] = []
        self.ends: dict[str, FromRows] = {}
        self.heads: dict[str, Head] = {}
        self.totals: set[str] = set()
        self.written: set[str] = set()
        self.steps = 0

    def read(self, statement: Statement, loops: Loops) -> list[Node]:
        """Return the nodes of a statement inside some loops. Raises OptionError for one that is not followed."""
        reader = READERS.get(type(statement))
        if reader is None and not isinstance(statement, WITHOUT_STEPS):
            raise refused()
        return reader(self, statement, loops) if reader is not None else []

    def extents(self, statement: Extents, loops: Loops) -> list[Node]:
        """Note the lengths of an array's axes under their names."""
        shape = self.place(Access(buffer=statement.buffer.name)).shape
        self.lengths |= {name: size for name, size in zip(statement.names, shape, strict=True) if name != "_"}
        return []

    def convert(self, statement: Convert, loops: Loops) -> list[Node]:
        """Note that an array is read in another dtype."""
        self.dtypes[statement.buffer.name] = _declared(statement.dtype)
        return []

    def place(self, access: Access) -> NamedElement:
        """Return the element that a statement names. Without subscripts of an array: all of it."""
        name = access.buffer
        if name in self.lists:
            return self.lists[name].place
        if name in self.lengths and name not in self.shapes:
            self.numbers[name] = self.lengths[name]
        base, view = self.views.get(name, (name, None))
        axes = tuple(int(one) if one.isdecimal() else one for one in access.subscripts)
        whole = self.shapes.setdefault(base, ())
        return NamedElement(
            array=base, axes=axes, shape=whole if view is None else view.shape, base=whole, view=view,
            dtype=self.dtypes.get(name, self.dtypes.get(base)),
        )  # fmt: skip

    def name_part(self, statement: NamePart, loops: Loops) -> list[Node]:
        """Note a part of an array, or a number, under its name."""
        places = {
            name: PlainArray(shape, "int64", Mapped(range(prod(shape)), _Spot))
            for name, shape in self.shapes.items()
            if prod(shape) <= MAX_VIEW and name not in self.scalars
        }
        places |= {name: view for name, (_, view) in self.views.items()}
        found = part(statement.text, places, {**self.scalars, **self.lengths})
        found = PlainArray((), "int64", (found,)) if isinstance(found, _Spot) else found
        if isinstance(found, PlainArray) and statement.target.isidentifier():
            base = base_of(statement.text)
            self.views[statement.target] = (self.views[base][0] if base in self.views else base, found)
            return []
        if isinstance(found, int | float | complex) and statement.target.isidentifier():
            self.numbers[statement.target] = found
            self.shapes[statement.target] = ()
            return []
        what = f"{statement.target} = {statement.text} is not traced"
        raise OptionError("EL438", what, hint="trace the expression without this part of an array")

    def keep_old(self, statement: KeepOld, loops: Loops) -> list[Node]:
        """Note the array as it is now under another name."""
        name, kept = statement.target, statement.buffer.name
        self.shapes[name], self.dtypes[name] = self.shapes[kept], self.dtypes[kept]
        return [Event(array=name, copies=kept)]

    def rows(self, statement: Rows, loops: Loops) -> list[Node]:
        """Note an array as lists of lists, with the order in which they are walked along."""
        whole = self.place(Access(buffer=statement.buffer))
        axes = list(range(len(whole.shape)))
        fixed: list[str | int] = ["?"] * len(axes)
        for axis, at in enumerate(statement.at):
            if at != ":":
                fixed[axis] = int(at)
        left: list[tuple[int, ...]] = [(axis,) for axis in axes if fixed[axis] == "?"]
        for first, second in statement.diagonals:
            both = left[first] + left[second]
            left = [one for number, one in enumerate(left) if number not in (first, second)] + [both]
        if statement.axes is not None:
            left = [left[axis] for axis in statement.axes]
        until = self.steps if whole.array in self.written else None
        self.lists[statement.target] = _Levels(replace(whole, axes=tuple(fixed), until=until, python=True), tuple(left))
        return []

    def new_list(self, statement: NewList, loops: Loops) -> list[Node]:
        """Return the beginning of the array that is made of a list in the end; of a list in another there is none."""
        name = statement.name
        self.begun[name] = len(loops)
        if name in self.parents:
            return []
        self.ends[name] = end = next(one for one in self.upcoming if one.rows == name)
        self.upcoming.remove(end)
        self.shapes[end.buffer] = tuple(self.lengths[name] for name in end.extents)
        if end.adds or end.over:
            return []
        self.dtypes[end.buffer] = end.dtype or "float64"
        self.written.add(end.buffer)
        return [Event(array=end.buffer)]

    def alloc(self, statement: Alloc, loops: Loops) -> list[Node]:
        """Return the beginning of an array of zeros, or of a scalar."""
        name = statement.buffer
        self.shapes[name] = tuple(self.lengths[extent] for extent in statement.extents)
        dtype = None if self.plain or (statement.dtype is None and not statement.extents) else statement.dtype
        self.dtypes[name] = dtype or (None if self.plain or not statement.extents else "float64")
        self.written.add(name)
        if statement.local:
            self.totals.add(name)
        zero = 0.0 if statement.local and not self.plain else 0
        return [Event(array=name, value=zero if statement.zero else None)]

    def loop(self, statement: Loop, loops: Loops) -> list[Node]:
        """Return a loop, or the several that one over all combinations stands for."""
        names = tuple(head.index for head in statement.heads)
        self.heads |= dict(zip(names, statement.heads, strict=True))
        if any(head.dots or head.counted or head.extent not in self.lengths for head in statement.heads):
            raise refused()
        body = self.body(statement.body, (*loops, *names))
        for head in reversed(statement.heads):
            extent, size = self.lengths[head.extent], head.size
            body = (repeat(name=head.index, extent=extent, body=body, step=head.step, start=head.start, size=size),)
        return list(body)

    def walk(self, statement: Walk, loops: Loops) -> list[Node]:
        """Return a loop along lists."""
        name = statement.of.index
        self.heads[name] = statement.of
        extent = self.lengths[statement.of.extent]
        for item, walked in statement.steps:
            place, ((*axes,), *levels) = self.lists[walked].place, self.lists[walked].levels
            found = tuple(name if axis in axes else one for axis, one in enumerate(place.axes))
            self.lists[item] = _Levels(replace(place, axes=found), tuple(levels))
        return [repeat(name=name, extent=extent, body=self.body(statement.body, (*loops, name)))]

    def body(self, statements: tuple[Statement, ...], loops: Loops) -> tuple[Node, ...]:
        """Return the nodes of what is inside loops."""
        return tuple(node for statement in statements for node in self.read(statement, loops))

    def append(self, statement: Append, loops: Loops) -> list[Node]:
        """Return what appends an element: it is the cell of the array that is made of the lists in the end."""
        if any(access.buffer in self.begun for access in statement.factors):
            return []
        name = statement.target
        axes = [loops[self.begun[name]]]
        while name in self.parents:
            name = self.parents[name]
            axes.insert(0, loops[self.begun[name]])
        end = self.ends[name]
        target = self.place(Access(buffer=end.buffer, subscripts=tuple(axes)))
        return [self.write(statement, target, adds=end.adds, cast=end.dtype)]

    def scalar_result(self, statement: FromRows, loops: Loops) -> list[Node]:
        """Return what makes a result without axes of a total; of other results every element is made already."""
        if statement.extents:
            return []
        self.shapes[statement.buffer] = ()
        if not statement.adds:
            self.dtypes[statement.buffer] = statement.dtype
        target, total = (self.place(Access(buffer=name)) for name in (statement.buffer, statement.rows))
        return [
            Write(
                target=target, terms=(((total,), BARE, ()),), adds=statement.adds, cast=statement.dtype,
                line=self.lines[id(statement)],
            )
        ]  # fmt: skip

    def round(self, statement: Round, loops: Loops) -> list[Node]:
        """Return what rounds every element."""
        name, dtype = statement.target.name, _declared(statement.target.dtype)
        shape = self.shapes[statement.source]
        self.shapes[name], self.dtypes[name] = shape, dtype
        names = tuple(f"{statement.index}.{axis}" for axis in range(len(shape)))  # no name of a loop has a dot
        target, source = (self.place(Access(buffer=one, subscripts=names)) for one in (name, statement.source))
        source = replace(source, dtype=None)  # it is read as it was added up
        line = self.lines[id(statement)]
        self.written.add(name)
        node: Node = Write(
            target=target, terms=(((source,), BARE, ()),), adds=False, cast=dtype, line=line, rounds=True
        )
        for axis, size in reversed(tuple(zip(names, shape, strict=True))):
            node = repeat(name=axis, extent=size, body=(node,), hidden=True)
        return [node]

    def product(self, statement: Assign | Accumulate, loops: Loops) -> list[Node]:
        """Return what writes a product into an element, or adds it."""
        return [self.write(statement, self.place(statement.target), adds=isinstance(statement, Accumulate))]

    def write(
        self, statement: Assign | Accumulate | Append, target: NamedElement, *, adds: bool, cast: str | None = None
    ) -> Write:
        """Return a statement that writes a cell."""
        terms = statement.terms
        if not isinstance(statement, Append) and statement.target.local:
            self.totals.add(target.array)
        dtype = self.dtypes.setdefault(target.array, None)
        self.written.add(target.array)
        minus = adds and not isinstance(statement, Append) and all(scale.negative for _, scale in terms)
        return Write(
            target=target,
            terms=tuple(
                (tuple(map(self.place, factors)), scale, tuple(map(self.place, scale.divisors)))
                for factors, scale in terms
            ),
            adds=adds,
            dtype=dtype if target.base else None,
            cast=cast,
            line=self.lines[id(statement)],
            minus=minus,
            logic=not isinstance(statement, Append) and statement.logic,
            from_zero=isinstance(statement, Assign) and statement.from_zero,
            wide=statement.wide,
        )


def refused() -> OptionError:
    """Return the refusal of loops with statements that are not followed."""
    return OptionError("EL438", "these loops have statements that are not traced", hint="leave --schedule out")


def _declared(dtype: str | None) -> str:
    """Return a dtype that the text declares. Raises OptionError where it is found at run time."""
    if dtype is None:
        raise refused()
    return dtype


READERS: Mapping[type, Callable[[_Reader, Any, Loops], list[Node]]] = {
    Accumulate: _Reader.product,
    Alloc: _Reader.alloc,
    Append: _Reader.append,
    Assign: _Reader.product,
    Convert: _Reader.convert,
    Extents: _Reader.extents,
    FromRows: _Reader.scalar_result,
    KeepOld: _Reader.keep_old,
    Loop: _Reader.loop,
    NamePart: _Reader.name_part,
    NewList: _Reader.new_list,
    Round: _Reader.round,
    Rows: _Reader.rows,
    Walk: _Reader.walk,
}
"""What reads each kind of statement that matters to steps."""
