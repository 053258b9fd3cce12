"""Lengths of several runs in, what they are in the text's own words out: `n`, `A.shape[1]`, `n - 1`, `n*m`, `8`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from itertools import chain, combinations, combinations_with_replacement, permutations, product
from math import prod

from ..core.polynomial import Number
from .sizes import Key, said

Runs = tuple[int, ...]
"""One number for each run."""
Chosen = Mapping[Key, int]
Share = tuple[int, tuple[Key, ...]]
"""A whole factor and the lengths that it multiplies."""
MAX_FEW = 5
"""Lengths of which products of five and six are looked for."""
SIGNS = (1, -1, 0)
MAX_FACTOR = 16
"""What a length is multiplied or divided by at most."""


@dataclass(frozen=True, slots=True)
class Length:
    """A sum of whole factors times products of lengths, divided by `divisor` and rounded down.

    >>> Length(((2, ("n",)), (-1, ()))).text, Length(((1, ("n",)), (3, ())), 4).text
    ('2*n - 1', '(n + 3)//4')
    """

    parts: tuple[Share, ...] = ()
    divisor: int = 1

    def value(self, chosen: Chosen) -> int:
        """Return what it is when the lengths have these values."""
        total = sum(factor * prod(chosen[key] for key in keys) for factor, keys in self.parts)
        return total // self.divisor

    @property
    def constant(self) -> int | None:
        """The number that it is whatever the lengths are, None where it depends on them."""
        return None if any(keys for _, keys in self.parts) else self.value({})

    @property
    def text(self) -> str:
        """It as Python."""
        text = ""
        for factor, keys in _counted(self.parts):
            words = [said(key) for key in keys]
            if len(keys) > 1 or abs(factor) != 1:
                words = [f"({word})" if " " in word else word for word in words]
            word = "*".join([*([] if abs(factor) == 1 and keys else [str(abs(factor))]), *words])
            sign = "-" if factor < 0 else "+"
            text += f" {sign} {word}" if text else f"{'-' if factor < 0 else ''}{word}"
        if self.divisor == 1:
            return text or "0"
        return f"({text})//{self.divisor}" if len(self.parts) > 1 else f"{text}//{self.divisor}"

    @property
    def plain(self) -> bool:
        """It is a number, or a product of lengths without one."""
        return self.divisor == 1 and (
            not self.parts or (len(self.parts) == 1 and (self.parts[0][0] == 1 or not self.parts[0][1]))
        )

    @property
    def factor(self) -> str:
        """It as Python, in parentheses where it is no product."""
        return f"({self.text})" if len(self.parts) > 1 or self.divisor > 1 else self.text


def _counted(parts: Sequence[Share]) -> list[Share]:
    """Return a sum where numbers of the text that are lengths have been counted with what is added."""
    numbers = [not keys or all(str(key).isdecimal() for key in keys) for _, keys in parts]
    if sum(numbers) < 2:
        return [*parts]
    kept = [part for part, number in zip(parts, numbers, strict=True) if not number]
    added = sum(
        factor * prod(int(str(key)) for key in keys) for (factor, keys), n in zip(parts, numbers, strict=True) if n
    )
    return [*kept, (added, ())] if added else kept


def whole(value: int) -> Length:
    """Return a number as a length."""
    return Length(((value, ()),)) if value else Length()


def _plus(*parts: tuple[int, tuple[Key, ...]], divisor: int = 1) -> Length:
    return Length(tuple(part for part in parts if part[0]), divisor)


def named(values: Sequence[int], chosen: Sequence[Chosen]) -> Length | None:
    """Return what has these values in runs with the chosen lengths; None where nothing simple has.

    >>> chosen = [{"n": 3, "m": 5}, {"n": 7, "m": 4}, {"n": 4, "m": 9}]
    >>> vectors = [(5, 4, 9), (2, 6, 3), (15, 28, 36), (8, 8, 8), (7, 15, 9), (1, 2, 9)]
    >>> [found and found.text for found in (named(values, chosen) for values in vectors)]
    ['m', 'n - 1', 'n*m', '8', '2*n + 1', None]
    """
    vector = tuple(values)
    if len(set(vector)) == 1:
        return whole(vector[0])
    return _named(vector, tuple(tuple(run.items()) for run in chosen))


@lru_cache(maxsize=4096)
def _named(vector: Runs, runs: tuple[tuple[tuple[Key, int], ...], ...]) -> Length | None:
    chosen = [dict(run) for run in runs]
    keys = sorted(chosen[0], key=lambda key: not isinstance(key, str))
    sizes: dict[Key, Runs] = {}
    for key in keys:
        vector_of = tuple(run.get(key, -1) for run in chosen)
        if vector_of not in sizes.values() and len(set(vector_of)) > 1:
            sizes[key] = vector_of
    return next((found for form in FORMS for found in form(vector, sizes)), None)


def _rest(values: Runs, product: Runs) -> int | None:
    """Return what has to be added to a product, None where that differs."""
    rests = {value - one for value, one in zip(values, product, strict=True)}
    return rests.pop() if len(rests) == 1 else None


def _product(*vectors: Runs) -> Runs:
    return tuple(map(prod, zip(*vectors, strict=True)))


def _single(values: Runs, sizes: Mapping[Key, Runs]) -> Iterator[Length]:
    """Yield `n`, then `n + 1`."""
    yield from (_plus((1, (key,))) for key, size in sizes.items() if size == values)
    for key, size in sizes.items():
        rest = _rest(values, size)
        if rest is not None:
            yield _plus((1, (key,)), (rest, ()))


def _products(values: Runs, sizes: Mapping[Key, Runs]) -> Iterator[Length]:
    """Yield `n*m`."""
    for keys in combinations_with_replacement(sizes, 2):
        if _product(*(sizes[key] for key in keys)) == values:
            yield _plus((1, keys))


def _multiples(values: Runs, sizes: Mapping[Key, Runs]) -> Iterator[Length]:
    """Yield `2*n + 1`, and the same of a product of two lengths."""
    products: list[tuple[tuple[Key, ...], Runs]] = [((key,), size) for key, size in sizes.items()]
    products += [(keys, _product(*(sizes[k] for k in keys))) for keys in combinations_with_replacement(sizes, 2)]
    for keys, size in products:
        for one, other in zip(range(len(size)), range(1, len(size)), strict=False):
            if size[one] != size[other]:
                factor, left = divmod(values[one] - values[other], size[one] - size[other])
                if not left and 0 < abs(factor) <= MAX_FACTOR:
                    rest = _rest(values, tuple(factor * n for n in size))
                    if rest is not None:
                        yield _plus((factor, keys), (rest, ()))
                break


def _sums(values: Runs, sizes: Mapping[Key, Runs]) -> Iterator[Length]:
    """Yield `n + m`, `n - m`, `n*m - k`, each with a number added."""
    firsts: list[tuple[tuple[Key, ...], Runs]] = [((key,), size) for key, size in sizes.items()]
    firsts += [(keys, _product(*(sizes[k] for k in keys))) for keys in combinations_with_replacement(sizes, 2)]
    for keys, size in firsts:
        for key, other in sizes.items():
            for sign in (1, -1):
                if values[0] - size[0] - sign * other[0] != values[1] - size[1] - sign * other[1]:
                    continue
                rest = _rest(values, tuple(a + sign * b for a, b in zip(size, other, strict=True)))
                if rest is not None and keys != (key,):
                    yield _plus((1, keys), (sign, (key,)), (rest, ()))


def _triples(values: Runs, sizes: Mapping[Key, Runs]) -> Iterator[Length]:
    """Yield `n*m*k`, and products of four, and of five and six of few lengths."""
    for count in (3, 4, 5, 6):
        most = MAX_FACTOR if count < 5 else MAX_FEW
        for keys in combinations_with_replacement(sizes, count) if len(sizes) <= most else ():
            if _product(*(sizes[key] for key in keys)) == values:
                yield _plus((1, keys))


def _quotients(values: Runs, sizes: Mapping[Key, Runs]) -> Iterator[Length]:
    """Yield `n//2`, `(n + 1)//2`, `(n - 3)//4`."""
    for key, size in sizes.items():
        for divisor in range(2, MAX_FACTOR + 1):
            least = [value * divisor - n for n, value in zip(size, values, strict=True)]
            for added in sorted(range(max(least), min(least) + divisor), key=abs):
                yield _plus((1, (key,)), (added, ()), divisor=divisor)


def _walks(values: Runs, sizes: Mapping[Key, Runs]) -> Iterator[Length]:
    """Yield `(n - 1)*m + k`, as a walk over rows ends."""
    for one, other in permutations(sizes, 2):
        for key, size in sizes.items():
            walked = tuple((a - 1) * b + c for a, b, c in zip(sizes[one], sizes[other], size, strict=True))
            rest = _rest(values, walked)
            if rest == 0:
                yield _plus((1, (one, other)), (-1, (other,)), (1, (key,)))


def _corners(values: Runs, sizes: Mapping[Key, Runs]) -> Iterator[Length]:
    """Yield `n*k + n + k + 1`, where a row and a place in it start; three runs do not tell it."""
    for (one, a), (other, b) in permutations(sizes.items(), 2) if len(values) > len(SIGNS) else ():
        for own, sign in product(SIGNS, SIGNS[:2]):
            rest = _rest(values, tuple(m * n + own * n + sign * m for m, n in zip(a, b, strict=True)))
            if rest is not None and abs(rest) <= 1:
                yield _plus((1, (one, other)), (own, (other,)), (sign, (one,)), (rest, ()))


def _shared(values: Runs, sizes: Mapping[Key, Runs]) -> Iterator[Length]:
    """Yield `n*m + n*k`, as rows of two parts have it: a length times a sum."""
    for key, size in sizes.items():
        if all(size) and not any(value % n for n, value in zip(size, values, strict=True)):
            widths = tuple(value // n for n, value in zip(size, values, strict=True))
            for found in _sums(widths, sizes):
                if all(keys for _, keys in found.parts):
                    yield _plus(*((factor, (key, *keys)) for factor, keys in found.parts))


FORMS: Sequence[Callable[[Runs, Mapping[Key, Runs]], Iterator[Length]]] = (
    _single, _products, _triples, _multiples, _sums, _quotients, _walks, _shared, _corners,
)  # fmt: skip
"""What a length may be, the simplest first."""


Factored = tuple[Number, Length | None, Length | None]
"""A constant, a length that multiplies it, and a length that divides it."""


def factored(values: Sequence[Number], chosen: Sequence[Chosen]) -> Factored | None:
    """Return a number that differs from run to run as a constant, a length that multiplies it and one that divides it.

    >>> chosen = [{"n": 3, "m": 5}, {"n": 7, "m": 4}, {"n": 4, "m": 9}]
    >>> number, times, over = factored([Fraction(2, 3), Fraction(2, 7), Fraction(1, 2)], chosen)
    >>> number, times, over.text
    (Fraction(2, 1), None, 'n')
    """
    if len(set(values)) == 1:
        return values[0], None, None
    if any(isinstance(value, (complex, float)) for value in values):
        return None
    numbers = [Fraction(value) for value in values if isinstance(value, (int, Fraction))]
    return next(chain(_ratios(numbers, chosen), _lengths(numbers, chosen), _fractions(numbers, chosen)), None)


def _ratios(numbers: Sequence[Fraction], chosen: Sequence[Chosen]) -> Iterator[Factored]:
    """Yield a constant times a product of lengths, or divided by one."""
    keys = list(chosen[0])
    for keyed in (*((key,) for key in keys), *combinations_with_replacement(keys, 2), *combinations(keys, 3)):
        sizes = [prod(run[key] for key in keyed) for run in chosen]
        length = Length(((1, keyed),))
        if all(sizes):
            if len(ratios := {number / size for number, size in zip(numbers, sizes, strict=True)}) == 1:
                yield ratios.pop(), length, None
            if len(ratios := {number * size for number, size in zip(numbers, sizes, strict=True)}) == 1:
                yield ratios.pop(), None, length


def _fractions(numbers: Sequence[Fraction], chosen: Sequence[Chosen]) -> Iterator[Factored]:
    """Yield a length divided by another, or by one that is one or two off: `m / n`, `n / (n - 1)`."""
    for key in chosen[0]:
        for added in (0, -1, 1, -2, 2):
            over = [run[key] + added for run in chosen]
            times = [number * size for number, size in zip(numbers, over, strict=True)]
            if not all(over) or any(time.denominator != 1 for time in times):
                continue
            found = named([int(time) for time in times], chosen)
            if found is not None and found.constant is None:
                sign = -1 if all(factor < 0 for factor, _ in found.parts) else 1
                said = Length(tuple((sign * factor, keys) for factor, keys in found.parts), found.divisor)
                yield sign, said, _plus((1, (key,)), (added, ()))


def _lengths(numbers: Sequence[Fraction], chosen: Sequence[Chosen]) -> Iterator[Factored]:
    """Yield a length, or one divided by it."""
    if all(number.denominator == 1 for number in numbers):
        found = named([int(number) for number in numbers], chosen)
        if found is not None:
            yield 1, found, None
    for constant in (1, -1, 2, -2) if all(numbers) else ():
        inverse = [constant / number for number in numbers]
        if all(number.denominator == 1 for number in inverse):
            found = named([int(number) for number in inverse], chosen)
            if found is not None and found.parts and found.parts[0][0] > 0:
                yield Fraction(constant), None, found
