"""Whether two expressions are the same: in general, and for the shapes at hand."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from ...core.canonical import ONE, CanonicalForm, Correspondence, correspondence, form_of
from ...core.errors import OptionError
from ...core.spec import DOTS, Spec
from .example import example, small
from .pairing import Pairing, pair
from .ranks import MAX_RANKS, common_ranks, expanded, ranks_of, settled, telling_ranks


class Reason(Enum):
    """Why two expressions are the same, or what about them differs."""

    FORM = "same form"
    EVERY_RANK = "same for every rank"
    THESE_RANKS = "same for these ranks"
    SHAPES = "same for these shapes"
    NO_ELEMENTS = "no term for these shapes"
    COUNT = "number of operands"
    ARRAYS = "operands that are one array in one alone"
    RANKS = "ranks"
    MORE_RANKS = "ranks that one alone takes"
    STRUCTURE = "structure"


SAME = (Reason.FORM, Reason.EVERY_RANK, Reason.THESE_RANKS, Reason.SHAPES, Reason.NO_ELEMENTS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What was decided about two forms.

    `forms`: the two that were compared last, for the smallest ranks at which they differ if an ellipsis is among
    them; None where no arrays fit both. `at`: an array that shows the reason (its ranks differ). `agree`: on what both
    take they are proven the same.
    """

    reason: Reason
    how: Correspondence | None = None
    forms: tuple[CanonicalForm, CanonicalForm] | None = None
    at: str | None = None
    agree: bool = False

    @property
    def same(self) -> bool:
        """They compute the same."""
        return self.reason in SAME


def decide(first: CanonicalForm, second: CanonicalForm, *, max_ranks: int = MAX_RANKS) -> Verdict:
    """Return whether two forms compute the same for every legal shape (see `core/canonical.py` for the proof).

    Where the search gives up, inputs that give different results may still decide. `max_ranks`: how many combinations
    of ranks are looked at. Raises OptionError where it stays undecided.

    >>> one = CanonicalForm(arrays=("A",), terms=(("i", "j"),), output=("j", "i"))
    >>> two = CanonicalForm(arrays=("A",), terms=(("a", "b"),), output=("a", "b"))
    >>> decide(one, one).same, decide(one, two).reason.value
    (True, 'structure')
    """
    if set(first.arrays) != set(second.arrays):
        return Verdict(reason=Reason.COUNT)
    common = common_ranks(first, second)
    if isinstance(common, str):
        return Verdict(reason=Reason.RANKS, at=common)
    first, second = settled(first), settled(second)
    try:
        how = correspondence(first, second)
    except OptionError:
        if example(first, second) is None:
            raise
        how = None
    if how is not None:
        return Verdict(reason=Reason.FORM, how=how, forms=(first, second))
    if not any(DOTS in term for form in (first, second) for term in form.terms):
        return Verdict(reason=Reason.STRUCTURE, forms=(first, second))
    return _by_ranks(first, second, max_ranks)


def _by_ranks(first: CanonicalForm, second: CanonicalForm, max_ranks: int) -> Verdict:
    """Return the verdict on forms with an ellipsis that differ as they are written."""
    common = common_ranks(first, second)
    assert not isinstance(common, str)
    combinations, whole = telling_ranks(first, second, common, max_ranks)
    for ranks in combinations:
        forms = expanded(first, ranks), expanded(second, ranks)
        if correspondence(*forms) is None:
            return Verdict(reason=Reason.STRUCTURE, forms=forms)
    ours, theirs = ranks_of(first), ranks_of(second)
    wider = next((array for array in ours if ours[array] != theirs[array]), None)
    if wider is not None:
        return Verdict(reason=Reason.MORE_RANKS, at=wider, agree=whole)
    if whole:
        return Verdict(reason=Reason.EVERY_RANK)
    raise OptionError(
        "EL441",
        f"undecided: the two agree for the {len(combinations)} combinations of ranks that were tried, "
        "but their ellipses are too many to try all that matter",
        hint="give shapes (-s): then every axis is known",
    )


def decide_for_shapes(first: Spec, second: Spec, pairing: Pairing) -> Verdict | None:
    """Return that two bound expressions compute the same for their shapes, or None where that is not proven.

    An axis of one element has no position but 0, so no index has to run over it; what remains is compared like any
    form. Where an index is empty there are no terms, and shapes of the result decide. Conversely nothing is claimed:
    over short axes, forms that give one array to several operands may agree by algebra (the traces of certain
    products of two-by-two matrices do).
    """
    forms = _without_ones(first, pairing.first), _without_ones(second, pairing.second)
    if set(forms[0].arrays) != set(forms[1].arrays):
        return None
    how = correspondence(*forms)
    if how is not None:
        short = any(ONE in term for form in forms for term in form.terms)
        return Verdict(reason=Reason.SHAPES if short else Reason.THESE_RANKS, how=how, forms=forms)
    shapes = [[index.extent for index in spec.free] for spec in (first, second)]
    empty = all(any(index.extent == 0 for index in spec.indices) for spec in (first, second))
    if empty and shapes[0] == shapes[1] and None not in shapes[0]:
        return Verdict(reason=Reason.NO_ELEMENTS, forms=forms)
    return None


def differ_for_shapes(first: Spec, second: Spec, pairing: Pairing) -> bool:
    """Return whether two bound expressions that are not proven the same are sure to differ for their shapes.

    They are where their results have different shapes. So they are where every array is given once and every extent is
    a number from 1: an axis of two elements or more then tells which places share an index (two terms that differ there
    alone), and which are in the output.
    """
    shapes = [tuple(index.extent for index in spec.free) for spec in (first, second)]
    if shapes[0] != shapes[1] and all(isinstance(size, int) for shape in shapes for size in shape):
        return True
    if len(set(pairing.first)) < len(pairing.first) or len(set(pairing.second)) < len(pairing.second):
        return False
    extents = [index.extent for spec in (first, second) for index in spec.indices]
    return all(isinstance(extent, int) and extent > 0 for extent in extents)


def _without_ones(spec: Spec, arrays: tuple[str, ...]) -> CanonicalForm:
    """Return the form of a bound expression without the axes that are known to have one element."""
    shapes = [op.shape for op in spec.operands]
    axes = ((number, axis) for number, shape in enumerate(shapes) for axis in range(len(shape or ())))
    return form_of(spec, arrays).without({(n, axis) for n, axis in axes if (shapes[n] or ())[axis] == 1})


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
    def small_shapes(self) -> dict[str, tuple[int, ...]] | None:
        """The shapes at hand by array, where they are numbers and small enough to show all elements."""
        if self.shapes is None:
            return None
        pairs = zip(self.pairing.first, self.shapes.first.operands, strict=True)
        return small({array: (None,) if op.shape is None else op.shape for array, op in pairs})

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
