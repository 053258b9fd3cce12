"""The outputs that an expectation asks for, as edits of an expression."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice

from ...core.expected import Expected
from ...core.spec import DOTS, Extent, Spec
from .draft import DraftExpression, Labels, draft_of, extents_of
from .edits import Edit
from .written import written

MAX_OUTPUTS = 24
"""Outputs that are tried where several indices have an expected length."""


def expected_outputs(draft: DraftExpression, expected: Expected, extents: Mapping[str, Extent]) -> Iterator[Edit]:
    """Yield the draft with outputs that are as expected, those with the labels of its own output first.

    >>> expected = Expected(axes=("k", 2), labels={x: x for x in "ijk"}, lengths=frozenset())
    >>> draft = DraftExpression(terms=(("i", "j"), ("j", "k")), output=("i", "k"))
    >>> [edit.draft.output for edit in expected_outputs(draft, expected, {"i": 2, "j": 3, "k": 4})]
    [('k', 'i')]
    """
    labels = (*draft.output, *(label for label in draft.labels if label not in draft.output))
    own = set(draft.output)
    outputs = (
        output
        for axes in _with_dots(expected.axes, draft.output)
        for output in _distinct([_labels_for(axis, labels, expected, extents) for axis in axes])
    )
    for output in sorted(islice(outputs, MAX_OUTPUTS), key=lambda output: set(output) != own):
        yield Edit(draft=replace(draft, output=output), cost=1 if set(output) == own else 2, operand=len(draft.terms))


def giving(spec: Spec, shape: tuple[int, ...]) -> list[str]:
    """Return the expression with each other output that has a shape, as it is written; those of its own indices first.

    >>> from einloop.core.bind import bind_sizes
    >>> from einloop.notation.subscripts import read_subscripts
    >>> giving(bind_sizes(read_subscripts("ij->i"), [(3, 4)]), (4,))
    ['ij->j']
    """
    draft = draft_of(spec)
    extents, _ = extents_of(draft, [op.shape for op in spec.operands]) or ({}, 0)
    asked = Expected(axes=shape, labels={}, lengths=frozenset())
    return [written(edit.draft, spec) for edit in expected_outputs(draft, asked, extents)]


def _with_dots(axes: tuple[int | str, ...], output: Labels) -> Iterator[tuple[int | str, ...]]:
    """Yield the axes with `...` for as many of them as the ellipsis of the output must cover, wherever they may be."""
    covered = len(axes) - len(output) + 1
    if DOTS in axes or DOTS not in output:
        yield axes
        return
    for place in range(len(axes) - covered + 1 if covered >= 0 else 0):
        yield (*axes[:place], DOTS, *axes[place + covered :])


def _labels_for(axis: int | str, labels: Labels, expected: Expected, extents: Mapping[str, Extent]) -> Labels:
    if axis == DOTS:
        return (DOTS,) if DOTS in labels else ()
    one = replace(expected, axes=(axis,))
    return tuple(label for label in labels if label != DOTS and one.met((label,), extents))


def _distinct(choices: Sequence[Labels]) -> Iterator[Labels]:
    """Yield one label of each choice, none twice."""
    if not choices:
        yield ()
        return
    for rest in _distinct(choices[:-1]):
        for label in choices[-1]:
            if label not in rest:
                yield (*rest, label)
