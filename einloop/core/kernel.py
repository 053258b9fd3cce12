"""Whole kernels as one statement of a nest: a contraction shaped like a matrix product, packed and blocked. No text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Packed:
    """target[batch, rows, columns] = sum of left[batch, rows, contracted] * right[batch, contracted, columns].

    All extents are known and at least 1; `target` is written, not added to, and overlaps neither operand. Every index
    of one kind behaves alike: a row index stands in left and target, a column index in right and target, a contracted
    one in left and right, a batch index in all three. `dtype` is float32 or float64.
    """

    block: ClassVar[str] = "packed"
    target: str
    left: str
    right: str
    dtype: str
    batch: tuple[Axis, ...]
    rows: tuple[Axis, ...]
    columns: tuple[Axis, ...]
    contracted: tuple[Axis, ...]
