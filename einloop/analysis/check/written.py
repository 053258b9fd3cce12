"""EL706, EL707, EL714 to EL718: how the text is written. Commas, ellipses, an output that is not written."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ...core.bind import Shape
from ...core.build import terms_at_blanks
from ...core.message import Code, Message, codes
from ...core.report import Finding, Fix, Severity
from ...core.source import Span
from ...core.spec import DOTS, MATHEMATICAL_LETTERS, Dots, Operand, Spec, folded
from ..repair.draft import DraftExpression, Labels, draft_of
from ..repair.edits import fresh, with_dots
from ..repair.trial import EditTrial
from .case import CheckCase, places_of
from .doubts import doubtful

WITH_ARROW = re.compile(r"([^'\"]*)->([^'\"]*)")
"""An expression, with its output apart: the whole text, or the string in a call."""


def forgotten_comma(case: CheckCase) -> Iterator[Finding]:
    """Yield a finding where blanks in a term look like a comma forgotten.

    A warning where the term has a diagonal that its parts lack: `ij jk` is read as `ijjk`. With a shape that has
    as many axes, and where no label stands in two parts (right code has blanks too), a note, or nothing.
    """
    spec = case.spec
    split = terms_at_blanks(spec)
    if split is None:
        return
    fix = _with_commas(spec, split)
    for number, (op, parts) in enumerate(zip(spec.operands, split, strict=True)):
        every = [label for part in parts for label in part]
        shared = [label for label in dict.fromkeys(every) if sum(label in part for part in parts) > 1]
        if len(parts) == 1 or op.span is None or (not shared and (fix is None or op.shape is not None)):
            continue
        values = {"written": Code(spec.source.text[op.span.start : op.span.stop]), "term": Code("".join(every))}
        message = Message("diagnose.blank.alone", values)
        if shared:
            message = Message("diagnose.blank.shared", {**values, "indices": codes(shared)})
        severity = Severity.WARNING if shared and op.shape is None else Severity.NOTE
        yield case.finding("EL715", severity, message, (op.span,), operand=number, fix=fix)


def _with_commas(spec: Spec, split: tuple[tuple[Labels, ...], ...]) -> Fix | None:
    """Return the expression with a comma for the blanks, the shapes of its terms divided alike."""
    terms = tuple(part for parts in split for part in parts)
    shapes = [shape for op, parts in zip(spec.operands, split, strict=True) for shape in _divided(op, parts)]
    draft = DraftExpression(terms=terms, output=draft_of(spec).output)
    return EditTrial(spec=spec, shapes=shapes, doubtful=doubtful).fix(draft)


def _divided(operand: Operand, parts: tuple[Labels, ...]) -> list[Shape | None]:
    if operand.shape is None or any(DOTS in part for part in parts):
        return [None] * len(parts) if len(parts) > 1 else [operand.shape]
    stops = [sum(map(len, parts[: number + 1])) for number in range(len(parts))]
    return [operand.shape[stop - len(part) : stop] for part, stop in zip(parts, stops, strict=True)]


def doubled_comma(case: CheckCase) -> Iterator[Finding]:
    """Yield a note for each empty term between others. At the ends (`,ij->ij`), with a name or a shape it is meant."""
    spec, draft = case.spec, draft_of(case.spec)
    empty = [number for number, op in enumerate(spec.operands) if _doubled(spec, number, op)]
    if not empty or not spec.source.notation.traits.terms:
        return
    kept = [number for number in range(len(draft.terms)) if number not in empty]
    left = DraftExpression(terms=tuple(draft.terms[number] for number in kept), output=draft.output)
    shapes = [spec.operands[number].shape for number in kept]
    fix = EditTrial(spec=spec, shapes=shapes, doubtful=doubtful, cure="EL716").fix(left)
    for number in empty:
        message = Message("diagnose.empty.term", {"operand": case.operand(number)})
        spans = _between_commas(spec, spec.operands[number].span)
        yield case.finding("EL716", Severity.NOTE, message, spans, operand=number, fix=fix)


def _doubled(spec: Spec, number: int, operand: Operand) -> bool:
    """Return whether an operand has an empty term between terms with labels, and neither shape nor name."""
    bare = not operand.labels and operand.shape is None and operand.name is None
    sides = spec.operands[:number], spec.operands[number + 1 :]
    return bare and all(any(op.labels for op in side) for side in sides)


def _between_commas(spec: Spec, span: Span | None) -> tuple[Span, ...]:
    """Return the place of an empty term with its two commas, where they can be found."""
    if span is None:
        return ()
    text = spec.source.text
    start, stop = text.rfind(",", 0, span.start), text.find(",", span.start)
    return (Span(start=start, stop=stop + 1),) if 0 <= start < stop else ()


def empty_expression(case: CheckCase) -> Iterator[Finding]:
    """Yield a note where nothing is written at all, not even `->`."""
    source = case.spec.source
    if source.notation.traits.alone and not source.text.strip():
        yield case.finding("EL718", Severity.NOTE, Message("diagnose.empty.all"))


def lost_dots(case: CheckCase) -> Iterator[Finding]:
    """Yield a note where `...` must cover no axis, and no shape says that it does."""
    spec = case.spec
    if spec.dots is not Dots.EMPTY or all(op.dots is None for op in spec.operands):
        return
    shapes = [op.shape for op in spec.operands]
    fix = EditTrial(spec=spec, shapes=shapes, doubtful=doubtful, cure="EL714").fix(with_dots(draft_of(spec), ()))
    spans = (op.spans[op.dots] for op in spec.operands if op.dots is not None)
    yield case.finding("EL714", Severity.NOTE, Message("diagnose.dots.lost"), spans, fix=fix)


def dots_of_nothing(case: CheckCase) -> Iterator[Finding]:
    """Yield a note where the output has `...` and no operand has."""
    source = case.spec.source
    found = WITH_ARROW.search(source.text) if source.notation.traits.terms else None
    if found is not None and DOTS not in found[1] and DOTS in found[2]:
        start = found.start(2) + found[2].index(DOTS)
        span = Span(start=start, stop=start + len(DOTS))
        yield case.finding("EL717", Severity.NOTE, Message("diagnose.dots.none"), (span,))


def implicit_order(case: CheckCase) -> Iterator[Finding]:
    """Yield a note on an output that was not written, in another order than the inputs show: the whole expression, the
    shape it gives, and how to keep the order written.
    """
    spec = case.spec
    written = tuple(index.label for index in spec.free_by_appearance)
    if not spec.implicit or spec.output == written or not _lettered(spec):
        return
    extents = tuple(index.extent for index in spec.free)
    kind = "dots" if DOTS in folded(spec.output) else "letters"
    other = f"{spec.subscripts.partition('->')[0]}->{spec.term(written)}"
    values = {"whole": Code(spec.subscripts), "other": Code(other)}
    if None not in extents:
        values["shape"] = Code(f"({', '.join(map(str, extents))})")
        kind += "_shape"
    yield case.finding("EL706", Severity.NOTE, Message(f"diagnose.order.{kind}", values), places_of(spec.free))


def _lettered(spec: Spec) -> bool:
    """Return whether the labels are the letters of the text: numbers in lists have another order."""
    if not spec.source.notation.traits.text:
        return False
    spans = [(index.label, place.span) for index in spec.free for place in index.places if not index.covered]
    return all(span is not None and spec.source.text[span.start : span.stop] == label for label, span in spans)


def equal_terms(case: CheckCase) -> Iterator[Finding]:
    """Yield a note that the result of two equal terms is one number, where the shapes fit a matrix product as well.
    Where `->` is written, it is meant.
    """
    spec = case.spec
    if len(spec.operands) != 2 or not spec.implicit or spec.output:
        return
    first, second = spec.operands
    matrices = first.labels == second.labels and len(first.labels) == len(set(first.labels)) == 2
    if not matrices or (first.name and first.name == second.name):
        return
    if first.shape is None or second.shape is None or first.shape[1] != second.shape[0]:
        return
    row, column = first.labels
    new = fresh(first.labels, MATHEMATICAL_LETTERS)
    product = DraftExpression(terms=((row, column), (column, new)), output=(row, new))
    fix = EditTrial(spec=spec, shapes=(first.shape, second.shape), doubtful=doubtful).fix(product)
    message = Message(
        "diagnose.equal",
        {"term": Code(spec.term(first.labels)), "first": case.operand(0), "second": case.operand(1)},
    )
    yield case.finding("EL707", Severity.NOTE, message, (first.span, second.span), operand=1, fix=fix)
