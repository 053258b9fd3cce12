"""A small machine for views: one product in plain nested loops, computed without einloop's own machine."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from math import prod

from einloop.core.errors import OptionError
from einloop.core.message import Code, Message
from einloop.core.trace import TracedArray, TracedCell, TracedIndex, TracedLoops, TracedProduct, TracedRole, TraceStep


@dataclass(frozen=True)
class NestMachine:
    """`C[out] += A[..] * B[..]` in loops over `extents`; every element of an operand is `element(name, at)`.

    `ones`: all elements are 1, so that a sum is its number of terms and loops of any length can be stepped through.
    """

    operands: tuple[tuple[str, str], ...]
    out: str
    extents: dict[str, int]
    line: int
    dtype: str | None = "int64"
    ones: bool = False
    element: object = None
    result: str = "C"

    @property
    def count(self):
        return prod(self.extents.values())

    def shape(self, axes):
        return tuple(self.extents[axis] for axis in axes)

    def given(self, name, at):
        if self.ones:
            return 1
        if self.element is not None:
            return self.element(name, at)
        axes = dict(self.operands)[name]
        flat = 0
        for place, size in zip(at, self.shape(axes), strict=True):
            flat = flat * size + place
        return flat + 1

    def places(self, number):
        left, found = number - 1, {}
        for name, size in reversed(self.extents.items()):
            left, found[name] = divmod(left, size)
        return {name: found[name] for name in self.extents}

    def term(self, number):
        at = self.places(number)
        cells = [TracedCell(name, tuple(at[axis] for axis in axes)) for name, axes in self.operands]
        factors = tuple((cell, self.given(cell.array, cell.at)) for cell in cells)
        values = [value for _, value in factors]
        value = "·".join(values) if isinstance(values[0], str) else prod(values)
        return TracedProduct(factors=factors, value=value)

    def target(self, number):
        at = self.places(number)
        return TracedCell(self.result, tuple(at[axis] for axis in self.out))

    def step(self, number):
        if not 1 <= number <= self.count:
            raise OptionError("EL479", f"there is no step {number}")
        cell, term = self.target(number), self.term(number)
        before = self.value(cell, number - 1)
        return TraceStep(
            number=number,
            line=self.line,
            indices=tuple(self.places(number).items()),
            target=cell,
            terms=(term,),
            before=before,
            after=self.value(cell, number),
            dtype=self.dtype,
            reasons=(Message("trace.text.so_far", {"sum": Code("a sentence of some length about the step")}),),
        )

    def written(self, cell, number):
        """Return how many of the first steps write a cell."""
        fixed = dict(zip(self.out, cell.at, strict=True))
        free = [name for name in self.extents if name not in fixed]
        low, high = 0, prod(self.extents[name] for name in free)
        while low < high:  # the first that comes after `number`
            middle = (low + high) // 2
            if self.number_of(cell, middle) <= number:
                low = middle + 1
            else:
                high = middle
        return low

    def number_of(self, cell, term):
        """Return the number of the step that adds a term, counted from 0, to a cell."""
        fixed = dict(zip(self.out, cell.at, strict=True))
        places = {}
        for name, size in reversed(self.extents.items()):
            if name in fixed:
                places[name] = fixed[name]
            else:
                term, places[name] = divmod(term, size)
        number = 0
        for name, size in self.extents.items():
            number = number * size + places[name]
        return number + 1

    def value(self, cell, number):
        if cell.array != self.result:
            return self.given(cell.array, cell.at)
        count = self.written(cell, number)
        if self.ones:
            return count
        terms = [self.term(self.number_of(cell, n)).value for n in range(count)]
        return " + ".join(terms) or "0" if self.dtype is None else sum(terms)

    def writing(self, cell, *, after=0, reverse=False):
        if cell.array != self.result:
            return
        fixed = dict(zip(self.out, cell.at, strict=True))
        total = prod(size for name, size in self.extents.items() if name not in fixed)
        terms = range(self.written(cell, after), total)
        for term in reversed(terms) if reverse else terms:
            yield self.number_of(cell, term)

    def reading(self, cell, *, after=0):
        for number in range(after + 1, self.count + 1):
            if any(cell == found for found, _ in self.term(number).factors):
                yield number


def traced(expression, extents, *, names="ABDEF", result="C", symbols=False, notes=(), **options):
    """Return the trace of an einsum with one letter an index, in the loops of the style `article`."""
    inputs, out = expression.split("->")
    operands = tuple(zip(names, inputs.split(","), strict=False))
    source = [f"{', '.join(axis.upper() for axis in axes)} = {name}.shape" for name, axes in operands]
    source.append(f"{result} = np.zeros(({', '.join(axis.upper() for axis in out)}))")
    for depth, name in enumerate(extents):
        source.append(f"{'    ' * depth}for {name} in range({name.upper()}):")
    factors = " * ".join(f"{name}[{', '.join(axes)}]" for name, axes in operands)
    source.append(f"{'    ' * len(extents)}{result}[{', '.join(out)}] += {factors}")
    if symbols:
        letters = iter("abcdefghijklmnopqrstuvwxyz")
        table = {
            (name, at): next(letters)
            for name, axes in operands
            for at in product(*(range(extents[axis]) for axis in axes))
        }
        options |= {"element": lambda name, at: table[name, at], "dtype": None}
    machine = NestMachine(operands, out, dict(extents), len(source), result=result, **options)
    dtype = machine.dtype
    arrays = [
        TracedArray(name=name, role=TracedRole.OPERAND, axes=tuple(axes), shape=machine.shape(axes), dtype=dtype)
        for name, axes in operands
    ]
    arrays.append(
        TracedArray(name=result, role=TracedRole.RESULT, axes=tuple(out), shape=machine.shape(out), dtype=dtype)
    )
    indices = tuple(
        TracedIndex(name=name, label=name, extent=size, colour=number, summed=name not in out)
        for number, (name, size) in enumerate(extents.items())
    )
    formula = f"{result}[{','.join(out)}] = Σ " + "·".join(f"{name}[{','.join(axes)}]" for name, axes in operands)
    return TracedLoops(
        expression=expression, formula=formula, source=tuple(source), arrays=tuple(arrays), indices=indices,
        machine=machine, notes=notes,
    )  # fmt: skip
