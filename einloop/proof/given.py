"""The arrays that a person gave, as a case: whole, or a part of them where loops over all would take too long."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import prod

import numpy as np

from ..core.bind import bind_sizes
from ..core.dtypes import COMPLEXES, FLOATS, dtype_name
from ..core.spec import Spec
from .cases import Draw, ValueKind
from .contraction import AGAIN, BY_LOOPS, contraction_seconds
from .data import Array
from .parts import part_of
from .rounding import Sums

GIVEN_POINTS = 2_000_000
"""Arrays the user gave are looped over up to this many points, a second or so of plain Python."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """One array per distinct input, the expression bound to their shapes, and what a verdict says of them.

    `covered`: whole numbers of the same shapes were tried already.
    """

    spec: Spec
    operands: tuple[str, ...]
    arrays: tuple[Array, ...]
    note: str = "the arrays given among them"
    covered: bool = False

    @property
    def per_operand(self) -> tuple[Array, ...]:
        """One array per operand."""
        named = dict(zip(dict.fromkeys(self.operands), self.arrays, strict=True))
        return tuple(named[name] for name in self.operands)

    @property
    def points(self) -> int:
        """How many iterations loops over all indices take."""
        return _product(self.spec, [index.label for index in self.spec.indices])

    @property
    def seconds(self) -> float:
        """About how long np.einsum takes, and the exact sums where they decide."""
        sums = self.sums
        if sums is None or not sums.quick:
            return self.points / BY_LOOPS
        terms = [op.labels for op in self.spec.operands]
        return AGAIN * contraction_seconds(terms, self.spec.output, [array.shape for array in self.per_operand])

    @property
    def draw(self) -> Draw:
        """The case."""
        return Draw(
            shapes=tuple(array.shape for array in self.arrays),
            dtypes=tuple(str(array.dtype) for array in self.arrays),
            kind=ValueKind.GIVEN,
            factors=len(self.operands),
            terms=_product(self.spec, [index.label for index in self.spec.summed]),
        )

    @property
    def sums(self) -> Sums | None:
        """The exact sums where results are rounded."""
        if self.spec.is_view or any(array.dtype.kind not in "biufc" for array in self.arrays):
            return None
        dtype = dtype_name(np.result_type(*self.arrays).str)
        if dtype not in (*FLOATS, *COMPLEXES):
            return None
        quick = self.points > GIVEN_POINTS
        return Sums(spec=self.spec, arrays=self.per_operand, dtype=dtype, terms=self.draw.terms, quick=quick)


def take_given(
    spec: Spec, operands: tuple[str, ...], arrays: Sequence[Array], *, whole: bool, rng: random.Random
) -> Given:
    """Return the case of `arrays`, one per distinct input. Not `whole`: a part of them where they are large."""
    given = Given(spec=spec, operands=operands, arrays=tuple(arrays))
    given = _bound(given)
    if whole or given.points <= GIVEN_POINTS:
        return given
    named = dict(zip(dict.fromkeys(operands), given.arrays, strict=True))
    part = part_of(given.spec, operands, named, GIVEN_POINTS, rng)
    smaller = replace(given, spec=spec, arrays=tuple(part.values()), note="a part of the arrays given among them")
    return _bound(smaller)


def _bound(given: Given) -> Given:
    return replace(given, spec=bind_sizes(given.spec, [array.shape for array in given.per_operand]))


def _product(spec: Spec, labels: Sequence[str]) -> int:
    extents = (spec.by_label[label].extent for label in labels)
    return prod(extent for extent in extents if isinstance(extent, int))
