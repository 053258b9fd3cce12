"""Terms of one result in, the same terms out with the result cut into the same axes in each.

A loop over the flat elements of an array and one over its rows and columns say the same: the flat index is split where
the other has two.
"""

from __future__ import annotations

from collections.abc import Sequence

from .terms import Monomial, ReadAxis, renumbered


def refined(terms: Sequence[Monomial]) -> tuple[Monomial, ...]:
    """Return the terms, each with its labels split where another term has several for the same part of the result."""
    found = list(terms)
    for axis in range(len(found[0].result) if found else 0):
        groups: dict[tuple[int, int], list[int]] = {}
        for number, term in enumerate(found):
            if len(term.result) > axis and _dense(term, axis):
                groups.setdefault(_extent(term, axis), []).append(number)
        for numbers in groups.values():
            steps = sorted({step for n in numbers for step in found[n].result[axis].steps})
            split = [_split(found[n], axis, steps) for n in numbers]
            if len({_levels(term, axis) for term in split}) == 1:
                for n, term in zip(numbers, split, strict=True):
                    found[n] = term
    return tuple(found)


def _levels(term: Monomial, axis: int) -> tuple[tuple[int, int], ...]:
    read = term.result[axis]
    return tuple((step, term.lengths[label]) for step, label in zip(read.steps, read.labels, strict=True))


def _extent(term: Monomial, axis: int) -> tuple[int, int]:
    """Return the first place of an axis of the result, and the last."""
    start = term.result[axis].start
    return start, start + sum(step * (length - 1) for step, length in _levels(term, axis))


def _dense(term: Monomial, axis: int) -> bool:
    """Return whether an axis of the result is written without gaps: each step is what all faster ones cover."""
    covered = 1
    for step, length in reversed(_levels(term, axis)):
        if step != covered:
            return False
        covered *= length
    return True


def _split(term: Monomial, axis: int, steps: Sequence[int]) -> Monomial:
    """Return a term with the labels of an axis of its result split at these steps."""
    for step in steps:
        for label, own in zip(term.result[axis].labels, term.result[axis].steps, strict=True):
            inner, left = divmod(step, own)
            if not left and 1 < inner < term.lengths[label] and not term.lengths[label] % inner:
                term = _divided(term, label, inner)
                break
    return term


def _divided(term: Monomial, label: int, inner: int) -> Monomial:
    """Return a term with one label as two: the faster one of length `inner`."""
    new = len(term.lengths)
    lengths = [*term.lengths, inner]
    lengths[label] //= inner
    arrays = [
        tuple(_axis_divided(axis, label, new, inner) for axis in array) for array in (term.result, *term.operands)
    ]
    return renumbered(term.coefficient, term.names, arrays, lengths, term.sites)


def _axis_divided(axis: ReadAxis, label: int, new: int, inner: int) -> ReadAxis:
    levels = []
    for one, step in zip(axis.labels, axis.steps, strict=True):
        levels += [(label, step * inner), (new, step)] if one == label else [(one, step)]
    levels.sort(key=lambda level: -abs(level[1]))
    return ReadAxis(
        labels=tuple(one for one, _ in levels), steps=tuple(step for _, step in levels), start=axis.start
    )
