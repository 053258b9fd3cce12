"""Whether an edited expression is a fix: legal for the shapes at hand, as expected, and free of warnings itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from ...core.bind import Shape, bind_sizes, show_shape
from ...core.build import Term, build_spec
from ...core.errors import EinloopError
from ...core.expected import Expected
from ...core.report import Fix
from ...core.sizes import check_ties
from ...core.spec import Extent, Spec
from .draft import DraftExpression, draft_of
from .written import written

Doubt = Callable[[Spec, str | None], bool]
"""Whether an expression gets a warning for what it is, or a finding of an id."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EditTrial:
    """What edits of `spec` must fit, and must not be.

    `cure`: the id of the finding to be fixed, which must not be found again, be it a note. `expected`: what the result
    must look like, as far as extents are known.
    """

    spec: Spec
    shapes: Sequence[Shape | None]
    sizes: Mapping[str, Extent] | None = field(default_factory=dict)
    doubtful: Doubt
    cure: str | None = None
    expected: Expected | None = None

    def read(self, draft: DraftExpression) -> Spec | None:
        """Return the expression that a draft is, None where it is refused.

        The draft may have another number of terms than `spec`; then its operands have no names.
        """
        same = len(draft.terms) == len(self.spec.operands)
        names = [op.name for op in self.spec.operands] if same else [None] * len(draft.terms)
        terms = [
            Term(labels=term, spans=(None,) * len(term), name=name)
            for name, term in zip(names, draft.terms, strict=True)
        ]
        output = Term(labels=draft.output, spans=(None,) * len(draft.output), name=self.spec.result)
        try:
            return build_spec(self.spec.source, terms, output)
        except EinloopError:
            return None

    def fix(self, draft: DraftExpression) -> Fix | None:
        """Return a draft as a fix, or None where it is refused, is itself `doubtful`, or has a new diagonal."""
        fixed = None if _new_diagonal(draft_of(self.spec), draft) else self.read(draft)
        if fixed is None:
            return None
        try:
            bound = bind_sizes(fixed, self.shapes, self.sizes)
            check_ties(bound)
        except EinloopError:
            return None
        known = {index.label: index.extent for index in bound.indices}
        met = self.expected is None or self.expected.met(bound.output, known) is not False
        if not met or self.doubtful(bound, self.cure):
            return None
        extents = [known.get(label) for label in bound.output]
        shape = None if any(extent is None for extent in extents) else show_shape(tuple(extents))
        unknown = all(op.shape is None for op in bound.operands) and not extents
        return Fix(expression=written(draft, self.spec), shape=None if unknown else shape)


def _new_diagonal(before: DraftExpression, after: DraftExpression) -> bool:
    """Return whether a term has a label more often than before, and twice or more: a diagonal that nobody wrote."""
    return len(before.terms) == len(after.terms) and any(
        new.count(label) > max(old.count(label), 1)
        for old, new in zip(before.terms, after.terms, strict=True)
        for label in set(new)
    )
