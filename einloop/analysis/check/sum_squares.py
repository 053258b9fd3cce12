"""EL764: squares of differences, multiplied out. Floats lose the digits that both have alike."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from ...core.canonical import CanonicalForm, correspondence
from ...core.dtypes import COMPLEXES, FLOATS
from ...core.like_terms import ALL_ONES, LikeTerms, added
from ...core.message import Code, Message, Value, codes
from ...core.report import Finding, Severity
from .sum_case import SumCase

MAX_TERMS = 100
"""Terms of a sum in which squares are looked for."""


def expanded_square(case: SumCase) -> Iterator[Finding]:
    """Yield a warning where a square of a difference is multiplied out: floats lose the digits that both have alike."""
    if not _floats(case):
        return
    terms = added(case.terms)
    if len(terms) > MAX_TERMS:
        return
    for mixed in terms:
        form = mixed.form
        if len(form.arrays) != 2 or len(set(form.arrays)) < 2 or ALL_ONES in form.arrays or _size(mixed) >= 0:
            continue
        squares = [_matching(terms, _square(form, place), mixed) for place in (0, 1)]
        if None in squares or not _complete(mixed, squares):
            continue
        yield case.finding("EL764", Severity.WARNING, Message("sumcheck.square", _square_words(form)))


def _size(term: LikeTerms) -> int:
    number = term.coefficient
    return 0 if isinstance(number, complex) else (number > 0) - (number < 0)


def _square(form: CanonicalForm, place: int) -> CanonicalForm:
    """Return the form of one factor with itself, repeated along the indices of the result that it lacks."""
    labels = form.terms[place]
    lacking = [label for label in form.output if label not in labels]
    return CanonicalForm(
        arrays=(form.arrays[place], form.arrays[place], *(ALL_ONES for _ in lacking)),
        terms=(labels, labels, *((label,) for label in lacking)),
        output=form.output,
    )


def _matching(terms: Sequence[LikeTerms], form: CanonicalForm, mixed: LikeTerms) -> LikeTerms | None:
    summed = {label for labels in mixed.form.terms for label in labels} - set(mixed.form.output)
    if not summed <= {label for labels in form.terms for label in labels}:
        return None
    return next(
        (
            term
            for term in terms
            if sorted(term.form.arrays) == sorted(form.arrays)
            and term.scalars == mixed.scalars
            and correspondence(term.form, form) is not None
        ),
        None,
    )


def _complete(mixed: LikeTerms, squares: Sequence[LikeTerms | None]) -> bool:
    """Return whether three terms are a square: the coefficient in the middle, squared, is four times the others."""
    numbers = [term.coefficient for term in (mixed, *squares) if term is not None]
    if any(isinstance(number, complex) for number in numbers):
        return False
    middle, one, other = numbers
    return middle * middle == 4 * one * other


def expanded_mean(case: SumCase) -> Iterator[Finding]:
    """Yield a warning where a square of a distance from a mean, or a covariance, is multiplied out.

    There the total of products stands beside the product of totals, which is subtracted.
    """
    if not _floats(case):
        return
    terms = added(case.terms)
    for mixed in terms if len(terms) <= MAX_TERMS else ():
        form = _paired(mixed.form)
        if form is None or _size(mixed) >= 0 or mixed.form.output != form.output:
            continue
        if any(_size(term) > 0 and correspondence(term.form, form) is not None for term in terms):
            arrays = codes(list(dict.fromkeys(form.arrays)))
            message = Message("sumcheck.mean", {"arrays": arrays, "count": len(set(form.arrays))})
            yield case.finding("EL764", Severity.WARNING, message)
            return


def _paired(form: CanonicalForm) -> CanonicalForm | None:
    """Return the total of products for a product of totals; None for any other form.

    >>> totals = CanonicalForm(arrays=("x", "x"), terms=(("i",), ("j",)), output=())
    >>> _paired(totals).terms
    (('i',), ('i',))
    """
    if len(form.arrays) != 2 or len(form.terms[0]) != len(form.terms[1]):
        return None
    one, other = ({x for x in labels if x not in form.output} for labels in form.terms)
    if not one or not other or one & other:
        return None
    first, second = form.terms
    summed = [(a, b) for a, b in zip(first, second, strict=True) if a in one or b in other]
    if any(a not in one or b not in other for a, b in summed) or len(set(summed)) != len(one) or len(one) != len(other):
        return None
    new = {b: a for a, b in summed}
    return replace(form, terms=(first, tuple(new.get(label, label) for label in second)))


def _floats(case: SumCase) -> bool:
    """Return whether elements are floats, or may be."""
    known = [case.dtypes[name] for name in case.combination.operands if name in case.dtypes]
    return not known or any(dtype in (*FLOATS, *COMPLEXES) for dtype in known)


def _square_words(form: CanonicalForm) -> Mapping[str, Value]:
    return {"first": Code(form.arrays[0]), "second": Code(form.arrays[1])}
