"""Values of a trace as text: of a value, a cell, a product, a sum. Every view of a trace writes them with these."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
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


def factor_texts(term: TracedProduct, dtypes: Dtypes) -> tuple[str, ...]:
    """Return the values of the cells that a product multiplies."""
    return tuple(value_text(value, dtypes.get(cell.array)) for cell, value in term.factors)


def over_texts(term: TracedProduct, dtypes: Dtypes) -> tuple[str, ...]:
    """Return the values by which a product is divided."""
    return tuple(
        str(one) if isinstance(one, int) else value_text(one[1], dtypes.get(one[0].array)) for one in term.over
    )


def product_text(term: TracedProduct, dtypes: Dtypes, *, first: bool = True) -> str:
    """Return a product with its numbers, without its sign. `first`: it stands at the beginning of a sum.

    >>> from einloop.core.trace import TracedCell
    >>> a, b = TracedCell("A", (0,)), TracedCell("b")
    >>> both = TracedProduct(factors=((a, -4), (b, -2)), value=8, over=(3,))
    >>> product_text(both, {"A": "int64", "b": "int64"}), product_text(both, {}, first=False)
    ('-4·(-2)/3', '(-4)·(-2)/3')
    """
    return _multiplied(term, factor_texts(term, dtypes), over_texts(term, dtypes), _times(term, dtypes), first=first)


def product_cells(term: TracedProduct) -> str:
    """Return a product of the names of its cells.

    >>> from einloop.core.trace import TracedCell
    >>> product_cells(TracedProduct(factors=((TracedCell("A", (0,)), 4), (TracedCell("x"), 2)), value=8, times=3))
    '3·A[0]·x'
    """
    over = tuple(str(one) if isinstance(one, int) else str(one[0]) for one in term.over)
    return _multiplied(term, tuple(str(cell) for cell, _ in term.factors), over, TIMES, first=True)


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
    text = ""
    for number, term in enumerate(terms):
        text += sign_text(term, dtypes, first=not number)
        text += product_text(term, dtypes, first=not number and not term.negative)
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


def enclosed(text: str, *, first: bool = True, whole: bool = False) -> str:
    """Return a value in parentheses where it needs them as a factor or a term. `whole`: it is divided by.

    >>> enclosed("5"), enclosed("-5"), enclosed("-5", first=False), enclosed("a·e + b·g"), enclosed("a·e", whole=True)
    ('5', '-5', '(-5)', '(a·e + b·g)', '(a·e)')
    """
    unsigned = text[1:] if first and text[:1] in "-−" else text
    return text if (_ATOM if whole else _PRODUCT).fullmatch(unsigned) else f"({text})"


def _names(term: TracedProduct) -> list[str]:
    return [cell.array for cell, _ in term.factors]


def _times(term: TracedProduct, dtypes: Dtypes) -> str:
    kinds = [dtypes.get(name) for name in _names(term)]
    return AND if kinds and all(map(is_logic, kinds)) else TIMES


def _multiplied(
    term: TracedProduct, factors: tuple[str, ...], over: tuple[str, ...], times: str, *, first: bool
) -> str:
    parts = list(factors) if term.times == 1 and factors else [number_text(term.times), *factors]
    if len(parts) == 1 and not over:
        return parts[0] if first else signed(parts[0])
    text = times.join(enclosed(part, first=first and not number) for number, part in enumerate(parts))
    if not over:
        return text
    below = TIMES.join(enclosed(one, first=False, whole=True) for one in over)
    return text + DIVIDED + (f"({below})" if len(over) > 1 else below)


def signed(text: str) -> str:
    """Return a term that is not the first: in parentheses where it begins with a sign."""
    return f"({text})" if text[:1] in "-−" else text
