"""Lengths that are sums of products, added, multiplied and divided: where a row starts, and a place in it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from .lengths import Length, Share
from .sizes import Key


def _collected(parts: Iterable[Share]) -> Length:
    """Return a sum with one share for each product of lengths."""
    found: dict[tuple[Key, ...], int] = {}
    for factor, keys in parts:
        ordered = tuple(sorted(keys, key=repr))
        found[ordered] = found.get(ordered, 0) + factor
    return Length(tuple((factor, keys) for keys, factor in found.items() if factor))


def total(*lengths: Length) -> Length:
    """Return a sum of lengths that are not divided.

    >>> n, one = Length(((1, ("n",)),)), Length(((1, ()),))
    >>> total(n, one, n).text
    '2*n + 1'
    """
    return _collected(part for length in lengths for part in length.parts)


def times(one: Length, other: Length) -> Length:
    """Return the product of two lengths that are not divided.

    >>> n, one = Length(((1, ("n",)),)), Length(((-1, ()),))
    >>> times(total(n, one), n).text
    'n*n - n'
    """
    return _collected((a * b, (*keys, *more)) for a, keys in one.parts for b, more in other.parts)


def divided(length: Length, by: Length) -> tuple[Length, Length]:
    """Return how often one length goes into another, and what is left; neither is divided.

    >>> k, m, one = Length(((1, ("k",)),)), Length(((1, ("m",)),)), Length(((1, ()),))
    >>> [found.text for found in divided(total(times(k, m), m, k, one), m)]
    ['k + 1', 'k + 1']
    """
    first, lead = max(by.parts, key=lambda part: len(part[1]))
    often = Length()
    for _ in range(len(length.parts) * len(by.parts) + 1):
        shares = [
            (factor // first, tuple((Counter(keys) - Counter(lead)).elements()))
            for factor, keys in length.parts
            if not Counter(lead) - Counter(keys) and factor // first
        ]
        if not shares:
            break
        share = Length((max(shares, key=lambda part: len(part[1])),))
        often = total(often, share)
        length = total(length, Length(tuple((-factor, keys) for factor, keys in times(share, by).parts)))
    return often, length
