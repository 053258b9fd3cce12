"""What is said of a formula beside its terms: the names of its operands, and notes on what is not read as it stands."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from ...core.greek import GREEK
from ...core.source import Source
from ...core.spec import DOTS
from .checks import label_texts
from .tokens import has_brackets
from .tree import ParsedFormula
from .words import names_function


def names_of(formulas: Sequence[ParsedFormula], kept: Collection[str] = ()) -> dict[tuple[str, str], str]:
    """Return the name of every operand and result of some formulas, by what is around it and its letters.

    What is around a name is dropped, unless another has the same letters: `\\hat{y}` beside `y` is y_hat. None is one
    of those `kept` for others.
    """
    written = [access for formula in formulas for access in (*formula.factors, formula.left)]
    keys = [(access.wrapper, access.name) for access in written]
    names: dict[tuple[str, str], str] = {}
    for key in sorted(keys, key=lambda key: (key[0] != "", key[1] in kept)):
        wrapper, name = key
        taken = {*kept, *(given for other, given in names.items() if other != key)}
        if name in taken and wrapper:
            name = f"{name}_{wrapper}"
        while name in taken:
            name += "_"
        names.setdefault(key, name)
    return names


def notes_of(source: Source, formula: ParsedFormula, *, zeros: bool) -> tuple[str, ...]:
    """Return what of the formula is not read as it stands; `zeros`: what it adds to is not, but zeros."""
    notes = []
    if zeros:
        held = source.at(formula.left.span)
        notes.append(f"the loops start from zeros: what {held} held before is not added (--add: it is)")
    words = [source.at(span) for span in dict.fromkeys(x.span for x in formula.factors if names_function(x.name))]
    notes += [f"{text} is read as an array of that name" for text in (*words, *_scripted(source, formula))]
    notes += [f"{source.at(x.span)} (...) is read as a product" for x in dict.fromkeys(formula.factors) if x.times]
    marked = {access.name: access.span for access in (*formula.factors, formula.left) if access.marked}
    notes += [f"{source.at(span)} is read as an array of its own: {name}" for name, span in marked.items()]
    numbers = {access.name: access.span for access in formula.roots if access.marked}
    notes += [f"{source.at(span)} is read as one number: {name}" for name, span in numbers.items()]
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
