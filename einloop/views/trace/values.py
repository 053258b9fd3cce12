"""Values of a trace as text: of a value, a cell, a product, a sum. Every view of a trace writes them with these."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from itertools import pairwise
from typing import Any

from ...core.arithmetic import shortest
from ...core.combination import number_text
from ...core.dtypes import DTYPES, is_logic
from ...core.trace import TracedLoops, TracedProduct
from ...core.visible import visible

Dtypes = Mapping[str, str | None]
"""The dtype of every array by its name, None for symbols."""

TIMES, DIVIDED, PLUS, MINUS = "·", "/", " + ", " − "
AND, OR = "∧", "∨"
"""Signs between factors and between terms; those of bools are AND and OR."""
ABOUT = "≈"
"""Stands before a number that is rounded, and between two texts in place of `=` where one of them has such a number."""
MAX_DIGITS, DIGITS = 6, 5
"""A number with more digits than the first is rounded to the second."""
LARGE = 10**17
"""Below it whole numbers are shown with all digits."""
_NUMBER = re.compile(r"\d+\.?\d*(?:e[+-]?\d+)?")
_ATOM = re.compile(r"[^\W\d]\w*(\[[\d,]*\])?|\((?:[^()]|\([^()]*\))*\)|\d[\d.]*(e[+-]?\d+)?j?|inf|nan|True|False")
"""What needs no parentheses where it is multiplied: a name, an element, a number, what has parentheses already."""
_PRODUCT = re.compile(rf"(?:{_ATOM.pattern})(?:·(?:{_ATOM.pattern}))*")
"""What needs none where it is one of several factors either."""


def dtypes_of(trace: TracedLoops) -> Dtypes:
    """Return the dtype of every array by its name."""
    return {array.name: array.dtype for array in trace.arrays}


def value_text(value: Any, dtype: str | None) -> str:
    """Return a value with the fewest digits that give it back in its dtype, a symbolic one as it stands.

    A float that is whole has no fraction: its dtype stands with the array.

    >>> value_text(0.1, "float32"), value_text(-112, "int8"), value_text("a·e + b·g", None), value_text(2j, "complex64")
    ('0.1', '-112', 'a·e + b·g', '(0+2j)')
    """
    if isinstance(value, str):
        return visible(value, keep="")
    text = str(value) if dtype is None or dtype not in DTYPES else shortest(dtype, value)
    return visible(text.removesuffix(".0"), keep="")


def short_text(value: Any, dtype: str | None) -> str:
    """Return a value as a person reads it: of a long fraction five digits, after the sign that says so.

    A whole number below 10**17 has all of its digits, and so has a symbolic value. JSON has all digits of every value.

    >>> short_text(0.123456789, "float64"), short_text(-2.5, "float64"), short_text(1234567.0, "float64")
    ('≈0.12346', '−2.5', '1234567')
    >>> short_text(123456.789, "float64"), short_text(1e-7 / 3, "float64"), short_text(1 - 1j / 3, "complex128")
    ('≈123457', '≈3.3333e-08', '≈(1−0.33333j)')
    """
    text = value_text(value, dtype)
    if isinstance(value, bool) or not isinstance(value, int | float | complex):
        return text
    rounded = text if isinstance(value, int) else _NUMBER.sub(_rounded, text)
    return (ABOUT if rounded != text else "") + re.sub("(?<!e)-", MINUS.strip(), rounded)


def _rounded(found: re.Match[str]) -> str:
    """Return a number without its sign, of one with many digits the first ones."""
    number = Decimal(found[0])
    if len(number.normalize().as_tuple().digits) <= MAX_DIGITS or (number < LARGE and number == int(number)):
        return found[0]
    if "e" not in found[0] and number >= 10**DIGITS:
        return str(round(number))
    text = repr(float(f"{number:.{DIGITS - 1}e}"))
    return text.removesuffix(".0")


def equation(*sides: str) -> str:
    """Return texts with a sign between each two: it says where a text has rounded numbers.

    >>> equation("c", "a·b", "≈0.12346·2", "≈0.24691"), equation("c", "4·2", "8")
    ('c = a·b ≈ 0.12346·2 ≈ 0.24691', 'c = 4·2 = 8')
    """
    text = sides[0].replace(ABOUT, "")
    for one, other in pairwise(sides):
        text += f" {equals(one, other)} {other.replace(ABOUT, '')}"
    return text


def equals(*sides: str) -> str:
    """Return the sign between two texts."""
    return ABOUT if any(ABOUT in side for side in sides) else "="


def about_once(text: str) -> str:
    """Return an expression that says once, before it, that numbers in it are rounded.

    >>> about_once("≈0.12346·≈0.33333 + 2")
    '≈0.12346·0.33333 + 2'
    """
    return (ABOUT if ABOUT in text else "") + text.replace(ABOUT, "")


def factor_texts(term: TracedProduct, dtypes: Dtypes) -> tuple[str, ...]:
    """Return the values of the cells that a product multiplies."""
    return tuple(short_text(value, dtypes.get(cell.array)) for cell, value in term.factors)


def over_texts(term: TracedProduct, dtypes: Dtypes) -> tuple[str, ...]:
    """Return the values by which a product is divided."""
    return tuple(
        str(one) if isinstance(one, int) else short_text(one[1], dtypes.get(one[0].array)) for one in term.over
    )


def product_text(term: TracedProduct, dtypes: Dtypes) -> str:
    """Return a product with its numbers, negative ones in parentheses, without its sign.

    >>> from einloop.core.trace import TracedCell
    >>> a, b = TracedCell("A", (0,)), TracedCell("b")
    >>> both = TracedProduct(factors=((a, -4), (b, -2)), value=8, over=(3,))
    >>> product_text(both, {"A": "int64", "b": "int64"})
    '(−4)·(−2)/3'
    """
    return _multiplied(term, factor_texts(term, dtypes), over_texts(term, dtypes), _times(term, dtypes))


def product_cells(term: TracedProduct) -> str:
    """Return a product of the names of its cells.

    >>> from einloop.core.trace import TracedCell
    >>> product_cells(TracedProduct(factors=((TracedCell("A", (0,)), 4), (TracedCell("x"), 2)), value=8, times=3))
    '3·A[0]·x'
    """
    over = tuple(str(one) if isinstance(one, int) else str(one[0]) for one in term.over)
    return _multiplied(term, tuple(str(cell) for cell, _ in term.factors), over, TIMES)


def cells_text(terms: Iterable[TracedProduct]) -> str:
    """Return products of the names of their cells, added up.

    >>> from einloop.core.trace import TracedCell
    >>> a, b = (TracedProduct(factors=((TracedCell(name, (0,)), 4),), value=4, negative=True) for name in "ab")
    >>> cells_text([a, b])
    '−a[0] − b[0]'
    """
    text = ""
    for term in terms:
        sign = (MINUS if term.negative else PLUS) if text else MINUS.strip() if term.negative else ""
        text += sign + product_cells(term)
    return text


def sum_text(terms: Iterable[TracedProduct], dtypes: Dtypes) -> str:
    """Return products added up, or subtracted where they are negative.

    >>> from einloop.core.trace import TracedCell
    >>> one = TracedProduct(factors=((TracedCell("a"), 4),), value=4)
    >>> other = TracedProduct(factors=((TracedCell("a"), 4), (TracedCell("b"), 2)), value=8, negative=True)
    >>> sum_text([one, other], {"a": "int64", "b": "int64"}), sum_text([other], {})
    ('4 − 4·2', '−4·2')
    """
    every = list(terms)
    text = ""
    for number, term in enumerate(every):
        product = product_text(term, dtypes)
        text += sign_text(term, dtypes, first=not number)
        text += product if len(every) == 1 and not term.negative else signed(product)
    return text


def sign_text(term: TracedProduct, dtypes: Dtypes, *, first: bool) -> str:
    """Return what stands before a product in a sum: a sign with its blanks; before the first one only a minus."""
    if first:
        return MINUS.strip() if term.negative else ""
    return MINUS if term.negative else plus_text(dtypes.get(name) for name in _names(term))


def plus_text(dtypes: Iterable[str | None]) -> str:
    """Return the sign of a sum of values of these dtypes, with its blanks: of bools alone it is OR.

    >>> plus_text(["bool"]), plus_text(["bool", "int8"]), plus_text([None])
    (' ∨ ', ' + ', ' + ')
    """
    given = list(dtypes)
    return f" {OR} " if given and all(map(is_logic, given)) else PLUS


def enclosed(text: str, *, whole: bool = False) -> str:
    """Return a value in parentheses where it needs them as a factor. `whole`: it is divided by.

    >>> enclosed("5"), enclosed("−5"), enclosed("a·e + b·g"), enclosed("a·e", whole=True), enclosed("≈−0.5")
    ('5', '(−5)', '(a·e + b·g)', '(a·e)', '≈(−0.5)')
    """
    about, number = (ABOUT, text[1:]) if text.startswith(ABOUT) else ("", text)
    return text if (_ATOM if whole else _PRODUCT).fullmatch(number) else f"{about}({number})"


def _names(term: TracedProduct) -> list[str]:
    return [cell.array for cell, _ in term.factors]


def _times(term: TracedProduct, dtypes: Dtypes) -> str:
    kinds = [dtypes.get(name) for name in _names(term)]
    return AND if kinds and all(map(is_logic, kinds)) else TIMES


def _multiplied(term: TracedProduct, factors: tuple[str, ...], over: tuple[str, ...], times: str) -> str:
    parts = list(factors) if term.times == 1 and factors else [number_text(term.times), *factors]
    if len(parts) == 1 and not over:
        return parts[0]
    text = times.join(map(enclosed, parts))
    if not over:
        return text
    below = TIMES.join(enclosed(one, whole=True) for one in over)
    return text + DIVIDED + (f"({below})" if len(over) > 1 else below)


def signed(text: str) -> str:
    """Return a term of a sum: in parentheses where it begins with a sign.

    >>> signed("−4"), signed("≈−0.5"), signed("4·(−2)")
    ('(−4)', '≈(−0.5)', '4·(−2)')
    """
    about, number = (ABOUT, text[1:]) if text.startswith(ABOUT) else ("", text)
    return f"{about}({number})" if number[:1] in ("-", "−") else text
