"""Everything that was decided about two expressions."""

from __future__ import annotations

from dataclasses import dataclass

from ...core.canonical import CanonicalForm, form_of
from ...core.spec import Spec
from .pairing import Pairing, pair
from .verdict import Reason, Verdict, decide, decide_for_shapes


@dataclass(frozen=True, slots=True, kw_only=True)
class ShapedForm:
    """Both expressions bound to the shapes at hand, and the verdict where it is proven that they agree there."""

    first: Spec
    second: Spec
    verdict: Verdict | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """Two expressions, which of their operands are one array, and the verdicts: in general, and for shapes."""

    first: Spec
    second: Spec
    pairing: Pairing
    verdict: Verdict
    shapes: ShapedForm | None = None

    @property
    def same(self) -> bool:
        """They are the same, in general or for the shapes at hand."""
        return self.deciding.same

    @property
    def deciding(self) -> Verdict:
        """The verdict that counts: the general one, or that for the shapes at hand."""
        if self.verdict.same or self.shapes is None or self.shapes.verdict is None:
            return self.verdict
        return self.shapes.verdict

    @property
    def forms(self) -> tuple[CanonicalForm, CanonicalForm]:
        """Both expressions as they are written."""
        return form_of(self.first, self.pairing.first), form_of(self.second, self.pairing.second)


def compare(
    first: Spec, second: Spec, pairing: Pairing | None = None, bound: tuple[Spec, Spec] | None = None
) -> Compared:
    """Return what is decided about two expressions, and about both bound to shapes.

    Raises OptionError where a search stays undecided.

    >>> from einloop.notation.subscripts import read_subscripts
    >>> compare(read_subscripts("ij,jk->ik"), read_subscripts("ab,bc")).same
    True
    """
    pairing = pairing or pair(first, second)
    shapes = None
    if bound is not None:
        proven = None if pairing.apart or pairing.unlike else decide_for_shapes(*bound, pairing)
        shapes = ShapedForm(first=bound[0], second=bound[1], verdict=proven)
    verdict = decide(form_of(first, pairing.first), form_of(second, pairing.second))
    if verdict.same and (pairing.apart or pairing.unlike):
        verdict = Verdict(reason=Reason.ARRAYS)
    return Compared(first=first, second=second, pairing=pairing, verdict=verdict, shapes=shapes)
