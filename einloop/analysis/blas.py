"""Which steps of a contraction are matrix products, and how much longer np.einsum takes for them without BLAS.

np.einsum computes with loops of its own unless `optimize` is given; then it takes two operands at a time and hands what
is a matrix product to BLAS.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from math import prod

from ..core.dtypes import BFLOAT16, common_dtype
from ..core.path import Step, path_steps, path_terms
from ..core.spec import Spec
from .path import contraction_path, path_sizes

SIDES = (64, 128, 256, 512)
TIMES: Mapping[str, tuple[int, ...]] = {
    "float32": (2, 6, 8, 13),
    "float64": (3, 6, 7, 10),
    "complex64": (16, 34, 36, 39),
    "complex128": (12, 20, 21, 22),
}
"""How many times as long `np.einsum("ij,jk->ik", A, B)` takes as with optimize=True, by dtype, for square matrices of
these SIDES: the least of three runs, rounded down, on one core of a server's Xeon (numpy 2.4.6 with OpenBLAS, AVX-512).
Batches, tensors and chains of as many products gained as much or more. Products of a matrix and a vector, and inner
products, read every number once: measured, they gain 1.2 times at 1024 x 1024, and lose below. BLAS computes no other
dtypes: with int64 matrices of 300 x 300 np.einsum takes 0.044 s, `@` 0.070 s.
"""

DEFAULT_DTYPE = "float64"
MIN_GROUP_EXTENT = 4
"""Rows, columns and products in a sum below which a large product gains less than 2 times: measured, 1.6 for 2."""


def blas_dtype(dtypes: Iterable[str | None]) -> str | None:
    """Return the dtype in which BLAS would compute, float64 where some dtype is unknown; None where it would not.

    >>> blas_dtype(["float32", "int8"]), blas_dtype([]), blas_dtype(["int64", "int64"]), blas_dtype([None, "bfloat16"])
    ('float32', 'float64', None, None)
    """
    known = list(dtypes)
    if BFLOAT16 in known:
        return None
    if not known or None in known:
        return DEFAULT_DTYPE
    common = common_dtype([dtype for dtype in known if dtype is not None])
    return common if common in TIMES else None


def product_steps(spec: Spec, steps: tuple[Step, ...] | None = None) -> tuple[int, ...]:
    """Return which steps, counted from 0, are matrix products large enough to gain by BLAS, or of unknown size.

    `steps`: a contraction path; by default the one that opt_einsum finds, and none where it is missing. None counts
    where an intermediate is larger than inputs and output: np.einsum does not take such a path.

    >>> from einloop.notation.subscripts import read_subscripts
    >>> [product_steps(read_subscripts(text)) for text in ("thd,Thd->thT", "ik,km,im->i", "ij,j->i")]
    [(0,), (0,), ()]
    """
    steps = steps or steps_of(spec)
    assumed = path_sizes(spec)
    ends = (*path_terms(spec), spec.output)
    limit = max(prod(assumed[label] for label in term) for term in ends)
    if any(step.elements(assumed) > limit for step in steps):
        return ()
    sizes = {index.label: index.extent for index in spec.indices if isinstance(index.extent, int)}
    return tuple(number for number, step in enumerate(steps) if _gains(step, sizes))


def steps_of(spec: Spec) -> tuple[Step, ...]:
    """Return the steps in which all operands are combined: one for two, a good path for more."""
    if len(spec.operands) < 2:
        return ()
    if len(spec.operands) == 2:
        return path_steps(path_terms(spec), spec.output, [(0, 1)])
    return contraction_path(spec) or ()


def measured_side(spec: Spec, steps: Iterable[Step]) -> int | None:
    """Return the largest of SIDES whose product is no more work than the largest of these steps, None where some
    extent is unknown.
    """
    sizes = {index.label: index.extent for index in spec.indices if isinstance(index.extent, int)}
    if any(label not in sizes for step in steps for label in step.labels):
        return None
    points = max(step.points(sizes) for step in steps)
    return max(side for side in SIDES if side**3 <= points)


def _gains(step: Step, sizes: Mapping[str, int]) -> bool:
    """Return whether two arrays are multiplied as matrices that are not known to be thin, or to be small together."""
    if len(step.terms) != 2:
        return False
    one, other = (set(term) for term in step.terms)
    kept = set(step.output)
    groups = ((one & other) - kept, (one - other) & kept, (other - one) & kept)
    known = all(label in sizes for label in step.labels)
    small = known and step.points(sizes) < SIDES[0] ** 3
    return not small and not any(_thin(group, sizes) for group in groups)


def _thin(group: set[str], sizes: Mapping[str, int]) -> bool:
    """Return whether the indices of a side of a matrix are none, or run together over a few positions."""
    return not group or (group <= sizes.keys() and prod(sizes[label] for label in group) < MIN_GROUP_EXTENT)
