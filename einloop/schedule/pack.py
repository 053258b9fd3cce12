"""How a packed kernel is blocked, packed and vectorised on a machine. In: `Packed`, out: `PackedPlan`. No text.

The method is Goto's (K. Goto, R. van de Geijn, "Anatomy of high-performance matrix multiplication", 2008); the
tables of offsets that take the place of leading dimensions are GETT's (P. Springer, P. Bientinesi, "Design of a
high-performance GEMM-like tensor-tensor multiplication", 2018).
"""

from __future__ import annotations

from dataclasses import replace
from math import lcm

from ..core.dtypes import DTYPES, item_bytes
from ..core.kernel import Axis, Blocks, KernelStep, Order, Packed, PackedPlan, Packing, Tile
from ..core.machine import Machine
from .pack_complex import in_parts
from .pack_order import order_steps


def plan(packed: Packed, machine: Machine) -> PackedPlan:
    """Return how the kernel runs on the machine.

    >>> i, k = Axis(name="i", extent=512, left=512, target=512), Axis(name="k", extent=512, right=1, target=1)
    >>> j = Axis(name="j", extent=512, left=1, right=512)
    >>> product = Packed(
    ...     target="c", left="a", right="b", dtype="float64", batch=(), rows=(i,), columns=(k,), contracted=(j,)
    ... )
    >>> made = plan(product, Machine(vector_bytes=64, registers=32, fused=True))
    >>> made.swapped, made.lanes, made.tile, made.row_packing, made.column_packing.value
    (True, 8, Tile(vectors=4, columns=6), <Packing.COPY: 'copy'>, 'direct')
    """
    swapped = _swapped(packed)
    if DTYPES[packed.dtype].part is not None:
        product, expansion = in_parts(packed, swapped)
        return replace(plan(product, machine), expansion=expansion)
    size = item_bytes(packed.dtype)
    lanes = machine.vector_bytes // size
    order = _order(packed, swapped, lanes)
    column_packing = _column_packing(order, size)
    tile = _tile(order, lanes, machine, column_packing)
    panel = tile.vectors * lanes
    even, interleaved = order.blocks is Blocks.EVEN, column_packing is Packing.ACROSS_BLOCKS
    units = (
        lcm(panel, order.granule * order.rows[-1].extent) if even else panel,
        tile.columns,
        order.granule * (order.depth[-1].extent if interleaved else 1),
    )
    row_block, column_block, depth_block = _blocks(order.extents, units, size, machine)
    return PackedPlan(
        kernel=packed,
        swapped=swapped,
        lanes=lanes,
        order=order,
        tile=tile,
        row_block=row_block,
        column_block=column_block,
        depth_block=depth_block,
        row_packing=_row_packing(order, panel, size, machine),
        column_packing=column_packing,
    )


def _swapped(packed: Packed) -> bool:
    """Return whether the vectors run along the columns: they do where the target is contiguous there."""

    def nearest(axes: tuple[Axis, ...]) -> tuple[bool, int]:
        strides = [axis.target for axis in axes if axis.extent > 1]
        return 1 not in strides, min(map(abs, strides), default=1 << 62)

    return nearest(packed.columns) < nearest(packed.rows)


def _order(packed: Packed, swapped: bool, lanes: int) -> Order:
    """Return the indices as steps, with as few of them as possible."""
    rows = [KernelStep(axis.extent, axis.left, axis.target) for axis in packed.rows]
    columns = [KernelStep(axis.extent, axis.right, axis.target) for axis in packed.columns]
    pairs = [(axis.extent, axis.left, axis.right) for axis in packed.contracted]
    if swapped:
        return order_steps(columns, rows, [KernelStep(n, right, left) for n, left, right in pairs], lanes)
    return order_steps(rows, columns, [KernelStep(n, left, right) for n, left, right in pairs], lanes)


def _tile(order: Order, lanes: int, machine: Machine, packing: Packing) -> Tile:
    """Return the tile that needs the fewest cycles, edges included, by a simple model of a core.

    A step of the depth costs what takes longest: two multiply-adds a cycle, two loads a cycle, the four cycles after
    which a sum can be added to again, or getting the rows from level 2 (24 bytes a cycle where they are not aligned:
    measured, six vectors by four columns reach half of three by eight). What is added for each vector and column is
    fitted: four by six is 3 % slower than three by eight, that 1 % slower than two by twelve; and a panel of columns
    that takes more than two fifths of level 1 costs up to 6 % at two by fourteen.
    """
    rows, columns, depth = order.extents
    best, least = Tile(vectors=1, columns=1), 0.0
    spare = 1 if machine.fused else 2
    # cycles to begin a run of the target, one for each column, spread over the steps of the depth
    written = 6 / min(depth, 256)
    column = min(depth * machine.vector_bytes // lanes, _column_bytes(machine))
    across = packing in (Packing.ACROSS_DEPTH, Packing.ACROSS_BLOCKS)
    for vectors in range(1, 7):
        fit = (machine.registers - vectors - spare) // vectors
        for width in range(1, min(fit, 14, columns) + 1):
            cost = 0.0
            for v, along in _parts(-(-rows // lanes), vectors):
                for n, beside in _parts(columns, width):
                    step = max(v * n / 2, (v + n) / 2, 4, v * machine.vector_bytes / 24)
                    cost += along * beside * (step + 0.4 * v + (0.05 + written) * n)
            # what is transposed in registers comes in whole granules
            cost *= 1.05 if across and width % order.granule else 1
            cost *= 1 + 0.25 * max(0.0, width * column / machine.level1 - 0.4)
            if not least or cost < least:
                best, least = Tile(vectors=vectors, columns=width), cost
    return best


def _parts(number: int, size: int) -> list[tuple[int, int]]:
    """Return the sizes into which a number is cut, each with how often: whole ones, and what is left.

    >>> _parts(26, 8)
    [(8, 3), (2, 1)]
    """
    return [(n, count) for n, count in ((size, number // size), (number % size, 1)) if n and count]


def _blocks(
    extents: tuple[int, int, int], units: tuple[int, int, int], size: int, machine: Machine
) -> tuple[int, int, int]:
    """Return rows, columns and depth of a block.

    2 KB of each column of a panel, about 16 KB, stay in level 1 while the panels of rows stream past them, the block of
    rows in half of level 2, the block of columns in a share of level 3. `units` are what the blocks are multiples of.
    """
    rows, columns, depth = extents
    unit, width, deep = units
    depth_block = _even(depth, _column_bytes(machine) // size, deep)
    row_block = _even(rows, max(unit, machine.level2 // 2 // (depth_block * size)), unit)
    wide = machine.level3 // 8
    if rows <= row_block and depth <= depth_block:
        # one block of rows only: let the columns stay close, for they are read once
        wide = machine.level2 // 4
    return row_block, _even(columns, max(width, wide // (depth_block * size)), width), depth_block


def _column_bytes(machine: Machine) -> int:
    """Return how much of a column a block holds at most, in bytes."""
    return min(2048, machine.level1 // 16)


def _even(extent: int, limit: int, unit: int) -> int:
    """Return the size of blocks of about equal size, in units, at most the limit rounded down to them.

    >>> _even(300, 256, 8), _even(100, 256, 8), _even(1000, 250, 24)
    (152, 104, 216)
    """
    limit = max(unit, limit // unit * unit)
    count = -(-extent // limit)
    each = -(-extent // count)
    return min(limit, -(-each // unit) * unit)


def _row_packing(order: Order, panel: int, size: int, machine: Machine) -> Packing:
    """Return how the rows are packed."""
    rows, depth, (count, columns, deep) = order.rows, order.depth, order.extents
    if order.blocks is Blocks.EVEN:
        return Packing.ACROSS_ROWS
    if order.blocks is Blocks.UNEVEN and min(rows[-2].extent, rows[-1].extent) >= order.granule:
        return Packing.ACROSS_RUNS
    if rows[-1].source == 1:
        step = depth[0].source * size
        simple = len(depth) == 1 and (len(rows) == 1 or rows[-1].extent % panel == 0)
        # steps by a multiple of a page fall into few sets of the cache; far ones need an entry of the TLB each, which
        # pays while few columns read the panels again. And runs of a line or two each come slower than a packed panel
        # (measured: 25 % with 64 bytes of 2 KB), but where all of them stay in level 1
        close = panel * size >= 192 or count * deep * size <= machine.level1
        if simple and count >= panel and step % 4096 and step <= 32768 and columns <= 512 and close:
            return Packing.DIRECT
        return Packing.COPY
    return Packing.ACROSS_DEPTH if depth[-1].source == 1 else Packing.GATHER


def _column_packing(order: Order, size: int) -> Packing:
    """Return how the columns are packed.

    The micro-kernel reads one number of each column at a step: where it finds the next one beside it, packing gains
    nothing; where not, while all of them fit into a part of level 2.
    """
    columns, depth, (_, count, deep) = order.columns, order.depth, order.extents
    if len(columns) == len(depth) == 1 and (depth[0].other == 1 or count * deep * size <= 160_000):
        return Packing.DIRECT
    if columns[-1].source == 1:
        return Packing.COPY
    if depth[-1].other == 1:
        return Packing.ACROSS_DEPTH
    if len(depth) > 1 and depth[-2].other == 1 and depth[-2].extent == order.granule:
        return Packing.ACROSS_BLOCKS
    return Packing.GATHER
