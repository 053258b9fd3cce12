"""A sum of einsums as the yardstick: calls of np.einsum, and numpy's own sums and products of what they give."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from ..core.dtypes import DTYPES, DtypeKind, common_dtype, dtype_name
from ..core.errors import OptionError
from ..core.exact import MAX_BOUND
from ..core.joint import JointSum, JointTerm
from ..core.joint_dtype import beside, number_kind, sum_dtype
from .einsum import Array, einsum

WIDE, FEW = 8, 3
"""Bytes of integers that small numbers do not overflow, and how large such are in a chain of statements."""
WHOLE = (DtypeKind.SIGNED, DtypeKind.UNSIGNED)


def is_imaginary(joint: JointSum) -> bool:
    """Return whether a complex number stands beside some product."""
    return any(isinstance(term.number, complex) for term in joint.terms)


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenOut:
    """A sum, and the names of its operands in the loops."""

    joint: JointSum
    operands: tuple[str, ...]

    @property
    def text(self) -> str:
        """The statement."""
        return self.joint.text

    @property
    def exact(self) -> bool:
        """Whole numbers give whole numbers, or halves and quarters of them."""
        return all(not term.divides and _is_short(term.multiplier) for term in self.joint.terms)

    @property
    def imaginary(self) -> bool:
        """A complex number stands beside some product."""
        return is_imaginary(self.joint)

    def value(self, arrays: Sequence[Array], lengths: Mapping[str, float] | None = None) -> Any:
        """Return the sum, as numpy computes it when it is written out. `lengths` are those of names in it."""
        with np.errstate(all="ignore"):
            return _sum(self.joint, self._per_operand(arrays), lengths or {})

    def scale(
        self,
        arrays: Sequence[Array],
        lengths: Mapping[str, float] | None = None,
        *,
        known: Mapping[str, str] | None = None,
    ) -> Array:
        """Return the same of all magnitudes; where a summand has fewer digits than the sum, as much more of it.

        `known`: the dtypes of what the arrays are the magnitudes of, by name.
        """
        lengths = {name: abs(length) for name, length in (lengths or {}).items()}
        given = self._per_operand(arrays)
        own = [dtype_name(array.dtype.str) for array in given]
        dtypes = own if known is None else [known[name] for name in self.operands]
        if "object" in dtypes:
            wide = [np.abs(array.astype(complex)) for array in given]
            return np.asarray(_sum(self.joint, wide, lengths, magnitudes=True), dtype=float)
        whole = DTYPES[sum_dtype(self.joint, dtypes)].epsilon
        most = max((DTYPES[name].epsilon for name in self._dtypes(dtypes)), default=whole)
        wide = [np.abs(array.astype("clongdouble")) for array in given]
        with np.errstate(all="ignore"):
            return np.asarray(_sum(self.joint, wide, lengths, magnitudes=True)) * max(1.0, most / whole)

    def bound(self, dtypes: Sequence[str], terms: int) -> int:
        """Return how large integers may be in these dtypes, so that none overflow in a summand that do not in the sum.

        0 where they may all overflow; -1 where numpy does not sum such dtypes.
        """
        named = dict(zip(dict.fromkeys(self.operands), dtypes, strict=True))
        each = [named[name] for name in self.operands]
        if "object" in each:
            return MAX_BOUND
        try:
            common = sum_dtype(self.joint, each)
        except OptionError:
            return -1
        found = self._dtypes(each)
        whole = [DTYPES[name] for name in found if name != common and DTYPES[name].kind in WHOLE]
        if not whole:
            return 0
        room = min(2 ** (8 * row.bytes - 1) for row in whole)
        factors = max(len(term.operands) for term in self.joint.terms)
        largest = max(max(1, int(abs(term.multiplier))) for term in self.joint.terms)
        fit = (n for n in range(MAX_BOUND, 0, -1) if n**factors * max(terms, 1) * largest < room)
        return next(fit, -1)

    def _per_operand(self, arrays: Sequence[Array]) -> list[Array]:
        named = dict(zip(dict.fromkeys(self.operands), arrays, strict=True))
        return [named[name] for name in self.operands]

    def _dtypes(self, dtypes: Sequence[str]) -> list[str]:
        """Return the dtypes in which numpy computes: of each einsum, and with a number beside it."""
        found = []
        for term in self.joint.terms:
            own = [dtypes[number] for number in term.operands]
            arrays = [dtypes[number] for number in term.operands if self.joint.spec.operands[number].labels]
            if own:
                found += [common_dtype(arrays or own), beside(common_dtype(own), number_kind(term))]
        return found


def divided_labels(yardstick: object) -> frozenset[str]:
    """Return the labels of the indices by whose length something is divided."""
    return frozenset(yardstick.joint.divided if isinstance(yardstick, WrittenOut) else ())


@dataclass(frozen=True, slots=True, kw_only=True)
class InSteps:
    """Statements one after another, each a sum with the name of its result in the loops; `results` are compared."""

    steps: tuple[tuple[WrittenOut, str], ...]
    operands: tuple[str, ...]
    results: tuple[str, ...]

    @property
    def text(self) -> str:
        """The statements."""
        return "; ".join(step.text for step, _ in self.steps)

    @property
    def exact(self) -> bool:
        """Products of products may be too large to be exact."""
        return False

    @property
    def imaginary(self) -> bool:
        """A complex number stands beside some product."""
        return any(step.imaginary for step, _ in self.steps)

    def value(self, arrays: Sequence[Array]) -> Any:
        """Return what is compared, a tuple where it is several results."""
        return self._last(arrays, WrittenOut.value)

    def scale(self, arrays: Sequence[Array]) -> Any:
        """Return the magnitudes of what the results are sums of."""
        magnitudes = [np.abs(array) for array in arrays]
        dtypes = [dtype_name(array.dtype.str) for array in arrays]
        if "object" in dtypes:
            return self._last(magnitudes, WrittenOut.scale)
        known = self._dtypes(dtypes)
        found = self._last(magnitudes, partial(WrittenOut.scale, known=known))
        most = max(DTYPES[dtype].epsilon for dtype in known.values())
        # what an earlier statement rounded to fewer digits has no more in the end
        more = [max(1.0, most / DTYPES[known[name]].epsilon) for name in self.results]
        return tuple(map(np.multiply, found, more)) if isinstance(found, tuple) else found * more[0]

    def bound(self, dtypes: Sequence[str], terms: int) -> int:
        """Return how large integers may be; -1 where numpy does not sum such dtypes, or some would overflow alone."""
        if "object" in dtypes:
            return 1
        try:
            known = self._dtypes(dtypes)
        except OptionError:
            return -1
        if len(set(known.values())) == 1:
            return 0
        rows = [DTYPES[dtype] for dtype in known.values()]
        return -1 if any(row.kind in WHOLE and row.bytes < WIDE for row in rows) else FEW

    def _dtypes(self, dtypes: Sequence[str]) -> dict[str, str]:
        """Return the dtype of every array by its name. Raises OptionError where numpy has no such sum."""
        known = dict(zip(dict.fromkeys(self.operands), dtypes, strict=True))
        for step, name in self.steps:
            known[name] = sum_dtype(step.joint, [known[operand] for operand in step.operands])
        return known

    def _last(self, arrays: Sequence[Array], compute: Callable[[WrittenOut, Sequence[Array]], Any]) -> Any:
        known: dict[str, Any] = dict(zip(dict.fromkeys(self.operands), arrays, strict=True))
        for step, name in self.steps:
            known[name] = compute(step, [np.asarray(known[operand]) for operand in dict.fromkeys(step.operands)])
        found = tuple(known[name][()] if isinstance(known[name], np.ndarray) else known[name] for name in self.results)
        return found if len(found) > 1 else found[0]


def _sum(joint: JointSum, arrays: Sequence[Array], lengths: Mapping[str, float], *, magnitudes: bool = False) -> Any:
    """Return what a statement gives for one array per operand."""
    sizes = {
        label: size
        for operand, array in zip(joint.spec.operands, arrays, strict=True)
        for label, size in zip(operand.labels, array.shape, strict=True)
        if size != 1
    }
    sizes = {**sizes, **lengths}
    shape = tuple(sizes.get(label, 1) for label in joint.output)
    total: Any = None
    if joint.adds:
        assert joint.old is not None
        total = arrays[joint.old][()]
    for term in joint.terms:
        value = _term(joint, term, arrays, sizes, magnitudes=magnitudes)
        if total is None:
            total = -value if term.negative and not magnitudes else value
        else:
            total = total - value if term.negative and not magnitudes else total + value
    if joint.over and not magnitudes:
        assert joint.old is not None
        total = np.asarray(total).astype(arrays[joint.old].dtype)
    return np.array(np.broadcast_to(total, shape))[()] if shape else total


def _term(
    joint: JointSum, term: JointTerm, arrays: Sequence[Array], sizes: Mapping[str, float], *, magnitudes: bool
) -> Any:
    """Return a summand without its sign, which broadcasts to the result."""
    operands = joint.spec.operands
    number = abs(term.multiplier) if magnitudes else term.multiplier
    value: Any = number
    for label in term.lengths:
        value = value * sizes.get(label, 1)
    for place in term.operands:
        if not operands[place].labels:
            value = value * arrays[place][()]
    within = [place for place in term.operands if operands[place].labels]
    if within:
        labels = {label for place in within for label in operands[place].labels}
        output = tuple(label for label in joint.output if label in labels)
        terms = ",".join(joint.spec.term(operands[place].labels) for place in within)
        product = einsum(f"{terms}->{joint.spec.term(output)}", [arrays[place] for place in within])
        if output != joint.output:
            product = np.reshape(product, [_extents(product, output).get(label, 1) for label in joint.output])
        value = product if value is number and number == 1 and isinstance(number, int) else value * product
    for place in term.divisors:
        value = value / arrays[place][()]
    for label in term.divided:
        value = value / sizes.get(label, 1)
    return value / term.denominator if term.denominator != 1 else value


def _extents(array: Array, labels: tuple[str, ...]) -> dict[str, int]:
    """Return the extent of each axis of an array by its label."""
    return dict(zip(labels, np.shape(array), strict=True))


def _is_short(number: int | float | complex) -> bool:
    """Return whether products of a number and small whole ones are exact.

    >>> _is_short(3), _is_short(0.25), _is_short(0.1)
    (True, True, False)
    """
    parts = (number.real, number.imag)
    return all(abs(part) < 100 and float(part * 8).is_integer() for part in parts)
