"""Whole kernels: a contraction shaped like a matrix product, and how it is packed and blocked. Data; no text."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from math import prod
from typing import ClassVar

from .buffer import BARE, Access, Scale
from .dtypes import item_bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Axis:
    """One index of a kernel: how many iterations, and how many elements each array moves on at each (0: it stays).

    Strides may be negative; arrays are addressed from their element 0,0,...
    """

    name: str
    extent: int
    left: int = 0
    right: int = 0
    target: int = 0


Scaling = tuple[tuple[Access, ...], Scale]
"""Scalars, and what stands beside them: one number, known when the kernel is called."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Blend:
    """What a product becomes as it is written: `scale` times the product, and `keep` times what is in `old`.

    `old` lies in memory as the target, which it may be; None where nothing is kept. `absorbed`: the nest before the
    kernel wrote that, and is not needed any more.
    """

    scale: Scaling
    keep: Scaling = ((), BARE)
    old: str | None = None
    absorbed: bool = False

    @property
    def arrays(self) -> tuple[str, ...]:
        """The arrays that are read for it."""
        scalars = (*self.scale[0], *self.scale[1].divisors, *self.keep[0], *self.keep[1].divisors)
        read = [access.buffer for access in scalars if not access.is_scalar]
        return tuple(dict.fromkeys([*read, *([self.old] if self.old else [])]))


@dataclass(frozen=True, slots=True, kw_only=True)
class Packed:
    """target[batch, rows, columns] = sum of left[batch, rows, contracted] * right[batch, contracted, columns].

    All extents are known and at least 1; `target` is written, not added to, and overlaps neither operand. Every index
    of one kind behaves alike: a row index stands in left and target, a column index in right and target, a contracted
    one in left and right, a batch index in all three. `dtype` is one that kernels are written for. With a `blend` the
    product is scaled, and the target may be added to.
    """

    target: str
    left: str
    right: str
    dtype: str
    batch: tuple[Axis, ...]
    rows: tuple[Axis, ...]
    columns: tuple[Axis, ...]
    contracted: tuple[Axis, ...]
    blend: Blend | None = None

    @property
    def operands(self) -> tuple[str, ...]:
        """The arrays that it reads."""
        return (self.left, self.right, *(() if self.blend is None else self.blend.arrays))


@dataclass(frozen=True, slots=True, kw_only=True)
class Expansion:
    """A complex operand written out so that a product of complex numbers is one of real matrices.

    Each number x + iy becomes two rows of two, x y and -y x: added up with the parts of a number of the other operand,
    they give the parts of the product. `outer` are the combinations for which rows are written, `rows` those that make
    a row, each an extent and the source's stride in complex numbers, slow to fast.
    """

    outer: tuple[tuple[int, int], ...]
    rows: tuple[tuple[int, int], ...]

    @property
    def row(self) -> int:
        """Real numbers in a row."""
        return 2 * prod(extent for extent, _ in self.rows)

    @property
    def length(self) -> int:
        """Real numbers in all."""
        return 2 * self.row * prod(extent for extent, _ in self.outer)


@dataclass(frozen=True, slots=True)
class KernelStep:
    """One loop over an index, or over a part of one: iterations, and elements that two arrays move on at each.

    Rows: `source` is the operand of the rows, `other` the target. Columns: the operand of the columns, and the target.
    Depth (contracted): the operand of the rows, and that of the columns.
    """

    extent: int
    source: int = 0
    other: int = 0

    def split(self, inner: int) -> tuple[KernelStep, KernelStep]:
        """Return the step over blocks of `inner` iterations, which must divide the extent, and the one inside a block.

        >>> KernelStep(12, 1, 5).split(4)
        (KernelStep(extent=3, source=4, other=20), KernelStep(extent=4, source=1, other=5))
        """
        outer = KernelStep(self.extent // inner, self.source * inner, self.other * inner)
        return outer, KernelStep(inner, self.source, self.other)


class Blocks(Enum):
    """Whether rows that are contiguous in the target by one index and in the operand by another run in blocks."""

    NONE = "none"
    """One index is contiguous in both, or none in the operand."""
    EVEN = "even"
    """Blocks divide both indices: the last two steps are one block."""
    UNEVEN = "uneven"
    """Blocks do not divide them: the two indices are the last two steps."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """The steps of a kernel, each group slow to fast and none empty, and in what blocks the rows run.

    `granule`: how many rows are copied, transposed and written together where they are contiguous.
    """

    rows: tuple[KernelStep, ...]
    columns: tuple[KernelStep, ...]
    depth: tuple[KernelStep, ...]
    blocks: Blocks
    granule: int

    @property
    def extents(self) -> tuple[int, int, int]:
        """Rows, columns, and products that each element of the target sums up."""
        return _count(self.rows), _count(self.columns), _count(self.depth)


class Packing(Enum):
    """How an operand gets into the panels that the micro-kernel reads."""

    DIRECT = "direct"
    """Not at all: the micro-kernel reads it where it lies."""
    COPY = "copy"
    """Lanes are contiguous: copied in runs."""
    ACROSS_DEPTH = "across depth"
    """A contracted index is contiguous: blocks are transposed in registers."""
    ACROSS_ROWS = "across rows"
    """An index of the rows other than the fastest is contiguous: blocks of the two are transposed in registers."""
    ACROSS_RUNS = "across runs"
    """The same where the blocks do not divide the indices: what is left at their ends is gathered."""
    ACROSS_BLOCKS = "across blocks"
    """A contracted index other than the fastest is contiguous: blocks of it are transposed in registers."""
    GATHER = "gather"
    """Nothing is contiguous: element by element."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tile:
    """What the micro-kernel keeps in registers: vectors of rows by columns."""

    vectors: int
    columns: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PackedPlan:
    """A kernel with every decision taken. Sizes in elements.

    The rows are those of the operand whose lanes fill the vectors: `right`, where `swapped`. With an `expansion` that
    operand is written out first; `kernel` is the product of real numbers that is left.
    """

    block: ClassVar[str] = "packed"
    kernel: Packed
    swapped: bool
    lanes: int
    order: Order
    tile: Tile
    row_block: int
    column_block: int
    depth_block: int
    row_packing: Packing
    column_packing: Packing
    expansion: Expansion | None = None

    @property
    def size(self) -> int:
        """Bytes of an element."""
        return item_bytes(self.kernel.dtype)

    @property
    def batch(self) -> tuple[tuple[Axis, int, int], ...]:
        """The batch indices, the one that moves the target most first, with the strides of the two operands."""
        axes = sorted((axis for axis in self.kernel.batch if axis.extent > 1), key=lambda axis: -abs(axis.target))
        return tuple((axis, *((axis.right, axis.left) if self.swapped else (axis.left, axis.right))) for axis in axes)

    @property
    def panel(self) -> int:
        """Rows of a tile."""
        return self.tile.vectors * self.lanes

    @property
    def tiles(self) -> tuple[Tile, ...]:
        """The tiles for which there is a micro-kernel: the whole one, and those at the edges, at most three."""
        rows, columns, _ = self.order.extents
        vectors = {min(self.tile.vectors, -(-rows // self.lanes)), -(-(rows % self.panel) // self.lanes)}
        widths = {self.tile.columns, columns % self.tile.columns}
        return tuple(Tile(vectors=v, columns=n) for v in sorted(vectors - {0}) for n in sorted(widths - {0}))

    @property
    def whole(self) -> bool:
        """Every vector that is full is contiguous in the target."""
        return self.order.rows[-1].other == 1 and self._divides(self.lanes)

    @property
    def marks_target(self) -> bool:
        """A table says which granules are contiguous in the target: some are, others are not."""
        return not self.whole and self.order.rows[-1].other == 1

    @property
    def marked(self) -> bool:
        """There is such a table, for writing or for packing."""
        return self.marks_target or (not self.whole and self.row_packing in (Packing.COPY, Packing.DIRECT))

    @property
    def copied_whole(self) -> bool:
        """Every panel that is full is contiguous in the operand."""
        return self.order.rows[-1].source == 1 and self._divides(self.panel)

    def _divides(self, size: int) -> bool:
        """Return whether so many rows at a time never reach beyond the fastest index."""
        return len(self.order.rows) == 1 or self.order.rows[-1].extent % size == 0

    @property
    def keeps_rows(self) -> bool:
        """All rows at full depth fit in one block: they are packed once, not for every block of columns."""
        rows, _, depth = self.order.extents
        return rows <= self.row_block and depth <= self.depth_block


def _count(steps: tuple[KernelStep, ...]) -> int:
    """Return how many combinations the steps have."""
    return prod(step.extent for step in steps)


@dataclass(frozen=True, slots=True, kw_only=True)
class Permuted:
    """target[...] = source[...] where the two lie in memory in different orders: an index for every axis of the target.

    Of an axis, `left` is the stride in the source, which may be 0 or negative, and `target` that in the target. All
    extents are known and at least 1; every element of `target` is written once, and it does not overlap the source.
    `size` is the bytes of an element, of any dtype: they are moved as they are.
    """

    target: str
    source: str
    size: int
    axes: tuple[Axis, ...]

    @property
    def operands(self) -> tuple[str, ...]:
        """The arrays that it reads."""
        return (self.source,)


@dataclass(frozen=True, slots=True, kw_only=True)
class StrideRun:
    """Elements that lie together in one array, a side of a tile: `unit` of them at each iteration of an index.

    `chunk` of its `extent` iterations make a whole run; `offsets` says where its elements are in the other array.
    """

    unit: int
    chunk: int
    extent: int
    offsets: tuple[int, ...]

    @property
    def length(self) -> int:
        """Elements of a whole run."""
        return self.unit * self.chunk

    @property
    def rest(self) -> int:
        """Elements of the last run where it is not a whole one, or 0."""
        return self.extent % self.chunk * self.unit


class Side(Enum):
    """What a loop around tiles moves along."""

    READ = "read"
    """The runs of the source."""
    WRITTEN = "written"
    """The runs of the target."""
    OTHER = "other"
    """An index that stands in neither."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KernelRound:
    """A loop around the tiles: `chunk` iterations of an index at a time. Strides in elements, at one iteration."""

    extent: int
    chunk: int
    source: int
    target: int
    side: Side


@dataclass(frozen=True, slots=True, kw_only=True)
class PermutedPlan:
    """A permutation with every decision taken: tiles are read along the source and written along the target.

    `lanes`: blocks of so many elements each way are transposed in registers. `streamed`: whole lines are written past
    the caches. The tiles begin `first` elements after the source's element 0,0,..., and `begin` after the target's.
    """

    block: ClassVar[str] = "permuted"
    kernel: Permuted
    lanes: int
    rounds: tuple[KernelRound, ...]
    read: StrideRun
    written: StrideRun
    streamed: bool
    first: int = 0
    begin: int = 0

    @property
    def pitch(self) -> int:
        """Elements from one run of a tile to the next where it is kept on the way."""
        return -(-self.written.length // self.lanes) * self.lanes
