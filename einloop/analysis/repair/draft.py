"""An expression as bare terms, and whether it fits shapes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ...core.bind import Shape
from ...core.spec import DOTS, Extent, Spec, folded

Labels = tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftExpression:
    """Terms and an explicit output; an ellipsis of any rank is one label."""

    terms: tuple[Labels, ...]
    output: Labels

    @property
    def labels(self) -> Labels:
        """Every label in order of appearance, the ellipsis too."""
        return tuple(dict.fromkeys(label for term in self.terms for label in term))

    @property
    def key(self) -> tuple[tuple[int, ...], ...]:
        """What two drafts share that differ in the names of their labels only."""
        numbers = {label: number for number, label in enumerate(self.labels)}
        return tuple(tuple(numbers[x] if x != DOTS else -1 for x in term) for term in (*self.terms, self.output))


def draft_of(spec: Spec) -> DraftExpression:
    """Return the terms of an expression, axes that an ellipsis covers folded again.

    >>> from einloop.notation.subscripts import read_subscripts
    >>> draft_of(read_subscripts("ij,j")).output
    ('i',)
    """
    return DraftExpression(terms=tuple(folded(op.labels) for op in spec.operands), output=folded(spec.output))


def extents_of(
    draft: DraftExpression, shapes: Sequence[Shape | None], sizes: Mapping[str, Extent] | None = None
) -> tuple[dict[str, Extent], int] | None:
    """Return the extents that shapes give to labels, and how many labels are stretched, or None where they do not fit.

    Quicker than binding, and without words: a draft that passes is still bound before anybody sees it.

    >>> extents_of(DraftExpression(terms=(("i", "j"), ("j",)), output=("i",)), [(2, 3), (1,)])
    ({'i': 2, 'j': 3}, 1)
    """
    if not _legal_output(draft):
        return None
    extents: dict[str, Extent] = dict(sizes or {})
    ones: set[str] = set()
    for term, shape in zip(draft.terms, shapes, strict=True):
        if shape is None:
            continue
        labels = _spread(term, len(shape))
        if labels is None or (len(labels) > len(term) - (DOTS in term) and DOTS in term and DOTS not in draft.output):
            return None
        own: dict[str, Extent] = {}
        for label, extent in zip(labels, shape, strict=True):
            if own.setdefault(label, extent) != extent:
                return None
        for label, extent in own.items():
            known = extents.get(label)
            if known is None or known == 1 or extent in (1, known):
                ones.update({label} if 1 in (known, extent) else ())
                extents[label] = extent if known is None or known == 1 else known
            else:
                return None
    named = {label: extent for label, extent in extents.items() if not label.startswith(DOTS)}
    return named, sum(label in named and extents[label] != 1 for label in ones)


def _legal_output(draft: DraftExpression) -> bool:
    known = {*draft.labels, DOTS}
    return len(set(draft.output)) == len(draft.output) and all(label in known for label in draft.output)


def _spread(term: Labels, rank: int) -> Labels | None:
    """Return one label an axis, those of the ellipsis numbered from the right, or None for another rank."""
    covered = rank - len(term) + 1
    if DOTS not in term:
        return term if len(term) == rank else None
    if covered < 0 or term.count(DOTS) > 1:
        return None
    inner = tuple(f"{DOTS}{k}" for k in reversed(range(covered)))
    return tuple(x for label in term for x in (inner if label == DOTS else (label,)))
