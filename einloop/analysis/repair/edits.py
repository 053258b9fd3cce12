"""Every expression that is one small edit away. Looks at no shapes, except for how many axes an ellipsis covers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import combinations, permutations
from string import ascii_letters

from ...core.spec import DOTS, MATHEMATICAL_LETTERS
from .draft import DraftExpression, Labels

MAX_REORDERED = 5
"""Longer terms only have two labels exchanged: 120 orders are enough to try."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """A draft and how far it is from the original: the smaller `cost`, the likelier the slip."""

    draft: DraftExpression
    cost: int
    operand: int


Edits = Iterator[Edit]


def edits(draft: DraftExpression, operands: tuple[int, ...], *, implicit: bool, misfits: tuple[int, ...] = ()) -> Edits:
    """Yield the drafts one edit away from `draft`: of one of `operands`, of the output, or of the ellipsis.

    `implicit`: the output follows the terms by the rule of expressions without `->`. Only `misfits`, operands whose
    shape has another number of axes than their term, have labels added or dropped.

    >>> draft = DraftExpression(terms=(("i", "k"), ("j", "k")), output=("i", "j"))
    >>> found = [edit.draft for edit in edits(draft, (0, 1), implicit=False)]
    >>> DraftExpression(terms=(("i", "k"), ("k", "j")), output=("i", "j")) in found
    True
    """
    new = fresh(draft.labels, MATHEMATICAL_LETTERS)
    for number in operands:
        for rewrite in RESIZED if number in misfits else KEPT:
            for term, cost in rewrite(draft.terms[number], draft.labels, new):
                yield from _followed(draft, number, term, cost, new, implicit=implicit)
    if not implicit:
        for output, cost in _outputs(draft.output, draft.labels):
            yield Edit(draft=replace(draft, output=output), cost=cost, operand=len(draft.terms))


def fresh(labels: Labels, letters: str = ascii_letters) -> str:
    """Return the first of `letters` that is not a label.

    >>> fresh(("i", "j"), MATHEMATICAL_LETTERS)
    'k'
    """
    return next((letter for letter in letters if letter not in labels), "new")


def _followed(draft: DraftExpression, number: int, term: Labels, cost: int, new: str, *, implicit: bool) -> Edits:
    """Yield the draft with another term; the output follows where a label goes, and may where one comes."""
    terms = (*draft.terms[:number], term, *draft.terms[number + 1 :])
    left = {label for other in terms for label in other}
    if implicit:
        yield Edit(draft=DraftExpression(terms=terms, output=implicit_output(terms)), cost=cost, operand=number)
        return
    lost = [label for label in draft.output if label not in left and label != DOTS]
    come = [label for label in term if label not in draft.terms[number]]
    output = draft.output
    if lost and come:
        output = tuple(come[0] if label == lost[0] else label for label in output)
    output = tuple(label for label in output if label in left or label == DOTS)
    yield Edit(draft=DraftExpression(terms=terms, output=output), cost=cost, operand=number)
    if new in term and new not in output:
        yield Edit(draft=DraftExpression(terms=terms, output=(*output, new)), cost=cost, operand=number)


def implicit_output(terms: tuple[Labels, ...]) -> Labels:
    """Return the output of terms without `->`: the ellipsis, then what occurs once, sorted."""
    every = [label for term in terms for label in term]
    once = tuple(sorted(label for label in set(every) if label != DOTS and every.count(label) == 1))
    return (DOTS, *once) if DOTS in every else once


Rewrites = Iterator[tuple[Labels, int]]


def _exchanged(term: Labels, labels: Labels, new: str) -> Rewrites:
    for one, other in combinations(range(len(term)), 2):
        if term[one] != term[other]:
            order = list(term)
            order[one], order[other] = order[other], order[one]
            yield tuple(order), 1


def _reordered(term: Labels, labels: Labels, new: str) -> Rewrites:
    if len(term) <= MAX_REORDERED:
        for order in dict.fromkeys(permutations(term)):
            if order != term:
                yield order, 2


def _replaced(term: Labels, labels: Labels, new: str) -> Rewrites:
    for place, label in reversed(tuple(enumerate(term))):
        for other in (*labels, new):
            if other != label and DOTS not in (label, other):
                yield (*term[:place], other, *term[place + 1 :]), 2


def _dropped(term: Labels, labels: Labels, new: str) -> Rewrites:
    for place in reversed(range(len(term))):
        yield (*term[:place], *term[place + 1 :]), 3


def _inserted(term: Labels, labels: Labels, new: str) -> Rewrites:
    for place in reversed(range(len(term) + 1)):
        for label in (*labels, new):
            if label != DOTS or DOTS not in term:
                yield (*term[:place], label, *term[place:]), 3


Rewrite = Callable[[Labels, Labels, str], Rewrites]

KEPT: tuple[Rewrite, ...] = (_exchanged, _reordered, _replaced)
RESIZED: tuple[Rewrite, ...] = (_dropped, _inserted)


def _outputs(output: Labels, labels: Labels) -> Rewrites:
    """Yield outputs with one label changed, added or dropped."""
    for place in range(len(output)):
        for label in labels:
            if label not in output and DOTS not in (label, output[place]):
                yield (*output[:place], label, *output[place + 1 :]), 1
    for label in labels:
        if label == DOTS and DOTS not in output:
            yield (DOTS, *output), 1
        elif label not in output:
            yield (*output, label), 2
    for place, label in enumerate(output):
        if label != DOTS:
            yield (*output[:place], *output[place + 1 :]), 3


def with_dots(draft: DraftExpression, operands: tuple[int, ...]) -> DraftExpression:
    """Return the draft with an ellipsis in front of the terms of `operands` and of the output.

    >>> with_dots(DraftExpression(terms=(("i", "j"), ("j",)), output=("i",)), (0,)).terms[0]
    ('...', 'i', 'j')
    """
    terms = tuple((DOTS, *term) if n in operands and DOTS not in term else term for n, term in enumerate(draft.terms))
    output = draft.output if DOTS in draft.output else (DOTS, *draft.output)
    return DraftExpression(terms=terms, output=output)


def named_dots(draft: DraftExpression, covered: tuple[int, ...]) -> DraftExpression:
    """Return the draft with every ellipsis written as labels; `covered` says how many axes each has.

    >>> draft = DraftExpression(terms=(("...", "i", "j"), ("...", "j", "k")), output=("i", "k"))
    >>> named_dots(draft, (1, 1)).terms
    (('a', 'i', 'j'), ('a', 'j', 'k'))
    """
    names: list[str] = []
    for _ in range(max(covered, default=0)):
        names.append(fresh((*draft.labels, *names)))
    terms = tuple(
        tuple(x for label in term for x in (names[len(names) - rank :] if label == DOTS else (label,)))
        for term, rank in zip(draft.terms, covered, strict=True)
    )
    return DraftExpression(terms=terms, output=draft.output)
