"""Two statements that change one result in, one that does what both do out."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from ...core.errors import NotationError
from ...core.polynomial import Polynomial
from .combine import ComputedStatement, letters_of
from .expand import DIVISOR, FACTOR, Expander, Letter
from .tokens import refusal

Axis = tuple[str, int]
"""The name of an array, and the number of an axis."""
NAME_HINT = "give one of the arrays another name"


def joined(before: ComputedStatement, after: ComputedStatement, expander: Expander) -> ComputedStatement:
    """Return the statement that computes what `after` makes of what `before` leaves in their result.

    Raises NotationError where `after` throws it away, or reads it with other indices.
    """
    texts = _texts(before, after)
    if stands_in(after.value, after.result):
        raise _refused(after, f"{after.result!r} divides, or is in a root, in the statement that changes it")
    span = after.formula.right.span
    total = Polynomial.number(0)
    changes, copies = False, dict[tuple[str, int], Axis]()
    for product, factor in after.value.terms().items():
        called = [(name, tuple(_called(x, texts) for x in at)) for name, at in product]
        own = [element for element in called if element[0] == after.result]
        if any(element != before.own for element in own):
            raise _refused(after, f"{after.result!r} is read with other indices in the statement that changes it")
        rest = Polynomial({tuple(element for element in called if element[0] != after.result): factor})
        held = [_copied(before, before.own[1], expander, copies) for _ in own[1:]]
        total = total + expander.product([*([before.value] if own else []), *held, rest], span)
        changes |= bool(own)
    if not changes and before.value.terms():
        raise _refused(after, f"{after.result!r} is computed twice, and what the first statement computes is lost")
    extents = {
        (texts.get(text, text) if not scope else text, scope): axis for (text, scope), axis in after.extents.items()
    }
    return replace(
        after,
        formula=replace(after.formula, left=before.formula.left),
        own=before.own,
        value=expander.merged(total, span),
        extents={**extents, **copies, **before.extents},
        reads=before.reads | after.reads,
        notes=tuple(dict.fromkeys((*before.notes, *after.notes))),
    )


def stands_in(value: Polynomial, name: str) -> bool:
    """Return whether a name divides, or stands in a root, where nothing else can stand for it."""
    factors = (factor for product in value.terms() for factor, _ in product)
    word = re.compile(rf"\b{re.escape(name)}\b(?!\.shape)")
    return any(factor.startswith((FACTOR, DIVISOR)) and word.search(factor) for factor in factors)


def _texts(before: ComputedStatement, after: ComputedStatement) -> Mapping[str, str]:
    """Return what the indices of the result are called in the first statement, by their texts in the second."""
    old, new = ([x.text for x in letters_of(one.own[1])] for one in (before, after))
    if len(old) != len(new):
        raise _refused(after, f"{after.result!r} has {len(new)} indices here, and {len(old)} before")
    return dict(zip(new, old, strict=True))


def _called(letter: object, texts: Mapping[str, str]) -> object:
    """Return an index as the first statement calls it, where it is one of the result."""
    if isinstance(letter, Letter) and not letter.scope:
        return replace(letter, text=texts.get(letter.text, letter.text))
    return letter


def _refused(after: ComputedStatement, message: str) -> NotationError:
    return refusal(after.source, "EL145", after.formula.left.span, message, NAME_HINT)


def written_out(before: ComputedStatement, reader: ComputedStatement, expander: Expander) -> ComputedStatement:
    """Return a statement with what it reads of a result written out, as the result changes afterwards.

    Raises NotationError where that has too many terms.
    """
    span = reader.formula.right.span
    total = Polynomial.number(0)
    extents = dict(reader.extents)
    for product, factor in reader.value.terms().items():
        factors = []
        for name, at in product:
            if name == before.result:
                factors.append(_copied(before, at, expander, extents))
            else:
                factors.append(Polynomial.element(name, at))
        total = total + expander.product([*factors, Polynomial.number(factor)], span)
    note = f"{before.result} changes after {reader.result} reads it: what it holds before is written out there"
    return replace(
        reader,
        value=expander.merged(total, span),
        extents=extents,
        reads=(reader.reads - {before.result}) | before.reads,
        notes=tuple(dict.fromkeys((*before.notes, *reader.notes, note))),
    )


def _copied(
    before: ComputedStatement, at: tuple[object, ...], expander: Expander, extents: dict[tuple[str, int], Axis]
) -> Polynomial:
    """Return what a result holds at a place, with sums of its own, whose indices run along the same axes."""
    new: dict[Letter, Letter] = dict(zip(letters_of(before.own[1]), letters_of(at), strict=True))
    scopes: dict[int, int] = {}
    terms = {}
    for product, factor in before.value.terms().items():
        for letter in (x for _, position in product for x in letters_of(position) if x not in new):
            if letter.scope not in scopes:
                expander.scopes += 1
                scopes[letter.scope] = expander.scopes
            new[letter] = replace(letter, scope=scopes[letter.scope])
        terms[tuple((name, tuple(_other(x, new) for x in position)) for name, position in product)] = factor
    for letter, called in new.items():
        if (letter.text, letter.scope) in before.extents:
            extents[called.text, called.scope] = before.extents[letter.text, letter.scope]
    return Polynomial(terms)


def _other(letter: object, new: Mapping[Letter, Letter]) -> object:
    return new.get(letter, letter) if isinstance(letter, Letter) else letter
