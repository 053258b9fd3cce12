"""Sums of products of array elements, as values that a program computes with.

An element is an array's name and its position; products keep the order of their factors, so that `A[i, j] * A[k, j]`
says which factor came first. Sums are put off until somebody asks for the terms: a long loop that adds to one total
costs what its terms are, not their square.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from fractions import Fraction
from math import isfinite

from .effort import TooMuchError, spend

Number = int | float | complex | Fraction
Element = tuple[str, tuple[Hashable, ...]]
"""An array's name, and a position in it: numbers, or the labels of a formula."""
Product = tuple[Element, ...]
"""The factors of one term in the order in which they were multiplied."""
MAX_TERMS = 20_000
"""Products of elements in one polynomial."""
MAX_FACTORS = 100
"""Elements in one product: what a loop multiplies up has as many as the loop has turns."""
MAX_PUT_OFF = 4096
"""Sums that are put off at most; what a text adds to itself again and again would grow without bound."""


FREE = 32
"""Terms that are not counted as work."""


FRACTIONS = 10
"""How many times the work of whole numbers fractions are."""


class TooManyTerms(TooMuchError):  # noqa: N818  those who compute with polynomials say what it means
    """A polynomial would have more terms than `MAX_TERMS`, or one of its products more factors than `MAX_FACTORS`."""


def exact(value: Number) -> Number:
    """Return a number as what was written, so that sums of it are exact: 0.1 is a tenth.

    >>> exact(0.1), exact(2.0), exact(3), exact(float("inf"))
    (Fraction(1, 10), Fraction(2, 1), 3, inf)
    """
    return Fraction(repr(value)) if isinstance(value, float) and isfinite(value) else value


class Polynomial:
    """A sum of coefficients times products of elements. Immutable.

    >>> a, b = Polynomial.element("a", (0,)), Polynomial.element("b", (1,))
    >>> dict(((a + b) * a * 2).terms())
    {(('a', (0,)), ('a', (0,))): 2, (('b', (1,)), ('a', (0,))): 2}
    """

    __slots__ = ("_bound", "_known", "_left", "_right", "_size")

    def __init__(
        self, terms: dict[Product, Number] | None, left: Polynomial | None = None, right: Polynomial | None = None
    ) -> None:
        self._known, self._left, self._right = terms, left, right
        self._size = 1  # parts of sums that are put off, and how many terms they have at most
        self._bound = 1 if terms is None else len(terms)
        if left is not None and right is not None:
            self._size = left._size + right._size
            self._bound = left._bound + right._bound
            if self._size > MAX_PUT_OFF or self._bound > 2 * MAX_TERMS:
                self.terms()

    @classmethod
    def number(cls, value: Number) -> Polynomial:
        """Return a constant."""
        return cls({(): exact(value)} if value else {})

    @classmethod
    def element(cls, name: str, at: tuple[Hashable, ...] = ()) -> Polynomial:
        """Return one element of an array, or a scalar where it has no position."""
        return cls({((name, at),): 1})

    def terms(self) -> dict[Product, Number]:
        """Return the coefficient of each product; none is zero."""
        if self._known is None:
            found: dict[Product, Number] = {}
            parts = [*self._parts()]
            if self._bound > FREE:
                spend(self._bound * max(map(_slow, parts), default=1) // 4)
            for part in parts:
                for product, factor in part.items():
                    found[product] = found.get(product, 0) + factor
            if len(found) > MAX_TERMS:
                raise TooManyTerms
            self._known = {product: factor for product, factor in found.items() if factor}
            self._left = self._right = None
            self._size, self._bound = 1, len(self._known)
        return self._known

    def _parts(self) -> Iterator[dict[Product, Number]]:
        waiting: list[Polynomial] = [self]
        while waiting:
            part = waiting.pop()
            if part._known is not None:
                yield part._known
            elif part._left is not None and part._right is not None:
                waiting += [part._right, part._left]

    @property
    def constant(self) -> Number | None:
        """The number that this is, None where it has elements."""
        terms = self.terms()
        return terms.get((), 0) if all(not product for product in terms) else None

    def __add__(self, other: Polynomial | Number) -> Polynomial:
        other = polynomial(other)
        if self._known == {}:
            return other
        return Polynomial(None, self, other) if other._known != {} else self

    __radd__ = __add__

    def __neg__(self) -> Polynomial:
        return self * -1

    def __sub__(self, other: Polynomial | Number) -> Polynomial:
        return self + -polynomial(other)

    def __rsub__(self, other: Number) -> Polynomial:
        return -self + other

    def __mul__(self, other: Polynomial | Number) -> Polynomial:
        if not isinstance(other, Polynomial):
            by = exact(other)
            if self._bound > FREE:
                spend(self._bound // 4)
            return Polynomial({product: factor * by for product, factor in self.terms().items()} if by else {})
        left, right = self.terms(), other.terms()
        if len(left) * len(right) > MAX_TERMS:
            raise TooManyTerms
        if len(left) == 1 and len(right) == 1:
            ((one, factor),), ((two, weight),) = left.items(), right.items()
            if len(one) + len(two) > MAX_FACTORS:
                raise TooManyTerms
            return Polynomial({one + two: factor * weight})
        if len(left) * len(right) > FREE:
            spend(len(left) * len(right) * max(_slow(left), _slow(right)) // 2)
        made: dict[Product, Number] = {}
        for one, factor in left.items():
            for two, weight in right.items():
                made[one + two] = made.get(one + two, 0) + factor * weight
        return Polynomial({product: factor for product, factor in made.items() if factor})

    def __rmul__(self, other: Number) -> Polynomial:
        return self * other

    def __repr__(self) -> str:
        return f"Polynomial({self.terms()!r})"


def _slow(terms: dict[Product, Number]) -> int:
    """Return how many times longer these coefficients take to compute with than whole numbers do."""
    return FRACTIONS if isinstance(next(iter(terms.values()), 0), Fraction) else 1


def polynomial(value: Polynomial | Number) -> Polynomial:
    """Return a number as a constant, and a polynomial as it is."""
    return value if isinstance(value, Polynomial) else Polynomial.number(value)
