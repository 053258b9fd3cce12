"""EL715, EL716, EL718: a comma forgotten, a comma doubled, and an expression of nothing."""

from __future__ import annotations

from collections.abc import Iterator

from ...core.bind import Shape
from ...core.build import terms_at_blanks
from ...core.message import Code, Message, codes
from ...core.report import Finding, Fix, Severity
from ...core.source import Span
from ...core.spec import DOTS, Operand, Spec
from ..repair import fix_for
from ..repair.draft import DraftExpression, Labels, draft_of
from .case import CheckCase, operand_words, present
from .doubts import doubtful


def forgotten_comma(case: CheckCase) -> Iterator[Finding]:
    """Yield a finding where blanks in a term look like a comma forgotten.

    A warning where the term has a diagonal that the parts have not: `ij jk` is read as `ijjk`. With a shape that has
    as many axes, and where no label stands in two parts (right code has blanks too), a note, or nothing.
    """
    spec = case.spec
    split = terms_at_blanks(spec)
    if split is None:
        return
    fix = _with_commas(spec, split)
    for number, (op, parts) in enumerate(zip(spec.operands, split, strict=True)):
        shared = _shared(parts)
        if len(parts) == 1 or op.span is None or (not shared and (fix is None or op.shape is not None)):
            continue
        values = {
            "written": Code(spec.source.text[op.span.start : op.span.stop]),
            "term": Code("".join(label for part in parts for label in part)),
        }
        message = Message("diagnose.blank.alone", values)
        if shared:
            message = Message("diagnose.blank.shared", {**values, "indices": codes(shared)})
        yield Finding(
            id="EL715",
            severity=Severity.WARNING if shared and op.shape is None else Severity.NOTE,
            message=message,
            text=spec.source.text,
            spans=present((op.span,)),
            operand=number,
            fixes=() if fix is None else (fix,),
        )


def doubled_comma(case: CheckCase) -> Iterator[Finding]:
    """Yield a note for each empty term between others. At the ends (`,ij->ij`), with a name or a shape it is meant."""
    spec = case.spec
    draft = draft_of(spec)
    empty = [number for number, op in enumerate(spec.operands) if _doubled(spec, number, op)]
    if not empty or not spec.source.notation.traits.terms:
        return
    kept = [number for number in range(len(draft.terms)) if number not in empty]
    left = DraftExpression(terms=tuple(draft.terms[number] for number in kept), output=draft.output)
    fix = fix_for(spec, left, [spec.operands[number].shape for number in kept], {}, doubtful=doubtful, cure="EL716")
    for number in empty:
        yield Finding(
            id="EL716",
            severity=Severity.NOTE,
            message=Message("diagnose.empty.term", {"operand": operand_words(spec, number)}),
            text=spec.source.text,
            spans=_between_commas(spec, spec.operands[number].span),
            operand=number,
            fixes=() if fix is None else (fix,),
        )


def empty_expression(case: CheckCase) -> Iterator[Finding]:
    """Yield a note where nothing is written at all, not even `->`."""
    spec = case.spec
    if spec.source.notation.traits.alone and not spec.source.text.strip():
        message = Message("diagnose.empty.all")
        yield Finding(id="EL718", severity=Severity.NOTE, message=message, text=spec.source.text)


def _shared(parts: tuple[Labels, ...]) -> list[str]:
    """Return the labels that stand in two parts of a term."""
    every = dict.fromkeys(label for part in parts for label in part)
    return [label for label in every if sum(label in part for part in parts) > 1]


def _with_commas(spec: Spec, split: tuple[tuple[Labels, ...], ...]) -> Fix | None:
    """Return the expression with a comma for the blanks, the shapes of its terms divided alike."""
    terms = tuple(part for parts in split for part in parts)
    shapes = [shape for op, parts in zip(spec.operands, split, strict=True) for shape in _divided(op, parts)]
    return fix_for(spec, DraftExpression(terms=terms, output=draft_of(spec).output), shapes, {}, doubtful=doubtful)


def _divided(operand: Operand, parts: tuple[Labels, ...]) -> list[Shape | None]:
    if operand.shape is None or any(DOTS in part for part in parts):
        return [None] * len(parts) if len(parts) > 1 else [operand.shape]
    stops = [sum(map(len, parts[: number + 1])) for number in range(len(parts))]
    return [operand.shape[stop - len(part) : stop] for part, stop in zip(parts, stops, strict=True)]


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
