"""Statements and arrays in, what numpy gives for them out: each result one element at a time, or all of it.

A statement is computed as its text says: every einsum in its own dtype, then scaled and added from the left, with the
dtypes that numpy gives numbers of Python beside arrays (NEP 50).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cached_property, reduce
from typing import Any

from ..core.arithmetic import arithmetic
from ..core.bind_sum import alone, bind_statements, input_names, result_shape
from ..core.combination import Combination, Statements, Summand
from ..core.dtypes import DTYPES, DtypeKind
from ..core.errors import DtypeError, EinloopError, OptionError
from ..core.indices import index_table
from ..core.part_text import base_of
from ..core.parts import part
from ..core.plain_array import PlainArray, positions, strides_of
from .einsum import EinsumValue, evaluate
from .typed import WHOLE, TypedNumber, computed, negated, of_python, plain_number

KINDS = (*WHOLE, DtypeKind.FLOAT, DtypeKind.COMPLEX, DtypeKind.OBJECT)
"""Kinds of dtypes; what is added in place is stored in the same or a later one."""


@dataclass(frozen=True, kw_only=True)
class StatementValue:
    """The result of one statement. `arrays` are what it reads, by name."""

    combination: Combination
    arrays: Mapping[str, PlainArray]

    @cached_property
    def shape(self) -> tuple[int, ...]:
        """The lengths of the axes of what is computed: the whole result, or the part that is written."""
        if self._written:
            return self.before.shape
        known = {name: array.shape for name, array in self.arrays.items()}
        found = result_shape(self.combination, known, _numbers(self.arrays))
        if not all(isinstance(size, int) for size in found):
            raise OptionError("EL420", f"{self.combination.text()}: no value is given for a length of the result")
        return tuple(int(size or 0) for size in found)

    @cached_property
    def dtype(self) -> str:
        """The dtype of the result, which an array that is written into keeps."""
        if self._written:
            return self.before.dtype
        return self._total(None).dtype

    def cell(self, position: Sequence[int] = ()) -> Any:
        """Return one element of `shape`. Raises DtypeError where numpy refuses, OptionError for what is not given."""
        total = self._total(position)
        if not self._written:
            return total.value
        old = TypedNumber(self.before.at(position), self.before.dtype)
        with self._told():
            made = computed("add", old, total) if self.combination.adds else total
            return _stored(made, old.dtype, adds=self.combination.adds)

    def whole(self) -> PlainArray:
        """Return all of the result, of one that is written in part the other elements as they were."""
        cells = [self.cell(position) for position in positions(self.shape)]
        if self.combination.target is None:
            return PlainArray(self.shape, self.dtype, tuple(cells))
        array = self.arrays[self.combination.result]
        numbered = PlainArray(array.shape, "int64", range(len(array.values)))
        places = _array(part(self.combination.target, {**self.arrays, self.combination.result: numbered}))
        values = list(array.values)
        for place, value in zip(places.values, cells, strict=True):
            values[place] = value
        return PlainArray(array.shape, array.dtype, tuple(values))

    @property
    def _written(self) -> bool:
        """An array that is there is written into."""
        return self.combination.adds or self.combination.target is not None

    @cached_property
    def before(self) -> PlainArray:
        """What is there before: it is added to, or written over."""
        text = self.combination.target or self.combination.result
        found = part(text, self.arrays, _numbers(self.arrays))
        if found is None:
            raise OptionError("EL420", f"{text} is written into, and no array is given for it")
        return _array(found, self.arrays[self.combination.result].dtype)

    @cached_property
    def operands(self) -> Mapping[str, PlainArray]:
        """The array that every name of an operand stands for."""
        found = dict(self.arrays)
        for view in self.combination.views:
            made = part(view.text, self.arrays, _numbers(self.arrays), _ones)
            if made is None:
                raise OptionError("EL420", f"{view.text} cannot be read of the arrays that are given")
            base = self.arrays.get(base_of(view.text))
            dtype = "int64" if base is None else base.dtype
            if view.ones and self.combination.spread:
                made = PlainArray(made.shape, "bool", (True,) * len(made.values))
            found[view.name] = _array(made, dtype)  # what is repeated as numpy does has no ones to widen its dtype
        return found

    @cached_property
    def _einsums(self) -> tuple[tuple[Summand, EinsumValue | None], ...]:
        return tuple((summand, self._einsum(summand)) for summand in self.combination.summands)

    def _einsum(self, summand: Summand) -> EinsumValue | None:
        """Return the einsum of the arrays of a term; None where it has none."""
        constant = self.combination.spread and summand.constant(self.combination.ones)
        spec = alone(summand.spec)
        named = [
            (name, operand) for name, operand in zip(summand.names, spec.operands, strict=True)
            if operand.labels and not constant
        ]  # fmt: skip
        if not named:
            return None
        operands = tuple(operand for _, operand in named)
        kept = replace(spec, operands=operands, indices=index_table(operands, spec.output))
        return evaluate(kept, [self.operands[name] for name, _ in named])

    def _total(self, position: Sequence[int] | None) -> TypedNumber:
        """Return the sum of the terms at a position of the result; without one, a number of its dtype."""
        total: TypedNumber | None = None
        with self._told():
            for summand, einsum in self._einsums:
                value = self._term(summand, einsum, None if position is None else self._inside(position))
                if total is None:
                    total = negated(value) if summand.negative else value
                else:
                    total = computed("subtract" if summand.negative else "add", total, value)
        if total is None:
            return TypedNumber(0.0, "float64") if self.combination.shape else of_python(0)
        return total

    def _inside(self, position: Sequence[int]) -> tuple[int, ...]:
        """Return the position in the einsums of one in the result, which may be given another shape."""
        if not self.combination.shape or not self._einsums:
            return tuple(position)
        lengths = _together([einsum.shape for _, einsum in self._einsums if einsum is not None])
        flat = sum(n * step for n, step in zip(position, strides_of(self.shape), strict=True))
        return tuple(flat // step % size for step, size in zip(strides_of(lengths), lengths, strict=True))

    def term(self, number: int, position: Sequence[int]) -> TypedNumber:
        """Return one term without its sign, at a position of the result."""
        with self._told():
            return self._term(*self._einsums[number], self._inside(position))

    def _term(self, summand: Summand, einsum: EinsumValue | None, position: Sequence[int] | None) -> TypedNumber:
        """Return a term without its sign, scaled in the order in which it is written."""
        names = (name for name, operand in zip(summand.names, summand.spec.operands, strict=True) if not operand.labels)
        parts = [] if summand.size == 1 else [of_python(plain_number(summand.size))]
        parts += [self.scalar(text) for text in (*summand.factors, *names)]
        if einsum is not None and position is None:
            parts.append(TypedNumber(arithmetic(einsum.dtype).cast(1), einsum.dtype))
        elif einsum is not None and position is not None:
            at = [min(place, size - 1) for place, size in zip(position, einsum.shape, strict=True)]
            parts.append(TypedNumber(einsum.cell(at), einsum.dtype))
        value = reduce(lambda one, other: computed("multiply", one, other), parts) if parts else of_python(1)
        return reduce(lambda one, text: computed("divide", one, self.scalar(text)), summand.divisors, value)

    def scalar(self, text: str) -> TypedNumber:
        """Return the value of a factor: an array without axes, an element of one, or a length."""
        found = self.operands.get(text)
        value: Any = part(text, self.arrays, _numbers(self.arrays)) if found is None else found
        if isinstance(value, PlainArray) and not value.shape:
            return TypedNumber(value.values[0], value.dtype)
        if isinstance(value, int) and "[" not in text:
            return of_python(value)
        base = self.arrays.get(base_of(text))
        if value is None or isinstance(value, PlainArray) or base is None:
            raise OptionError("EL420", f"no value is given for {text}", hint="give it by its name")
        return of_python(value) if ".shape[" in text else TypedNumber(value, base.dtype)

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Say what numpy refuses to compute."""
        try:
            yield
        except EinloopError:
            raise
        except (TypeError, ValueError, ArithmeticError, AttributeError) as error:
            raise DtypeError("EL304", f"numpy cannot compute {self.combination.text()}: {error}") from None


def evaluate_statements(statements: Statements, arrays: Mapping[str, PlainArray]) -> tuple[StatementValue, ...]:
    """Return the value of every statement for arrays by name; of all but the last their results are computed.

    Raises ShapeError where shapes do not fit, DtypeError where numpy refuses, OptionError for what is not given.

    >>> from fractions import Fraction
    >>> from einloop.core.combination import Summand
    >>> from einloop.notation import read
    >>> spec = read("y = np.einsum('ij,j->i', A, x)")
    >>> half = Combination(source=spec.source, result="y", summands=(Summand(spec=spec, coefficient=Fraction(1, 2)),))
    >>> given = {"A": PlainArray((1, 2), "int8", (1, 2)), "x": PlainArray((2,), "int8", (3, 4))}
    >>> (found,) = evaluate_statements(Statements(combinations=(half,)), given)
    >>> found.whole()
    PlainArray(shape=(1,), dtype='float64', values=(5.5,))
    """
    missing = [name for name in input_names(statements) if name not in arrays]
    if missing:
        raise OptionError("EL420", f"no array is given for {', '.join(missing)}")
    bound = bind_statements(statements, {name: array.shape for name, array in arrays.items()}, _numbers(arrays))
    known, found = dict(arrays), list[StatementValue]()
    for combination in bound.combinations:
        if found:
            known[found[-1].combination.result] = found[-1].whole()
        found.append(StatementValue(combination=combination, arrays=dict(known)))
    return tuple(found)


def _stored(made: TypedNumber, dtype: str, *, adds: bool) -> Any:
    """Return a number as an array of a dtype keeps it. Raises TypeError where numpy does not store it there."""
    row, target = DTYPES[made.dtype], DTYPES[dtype]
    order = KINDS.index(row.kind) > KINDS.index(target.kind)
    if (adds and order) or (row.kind is DtypeKind.COMPLEX and order):
        raise TypeError(f"{made.dtype} is not stored as {dtype}")
    return arithmetic(dtype).cast(made.value)


def _together(shapes: Sequence[tuple[int, ...]]) -> tuple[int, ...]:
    """Return the shape of arrays of one rank beside each other; axes of size 1 are repeated."""
    return tuple(next((size for size in sizes if size != 1), 1) for sizes in zip(*shapes, strict=True))


def _numbers(arrays: Mapping[str, PlainArray]) -> dict[str, int]:
    """Return the scalars that are whole numbers: lengths may be written in them."""
    return {
        name: array.values[0]
        for name, array in arrays.items()
        if not array.shape and DTYPES[array.dtype].kind in WHOLE[1:]
    }


def _ones(length: int) -> PlainArray:
    return PlainArray((length,), "float64", (1.0,) * length)


def _array(value: Any, dtype: str = "int64") -> PlainArray:
    """Return a part of an array, which may be one element, as an array."""
    return value if isinstance(value, PlainArray) else PlainArray((), dtype, (value,))
