"""Edits of an expression in, those that fit the shapes out, the likeliest first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from ...core.bind import Shape
from ...core.expected import Expected
from ...core.spec import DOTS, Extent
from .draft import DraftExpression, Labels, extents_of
from .edits import Edit
from .oddity import Oddities, oddities, unusual

Against = tuple[int, int, bool, bool]

FAR_POINTS = 2
"""Against an edit that takes one label for another which never stands beside it."""


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Ranking:
    """How an edit stands among others; the least is the likeliest.

    `against`: what speaks against the result, whatever the edit changes: stretched axes, what is odd, that nothing is
    contracted, and another number of axes. `moved`: the output is another, or an index that all operands and the output
    have has left one of them. `unusual`: what is rare about the result and the edit. `output`: the output is another.
    `lost`: places that shared indices of the output have lost. `cost`: the size of the edit. `place`: later operands
    come first.
    """

    against: Against
    moved: bool
    unusual: int
    output: bool
    lost: int
    cost: int
    place: int

    @property
    def clears(self) -> bool:
        """Everything pairs up after the edit, something is contracted, and the output and what it shares are kept."""
        return not any(self.against) and not self.output and not self.lost


def ranked_edits(
    original: DraftExpression,
    found: Iterable[Edit],
    shapes: Sequence[Shape | None],
    sizes: Mapping[str, Extent] | None = None,
    expected: Expected | None = None,
) -> Iterator[tuple[Ranking, Edit]]:
    """Yield the edits that fit the shapes and link the operands as far as they are linked, the likeliest first.

    Where the original is legal and stretches axes, an edit stretches fewer, unless it is the result that must be as
    `expected`. An index with a given size stays.
    """
    legal = extents_of(original, shapes, sizes)
    before = oddities(original, *(legal or ({}, 0)))
    limit = None if legal is None else legal[1] if expected is not None else max(legal[1] - 1, 0)
    sized = set(sizes or {})
    groups: dict[Against, list[Edit]] = {}
    for edit in found:
        fitted = extents_of(edit.draft, shapes, sizes)
        if fitted is None or not sized <= set(edit.draft.labels) or (limit is not None and fitted[1] > limit):
            continue
        if expected is not None and expected.met(edit.draft.output, fitted[0]) is False:
            continue
        after = oddities(edit.draft, *fitted)
        if after.groups > max(before.groups, 1) or (after.uncontracted and not before.uncontracted):
            continue
        groups.setdefault(_against(original, edit.draft, after), []).append(edit)
    for against in sorted(groups):
        ranked = [(_rank(original, edit, against), edit) for edit in groups[against]]
        yield from sorted(ranked, key=lambda item: item[0])


def _against(original: DraftExpression, draft: DraftExpression, after: Oddities) -> Against:
    resized = len(_named(draft.output)) != len(_named(original.output))
    return (after.stretched, after.points, after.uncontracted, resized)


def _rank(original: DraftExpression, edit: Edit, against: Against) -> Ranking:
    draft = edit.draft
    output = _named(draft.output) != _named(original.output)
    lost, everywhere = _lost(original, draft)
    moved = output or everywhere
    return Ranking(
        against=against,
        moved=moved,
        unusual=unusual(draft) + (FAR_POINTS if moved and _far(original, draft) else 0),
        output=output,
        lost=lost,
        cost=edit.cost,
        place=-edit.operand,
    )


def _named(labels: Labels) -> Labels:
    """Return labels without the ellipsis."""
    return tuple(label for label in labels if label != DOTS)


def _lost(before: DraftExpression, after: DraftExpression) -> tuple[int, bool]:
    """Return how many places shared indices of the output have lost, and whether one had a place everywhere."""
    lost, everywhere = 0, False
    for label in before.output:
        having = [number for number, term in enumerate(before.terms) if label in term]
        if len(having) > 1 and label != DOTS:
            gone = sum(label not in after.terms[number] for number in having) + (label not in after.output)
            lost += gone
            everywhere = everywhere or (gone > 0 and len(having) == len(before.terms))
    return lost, everywhere


def _far(before: DraftExpression, after: DraftExpression) -> bool:
    """Return whether one label is replaced by another that stands beside it nowhere."""
    terms = (*before.terms, before.output)
    for old, new in zip(terms, (*after.terms, after.output), strict=True):
        changed = [pair for pair in zip(old, new, strict=False) if pair[0] != pair[1]]
        if changed and (len(changed) > 1 or len(old) != len(new)):
            return False
        if changed:
            one, other = changed[0]
            return not any({one, other} == set(pair) for term in terms for pair in pairwise(term))
    return False
