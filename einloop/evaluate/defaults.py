"""Arrays for an expression that has none: small whole numbers, or symbols whose sums are exact texts."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from math import prod
from string import ascii_lowercase

from ..core.arithmetic import arithmetic
from ..core.combination import number_text
from ..core.plain_array import PlainArray, positions, strides_of
from ..core.polynomial import Polynomial, polynomial
from .mapped import Mapped

MAX_HELD = 10_000
"""Elements of an array of numbers that stand in memory; those of a larger one are made when they are read."""


def counting(shape: Sequence[int], dtype: str = "int64") -> PlainArray:
    """Return an array of 1, 2, 3, ... in C order; of bool every second is True.

    >>> counting((2, 3)).tolist(), counting((3,), "bool").tolist()
    ([[1, 2, 3], [4, 5, 6]], [True, False, True])
    """
    cast = arithmetic(dtype).cast
    made = Mapped(range(1, prod(shape) + 1), (lambda n: n % 2 == 1) if dtype == "bool" else cast)
    return PlainArray(tuple(shape), dtype, made if len(made) > MAX_HELD else tuple(made))


def symbols(names: Sequence[str], shapes: Sequence[Sequence[int]]) -> tuple[PlainArray, ...]:
    """Return for each name an array of symbols: letters where they suffice for all, else elements by place.

    One name is one array. Sums and products of symbols are exact; `symbol_text` writes them.

    >>> [symbol_text(value) for value in symbols(["A", "x"], [(2, 2), (2,)])[1].values]
    ['e', 'f']
    >>> [symbol_text(value) for value in symbols(["A"], [(9, 3)])[0].values][:4]
    ['A[0,0]', 'A[0,1]', 'A[0,2]', 'A[1,0]']
    """
    every = dict(zip(names, shapes, strict=True))
    letters = iter(ascii_lowercase) if sum(map(prod, every.values())) <= len(ascii_lowercase) else None
    made = {}
    for name, shape in every.items():
        if prod(shape) > MAX_HELD:
            values = Mapped(range(prod(shape)), partial(_element, name, tuple(shape)))
            made[name] = PlainArray(tuple(shape), "object", values)
            continue
        elements = (
            Polynomial.element(name, at) if letters is None else Polynomial.element(next(letters))
            for at in positions(shape)
        )
        made[name] = PlainArray(tuple(shape), "object", tuple(elements))
    return tuple(made[name] for name in names)


def _element(name: str, shape: tuple[int, ...], place: int) -> Polynomial:
    """Return the symbol of the element that stands at a place in C order."""
    steps = zip(shape, strides_of(shape), strict=True)
    return Polynomial.element(name, tuple(place // stride % size for size, stride in steps))


def symbol_text(value: object) -> str:
    """Return a sum of products of symbols as text, its terms in the order in which they came.

    >>> a, b = Polynomial.element("a"), Polynomial.element("B", (0, 1))
    >>> symbol_text(a * b + b * 2 - a * a), symbol_text(0), symbol_text(a * 0)
    ('a·B[0,1] + 2·B[0,1] − a·a', '0', '0')
    """
    if not isinstance(value, Polynomial | int | float | complex):
        return str(value)
    said = ""
    for product, factor in polynomial(value).terms().items():
        negative = not isinstance(factor, complex) and factor < 0
        size = -factor if negative else factor
        parts = [] if size == 1 and product else [number_text(size)]
        parts += [f"{name}[{','.join(map(str, at))}]" if at else name for name, at in product]
        sign = "−" if negative else "+"
        said += f" {sign} {'·'.join(parts)}" if said else ("−" if negative else "") + "·".join(parts)
    return said or "0"
