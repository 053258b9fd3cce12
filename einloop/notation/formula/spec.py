"""A parsed formula in, Spec out: its checks, the names of its operands, the notes on what is not read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ...core.build import Term, build_spec, check_limits
from ...core.errors import NotationError
from ...core.greek import GREEK
from ...core.site import Around, Unread
from ...core.source import Source
from ...core.spec import DOTS, Spec
from .checks import check_formula, label_texts, with_letters
from .cursor import ParsedFormula, WrittenAccess
from .frame import Range, unframed
from .grammar import parse_formula
from .limits import check_reach, range_notes
from .tokens import has_brackets
from .words import names_function


def formula_spec(source: Source) -> Spec:
    """Return the metadata of a formula; raise NotationError for anything but one product."""
    alone, ranges, notes = unframed(source)
    try:
        spec = _spec(alone, ranges)
        notes = (*spec.notes, *notes, *range_notes(source, spec, ranges))
    except NotationError as error:
        if error.span is not None:
            error.text = source.text
        raise
    return replace(spec, source=source, notes=notes)


def _spec(source: Source, ranges: Sequence[Range]) -> Spec:
    formula = with_letters(parse_formula(source))
    names = _names(formula)
    terms = [_term(access, names) for access in formula.factors]
    check_limits(source, terms)  # what follows takes time with the square of the indices
    check_formula(source, formula)
    check_reach(source, formula, ranges)
    spec = build_spec(source, terms, _term(formula.left, names), notes=_notes(source, formula))
    limits = tuple((sign.span, tuple(label.text for label in sign.labels)) for sign in formula.sums if sign.limits)
    return _with_name_note(replace(spec, unread=_unread(source, formula), limits=limits))


def _names(formula: ParsedFormula) -> dict[tuple[str, str], str]:
    """Return the name of every operand and the result, by what is around it and its letters.

    What is around a name is dropped, unless another has the same letters: `\\hat{y}` beside `y` is y_hat.
    """
    keys = [(access.wrapper, access.name) for access in (*formula.factors, formula.left)]
    names: dict[tuple[str, str], str] = {}
    for key in sorted(keys, key=lambda key: key[0] != ""):
        wrapper, name = key
        taken = {given for other, given in names.items() if other != key}
        if name in taken:
            name = f"{name}_{wrapper}"
        while name in taken:
            name += "_"
        names.setdefault(key, name)
    return names


def _term(access: WrittenAccess, names: dict[tuple[str, str], str]) -> Term:
    return Term(
        labels=tuple(label.text for label in access.labels),
        spans=tuple(label.span for label in access.labels),
        span=access.span,
        name=names[access.wrapper, access.name],
    )


def _notes(source: Source, formula: ParsedFormula) -> tuple[str, ...]:
    """Return what of the formula is not read as it stands."""
    notes = []
    if formula.adds is not None:
        notes.append(f"the loops start from zeros: what {source.at(formula.left.span)} held before is not added")
    words = [source.at(span) for span in dict.fromkeys(x.span for x in formula.factors if names_function(x.name))]
    notes += [f"{text} is read as an array of that name" for text in (*words, *_scripted(source, formula))]
    marked = {access.name: access.span for access in (*formula.factors, formula.left) if access.marked}
    notes += [f"{source.at(span)} is read as an array of its own: {name}" for name, span in marked.items()]
    for sign in formula.sums:
        over = ", ".join(label.text for label in sign.labels) or "nothing listed"
        if sign.limits:
            notes.append(f"the limits of the sum over {over} are not read: it takes the whole axis")
        if source.text[sign.span.start] == "Σ" and len(sign.labels) > 1:
            notes.append(f"Σ is read as a sum over {over}; write \\Sigma for a matrix of that name")
    listed = {label.text for sign in formula.sums for label in sign.labels}
    summed = label_texts(formula.factors) - label_texts([formula.left]) - {DOTS, *listed}
    if listed and summed:
        unlisted = ", ".join(sorted(summed))
        notes.append(f"summed too, as the result has them not: {unlisted} (no sum sign lists them)")
    return tuple(notes)


def _scripted(source: Source, formula: ParsedFormula) -> tuple[str, ...]:
    """Return the words of several letters that have their indices below in code: they may be meant as operators."""
    words = {
        access.span: source.at(access.span)
        for access in (formula.factors if has_brackets(source.text) else ())
        if access.labels and len(access.name) > 1 and not access.wrapper and access.name not in GREEK
    }
    return tuple(text for text in words.values() if "[" not in text)


def _unread(source: Source, formula: ParsedFormula) -> tuple[Unread, ...]:
    """Return what the loops leave out of a formula: what its left side held, where it is added to."""
    if formula.adds is None:
        return ()
    return (Unread(kind=Around.ZEROS, spans=(formula.adds,), shown=source.at(formula.left.span)),)


def _with_name_note(spec: Spec) -> Spec:
    if spec.result not in [operand.name for operand in spec.operands]:
        return spec
    note = f"{spec.result} on the right is what is given; the result is a new array"
    return replace(spec, notes=(*spec.notes, note))
