"""EL701, EL702: an axis of size 1 that is repeated along an index, where that is hardly meant."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import permutations

from ...core.message import Code, Message, Value
from ...core.report import Finding, Severity
from ...core.spec import Index, Place, Role
from ..repair.draft import draft_of, extents_of
from ..repair.edits import MAX_REORDERED
from .case import CheckCase, extent_words


def stretched_sum(case: CheckCase) -> Iterator[Finding]:
    """Yield a warning for each summed index along which some operand is repeated."""
    for index in case.spec.indices:
        if index.stretched and index.role is Role.SUMMED and not index.covered and index.extent != 0:
            yield _finding(case, index, "EL701", "summed")


def stretched_free(case: CheckCase) -> Iterator[Finding]:
    """Yield a warning for a stretched index of the output, where one operand's labels in another order fit exactly."""
    for index in case.spec.indices:
        ordinary = not index.stretched or index.role is Role.SUMMED or index.covered
        if not ordinary and _fits_reordered(case, index):
            yield _finding(case, index, "EL702", "free")
            return  # one order explains every stretched index


def _fits_reordered(case: CheckCase, index: Index) -> bool:
    """Return whether another order of one operand's labels leaves nothing stretched."""
    draft, shapes = draft_of(case.spec), [op.shape for op in case.spec.operands]
    for number in index.operands:
        term = draft.terms[number]
        for order in permutations(term) if len(term) <= MAX_REORDERED else ():
            terms = (*draft.terms[:number], order, *draft.terms[number + 1 :])
            fitted = extents_of(type(draft)(terms=terms, output=draft.output), shapes)
            if fitted is not None and fitted[1] == 0:
                return True
    return False


def _finding(case: CheckCase, index: Index, id: str, kind: str) -> Finding:
    short = next(place for place in index.places if place.stretched)
    long = next(place for place in index.places if _size(case, place) == index.extent)
    values: dict[str, Value] = {"index": Code(index.label), "size": extent_words(index.extent)}
    values |= {"short": case.axis(short), "long": case.axis(long), "operand": case.operand(short.operand)}
    message, spans = Message(f"diagnose.stretched.{kind}", values), (short.span, long.span)
    return case.finding(id, Severity.WARNING, message, spans, operand=short.operand, axis=short.axis)


def _size(case: CheckCase, place: Place) -> object:
    shape = case.spec.operands[place.operand].shape
    return None if shape is None else shape[place.axis]
