"""Say of every nest what sort of work it is: that decides how it is made fast. Changes no loop."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from math import prod

from ..core.buffer import BARE, Access, Scale
from ..core.dtypes import DTYPES, has_kernels, item_bytes
from ..core.kernel import Axis, Blend, Packed, Permuted
from ..core.nest import Accumulate, Assign, Head, Stage, StatementKind
from .draft import Draft
from .language import PassCall

MIN_SIDE = 6
"""Rows, columns and products from which on packing pays."""
MIN_SIDE_WRITTEN_OUT = 24
"""Rows and columns from which on it pays to write one operand out in real numbers, which takes time for each of its
elements, and the product for each with every row or column of the other."""
MAX_POINTS_PLAIN = 16**3
"""Iterations up to which a matrix product is done before it is packed."""
MAX_SHORT = 16
"""Iterations of each loop that a tiny nest has inside a batch, at most."""
MAX_POINTS_TINY = 512
"""Iterations up to which a nest is tiny, counted without those over a batch."""


def classify(draft: Draft, command: PassCall) -> Draft:
    """Return the program with the kind of each of its nests, and what a kernel for it would compute."""
    blends = blends_of(draft)
    stages = (_classified(stage, blend) for stage, blend in zip(draft.nest.stages, blends, strict=True))
    return draft.with_nest(replace(draft.nest, stages=tuple(stages)))


def blends_of(draft: Draft) -> tuple[Blend | None, ...]:
    """Return for each stage what its product would be scaled by, and what it is added to; None for a plain einsum's."""
    joint, found = draft.joint, list[Blend | None]()
    if joint is None:
        return (None,) * len(draft.nest.stages)
    before: Stage | None = None
    written = joint.adds
    for stage in draft.nest.stages:
        statement = stage.statement
        if statement.target.buffer != draft.nest.result.name or len(statement.products) != 1:
            blend = None
        else:
            ((factors, scale),) = statement.terms
            blend = Blend(scale=(tuple(a for a in factors if not a.subscripts), scale))
            kept = None if before is None else _kept(before)
            if kept is not None:
                blend = replace(blend, keep=kept[1:], old=kept[0], absorbed=True)
            elif written:
                blend = replace(blend, old=statement.target.buffer)
        found.append(blend)
        first = not written and isinstance(statement, Assign)
        written = written or statement.target.buffer == draft.nest.result.name
        before = stage if first and statement.target.buffer == draft.nest.result.name else None
    return tuple(found)


def _kept(stage: Stage) -> tuple[str, tuple[Access, ...], Scale] | None:
    """Return which array a nest copies in the layout that it has, and by what scalars and numbers it is multiplied."""
    statement = stage.statement
    if not isinstance(statement, Assign) or len(statement.products) != 1:
        return None
    ((factors, scale),) = statement.terms
    moving = [access for access in factors if access.subscripts]
    target = statement.target
    if len(moving) != 1 or moving[0].dtype != target.dtype or moving[0].start or target.strides is None:
        return None
    alike = moving[0].strides is not None and sorted(moving[0].moves) == sorted(target.moves)
    return (moving[0].buffer, tuple(a for a in factors if not a.subscripts), scale) if alike else None


def _classified(stage: Stage, blend: Blend | None) -> Stage:
    if any(head.count == 0 for head in stage.heads):
        return replace(stage, kind=StatementKind.EMPTY)
    product = product_of(stage, blend)
    if product is not None and _pays(product):
        return replace(stage, kind=StatementKind.PRODUCT, problem=product)
    if _tiny(stage):
        return replace(stage, kind=StatementKind.TINY)
    permuted = permutation_of(stage)
    if permuted is not None:
        return replace(stage, kind=StatementKind.PERMUTATION, problem=permuted)
    return replace(stage, kind=StatementKind.MEMORY)


def product_of(stage: Stage, blend: Blend | None = None) -> Packed | None:
    """Return a nest of two arrays of the same floats as a product of matrices of them; None for others.

    `blend`: what scales it and what it is added to, where it is a summand.
    """
    statement = stage.statement
    target, factors = statement.target, statement.factors
    if blend is not None:
        factors = tuple(access for access in factors if access not in blend.scale[0])
        blend = None if blend == Blend(scale=((), BARE)) else blend
    if blend is None and (statement.more or statement.scales):
        return None
    if len(factors) != 2 or any(a.strides is None or a.start for a in (target, *factors)):
        return None
    dtype = target.dtype
    if dtype is None or not has_kernels(dtype) or any(factor.dtype != dtype for factor in factors):
        return None
    if blend is not None and DTYPES[dtype].part is not None:
        return None  # the kernel multiplies real numbers, and the scalars are complex
    if any(not head.of.extent for head in stage.heads):
        return None
    left, right = factors
    axes: dict[str, list[Axis]] = {"batch": [], "rows": [], "columns": [], "contracted": []}
    for head in stage.heads:
        axes[_group(head, left, right)].append(_axis(head, left, right, target))
    return Packed(
        target=target.buffer,
        left=left.buffer,
        right=right.buffer,
        dtype=dtype,
        blend=blend,
        **{group: tuple(found) for group, found in axes.items()},
    )


def _group(head: Head, left: Access, right: Access) -> str:
    """Return which part an index has in a product of matrices."""
    if head.summed:
        return "contracted"
    in_left, in_right = left.stride(head.index) != 0, right.stride(head.index) != 0
    return "batch" if in_left and in_right else "columns" if in_right else "rows"


def _axis(head: Head, left: Access, right: Access, target: Access) -> Axis:
    left_move, right_move, move = (access.stride(head.index) for access in (left, right, target))
    return Axis(name=head.index, extent=head.count, left=left_move, right=right_move, target=move)


def _pays(product: Packed) -> bool:
    """Return whether a product is large enough in every direction that its numbers are used many times over."""
    shape = [prod(axis.extent for axis in group) for group in (product.rows, product.columns, product.contracted)]
    if DTYPES[product.dtype].part and min(shape[:2]) < MIN_SIDE_WRITTEN_OUT:
        return False
    return pays(shape) and all(axis.left and axis.right for axis in product.contracted)


def pays(shape: Sequence[int]) -> bool:
    """Return whether so many rows, columns and products are enough.

    >>> pays((100, 100, 100)), pays((1000, 1000, 5)), pays((16, 16, 16))
    (True, False, False)
    """
    return min(shape) >= MIN_SIDE and prod(shape) > MAX_POINTS_PLAIN


def _tiny(stage: Stage) -> bool:
    """Return whether a nest has few iterations: in all, or for each element of a batch whose elements lie together."""
    arrays = stage.arrays
    batch = [head for head in stage.heads if all(a.stride(head.index) for a in arrays)]
    inside = [head for head in stage.heads if head not in batch]
    points = prod(head.count for head in inside)
    if points * prod(head.count for head in batch) <= MAX_POINTS_TINY:
        return True
    short = bool(batch) and all(head.count <= MAX_SHORT for head in inside)
    return 1 < points <= MAX_POINTS_TINY and short and all(_together(a, inside, batch) for a in arrays)


def _together(access: Access, inside: list[Head], batch: list[Head]) -> bool:
    """Return whether what one element of a batch has of an array lies closer together than elements of the batch."""
    near = [abs(access.stride(head.index)) for head in inside]
    return max(near, default=0) < min(abs(access.stride(head.index)) for head in batch)


def permutation_of(stage: Stage) -> Permuted | None:
    """Return a nest that copies one array along another fast index than the result's; None for others."""
    statement, heads = stage.statement, stage.heads
    if len(statement.factors) != 1 or isinstance(statement, Accumulate) or any(head.summed for head in heads):
        return None
    if statement.more or statement.scales:
        return None
    target, source = statement.target, statement.factors[0]
    arrays = (target, source)
    if target.dtype != source.dtype or target.dtype is None or any(a.strides is None or a.start for a in arrays):
        return None
    fast = [next((head for head in heads if abs(a.stride(head.index)) == 1), None) for a in arrays]
    if None in fast or fast[0] is fast[1] or any(not head.of.extent for head in heads):
        return None
    axes = tuple(_axis(head, source, source, target) for head in heads)
    return Permuted(target=target.buffer, source=source.buffer, size=item_bytes(target.dtype), axes=axes)
