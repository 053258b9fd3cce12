"""What is grammatical in a formula and still has no meaning, or two: refused here."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from ...core.errors import NotationError
from ...core.source import Source, Span
from ...core.spec import DOTS
from .commands import BOLD
from .cursor import Label, SumSign, WrittenAccess
from .tokens import has_brackets, refusal
from .tree import ParsedFormula

SHORT = frozenset({"in", "on", "up", "to", "hi", "lo"})
"""Words of two letters that stand above a name."""
WITHOUT_IT = "leave it out of the sum, and multiply by its length where the term counts once for each: n m^2"
MATRIX_HINT = "write them, as in y_i = A_{ij} x_j"


def with_letters(formula: ParsedFormula) -> ParsedFormula:
    """Return the formula with the words below its sum signs split where they are not indices."""
    return replace(formula, sums=tuple(_resolved(sign, formula) for sign in formula.sums))


def check_formula(source: Source, formula: ParsedFormula) -> None:
    """Raise NotationError for an index that could be meant, or summed, in two ways."""
    check_written(source, formula, MATRIX_HINT)
    _check_sums(source, formula)
    _check_groups(source, formula)


def check_written(source: Source, formula: ParsedFormula, matrix_hint: str) -> None:
    """Raise NotationError for what may be an index or not."""
    _check_indices(source, formula, matrix_hint)
    _check_labels(source, formula)


def _resolved(sign: SumSign, formula: ParsedFormula) -> SumSign:
    """Return a sum sign whose words are indices of the factors, else are split into letters."""
    known = label_texts(formula.factors)
    labels: list[Label] = []
    for label in sign.labels:
        width = label.span.stop - label.span.start
        if label.text in known or not set(label.text) <= known or width != len(label.text):
            labels.append(label)
            continue
        for number, letter in enumerate(label.text):
            start = label.span.start + number
            labels.append(Label(text=letter, span=Span(start=start, stop=start + 1)))
    return replace(sign, labels=tuple(labels))


def label_texts(accesses: Iterable[WrittenAccess]) -> set[str]:
    """Return the indices of some operands."""
    return {label.text for access in accesses for label in access.labels}


def _plain(accesses: Iterable[WrittenAccess]) -> set[str]:
    """Return the indices that stand somewhere without parentheses."""
    return {label.text for access in accesses for label in access.labels if not label.enclosed}


def _distinct(formula: ParsedFormula) -> list[WrittenAccess]:
    """Return every access as it is written: a power is one."""
    return [formula.left, *{x.span.start: x for x in formula.factors}.values()]


def _check_indices(source: Source, formula: ParsedFormula, hint: str) -> None:
    """Refuse matrix notation, `y = \\mathbf{A} x`: nothing in it has an index."""
    written = _distinct(formula)
    matrix = next((x for x in written[1:] if x.wrapper in BOLD or (len(x.name) == 1 and x.name.isupper())), None)
    if matrix is not None and len(written) > 2 and not any(access.labels for access in written):
        message = "the formula has no indices, and nothing says what is summed"
        raise refusal(source, "EL145", matrix.span, message, hint)


def _check_labels(source: Source, formula: ParsedFormula) -> None:
    """Refuse an index that may be meant for something else, and a second ellipsis."""
    written = _distinct(formula)
    listed = {label.text for sign in formula.sums for label in sign.labels}
    for access in written:
        others = label_texts(x for x in written if x is not access) | listed
        for position, label in enumerate(access.labels):
            if label.text == DOTS in [x.text for x in access.labels[:position]]:
                raise refusal(source, "EL144", label.span, "a second '...'; an operand may have one")
            if [x.text for x in access.labels] == [DOTS] and not formula.left.labels:
                message = f"{source.at(access.span)} is all of {access.name!r} in code, and a total in a formula"
                raise refusal(source, "EL145", label.span, message, "name its axes, or give the shape: -s A=2x3")
            if label.enclosed and label.text not in listed | _plain(written):
                message = f"({label.text}) may be an index of {access.name!r}, or part of its name"
                hint = f"write {access.name}_{{{label.text}...}} for the index, {access.name}^{{(1)}} for a name"
                raise refusal(source, "EL170", label.span, message, hint)
            if label.word:
                apart = others - _only_in(label.word, [x for x in written if x is not access]) | listed
                if _reads_as_word(access, label, others, apart, alone=access is formula.left or not others):
                    raise _word(source, access, label)
            if label.doubtful and label.text not in others:
                raise _doubt(source, access, label)
        if access.bare:
            _check_bare(source, access, label_texts(written), unlisted=any(not sign.labels for sign in formula.sums))


def _only_in(word: str, accesses: Iterable[WrittenAccess]) -> set[str]:
    """Return the letters of a word that stand in some operands within that word above only: `x^{old}_i y^{old}_i`."""
    labels = [label for access in accesses for label in access.labels]
    return set(word) - {label.text for label in labels if not label.raised or label.word != word}


def _reads_as_word(access: WrittenAccess, label: Label, others: set[str], apart: set[str], *, alone: bool) -> bool:
    """Tell whether letters may be a word: above, not all indices elsewhere, or one twice, as in `W^{in}_{ij}`.

    Above too, a usual word, or three or more letters, of which none stands `apart` from it elsewhere. Below, three or
    more of which none stands elsewhere, as in `x_i s_{max}`, though not where the operand is `alone`.
    """
    texts = [x.text for x in access.labels]
    if label.raised and (len(label.word) > 2 or label.word in SHORT) and not apart & set(label.word):
        return True
    if not label.raised:
        return not alone and len(label.word) > 2 and not others & {*label.word, *texts}
    return any(letter not in others or texts.count(letter) > 1 for letter in label.word)


def _word(source: Source, access: WrittenAccess, label: Label) -> NotationError:
    where = "above" if label.raised else "below"
    message = f"is {label.word!r} {where} {access.name!r} {len(label.word)} indices, or part of its name?"
    hint = f"write {','.join(label.word)} for the indices, {access.name}^{{({label.word})}} for the name"
    return refusal(source, "EL145", label.span, message, hint)


def _check_bare(source: Source, access: WrittenAccess, known: set[str], *, unlisted: bool) -> None:
    """Refuse a name without indices that is an index too, or in code ends in one: `b_i`."""
    if access.name in known and not access.wrapper:
        message = f"{access.name!r} is an index here, and stands as an operand too"
        hint = "the places along an axis are an operand of their own, like n[i]; else rename one"
        if unlisted:
            hint = f"write sum_{{{access.name}}} for a sum over {access.name}; else rename the operand"
        raise refusal(source, "EL145", access.span, message, hint)
    head, _, tail = access.name.rpartition("_")
    indexed = tail in known or (tail != "" and set(tail) <= known)
    if head and indexed and has_brackets(source.text):
        message = f"is {access.name!r} a name, or has {head!r} an index?"
        hint = f"write {head}[{','.join(tail)}] for the index"
        raise refusal(source, "EL145", access.span, message, hint)


def _doubt(source: Source, access: WrittenAccess, label: Label) -> NotationError:
    message = f"{label.text!r} stands nowhere else: is it an index of {access.name!r}?"
    hint = f"write the indices in braces, {access.name}_{{...}}, or a blank before an operand"
    if source.text[label.span.start : label.span.stop] != label.text:
        hint = "list it in a \\sum if it is one; else write it as part of the name"
    return refusal(source, "EL145", label.span, message, hint)


def _check_sums(source: Source, formula: ParsedFormula) -> None:
    """Refuse a listed index that the sum sign does not sum, or not everywhere."""
    kept, seen = label_texts([formula.left]), set[str]()
    for sign in formula.sums:
        within = label_texts(formula.factors[sign.start : sign.stop])
        others = set(range(len(formula.factors))) - set(range(sign.start, sign.stop))
        for label in sign.labels:
            outside = _first(formula, label.text, others)
            cases = (
                (label.text in seen, label, "is listed by two sum signs", "name one of them differently"),
                (
                    label.text in kept,
                    label,
                    "is summed, and stands in the result",
                    "leave it out of the sum, or out of the left side",
                ),
                (
                    outside is not None,
                    outside or label,
                    "stands outside the reach of its sum sign",
                    "put the sum sign in front, or name one of the indices differently",
                ),
                (label.text not in within or label.text == DOTS, label, "is summed, but no operand has it", WITHOUT_IT),
            )
            for wrong, place, message, hint in cases:
                if wrong:
                    raise refusal(source, "EL146", place.span, f"index {label.text!r} {message}", hint)
            seen.add(label.text)


def _first(formula: ParsedFormula, text: str, factors: Iterable[int]) -> Label | None:
    """Return the first occurrence of an index in some of the factors."""
    labels = (label for number in sorted(factors) for label in formula.factors[number].labels)
    return next((label for label in labels if label.text == text), None)


def _check_groups(source: Source, formula: ParsedFormula) -> None:
    """Refuse an index that is summed inside parentheses and, on its own perhaps, outside."""
    listed = {label.text for sign in formula.sums for label in sign.labels}
    free = label_texts([formula.left]) | listed | {DOTS}
    for start, stop in formula.groups:
        inside = formula.factors[start:stop]
        outside = set(range(len(formula.factors))) - set(range(start, stop))
        for text in sorted(label_texts(inside) - free):
            places = {access.span.start for access in inside if text in label_texts([access])}
            label = _first(formula, text, outside)
            if len(places) > 1 and label is not None:
                message = f"index {text!r} is summed inside parentheses, and stands outside too"
                hint = "write the sum signs, and name one of the indices differently"
                raise refusal(source, "EL146", label.span, message, hint)
