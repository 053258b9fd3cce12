"""A parsed formula in, Spec out: its checks, the names of its operands, the notes on what is not read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from ...core.build import Term, build_spec, check_limits
from ...core.errors import NotationError
from ...core.site import Around, Unread
from ...core.source import Source
from ...core.spec import Spec
from .checks import check_formula, with_letters
from .cursor import WrittenAccess
from .frame import Range, unframed
from .grammar import parse_formula
from .limits import check_reach, range_notes
from .said import names_of, notes_of
from .tree import ParsedFormula

if TYPE_CHECKING:
    from ...core.combination import Statements


def formula_spec(source: Source) -> Spec:
    """Return the metadata of a formula; raise NotationError for anything but one product."""
    alone, ranges, notes = unframed(source)
    try:
        spec = _spec(alone, ranges)
        notes = (*spec.notes, *notes, *range_notes(source, spec.by_label, ranges))
    except NotationError as error:
        if error.span is not None:
            error.text = source.text
        raise
    return replace(spec, source=source, notes=notes)


def _spec(source: Source, ranges: Sequence[Range]) -> Spec:
    formula = with_letters(parse_formula(source))
    names = names_of([formula])
    terms = [term_of(access, names) for access in formula.factors]
    check_limits(source, terms)  # what follows takes time with the square of the indices
    check_formula(source, formula)
    check_reach(source, formula, ranges)
    spec = build_spec(source, terms, term_of(formula.left, names), notes=notes_of(source, formula, zeros=formula.adds))
    limits = tuple((sign.span, tuple(label.text for label in sign.labels)) for sign in formula.sums if sign.limits)
    return _with_name_note(replace(spec, unread=_unread(source, formula), limits=limits))


def _unread(source: Source, formula: ParsedFormula) -> tuple[Unread, ...]:
    """Return what the loops leave out of a formula: what its left side held, where it is added to."""
    if not formula.adds:
        return ()
    return (Unread(kind=Around.ZEROS, spans=(formula.sign_span,), shown=source.at(formula.left.span)),)


def _with_name_note(spec: Spec) -> Spec:
    if spec.result not in [operand.name for operand in spec.operands]:
        return spec
    note = f"{spec.result} on the right is what is given; the result is a new array"
    return replace(spec, notes=(*spec.notes, note))


def term_of(access: WrittenAccess, names: dict[tuple[str, str], str]) -> Term:
    """Return an operand, or the result, with its name."""
    return Term(
        labels=tuple(label.text for label in access.labels),
        spans=tuple(label.span for label in access.labels),
        span=access.span,
        name=names[access.wrapper, access.name],
    )


def formula_combination(source: Source, *, add: bool) -> Spec | Statements:
    """Return the metadata of a formula where it is one einsum, else the statements that it is.

    A text that is one product is read as `formula_spec` reads it, but where it scales its own result, which is then
    written in its place. `add`: a lone `+=` adds to what is there.
    """
    try:
        spec = formula_spec(source)
        if not (_scales(spec, spec.result) or (add and spec.unread)):
            return spec
    except NotationError:
        pass
    from .sequence import formula_statements  # a formula that is one product does without

    found = formula_statements(source, add=add)
    plain, only = found.plain, found.combinations[0]
    if plain is None or _scales(plain, only.result):
        return found
    return replace(plain, notes=only.notes)


def _scales(spec: Spec, result: str | None) -> bool:
    """Return whether an einsum multiplies its own result by something, element by element."""
    return len(spec.operands) > 1 and any((op.name, op.labels) == (result, spec.output) for op in spec.operands)
