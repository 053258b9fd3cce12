"""Products of extents as text: numbers where they are known, names of extents elsewhere."""

from __future__ import annotations

from collections.abc import Iterable
from math import prod

from ...core.message import Code, Value

Extent = int | str


def product_of(extents: Iterable[Extent], factor: int = 1) -> Value:
    """Return a product: a number where all extents are known, else a text like `2·I·J`.

    >>> product_of([2, 3]), product_of(["I", 3, "J"], 2), product_of([])
    (6, Code(text='6·I·J'), 1)
    """
    extents = list(extents)
    number = factor * prod(size for size in extents if isinstance(size, int))
    names = [size for size in extents if isinstance(size, str)]
    if not names or number == 0:
        return number
    return Code("·".join([*([str(number)] if number != 1 else []), *names]))


def sum_of(terms: Iterable[Value], factor: int = 1) -> Value:
    """Return a sum of products, times `factor`.

    >>> sum_of([6, 2], 8), sum_of([Code("I·J"), Code("J")], 8)
    (64, Code(text='8·(I·J + J)'))
    """
    terms = list(terms)
    number = sum(term for term in terms if isinstance(term, int))
    names = [term.text for term in terms if isinstance(term, Code)]
    if not names:
        return factor * number
    texts = [*names, *([str(number)] if number else [])]
    if factor == 1:
        return Code(" + ".join(texts))
    return Code(f"{factor}·{texts[0]}" if len(texts) == 1 else f"{factor}·({' + '.join(texts)})")
