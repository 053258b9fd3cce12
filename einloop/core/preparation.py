"""What stands before the loops: reading extents, checks, conversions, ellipses. Statements as immutable values."""

from __future__ import annotations

from typing import ClassVar

from .buffer import Buffer
from .frozen import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Extents:
    """Read the extents of an operand's axes into `names`; `_` where an axis is of no interest (stretched, size 1).

    `stretched` holds (axis, index) for the comment that says so; `dots` is the position of the batch extents; `known`
    are names that an earlier statement has read already.
    """

    block: ClassVar[str] = "extents"
    buffer: Buffer
    names: tuple[str, ...]
    dots: int | None = None
    stretched: tuple[tuple[int, str], ...] = ()
    known: tuple[str, ...] = ()

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
    """Refuse an operand whose dtype is not the declared one; in another byte order it is the same."""

    block: ClassVar[str] = "check_dtype"
    buffer: Buffer


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
class SummingDtype:
    """Find the dtype to multiply and add in: that in the variable `of`, or for each of the pairs (dtype, other) the
    other."""

    block: ClassVar[str] = "summing_dtype"
    variable: str
    of: str
    pairs: tuple[tuple[str, str], ...]


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
class SumDtype:
    """Find the dtype of a sum of products at run time; refuse dtypes that are not of numbers.

    `terms` are the arrays of each product, with the kind of number beside them where it makes floats or complex numbers
    of whole ones, else None. Their dtypes combine term by term, as numpy adds them.
    `into`: the array that the sum is added to, or written over, which must have that dtype.
    """

    block: ClassVar[str] = "sum_dtype"
    variable: str
    terms: tuple[tuple[tuple[str, ...], str | None], ...]
    buffers: tuple[Buffer, ...]
    into: Buffer | None = None
    over: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class KeepOld:
    """Call the array `buffer`, as it is before it is written, `target`. `copied`: it is written in its place.

    `items` are names for the items of each level, where it is a nested list.
    """

    block: ClassVar[str] = "keep_old"
    target: str
    buffer: Buffer
    copied: bool
    items: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class NamePart:
    """Call a part of an array, or a length, `target`: `text` says which, in names and numbers that are known to be
    such. Where `target` is itself a part, what `text` names is put there."""

    block: ClassVar[str] = "name_part"
    target: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckDivisor:
    """Refuse a length of zero, called `name` in the loops, that divides something; `title` says of what it is."""

    block: ClassVar[str] = "check_divisor"
    name: str
    title: str
