"""The loop-nest IR: statements as immutable values. Schedules map Nest to Nest, targets render one. Holds no text."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar, TypeAlias

from .spec import DOTS, Index


@dataclass(frozen=True, slots=True, kw_only=True)
class Buffer:
    """An array or scalar the loops read or write.

    `rank` is the number of named axes (an ellipsis of unknown rank not counted); `dtype` the declared one or None.
    """

    name: str
    rank: int
    dots: int | None = None
    dtype: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """One element of a buffer: names of indices, or '0' on a stretched axis.

    `dots` is the position of the index that stands for all axes of an ellipsis; `boxed` marks a scalar that
    is read out of a 0-d array.
    """

    buffer: str
    subscripts: tuple[str, ...] = ()
    dots: int | None = None
    boxed: bool = False


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
    `local`: a running total inside the loops, not the result. `dots` is the position of the batch extents.
    """

    block: ClassVar[str] = "alloc"
    buffer: str
    extents: tuple[str, ...]
    dots: int | None = None
    dtype: str | None = None
    variable: str | None = None
    like: str | None = None
    local: bool = False
    subscripts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Assign:
    """target = product of the factors. `from_zero`: the product is added to a zero first, as np.einsum does."""

    block: ClassVar[str] = "assign"
    target: Access
    factors: tuple[Access, ...]
    logic: bool = False
    from_zero: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Accumulate:
    """target += product of the factors (for booleans: target |= AND of the factors)."""

    block: ClassVar[str] = "accumulate"
    target: Access
    factors: tuple[Access, ...]
    logic: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """What a loop runs over: the names of an index and its extent.

    For comments `of` is the index itself, `places` where it occurs: (buffer, axis), the result's last.
    """

    of: Index
    index: str
    extent: str
    places: tuple[tuple[str, int], ...] = ()

    @property
    def dots(self) -> bool:
        """It runs over all axes of an ellipsis at once."""
        return self.of.label == DOTS


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


Statement: TypeAlias = (
    Extents | CheckRank | CheckExtent | CheckNested | CheckDtype | AsArray | CommonDtype | Convert | Batch | Align
    | Alloc | Assign | Accumulate | Loop
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Nest:
    """A program for one expression: inputs, preparation, allocation, loops, result."""

    inputs: tuple[Buffer, ...]
    result: Buffer
    prepare: tuple[Statement, ...]
    body: tuple[Statement, ...]
    checked: bool
    """Inputs outside the contract are refused at run time."""

    def with_body(self, body: tuple[Statement, ...]) -> Nest:
        """Return the same nest with another body."""
        return replace(self, body=body)


def nesting(statements: tuple[Statement, ...]) -> int:
    """Return how many loops stand inside each other at most."""
    return max((1 + nesting(s.body) for s in statements if isinstance(s, Loop)), default=0)
