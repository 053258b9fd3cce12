"""The loop-nest IR: statements as immutable values. Schedules map Nest to Nest, targets render one. Holds no text."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from enum import Enum
from typing import ClassVar, TypeAlias

from .kernel import Packed, PackedPlan, Permuted, PermutedPlan
from .spec import DOTS, Index


@dataclass(frozen=True, slots=True, kw_only=True)
class Buffer:
    """An array or scalar the loops read or write.

    `rank` is the number of named axes (an ellipsis of unknown rank not counted); `dtype` the declared one or None.
    `extents` are those of the axes, as text; `strides` how many elements one step along each axis moves on, None where
    the array is contiguous with the last axis fastest.
    """

    name: str
    rank: int
    dots: int | None = None
    dtype: str | None = None
    extents: tuple[str, ...] = ()
    strides: tuple[int, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """One element of a buffer: names of indices, or '0' on a stretched axis.

    `dots` is the position of the index that stands for all axes of an ellipsis; `boxed` marks a scalar that
    is read out of a 0-d array. `extents` are those of the buffer's axes, `dtype` its declared dtype or None.
    With `strides` the element lies `start` elements, and for each subscript its stride times the index, behind the
    buffer's element 0,0,...; a subscript may then stand for several axes at once. What has strides, none of them
    perhaps, is an array; what has neither strides nor subscripts is a scalar.
    """

    buffer: str
    subscripts: tuple[str, ...] = ()
    dots: int | None = None
    boxed: bool = False
    extents: tuple[str, ...] = ()
    dtype: str | None = None
    strides: tuple[int, ...] | None = None
    start: int = 0

    def stride(self, index: str) -> int:
        """Return how many elements one iteration of an index moves on; 0 where it stays. Needs `strides`."""
        return sum(n for name, n in zip(self.subscripts, self.strides or (), strict=True) if name == index)


@dataclass(frozen=True, slots=True, kw_only=True)
class Extents:
    """Read the extents of an operand's axes into `names`; `_` where an axis is of no interest (stretched, size 1).

    `stretched` holds (axis, index) for the comment that says so; `dots` is the position of the batch extents.
    """

    block: ClassVar[str] = "extents"
    buffer: Buffer
    names: tuple[str, ...]
    dots: int | None = None
    stretched: tuple[tuple[int, str], ...] = ()

    @property
    def reads(self) -> bool:
        """Some extent is read; otherwise there is only to say which axes are stretched."""
        return any(name != "_" for name in self.names)


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckRank:
    """Refuse an operand with another number of axes. `atleast` where an ellipsis covers the rest."""

    block: ClassVar[str] = "check_rank"
    buffer: Buffer
    term: str
    rank: int
    atleast: bool
    lost_dots: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckExtent:
    """Refuse an axis whose length differs from the extent read elsewhere, or a stretched axis that is not 1."""

    block: ClassVar[str] = "check_extent"
    buffer: Buffer
    axis: int
    label: str
    extent: str | None
    other: str = ""
    other_axis: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckNested:
    """Refuse nested lists of another depth, with rows of unequal length, or too empty to show their extents.

    `items` are names for the items of each level.
    """

    block: ClassVar[str] = "check_nested"
    buffer: Buffer
    term: str
    items: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckDtype:
    """Refuse an operand whose dtype is not the declared one; `swapped`: in another byte order it is."""

    block: ClassVar[str] = "check_dtype"
    buffer: Buffer
    swapped: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AsArray:
    """Take anything array-like."""

    block: ClassVar[str] = "as_array"
    buffer: Buffer


@dataclass(frozen=True, slots=True, kw_only=True)
class CommonDtype:
    """Find the operands' common dtype at run time; refuse dtypes without arithmetic."""

    block: ClassVar[str] = "common_dtype"
    variable: str
    buffers: tuple[Buffer, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Convert:
    """Convert an operand to the common dtype: a declared one, or the one in `variable`.

    `boxed`: a scalar is, and stays, a 0-d array.
    """

    block: ClassVar[str] = "convert"
    buffer: Buffer
    boxed: bool = False
    dtype: str | None = None
    variable: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """Find the extents `name` to which the axes covered by the operands' ellipses, `parts`, broadcast."""

    block: ClassVar[str] = "batch"
    name: str
    parts: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Align:
    """Make `target`, a view of an operand that has the common batch extents where its ellipsis stands.

    `names` are the extents of all its axes, the batch's own (`part`) at position `dots`.
    """

    block: ClassVar[str] = "align"
    buffer: Buffer
    target: str
    batch: str
    part: str
    names: tuple[str, ...]
    dots: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Alloc:
    """Make a buffer of zeros; with no extents a scalar zero.

    `dtype` is declared, or read at run time from `variable` (a dtype) or `like` (an operand), or None: floats.
    `local`: a running total inside the loops, not the result; `owned`: an intermediate, which the program has to make
    and to free. Not `zero`: every element is assigned before it is read. `dots` is the position of the batch extents.
    """

    block: ClassVar[str] = "alloc"
    buffer: str
    extents: tuple[str, ...]
    dots: int | None = None
    dtype: str | None = None
    variable: str | None = None
    like: str | None = None
    local: bool = False
    owned: bool = False
    zero: bool = True
    subscripts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Assign:
    """target = product of the factors. `from_zero`: the product is added to a zero first, as np.einsum does.

    `more` are further products that are added to the first, where a loop was unrolled.
    """

    block: ClassVar[str] = "assign"
    target: Access
    factors: tuple[Access, ...]
    logic: bool = False
    from_zero: bool = False
    more: tuple[tuple[Access, ...], ...] = ()

    @property
    def products(self) -> tuple[tuple[Access, ...], ...]:
        """All products."""
        return (self.factors, *self.more)


@dataclass(frozen=True, slots=True, kw_only=True)
class Accumulate:
    """target += product of the factors (for booleans: target |= AND of the factors).

    `more` are further products that are added, where a loop was unrolled.
    """

    block: ClassVar[str] = "accumulate"
    target: Access
    factors: tuple[Access, ...]
    logic: bool = False
    more: tuple[tuple[Access, ...], ...] = ()

    @property
    def products(self) -> tuple[tuple[Access, ...], ...]:
        """All products."""
        return (self.factors, *self.more)


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """What a loop runs over: the names of an index and its extent.

    For comments `of` is the index itself, `places` where it occurs: (buffer, axis), the result's last. `step` is 1,
    or the size of a block where the loop runs over blocks; inside a block of `size` iterations the loop begins at
    `start`, or where it is `counted` at 0, with elements addressed from `start` on; `whole` says that every block is
    full. `threads`: iterations are shared among so many threads, 0 for as many as there are.
    """

    of: Index
    index: str
    extent: str
    places: tuple[tuple[str, int], ...] = ()
    step: int = 1
    start: str | None = None
    size: int = 0
    whole: bool = False
    counted: bool = False
    threads: int = 1

    @property
    def dots(self) -> bool:
        """It runs over all axes of an ellipsis at once."""
        return self.of.label == DOTS

    @property
    def tiled(self) -> bool:
        """It runs over blocks, or inside one."""
        return self.step > 1 or self.start is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Loop:
    """for index in range(extent): body. With several heads: one loop over all their combinations, row-major."""

    heads: tuple[Head, ...]
    body: tuple[Statement, ...]

    @property
    def block(self) -> str:
        """The template block that renders it."""
        if len(self.heads) > 1:
            return "loop_product"
        return "loop_dots" if self.heads[0].dots else "loop"


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """What a step of a contraction path computes, for a comment: its number of how many, what it takes and sums over.

    `points` are its loop iterations, a number or the names of the extents; `naive` those of one nest for all.
    """

    block: ClassVar[str] = "remark"
    number: int
    of: int
    target: Access
    factors: tuple[Access, ...]
    over: tuple[str, ...]
    points: int | tuple[str, ...]
    naive: int | tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """Make `target`, an operand's values as nested lists whose levels follow the loops.

    `at` is `0` for a stretched axis and `:` for others; `diagonals` are pairs of axes to take the diagonal of, one
    after the other (each goes to the end); `axes` is the order of the axes that are left then, None where they stand in
    it.
    """

    block: ClassVar[str] = "rows"
    target: str
    buffer: str
    at: tuple[str, ...] = ()
    diagonals: tuple[tuple[int, int], ...] = ()
    axes: tuple[int, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Walk:
    """for items in zip(lists): body. `steps` are pairs (item, list); `of` says which index the loop walks along."""

    block: ClassVar[str] = "walk"
    steps: tuple[tuple[str, str], ...]
    of: Head
    body: tuple[Statement, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NewList:
    """Begin an empty list."""

    block: ClassVar[str] = "new_list"
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Append:
    """Append to a list: another list, a total, or the product of factors."""

    block: ClassVar[str] = "append"
    target: str
    factors: tuple[Access, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FromRows:
    """Make the array `buffer` of these extents from nested lists."""

    block: ClassVar[str] = "from_rows"
    buffer: str
    rows: str
    extents: tuple[str, ...]
    dtype: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Kernel:
    """A whole stage as one call: its functions have names that begin with `prefix`, `plan` says how they run."""

    plan: PackedPlan | PermutedPlan
    prefix: str

    @property
    def block(self) -> str:
        """The template block that renders the call."""
        return self.plan.block


Statement: TypeAlias = (
    Extents | CheckRank | CheckExtent | CheckNested | CheckDtype | AsArray | CommonDtype | Convert | Batch | Align
    | Alloc | Assign | Accumulate | Loop | Remark | Rows | Walk | NewList | Append | FromRows | Kernel
)  # fmt: skip


class Kind(Enum):
    """What sort of work a nest is, which decides how it is made fast."""

    EMPTY = "empty"
    """Some extent is 0."""
    TINY = "tiny"
    """So few iterations, or so few beside those over a batch, that loops cost more than what they do."""
    PRODUCT = "product"
    """Shaped like a matrix product: every number read is used many times."""
    PERMUTATION = "permutation"
    """Copies one array whose fastest axis is not that of the result."""
    MEMORY = "memory"
    """Bound by how fast arrays are read: every number is used once or a few times."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """One loop nest of a program: what stands right before its loops, and the loops around one statement.

    `zero` is how the zeros are typed that its sums start from; `kind` what sort of nest it is, where that was asked,
    and `problem` the whole of it as a kernel would take it.
    """

    setup: tuple[Statement, ...]
    body: tuple[Statement, ...]
    zero: Zero
    kind: Kind | None = None
    problem: Packed | Permuted | None = None

    @property
    def statements(self) -> tuple[Statement, ...]:
        """All of it."""
        return (*self.setup, *self.body)


@dataclass(frozen=True, slots=True, kw_only=True)
class Zero:
    """The dtype of the zeros that sums start from: declared, read at run time from a variable or like an operand, or
    (None of them) floats."""

    dtype: str | None = None
    variable: str | None = None
    like: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Nest:
    """A program for one expression: inputs, preparation, a loop nest or the several of a path, result."""

    inputs: tuple[Buffer, ...]
    result: Buffer
    prepare: tuple[Statement, ...]
    stages: tuple[Stage, ...]
    checked: bool
    """Inputs outside the contract are refused at run time."""

    @property
    def intermediates(self) -> tuple[Alloc, ...]:
        """The arrays between the steps of a path, which the program makes for itself."""
        return tuple(s for stage in self.stages for s in stage.setup if isinstance(s, Alloc) and s.owned and s.extents)

    @property
    def kernels(self) -> tuple[Kernel, ...]:
        """The stages that are one call."""
        return tuple(s for stage in self.stages for s in stage.body if isinstance(s, Kernel))

    @property
    def fallible(self) -> bool:
        """It needs memory beside its inputs and its result, which may run out."""
        return bool(self.intermediates) or any(isinstance(kernel.plan, PackedPlan) for kernel in self.kernels)

    @property
    def written_in_loops(self) -> bool:
        """Some array is read by strides and the result written beside it: a compiler must know that they are apart."""
        return any(
            isinstance(s, Assign | Accumulate) and any(a.strides is not None for a in (s.target, *s.factors))
            for s in every(self.body)
        )

    @property
    def body(self) -> tuple[Statement, ...]:
        """The statements behind the preparation."""
        return tuple(statement for stage in self.stages for statement in stage.statements)

    def map_bodies(self, change: Callable[[Stage], tuple[Statement, ...]]) -> Nest:
        """Return the same program with other loops in each stage."""
        return replace(self, stages=tuple(replace(stage, body=change(stage)) for stage in self.stages))


def every(statements: tuple[Statement, ...]) -> Iterator[Statement]:
    """Yield all statements, at every depth."""
    for statement in statements:
        yield statement
        if isinstance(statement, Loop | Walk):
            yield from every(statement.body)


def heads_of(statements: tuple[Statement, ...]) -> tuple[Head, ...]:
    """Return what the loops run over, at every depth, outermost first."""
    return tuple(head for statement in every(statements) if isinstance(statement, Loop) for head in statement.heads)


def nesting(statements: tuple[Statement, ...]) -> int:
    """Return how many loops stand inside each other at most."""
    return max((1 + nesting(s.body) for s in statements if isinstance(s, Loop | Walk)), default=0)
