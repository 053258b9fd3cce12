"""An expression and shapes in, the small edits that fit out: computed, bound, and free of warnings themselves."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import takewhile, tee

from ...core.bind import Shape
from ...core.expected import Expected
from ...core.report import Fix
from ...core.spec import DOTS, Extent, Index, Spec
from .draft import DraftExpression, Labels, draft_of, extents_of
from .edits import Edit, edits, named_dots, with_dots
from .notable import notable_fix
from .outputs import expected_outputs
from .rank import Ranking, ranked_edits
from .trial import Doubt, EditTrial

__all__ = ["dots_repairs", "one_letter_away", "repairs", "sizes_at_hand"]

MAX_FIXES = 3
NOTABLE_PLACE = 1
"""Of the fix that makes a well-known operation, where the likeliest ones make none."""
MAX_REPLACED_LABELS = 500
"""Labels put in the place of others, in about 10 ms; of longer expressions only the troubled operands are edited."""


def repairs(
    spec: Spec,
    shapes: Sequence[Shape | None] = (),
    sizes: Mapping[str, Extent] | None = None,
    *,
    doubtful: Doubt,
    operands: Iterable[int] = (),
    cure: str | None = None,
    expected: Expected | None = None,
) -> tuple[Fix, ...]:
    """Return the expressions one edit away from `spec` that fit the shapes, the likeliest first.

    Each is legal for `shapes` and `sizes`, is not `doubtful`, keeps the operands connected and contracted as far as
    they are, and comes with the shape it gives (None where an extent is unknown). `operands` are the ones that the
    trouble is about: in long expressions only these are edited. `cure`: the id of a finding that none may get again.
    `expected`: what the result of each must look like; any output is tried for it.

    >>> from einloop.analysis.check.doubts import doubtful
    >>> from einloop.notation.subscripts import read_subscripts
    >>> repairs(read_subscripts("ik,jk->ij"), [(4, 1), (1, 3)], doubtful=doubtful)
    (Fix(expression='ik,kj->ij', shape='(4, 3)'),)
    """
    shapes = list(shapes) or [op.shape for op in spec.operands]
    original = draft_of(spec)
    misfits = tuple(
        n for n, (term, shape) in enumerate(zip(original.terms, shapes, strict=True)) if _misfit(term, shape)
    )
    near = edits(original, _edited(original, operands), implicit=spec.implicit, misfits=misfits)
    found = [*_dotted(original, shapes), *near]
    if expected is not None:
        extents, _ = extents_of(original, shapes, sizes) or ({}, 0)
        found += expected_outputs(original, expected, extents)
    ranked = ranked_edits(original, found, shapes, sizes, expected)
    trial = EditTrial(spec=spec, shapes=shapes, sizes=sizes, doubtful=doubtful, cure=cure, expected=expected)
    return _best(original, ranked, trial)


def one_letter_away(spec: Spec, lone: Index) -> bool:
    """Return whether one edit makes every index of a legal product pair up, and keeps the output and what it shares.

    `lone`: the index that is summed inside one operand. Two operands leave less to go by: they need an output, and
    where it has no index of both, another letter in the place of `lone` says nothing (`ij,ik->k` may mean it).

    >>> from einloop.notation.subscripts import read_subscripts
    >>> spec = read_subscripts("bi,jj,bj->b")
    >>> one_letter_away(spec, spec.by_label["i"])
    True
    """
    several = len(spec.operands) > 2
    if not several and not spec.output:
        return False
    original = draft_of(spec)
    near = edits(original, _edited(original, lone.operands), implicit=spec.implicit)
    other = (edit for edit in near if _places(edit.draft, lone.label) != _places(original, lone.label))
    ranked = ranked_edits(original, other, [op.shape for op in spec.operands], sizes_at_hand(spec))
    clear = takewhile(lambda item: not any(item[0].against), ranked)
    droppable = several or any(index.batch for index in spec.indices)
    return any(rank.clears and (droppable or lone.label in edit.draft.labels) for rank, edit in clear)


def _places(draft: DraftExpression, label: str) -> int:
    return sum(term.count(label) for term in (*draft.terms, draft.output))


def sizes_at_hand(spec: Spec) -> dict[str, Extent]:
    """Return the extents of indices that no shape of an operand says."""
    unshaped = {label for op in spec.operands if op.shape is None for label in op.labels}
    return {index.label: index.extent for index in spec.indices if index.label in unshaped and index.extent is not None}


def dots_repairs(
    spec: Spec, shapes: Sequence[Shape | None], sizes: Mapping[str, Extent] | None = None, *, doubtful: Doubt
) -> tuple[Fix, ...]:
    """Return how to keep, and how to sum, the axes of an ellipsis that the output leaves out.

    >>> from einloop.analysis.check.doubts import doubtful
    >>> from einloop.notation.subscripts import read_subscripts
    >>> spec = read_subscripts("...ij,...jk->ik")
    >>> [fix.expression for fix in dots_repairs(spec, [(2, 3, 4), (2, 4, 5)], doubtful=doubtful)]
    ['...ij,...jk->...ik', 'aij,ajk->ik']
    """
    draft = draft_of(spec)
    covered = []
    for term, shape in zip(draft.terms, shapes, strict=True):
        if shape is None:
            return ()
        covered.append(len(shape) - len(term) + 1 if DOTS in term else 0)
    drafts = (with_dots(draft, ()), named_dots(draft, tuple(covered)))
    trial = EditTrial(spec=spec, shapes=shapes, sizes=sizes, doubtful=doubtful)
    return tuple(fix for candidate in drafts if (fix := trial.fix(candidate)) is not None)


def _edited(draft: DraftExpression, trouble: Iterable[int]) -> tuple[int, ...]:
    """Return the operands that are edited: all, or in a long expression those that the trouble is about."""
    few = sum(map(len, draft.terms)) * len(draft.labels) <= MAX_REPLACED_LABELS
    return tuple(range(len(draft.terms))) if few else tuple(dict.fromkeys(trouble))


def _misfit(term: Labels, shape: Shape | None) -> bool:
    """Return whether a shape has another number of axes than its term."""
    if shape is None:
        return False
    return len(shape) < len(term) - 1 if DOTS in term else len(shape) != len(term)


def _dotted(draft: DraftExpression, shapes: Sequence[Shape | None]) -> list[Edit]:
    """Return the edit that puts an ellipsis wherever a shape has more axes than its term, if there is such a shape."""
    longer = tuple(
        number
        for number, (term, shape) in enumerate(zip(draft.terms, shapes, strict=True))
        if shape is not None and len(shape) > len(term) and DOTS not in term
    )
    return [Edit(draft=with_dots(draft, longer), cost=1, operand=longer[-1])] if longer else []


def _best(original: DraftExpression, ranked: Iterable[tuple[Ranking, Edit]], trial: EditTrial) -> tuple[Fix, ...]:
    """Return the fixes among ranked edits: only those with as little against them as the first.

    The last place is for an edit of the output where the others keep it, if there is one; the place before for the
    likeliest edit that makes a well-known operation, where there are others than the first two.
    """
    ranked, again = tee(ranked)
    seen = {original.key}
    best: list[tuple[Ranking, Fix]] = []
    for rank, edit in ranked:
        full = len(best) >= MAX_FIXES
        if best and (rank.against != best[0][0].against or (full and any(other.output for other, _ in best))):
            break
        if edit.draft.key in seen or (full and not rank.output):
            continue
        seen.add(edit.draft.key)
        fix = trial.fix(edit.draft)
        if fix is not None:
            best.append((rank, fix))
    fixes = [fix for _, fix in (*best[: MAX_FIXES - 1], *best[MAX_FIXES - 1 :][-1:])]
    if len(fixes) == MAX_FIXES:
        alike = takewhile(lambda item: item[0].against == best[0][0].against, again)
        notable = notable_fix(alike, trial)
        if notable is not None and notable not in fixes:
            fixes[NOTABLE_PLACE] = notable
    return tuple(fixes)
