"""The loop-nest IR: statements as immutable values. Schedules map Nest to Nest, targets render one. Holds no text."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from enum import Enum
from typing import TYPE_CHECKING, ClassVar, TypeAlias

from .buffer import Access, Buffer, Dtypes, Scale, Zero, scaled
from .frozen import dataclass
from .preparation import (
    Align,
    AsArray,
    Batch,
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
from .rows import Append, FromRows, NewList, Rows
from .spec import DOTS, Index, Role

if TYPE_CHECKING:
    from .kernel import Packed, PackedPlan, Permuted, PermutedPlan


@dataclass(frozen=True, slots=True, kw_only=True)
class Alloc:
    """Make a buffer of zeros; with no extents a scalar zero.

    `dtype` is declared, or read at run time from `variable` (a dtype) or `like` (an operand), or None: floats.
    `local`: a running total inside the loops, not the result; `owned`: an intermediate, which the program has to make
    and to free; `sums_of`: the array into which its elements are rounded in the end. Not `zero`: every element is
    assigned before it is read. `dots` is the position of the batch extents.
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
    sums_of: str | None = None
    zero: bool = True
    subscripts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Assign:
    """target = product of the factors. `from_zero`: the product is added to a zero first, as np.einsum does.

    `more` are further products that are added to the first, where a loop was unrolled, or in a sum of einsums; `scales`
    are what stands beside the factors of each, none where nothing does. `wide` is the dtype to compute in, where the
    factors' own is too narrow.
    """

    block: ClassVar[str] = "assign"
    target: Access
    factors: tuple[Access, ...]
    logic: bool = False
    from_zero: bool = False
    more: tuple[tuple[Access, ...], ...] = ()
    wide: str | None = None
    scales: tuple[Scale, ...] = ()

    @property
    def products(self) -> tuple[tuple[Access, ...], ...]:
        """All products."""
        return (self.factors, *self.more)

    @property
    def terms(self) -> tuple[tuple[tuple[Access, ...], Scale], ...]:
        """All products, each with its scale."""
        return scaled(self.products, self.scales)


@dataclass(frozen=True, slots=True, kw_only=True)
class Accumulate:
    """target += product of the factors (for booleans: target |= AND of the factors).

    `more`, `scales` and `wide` are as in an `Assign`.
    """

    block: ClassVar[str] = "accumulate"
    target: Access
    factors: tuple[Access, ...]
    logic: bool = False
    more: tuple[tuple[Access, ...], ...] = ()
    wide: str | None = None
    scales: tuple[Scale, ...] = ()

    @property
    def products(self) -> tuple[tuple[Access, ...], ...]:
        """All products."""
        return (self.factors, *self.more)

    @property
    def terms(self) -> tuple[tuple[tuple[Access, ...], Scale], ...]:
        """All products, each with its scale."""
        return scaled(self.products, self.scales)


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """Round the sums in the array or scalar `source` into `target`, which has the same name where it may be made anew.

    The dtype of `target` is declared, or read at run time from `variable` (and that of the sums from `wide`). `index`
    is a name for an index over all elements.
    """

    block: ClassVar[str] = "round"
    target: Buffer
    source: str
    index: str
    variable: str | None = None
    wide: str | None = None


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
    def label(self) -> str:
        """The label of its index."""
        return self.of.label

    @property
    def summed(self) -> bool:
        """Its index is summed."""
        return self.of.role is Role.SUMMED

    @property
    def count(self) -> int:
        """How many iterations its index has. Needs a known extent."""
        assert isinstance(self.of.extent, int)
        return self.of.extent

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
class Walk:
    """for items in zip(lists): body. `steps` are pairs (item, list); `of` says which index the loop walks along."""

    block: ClassVar[str] = "walk"
    steps: tuple[tuple[str, str], ...]
    of: Head
    body: tuple[Statement, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Kernel:
    """A whole stage as one call: its functions have names that begin with `prefix`, `plan` says how they run.

    With `threads` above 1 it is so many calls at once, each for a share: from one to the next, left, right and target
    move on by so many elements (`moves`). `versions`: the plans of which the compiler's flags choose, each with the
    bytes of a vector, the widest first; none where `plan` is the only one.
    """

    plan: PackedPlan | PermutedPlan
    prefix: str
    versions: tuple[tuple[int, PackedPlan | PermutedPlan], ...] = ()
    threads: int = 1
    moves: tuple[int, int, int] = (0, 0, 0)

    @property
    def block(self) -> str:
        """The template block that renders the call."""
        return self.plan.block


Statement: TypeAlias = (
    Extents | CheckRank | CheckExtent | CheckNested | CheckDtype | AsArray | CommonDtype | SummingDtype | Convert
    | Batch | Align | Alloc | Assign | Accumulate | Round | Loop | Remark | Rows | Walk | NewList | Append | FromRows
    | Kernel | SumDtype | KeepOld | NamePart | CheckDivisor
)  # fmt: skip


class StatementKind(Enum):
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
    kind: StatementKind | None = None
    problem: Packed | Permuted | None = None

    @property
    def statements(self) -> tuple[Statement, ...]:
        """All of it."""
        return (*self.setup, *self.body)

    @property
    def heads(self) -> tuple[Head, ...]:
        """The loops that stand directly inside each other, outermost first."""
        return chain(self.body)[0]

    @property
    def statement(self) -> Assign | Accumulate:
        """The statement inside these loops."""
        return next(s for s in chain(self.body)[1] if isinstance(s, Assign | Accumulate))

    @property
    def arrays(self) -> tuple[Access, ...]:
        """The elements that it writes and reads by strides."""
        return tuple(a for a in (self.statement.target, *self.factors) if a.strides is not None)

    @property
    def factors(self) -> tuple[Access, ...]:
        """What its statement multiplies, in all products."""
        return tuple(access for factors in self.statement.products for access in factors)

    @property
    def dtype(self) -> str:
        """The dtype of its sums."""
        return self.zero.dtype or "float64"


@dataclass(frozen=True, slots=True, kw_only=True)
class Nest:
    """A program for one expression: inputs, preparation, a loop nest or the several of a path, what ends it, result."""

    inputs: tuple[Buffer, ...]
    result: Buffer
    prepare: tuple[Statement, ...]
    stages: tuple[Stage, ...]
    checked: bool
    """Inputs outside the contract are refused at run time."""
    dtypes: Dtypes
    finish: tuple[Statement, ...] = ()
    also: tuple[Buffer, ...] = ()  # further results, which stand before it
    updates: bool = False  # the result is written into the array of the input that has its name

    @property
    def read_only(self) -> tuple[Buffer, ...]:
        """The inputs that are not written."""
        return tuple(buffer for buffer in self.inputs if not self.updates or buffer.name != self.result.name)

    @property
    def intermediates(self) -> tuple[Alloc, ...]:
        """The arrays beside inputs and result, which the program makes for itself."""
        setups = (*self.prepare, *(s for stage in self.stages for s in stage.setup))
        return tuple(s for s in setups if isinstance(s, Alloc) and s.owned and s.extents)

    @property
    def kernels(self) -> tuple[Kernel, ...]:
        """The stages that are one call."""
        return tuple(s for stage in self.stages for s in stage.body if isinstance(s, Kernel))

    @property
    def fallible(self) -> bool:
        """It needs memory beside its inputs and its result, which may run out."""
        return bool(self.intermediates) or any(kernel.block == "packed" for kernel in self.kernels)

    @property
    def written_in_loops(self) -> bool:
        """Some array is read by strides and the result written beside it: a compiler must know that they are apart."""
        return any(access.strides is not None for access in accesses(self.body))

    @property
    def body(self) -> tuple[Statement, ...]:
        """The statements after the preparation."""
        return (*(statement for stage in self.stages for statement in stage.statements), *self.finish)

    def map_bodies(self, change: Callable[[Stage], tuple[Statement, ...]]) -> Nest:
        """Return the same program with other loops in each stage."""
        return replace(self, stages=tuple(replace(stage, body=change(stage)) for stage in self.stages))


def every(statements: tuple[Statement, ...]) -> Iterator[Statement]:
    """Yield all statements, at every depth."""
    for statement in statements:
        yield statement
        if isinstance(statement, Loop | Walk):
            yield from every(statement.body)


def accesses(statements: tuple[Statement, ...]) -> Iterator[Access]:
    """Yield the elements that statements write and read, at every depth, the target of each first."""
    for statement in every(statements):
        if isinstance(statement, Assign | Accumulate):
            yield statement.target
            yield from (access for factors in statement.products for access in factors)
            yield from (access for scale in statement.scales for access in scale.divisors)


def chain(body: tuple[Statement, ...]) -> tuple[tuple[Head, ...], tuple[Statement, ...]]:
    """Return the heads of the loops that stand directly inside each other, and what the innermost holds."""
    heads: list[Head] = []
    while len(body) == 1 and isinstance(body[0], Loop):
        heads += body[0].heads
        body = body[0].body
    return tuple(heads), body


def nested(heads: Iterable[Head], body: tuple[Statement, ...]) -> tuple[Statement, ...]:
    """Return `body` inside one loop per head, the first outermost."""
    for head in reversed(tuple(heads)):
        body = (Loop(heads=(head,), body=body),)
    return body


def heads_of(statements: tuple[Statement, ...]) -> tuple[Head, ...]:
    """Return what the loops run over, at every depth, outermost first."""
    return tuple(head for statement in every(statements) if isinstance(statement, Loop) for head in statement.heads)


def nesting(statements: tuple[Statement, ...]) -> int:
    """Return how many loops stand inside each other at most."""
    return max((1 + nesting(s.body) for s in statements if isinstance(s, Loop | Walk)), default=0)
